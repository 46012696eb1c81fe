import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';
import { ownTags, withSecretsOfDeployment } from './deployment.ts';
import { implausible } from './plausible.ts';
import { type Cloud, clouds, defaultCloud, defaultPreset, type Preset, presets } from './presets.ts';
import { renamedKey } from './renamed-keys.ts';
import { type Configuration, schemaOf } from './schema.ts';
import { longestSecretName } from './schema-parts.ts';
import { secretLike, unmistakableSecret } from './secret-shape.ts';

/** A wrong or missing value. The message names the key, the value, what is allowed and where to set it. */
export class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError';
  readonly exitCode = 1;
  readonly problems: readonly string[];

  /** @param hint where to go on; by default for the file of the configuration */
  constructor(
    source: string,
    problems: readonly string[],
    hint = 'Correct the values there; docs/configuration.md lists every key.',
  ) {
    super(`Invalid ${source}:\n${problems.map((problem) => `  - ${problem}`).join('\n')}\n${hint}`);
    this.problems = problems;
  }
}

const ajv = new Ajv({ allErrors: true, useDefaults: true, strict: true, verbose: true });

/** By preset and cloud, whose defaults the check fills in. */
const checks = new Map<string, ValidateFunction<Configuration>>();

const valueAt = (values: unknown, key: string): unknown =>
  typeof values === 'object' && values !== null ? (values as Record<string, unknown>)[key] : undefined;

const known = <Name extends string>(
  names: Readonly<Record<Name, unknown>>,
  given: unknown,
  fallback: Name,
): Name => (typeof given === 'string' && Object.hasOwn(names, given) ? (given as Name) : fallback);

/** An unknown preset or cloud gets the defaults of the usual one; the check then refuses it. */
const checkFor = (values: unknown): ValidateFunction<Configuration> => {
  const preset: Preset = known(presets, valueAt(values, 'preset'), defaultPreset);
  const cloud: Cloud = known(clouds, valueAt(values, 'cloud'), defaultCloud);
  const name = `${preset} ${cloud}`;
  const check = checks.get(name) ?? ajv.compile<Configuration>(schemaOf(preset, cloud));
  checks.set(name, check);
  return check;
};

/** The path of a value: `instances.0.secret`. A key can be a pasted secret too. */
const keyAt = (path: readonly string[]): string =>
  path.map((key) => (secretLike(key) ? '(a key that looks like a secret)' : key)).join('.');

const pathOf = (instancePath: string): readonly string[] =>
  instancePath
    .split('/')
    .slice(1)
    .map((key) => key.replaceAll('~1', '/').replaceAll('~0', '~'));

/**
 * Whether a key takes the name of a secret. Messages never repeat its value, which may be the secret itself.
 */
const takesSecretName = (path: readonly string[]): boolean => /^secret(Name)?$/.test(path.at(-1) ?? '');

/** A value as a message may repeat it; a value that may contain a secret is only described. */
const shown = (path: readonly string[], value: unknown): string => {
  if (Array.isArray(value)) return value.length === 0 ? '[]' : `a list of ${value.length}`;
  if (typeof value === 'object' && value !== null) return 'an object';
  if (takesSecretName(path)) return `a value that is not shown, because it may be a secret,`;
  if (typeof value !== 'string') return JSON.stringify(value);
  const secret = secretLike(value);
  return secret ? `a value that looks like ${secret} and is not shown` : JSON.stringify(value);
};

const describe = (error: ErrorObject): string => {
  const schema = error.parentSchema as {
    description?: string;
    type?: string;
    properties?: Record<string, { description?: string }>;
  };
  const path = pathOf(error.instancePath);
  const below = (name: unknown) => keyAt([...path, String(name)]);
  const key = keyAt(path) || '(the whole file)';
  switch (error.keyword) {
    case 'required': {
      const missing = schema.properties?.[String(error.params.missingProperty)];
      return `${below(error.params.missingProperty)} is missing. ${missing?.description ?? 'It is required.'}`;
    }
    case 'additionalProperties': {
      const renamed = renamedKey([...path, String(error.params.additionalProperty)]);
      if (renamed !== undefined)
        return `${below(error.params.additionalProperty)} is now called ${renamed}. Rename the key; its value stays the same.`;
      return `${below(error.params.additionalProperty)} is unknown. Allowed here: ${Object.keys(schema.properties ?? {}).join(', ')}.`;
    }
    case 'pattern': {
      // The description says what is allowed; the pattern itself does not help.
      const address = String(error.params.pattern).startsWith('^https?')
        ? ' It is an address that begins with https:// (or http://), without a slash at the end.'
        : '';
      return `${key} is ${shown(path, error.data).replace(/,$/, '')}, which has a form that is not allowed. ${schema.description ?? ''}${address}`.trimEnd();
    }
    case 'type':
      // A text in the place of an object or a list may be a value for Secrets Manager.
      if ((schema.type === 'object' || schema.type === 'array') && typeof error.data === 'string')
        return `${key} is a text, which ${error.message}. ${schema.description ?? ''}`.trimEnd();
  }
  return `${key} is ${shown(path, error.data)}, which ${error.message}. ${schema.description ?? ''}`.trimEnd();
};

/** A key that is missing because it has its old name is told once. */
const withoutRenamed = (errors: readonly ErrorObject[]): readonly ErrorObject[] => {
  const renamed = new Set(
    errors.flatMap(({ keyword, instancePath, params }) => {
      if (keyword !== 'additionalProperties') return [];
      const path = pathOf(instancePath);
      const name = renamedKey([...path, String(params.additionalProperty)]);
      return name === undefined ? [] : [name];
    }),
  );
  return errors.filter(
    ({ keyword, instancePath, params }) =>
      keyword !== 'required' ||
      !renamed.has([...pathOf(instancePath), String(params.missingProperty)].join('.')),
  );
};

const disclosed = 'A secret in a file may have been read by others: create a new secret.';

/** Every text in a value, with its path. */
const textsOf = (
  value: unknown,
  path: readonly string[],
): readonly (readonly [readonly string[], string])[] => {
  if (typeof value === 'string') return [[path, value]];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, below]) => textsOf(below, [...path, key]));
};

/** Secrets in the place of their names, or anywhere else. */
const secretsIn = (values: unknown): ReadonlyMap<string, string> =>
  new Map(
    textsOf(values, []).flatMap(([path, text]): [string, string][] => {
      const isName = takesSecretName(path);
      const found = isName ? secretLike(text) : unmistakableSecret(text);
      if (found === undefined) return [];
      const place = isName
        ? `${keyAt(path)} looks like ${found}, not like the name of a secret; it is not shown. Give a name here, such as insights-connector/api, and put the value into Secrets Manager (docs/deployment.md, step 5).`
        : `${keyAt(path)} contains a value that looks like ${found}; it is not shown. The configuration must not contain secrets.`;
      return [[`/${path.join('/')}`, `${place} ${disclosed}`]];
    }),
  );

const duplicates = (values: readonly string[]) => values.filter((value, at) => values.indexOf(value) !== at);

/**
 * What is wrong with names of secrets, by key; without the name, which may be a secret that was not
 * recognised.
 */
const secretNameProblems = ({ applications, instances }: Configuration): readonly string[] => {
  const { secretName: ofApi } = applications.api;
  const given: readonly (readonly [key: string, name: string])[] = [
    ...(ofApi === undefined ? [] : [['applications.api.secretName', ofApi] as const]),
    ...instances.map(({ secretName }, at) => [`instances.${at}.secretName`, secretName] as const),
  ];
  const first = new Map<string, string>();
  const ofInstance = (key: string) => key.startsWith('instances.');
  return given.flatMap(([key, name]) => {
    const before = first.get(name);
    if (before === undefined) first.set(name, key);
    return [
      // Instances may share a secret: the id of the instance is before each key.
      ...(before === undefined || ofInstance(before)
        ? []
        : [
            `${key} is the same as ${before}. The client secret needs a name of its own; instances may share a secret with each other.`,
          ]),
      ...(name.length <= longestSecretName
        ? []
        : [
            `${key} has ${name.length} characters, including deployment.name; at most ${longestSecretName} are allowed. Shorten one of the two.`,
          ]),
    ];
  });
};

/** Keys that contradict each other. */
const contradictions = ({
  applications,
  monitoring,
  updates,
  tags,
}: Configuration): readonly (string | false)[] => {
  const { credential, secretName } = applications.api;
  return [
    credential === 'client-secret' &&
      secretName === undefined &&
      'applications.api.secretName is missing. The credential client-secret needs the name of the secret in Secrets Manager that holds it.',
    credential === 'federated' &&
      secretName !== undefined &&
      'applications.api has both the credential federated and a secretName. Without a client secret there is nothing to name: remove secretName.',
    monitoring.canary &&
      !monitoring.alarms &&
      'monitoring.canary is true but monitoring.alarms is false, so no user would be told. Set monitoring.alarms to true, or monitoring.canary to false.',
    monitoring.email !== undefined &&
      monitoring.topicArn !== undefined &&
      'monitoring has both email and topicArn. Give one of the two; a topic of your own can have the address as a subscriber.',
    !monitoring.alarms &&
      (monitoring.email ?? monitoring.topicArn) !== undefined &&
      'monitoring.alarms is false, so nothing would be sent to the given target. Set it to true, or remove email and topicArn.',
    !monitoring.alarms &&
      updates.automaticRollback &&
      'updates.automaticRollback is true but monitoring.alarms is false. Alarms decide on the rollback: set monitoring.alarms to true.',
    ...Object.keys(tags).map(
      (tag) =>
        (!/^(?!aws:)[\p{L}\p{Z}\p{N}_.:/=+\-@]{1,128}$/iu.test(tag) || ownTags.has(tag)) &&
        `tags has the name ${JSON.stringify(tag)}, which is not allowed. 1 to 128 letters, digits, spaces and _.:/=+-@, not beginning with aws:, and neither of ${[...ownTags].join(' and ')}, which the deployment sets.`,
    ),
  ];
};

/**
 * Checks a configuration, fills in its defaults and gives its secrets the names that they have in this
 * deployment. No message repeats a value that is or may be a secret.
 * @param source the origin of the values, for messages: a file name
 * @throws ConfigurationError that lists every problem
 */
export const checkConfiguration = (values: unknown, source: string): Configuration => {
  const given: unknown = structuredClone(values);
  const secrets = secretsIn(given);
  const conforms = checkFor(given);
  const conforming = conforms(given);
  const errors = (conforms.errors ?? []).filter(({ instancePath }) => !secrets.has(instancePath));
  if (!conforming || secrets.size > 0)
    throw new ConfigurationError(source, [...secrets.values(), ...withoutRenamed(errors).map(describe)]);
  const configuration = withSecretsOfDeployment(given);
  const problems = [
    ...contradictions(configuration).filter((problem) => problem !== false),
    ...duplicates(configuration.instances.map(({ id }) => id.toLowerCase())).map(
      (id) => `instances has the id ${id} twice. List each instance once.`,
    ),
    ...secretNameProblems(configuration),
    ...implausible(configuration),
  ];
  if (problems.length > 0) throw new ConfigurationError(source, problems);
  return configuration;
};
