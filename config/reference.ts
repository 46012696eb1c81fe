/** docs/configuration.md, from the schema. */
import { configurationSchema } from './schema.ts';

interface Described {
  readonly type?: string;
  readonly description?: string;
  readonly default?: unknown;
  readonly properties?: Readonly<Record<string, Described>>;
  readonly required?: readonly string[];
  readonly items?: Described;
}

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

/** The whole file, with a table of every key. */
export const configurationReference = (): string => {
  const rows = rowsOf(configurationSchema as Described, '').filter(({ key }) => key !== '$schema');
  return `# Configuration

The CDK app, the command line and the local run read one JSON file. It contains the names of secrets and no secrets; a
value that looks like a secret is refused, and no message repeats it. The file is searched in this order: the file given
with \`--config\`, the file in the environment variable \`INSIGHTS_CONNECTOR_CONFIG\`, \`insights-connector.json\` in the
working directory, and last the embedded example values, which are for the local run and cannot be deployed.

Start from \`config/insights-connector.example.json\`. Every value is checked at the start. The message for a wrong or
missing value names its key and the allowed values.

| key | type | default | meaning |
|---|---|---|---|
${rows.map(({ key, type, fallback, description }) => `| \`${key}\` | ${type} | ${cell(fallback)} | ${cell(description)} |`).join('\n')}

\`npm run generate\` writes this file from \`config/schema.ts\`; \`npm run generate:check\` fails when the two differ.
`;
};
