import { Ajv, type ErrorObject } from 'ajv';
import { type Configuration, configurationSchema } from './schema.ts';

/** A wrong or missing value. The message names the key, the value, what is allowed and where to set it. */
export class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError';
  readonly exitCode = 1;
  readonly problems: readonly string[];

  constructor(source: string, problems: readonly string[]) {
    super(
      `${source} cannot be used as it is:\n${problems.map((problem) => `  - ${problem}`).join('\n')}\n` +
        'Correct it there; docs/configuration.md lists every key.',
    );
    this.problems = problems;
  }
}

const ajv = new Ajv({ allErrors: true, useDefaults: true, strict: true, verbose: true });
const conforms = ajv.compile<Configuration>(configurationSchema);

const keyOf = (error: ErrorObject): string => {
  const path = error.instancePath.slice(1).replaceAll('/', '.');
  const below = (name: string) => (path ? `${path}.${name}` : name);
  if (error.keyword === 'required') return below(String(error.params.missingProperty));
  if (error.keyword === 'additionalProperties') return below(String(error.params.additionalProperty));
  return path || '(the whole file)';
};

const describe = (error: ErrorObject): string => {
  const schema = error.parentSchema as {
    description?: string;
    properties?: Record<string, { description?: string }>;
  };
  const key = keyOf(error);
  switch (error.keyword) {
    case 'required': {
      const missing = schema.properties?.[String(error.params.missingProperty)];
      return `${key} is missing. ${missing?.description ?? 'It is required.'}`;
    }
    case 'additionalProperties':
      return `${key} is unknown. Allowed here: ${Object.keys(schema.properties ?? {}).join(', ')}.`;
    default:
      return `${key} is ${JSON.stringify(error.data)}, which ${error.message}. ${schema.description ?? ''}`.trimEnd();
  }
};

const duplicates = (values: readonly string[]) => values.filter((value, at) => values.indexOf(value) !== at);

/**
 * Checks a configuration and fills in its defaults.
 * @param source what the values came from, for messages: a file name
 * @throws ConfigurationError naming every problem at once
 */
export const checkConfiguration = (values: unknown, source: string): Configuration => {
  const configuration: unknown = structuredClone(values);
  if (!conforms(configuration)) throw new ConfigurationError(source, (conforms.errors ?? []).map(describe));
  const problems = [
    ...duplicates(configuration.instances.map(({ id }) => id.toLowerCase())).map(
      (id) => `instances has the id ${id} twice. Every instance may be listed once.`,
    ),
    ...duplicates([
      ...configuration.instances.map(({ secret }) => secret),
      configuration.applications.api.secret,
    ]).map((secret) => `the secret name ${secret} is used twice. Every secret needs a name of its own.`),
  ];
  if (problems.length > 0) throw new ConfigurationError(source, problems);
  return configuration;
};
