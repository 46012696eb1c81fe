/**
 * The form of what lies in tables and queues and of what is logged, without the values: keys, attributes, schema versions, properties
 * of bodies.
 */
import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import type { LogLine } from '../../../local/template/functions.ts';
import type { QueueName, TableName } from './pinned-deployment.ts';
import type { Snapshot } from './story.ts';

const byKey = <Found, Shown>(
  found: ReadonlyMap<string, Found>,
  shown: (value: Found) => Shown,
): Readonly<Record<string, Shown>> =>
  Object.fromEntries(
    [...found].sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, value]) => [key, shown(value)] as const),
  );

export interface Form {
  /** Attribute names and their DynamoDB types, sorted; all that items of this key form have had. */
  readonly attributes: readonly string[];
  /** Properties of the JSON text in `body`: `a.b`, `list[].c`, with the types of their values. */
  readonly body: readonly string[];
}

export interface Forms {
  /** By the form of the key: `<partition key> / <sort key>`. */
  readonly tables: Readonly<Record<TableName, Readonly<Record<string, Form>>>>;
  readonly queues: Readonly<Record<QueueName, { readonly group: string; readonly body: readonly string[] }>>;
  /** Function → message of its log → keys of the line. */
  readonly logs: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;
  /** `<namespace> <dimensions with their values> <name> <unit>`. */
  readonly metrics: readonly string[];
}

/** Longest first: what stands in a key in place of a value. */
const values: readonly (readonly [RegExp, string])[] = [
  [/\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z/g, '<time>'],
  [/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, '<guid>'],
  [/(?<![\w-])[\w-]{43}(?![\w-])/g, '<hash>'],
  [/(?<![\w-])[\w-]{32}(?![\w-])/g, '<limited>'],
  [/(?<![\w-])(?!On[A-Z][a-z])[\w-]{22}(?:[\w-]{11})?(?![\w-])/g, '<id>'],
  [/(?<=^[A-Z]#)[0-2]\d*~?(?=#)/g, '<number>'],
  [/(?<=Crossed#=).+$/g, '<name>'],
  [/(?<=#(?:measure|segment)#)\w+$/g, '<name>'],
];

export const keyForm = (text: string): string =>
  values.reduce((form, [value, name]) => form.replaceAll(value, name), text);

/** A property that is named by a value (an id, a name of an object) counts as one of many. */
const isValue = (name: string): boolean => keyForm(name) !== name;

const typeOf = (value: unknown): string =>
  value === null ? 'null' : Array.isArray(value) ? 'list' : typeof value;

/** Objects whose properties are names of something in Customer Insights. */
const mapped: ReadonlySet<string> = new Set(['record.segments', 'record.measures']);

const properties = (value: unknown, path: string): readonly string[] => {
  if (Array.isArray(value)) return value.flatMap((item) => properties(item, `${path}[]`));
  if (typeof value !== 'object' || value === null) return [`${path}: ${typeOf(value)}`];
  const entries = Object.entries(value);
  if (entries.length === 0) return [`${path}: empty`];
  return entries.flatMap(([name, inner]) =>
    properties(
      inner,
      `${path}${path === '' ? '' : '.'}${isValue(name) || mapped.has(path) ? '<key>' : name}`,
    ),
  );
};

const sorted = (list: Iterable<string>): readonly string[] => [...new Set(list)].sort();

const attributesOf = (item: Readonly<Record<string, AttributeValue>>): readonly string[] =>
  Object.entries(item).map(([name, value]) => `${name}: ${Object.keys(value)[0]}`);

const formsOfItems = (items: Snapshot['tables'][TableName]): Readonly<Record<string, Form>> => {
  const found = new Map<string, { attributes: string[]; body: string[] }>();
  for (const item of items) {
    const { pk, sk, id } = item;
    const key = id?.S
      ? `${keyForm(id.S)} with ${sorted(Object.keys(item))}`
      : `${keyForm(pk?.S ?? '')} / ${keyForm(sk?.S ?? '')}`;
    const form = found.get(key) ?? { attributes: [], body: [] };
    form.attributes.push(...attributesOf(item));
    if (item.body?.S !== undefined) form.body.push(...bodyOf(item.body.S));
    found.set(key, form);
  }
  return byKey(found, ({ attributes, body }) => ({ attributes: sorted(attributes), body: sorted(body) }));
};

/** The version of the schema with its value, for a change of it is a change of the form. */
const bodyOf = (text: string): readonly string[] => {
  const body = JSON.parse(text) as { readonly v?: number };
  return properties(body, '').map((property) => (property === 'v: number' ? `v = ${body.v}` : property));
};

const byName = <Name extends string, From, To>(
  record: Readonly<Record<Name, From>>,
  change: (value: From) => To,
) =>
  Object.fromEntries(Object.entries<From>(record).map(([name, value]) => [name, change(value)])) as Readonly<
    Record<Name, To>
  >;

interface LoggedMetrics {
  readonly CloudWatchMetrics: readonly {
    readonly Namespace: string;
    readonly Dimensions: readonly (readonly string[])[];
    readonly Metrics: readonly { readonly Name: string; readonly Unit: string }[];
  }[];
}

const parsedLines = (lines: readonly LogLine[]) =>
  lines.flatMap(({ functionName, text }) =>
    text.startsWith('{')
      ? [{ functionName, line: JSON.parse(text) as Readonly<Record<string, unknown>> }]
      : [],
  );

const logForms = (lines: readonly LogLine[]): Forms['logs'] => {
  const found = new Map<string, Map<string, string[]>>();
  for (const { functionName, line } of parsedLines(lines)) {
    if (typeof line.message !== 'string') continue;
    const messages = found.get(functionName) ?? new Map<string, string[]>();
    found.set(functionName, messages);
    messages.set(line.message, [...(messages.get(line.message) ?? []), ...Object.keys(line)]);
  }
  return byKey(found, (messages) => byKey(messages, sorted));
};

const metricForms = (lines: readonly LogLine[]): Forms['metrics'] =>
  sorted(
    parsedLines(lines).flatMap(({ line }) =>
      ((line._aws as LoggedMetrics | undefined)?.CloudWatchMetrics ?? []).flatMap((directive) =>
        directive.Metrics.map(
          ({ Name, Unit }) =>
            `${directive.Namespace} ${directive.Dimensions.flat()
              .map((name) => `${name}=${line[name]}`)
              .join()} ${Name} ${Unit}`,
        ),
      ),
    ),
  );

export const formsOf = (
  { tables, queues }: Pick<Snapshot, 'tables' | 'queues'>,
  lines: readonly LogLine[],
): Forms => ({
  tables: byName(tables, formsOfItems),
  queues: byName(queues, (messages) => ({
    group: sorted(messages.map(({ group }) => (group === null ? 'none' : keyForm(group)))).join(),
    body: sorted(messages.flatMap(({ body }) => bodyOf(body))),
  })),
  logs: logForms(lines),
  metrics: metricForms(lines),
});
