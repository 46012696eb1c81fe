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

One JSON file, read by the CDK app, the command line and the local run alike. It holds no secret, only the names of
secrets; a value that looks like a secret is refused, and no message repeats it. Searched in this order: the file given with \`--config\`, the one that the environment variable
\`INSIGHTS_CONNECTOR_CONFIG\` names, \`insights-connector.json\` in the working directory, and last the embedded example
values, which serve the local run and cannot be deployed.

Start from \`config/insights-connector.example.json\`. Every value is checked at the start; a wrong or missing one is
named together with its key and what is allowed.

| key | type | default | meaning |
|---|---|---|---|
${rows.map(({ key, type, fallback, description }) => `| \`${key}\` | ${type} | ${cell(fallback)} | ${cell(description)} |`).join('\n')}

This file is made from \`config/schema.ts\`; a test fails when the two differ.
`;
};
