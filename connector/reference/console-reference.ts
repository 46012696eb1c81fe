/** docs/console-operations.md: the operations that the pages of the console call. */
import { consoleOperations } from '../contract/console.ts';
import { routeKey } from '../contract/index.ts';
import type { Operation } from '../contract/operation.ts';

/** As far as the reference reads a schema. */
interface Schema {
  readonly type?: string;
  readonly format?: string;
  readonly enum?: readonly (string | null)[];
  readonly nullable?: boolean;
  readonly description?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
}

const typeOf = (schema: Schema): string => {
  const words = (schema.enum ?? []).filter((word) => word !== null).map((word) => `\`${word}\``);
  const type =
    words.length > 0
      ? words.join(', ')
      : schema.format === 'date-time'
        ? 'time'
        : schema.type === 'array'
          ? 'list'
          : (schema.type ?? 'any');
  return schema.nullable ? `${type} or null` : type;
};

const rowsOf = (schema: Schema, prefix = ''): readonly string[] =>
  Object.entries(schema.properties ?? {}).flatMap(([name, property]) => {
    const inner = property.type === 'array' ? property.items : property;
    const isOptional = !schema.required?.includes(name);
    const path = `${prefix}${name}`;
    return [
      `| \`${path}\` | ${typeOf(property)}${isOptional ? ', optional' : ''} | ${property.description ?? ''} |`,
      ...(inner?.properties ? rowsOf(inner, `${path}${property.type === 'array' ? '[]' : ''}.`) : []),
    ];
  });

const table = (title: string, schema: Schema | null): readonly string[] => {
  const rows = schema === null ? [] : rowsOf(schema);
  return rows.length === 0 ? [] : [[`| ${title} | | |`, '|---|---|---|', ...rows].join('\n')];
};

/** Lines of at most 120 characters. */
const wrapped = (text: string): string => text.replaceAll(/(.{1,120})(?: |$)/g, '$1\n').trimEnd();

const sectionOf = (operation: Operation): string =>
  [
    `## ${operation.operationId}`,
    `\`${routeKey(operation)}\``,
    wrapped(operation.description),
    ...table('path', operation.pathParameters),
    ...table('query', operation.queryParameters),
    ...table('body', operation.body as Schema | null),
    ...table(`response ${operation.response.status}`, operation.response.schema as Schema | null),
    ...Object.entries(operation.errors ?? {}).map(([status, reason]) => `${status}: ${reason}.`),
  ].join('\n\n');

export const consoleReference = (): string =>
  `${[
    '# Operations of the console',
    'The pages of the [console](console.md) call these operations. They are not for makers: they are no part of the\n' +
      'connector, and take tokens of the console only. Each call counts against the budget of the console. A read with\n' +
      '`If-None-Match` is answered 304 while nothing has changed. [proxy.md](proxy.md) lists the error codes.',
    ...(consoleOperations as readonly Operation[]).map(sectionOf),
    '`npm run generate` writes this file; `npm run generate:check` fails if it is out of date.',
  ].join('\n\n')}\n`;
