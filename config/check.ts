import { Ajv, type ErrorObject } from 'ajv';
import { withSecretsOfDeployment } from './deployment.ts';
import { type Configuration, configurationSchema, longestSecretName } from './schema.ts';

/** A wrong or missing value. The message names the key, the value, what is allowed and where to set it. */
export class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError';
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
 * Checks a configuration, fills in its defaults and gives its secrets the names that they have in this
 * deployment.
 * @param source what the values came from, for messages: a file name
 * @throws ConfigurationError naming every problem at once
 */
export const checkConfiguration = (values: unknown, source: string): Configuration => {
  const given: unknown = structuredClone(values);
  if (!conforms(given)) throw new ConfigurationError(source, (conforms.errors ?? []).map(describe));
  const configuration = withSecretsOfDeployment(given);
  const secretNames = [
    ...configuration.instances.map(({ secret }) => secret),
    configuration.applications.api.secret,
  ];
  const problems = [
    ...duplicates(configuration.instances.map(({ id }) => id.toLowerCase())).map(
      (id) => `instances has the id ${id} twice. Every instance may be listed once.`,
    ),
    ...duplicates(secretNames).map(
      (secret) => `the secret name ${secret} is used twice. Every secret needs a name of its own.`,
    ),
    ...secretNames
      .filter(({ length }) => length > longestSecretName)
      .map(
        (secret) =>
          `the secret name ${secret} has ${secret.length} characters, deployment.name in front included; at most ${longestSecretName} are allowed. Shorten one of the two.`,
      ),
  ];
  if (problems.length > 0) throw new ConfigurationError(source, problems);
  return configuration;
};
