/**
 * The subscription keys of instances, as secrets contain them. A secret of one instance is `{ primary, secondary }`. Several
 * instances may share one secret, which costs as much as one; then the id of the instance is before the name.
 */
import { deploymentNames } from './deployment.ts';
import type { Configuration } from './schema.ts';

type Instance = Pick<Configuration['instances'][number], 'id' | 'secretName'>;

export interface InstanceKeys {
  readonly primary?: string;
  readonly secondary?: string;
}

type Values = Readonly<Record<string, string>>;

const parts = ['primary', 'secondary'] as const;

const keyed = (id: string, part: (typeof parts)[number]): string => `${id.toLowerCase()}.${part}`;

const present = (entries: readonly (readonly [string, string | undefined])[]): Values =>
  Object.fromEntries(entries.filter((entry): entry is [string, string] => entry[1] !== undefined));

/** The keys of an instance in a secret of its own, or in one that it shares. */
export const instanceKeys = (values: Values, id: string): InstanceKeys => {
  const own = parts.map((part) => [part, values[keyed(id, part)]] as const);
  return present(
    own.some(([, key]) => key !== undefined) ? own : parts.map((part) => [part, values[part]] as const),
  );
};

/**
 * What begins the names of the secrets in which the keys of instances are that were added after the deployment. Its
 * functions may read every secret of such a name, so an instance is added without a deployment. No deployment has a name
 * that begins with a capital, so the one without a name shares this with none.
 */
export const addedKeysPrefix = ({ deployment }: Pick<Configuration, 'deployment'>): string =>
  `${deployment?.name ?? deploymentNames({}).stack}/instance-keys-`;

/** So many instances share such a secret: their keys take 43 KB of the 64 KB that Secrets Manager takes. */
export const instancesPerSecret = 250;

/**
 * The name of the secret for the keys of the next instance: the first with room.
 * @param instances all of the deployment
 */
export const nextKeysSecret = (prefix: string, instances: readonly Instance[]): string => {
  const readers = new Map<string, number>();
  for (const { secretName } of instances) readers.set(secretName, (readers.get(secretName) ?? 0) + 1);
  for (let number = 1; ; number += 1) {
    // Four digits, as the pattern in the policies of the functions has them (lib/secrets.ts).
    const name = `${prefix}${String(number).padStart(4, '0')}`;
    if ((readers.get(name) ?? 0) < instancesPerSecret) return name;
  }
};

/** How many instances read a secret. */
export const readersOf = (instances: readonly Instance[], secretName: string): number =>
  instances.filter((one) => one.secretName === secretName).length;

/**
 * The values of a secret with the keys of an instance in it.
 * @param before its values so far, which those of other instances stay in
 */
export const withInstanceKeys = (
  instances: readonly Instance[],
  { id, secretName }: Instance,
  keys: InstanceKeys,
  before: Values = {},
): Values =>
  readersOf(instances, secretName) > 1 || /\/instance-keys-\d{4}$/.test(secretName)
    ? { ...before, ...present(parts.map((part) => [keyed(id, part), keys[part]])) }
    : present(parts.map((part) => [part, keys[part]]));

/** The values of every secret with keys, by its name. */
export const keySecrets = (
  instances: readonly Instance[],
  keysOf: (instance: Instance) => InstanceKeys,
): Readonly<Record<string, Values>> => {
  const secrets: Record<string, Values> = {};
  for (const instance of instances)
    secrets[instance.secretName] = withInstanceKeys(
      instances,
      instance,
      keysOf(instance),
      secrets[instance.secretName],
    );
  return secrets;
};
