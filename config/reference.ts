/** docs/configuration.md, from the schema. */
import { defaultPreset, type Preset, presets } from './presets.ts';
import { renamedKeys } from './renamed-keys.ts';
import { schemaOf } from './schema.ts';

interface Described {
  readonly type?: string;
  readonly description?: string;
  readonly default?: unknown;
  readonly properties?: Readonly<Record<string, Described>>;
  readonly required?: readonly string[];
  readonly items?: Described;
}

/** The schema's own type says nothing of the texts in it. */
const described = (preset?: Preset): Described => schemaOf(preset) as object;

interface Row {
  readonly key: string;
  readonly type: string;
  readonly fallback: string;
  readonly description: string;
}

const fallbackOf = (schema: Described, required: boolean): string => {
  if (schema.default === undefined) return required ? '**required**' : 'none';
  return schema.properties ? 'that of its keys' : `\`${JSON.stringify(schema.default)}\``;
};

const rowsOf = (schema: Described, prefix: string): readonly Row[] =>
  Object.entries(schema.properties ?? {}).flatMap(([name, property]) => {
    const key = `${prefix}${name}`;
    const required = schema.required?.includes(name) ?? false;
    return [
      {
        key,
        type: property.type ?? '',
        fallback: fallbackOf(property, required),
        description: property.description ?? '',
      },
      ...rowsOf(property, `${key}.`),
      ...(property.items ? rowsOf(property.items, `${key}[].`) : []),
    ];
  });

const cell = (text: string): string => text.replaceAll('|', '\\|');

/** The keys, each with its default; where a preset has another one, with both. */
const rows = (): readonly Row[] => {
  const usual = rowsOf(described(), '').filter(({ key }) => key !== '$schema');
  const others = (Object.keys(presets) as Preset[])
    .filter((preset) => preset !== defaultPreset)
    .map((preset) => ({
      preset,
      fallbacks: new Map(rowsOf(described(preset), '').map(({ key, fallback }) => [key, fallback])),
    }));
  return usual.map((row) => ({
    ...row,
    fallback: [
      row.fallback,
      ...others.flatMap(({ preset, fallbacks }) =>
        fallbacks.get(row.key) === row.fallback ? [] : [`in preset ${preset} ${fallbacks.get(row.key)}`],
      ),
    ].join(', '),
  }));
};

/** The JSON Schema that editors complete and check the file with. */
export const editorSchema = (): string =>
  `${JSON.stringify(
    {
      $schema: 'http://json-schema.org/draft-07/schema#',
      title: 'Configuration of the Customer Insights connector',
      ...schemaOf(),
    },
    null,
    2,
  )}\n`;

/** The whole file, with a table of every key. */
export const configurationReference = (): string => {
  return `# Configuration

The CDK app, the command line and the local run read one JSON file. It contains the names of secrets and no secrets; a
value that looks like a secret is refused, and no message repeats it. The file is searched in this order: the file given
with \`--config\`, the file in the environment variable \`INSIGHTS_CONNECTOR_CONFIG\`, \`insights-connector.json\` in the
working directory, and last the embedded example values, which are for the local run and cannot be deployed.

Start from \`config/insights-connector.example.json\`. Every value is checked at the start. The message for a wrong or
missing value names its key and the allowed values. \`config/insights-connector.schema.json\` is the same as a JSON
Schema: with \`"$schema"\` set to its path, an editor completes the keys and marks wrong values.

| key | type | default | meaning |
|---|---|---|---|
${rows()
  .map(
    ({ key, type, fallback, description }) =>
      `| \`${key}\` | ${type} | ${cell(fallback)} | ${cell(description)} |`,
  )
  .join('\n')}

## Keys that had another name

A key with its old name is refused; the message has the new one.

| old | new |
|---|---|
${Object.entries(renamedKeys)
  .map(([before, after]) => `| \`${before}\` | \`${after}\` |`)
  .join('\n')}

\`npm run generate\` writes this file from \`config/schema.ts\`; \`npm run generate:check\` fails when the two differ.
`;
};
