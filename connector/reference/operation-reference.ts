/**
 * docs/operations.md: every operation with its texts, its inputs and outputs, and one exchange from a local
 * run.
 */
import { basePath } from '../contract/index.ts';
import type { Operation } from '../contract/operation.ts';
import type { TObject, TSchema } from '../contract/schema.ts';
import { exchangeText, type ShownExchange } from './exchange.ts';
import { kinds, kindTitles, operationTableMarkdown } from './operation-table.ts';

/** The keywords of a contract schema that the reference shows. */
interface Described {
  readonly type?: string;
  readonly format?: string;
  readonly description?: string;
  readonly nullable?: boolean;
  readonly default?: unknown;
  readonly enum?: readonly unknown[];
  readonly items?: TSchema;
  readonly properties?: Readonly<Record<string, TSchema>>;
  readonly required?: readonly string[];
  readonly 'x-ms-summary'?: string;
  readonly 'x-ms-visibility'?: string;
}

const describe = (schema: TSchema): Described => schema as Described;
const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ');

const typeOf = ({ type, format, nullable, enum: words }: Described): string => {
  const base = words ? words.filter((word) => word !== null).join(', ') : (format ?? type ?? '');
  return nullable ? `${base} or null` : base;
};

interface Row {
  readonly key: string;
  readonly required: boolean;
  readonly described: Described;
}

const rowsOf = (schema: TSchema, prefix: string): readonly Row[] => {
  const { properties = {}, required = [] } = describe(schema);
  return Object.entries(properties).flatMap(([name, property]) => {
    const described = describe(property);
    const key = `${prefix}${name}`;
    const below = described.properties ? property : described.items;
    return [
      { key, required: required.includes(name), described },
      ...(below ? rowsOf(below, `${key}${described.properties ? '/' : '[]/'}`) : []),
    ];
  });
};

const table = (header: readonly string[], rows: readonly (readonly string[])[]): string =>
  [header, header.map(() => '---'), ...rows].map((row) => `| ${row.map(cell).join(' | ')} |`).join('\n');

const inputTable = ({ pathParameters, queryParameters, body }: Operation): readonly string[] => {
  const places: readonly (readonly [string, TObject | TSchema | null])[] = [
    ['path', pathParameters],
    ['query', queryParameters],
    ['body', body],
  ];
  const rows = places.flatMap(([place, schema]) =>
    (schema ? rowsOf(schema, '') : []).map(({ key, required, described }) => [
      described['x-ms-summary'] ?? '',
      `\`${key}\``,
      place,
      typeOf(described),
      [
        required ? 'yes' : 'no',
        described['x-ms-visibility'] ?? '',
        described.default === undefined ? '' : `default \`${String(described.default)}\``,
      ]
        .filter((part) => part !== '')
        .join(', '),
      described.description ?? '',
    ]),
  );
  return rows.length > 0
    ? ['**Inputs**', table(['label', 'key', 'in', 'type', 'required', 'meaning'], rows)]
    : ['No inputs.'];
};

const outputTable = (title: string, schema: TSchema | null): readonly string[] => {
  const rows = (schema ? rowsOf(schema, '') : []).map(({ key, required, described }) => [
    described['x-ms-summary'] ?? '',
    `\`${key}\``,
    typeOf(described),
    required ? 'yes' : 'no',
    described.description ?? '',
  ]);
  return rows.length > 0 ? [title, table(['label', 'key', 'type', 'always', 'meaning'], rows)] : [];
};

const facts = (operation: Operation): string =>
  [
    `\`${operation.operationId}\``,
    `\`${operation.method} ${basePath}${operation.path}\``,
    operation.visibility === 'internal' ? 'called by the platform only' : '',
    operation.authentication === 'location' ? 'without sign-in; the address is the key' : '',
    operation.counted ? 'counts against the limit' : 'does not count against the limit',
    operation.pageable ? 'pageable' : '',
  ]
    .filter((fact) => fact !== '')
    .join(' · ');

/** An operation has no exchange: the local run has not played it. */
export class ExchangeMissing extends Error {
  override readonly name = 'ExchangeMissing';

  constructor(operationId: string) {
    super(`There is no exchange of ${operationId} to show. Does the local run play it?`);
  }
}

const section = (operation: Operation, exchanges: ReadonlyMap<string, ShownExchange>): readonly string[] => {
  const exchange = exchanges.get(operation.operationId);
  if (!exchange) throw new ExchangeMissing(operation.operationId);
  return [
    `### ${operation.summary}`,
    facts(operation),
    operation.description,
    ...inputTable(operation),
    ...outputTable('**Outputs**', operation.notification ?? operation.response.schema),
    ...exchangeText(exchange, Object.keys(operation.response.headers ?? {})),
  ];
};

/**
 * The whole file. The same operations and exchanges give the same text.
 * @param exchanges operation id → what a local run sent and got
 * @throws ExchangeMissing
 */
export const operationReference = (
  operations: readonly Operation[],
  exchanges: ReadonlyMap<string, ShownExchange>,
): string =>
  `${[
    '# Operations',
    'This page lists the inputs and outputs of every operation, and a recorded call of each from a local run.\n' +
      'Ids, names and figures are those of the simulated instance. Callback URLs, tokens and random values are replaced\n' +
      'by words in angle brackets. [designer.md](designer.md) shows how the flow designer displays the operations.',
    operationTableMarkdown(operations),
    'Counted: the call counts towards the rate limit of the connection.',
    ...kinds.flatMap((kind) => {
      const members = operations.filter((operation) => operation.kind === kind);
      return members.length > 0
        ? [`## ${kindTitles[kind]}`, ...members.flatMap((operation) => section(operation, exchanges))]
        : [];
    }),
    '`npm run generate` writes this file; `npm run generate:check` fails if it is out of date.',
  ].join('\n\n')}\n`;
