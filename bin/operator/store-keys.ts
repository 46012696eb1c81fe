/** Tries subscription keys of instances and stores them, several in one secret where they share it. */
import type { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import pMap from 'p-map';
import { type InstanceKeys, withInstanceKeys } from '../../config/instance-keys.ts';
import type { Configuration } from '../../config/schema.ts';
import { isRecord, parseJson } from '../../lambda/runtime/json.ts';
import type { ConfiguredInstance } from '../../lambda/store/instances.ts';
import { UsageError } from '../commands/command.ts';
import { SecretRefused, secretValues } from './secret-value.ts';
import { neededSecrets, readStored, storeValues, type TrialPlace, tryKeys } from './stored-secrets.ts';

export interface GivenKeys {
  readonly instance: ConfiguredInstance;
  readonly keys: InstanceKeys;
}

export interface StoredKeys {
  readonly arn: string;
  readonly created: boolean;
}

/** Instances whose keys are tried at a time. */
const atOnce = { concurrency: 10 };

/**
 * The keys of instances, in JSON: `{ "<id>": { "primary": "…", "secondary": "…" }, … }`.
 * @throws SecretRefused that names every instance without two whole keys; it never repeats one
 */
export const readKeys = (instances: readonly ConfiguredInstance[], text: string): readonly GivenKeys[] => {
  let value: unknown = {};
  try {
    if (text.trim() !== '') value = parseJson(text);
  } catch {
    // The parser's message would repeat a key.
    throw new SecretRefused('The keys on standard input are not JSON. Nothing was stored.');
  }
  const byId = new Map(
    isRecord(value) ? Object.entries(value).map(([id, keys]) => [id.toLowerCase(), keys]) : [],
  );
  const problems: string[] = [];
  const given = instances.flatMap((instance): readonly GivenKeys[] => {
    const keys = byId.get(instance.id.toLowerCase());
    const { primary, secondary } = isRecord(keys) ? keys : {};
    if (typeof primary !== 'string' || typeof secondary !== 'string')
      problems.push(`${instance.name} (${instance.id}) has no two keys`);
    else
      try {
        return [{ instance, keys: secretValues('instance', `${primary}\n${secondary}`) }];
      } catch (error) {
        if (!(error instanceof SecretRefused)) throw error;
        problems.push(`${instance.name} (${instance.id}): ${error.message}`);
      }
    return [];
  });
  if (problems.length === 0) return given;
  const some = problems.slice(0, 10).join('; ');
  throw new SecretRefused(
    `${some}${problems.length > 10 ? `; and ${problems.length - 10} more` : ''}. Give them on standard input with --keys, as { "<id>": { "primary": "…", "secondary": "…" } }. Nothing was changed.`,
  );
};

/** @throws UsageError where only the functions get a token */
export const mustBeTriable = ({ applications }: Configuration, untried: boolean): void => {
  if (!untried && applications.api.credential === 'federated')
    throw new UsageError(
      'Without a client secret only the functions get a token, so the keys cannot be tried from here: add --untried, and see that the metric CredentialFailures stays at 0.',
    );
};

export interface KeysPlace {
  readonly client: SecretsManagerClient;
  readonly place: TrialPlace;
  /** All of the deployment, those with new keys included. */
  readonly instances: readonly ConfiguredInstance[];
  readonly untried: boolean;
  /** Told of what is wrong beside the keys. */
  readonly note: (text: string) => void;
}

/** @throws SecretRefused when a key is not taken */
const tryAll = async (
  { client, place, instances, note }: KeysPlace,
  given: readonly GivenKeys[],
): Promise<void> => {
  const { configuration } = place;
  const clientSecret = async () => {
    const api = neededSecrets(configuration).find(({ kind }) => kind === 'api');
    return (api && (await readStored(client, api.name))?.values.clientSecret) ?? '';
  };
  const tried: TrialPlace = { ...place, configuration: { ...configuration, instances } };
  const called = ({ name }: ConfiguredInstance) => (given.length === 1 ? 'The keys' : `The keys of ${name}`);
  await pMap(
    given,
    async ({ instance, keys }) => {
      for (const doubt of await tryKeys(tried, instance, { ...keys }, clientSecret))
        note(`${called(instance)} are right, but: ${doubt}`);
    },
    atOnce,
  );
};

/**
 * Tries all of them and then stores each secret once.
 * @returns the first secret that was stored
 * @throws SecretRefused when a key is not taken: nothing is stored then
 */
export const storeKeys = async (
  keysPlace: KeysPlace,
  ...given: readonly [GivenKeys, ...GivenKeys[]]
): Promise<StoredKeys> => {
  const { client, place, instances } = keysPlace;
  if (!keysPlace.untried) await tryAll(keysPlace, given);
  const storeSecret = async (name: string): Promise<StoredKeys> => {
    const own = given.filter(({ instance }) => instance.secretName === name);
    let values = (await readStored(client, name))?.values;
    for (const { instance, keys } of own) values = withInstanceKeys(instances, instance, keys, values);
    const title = own.length === 1 && own[0] ? `the instance ${own[0].instance.name}` : 'several instances';
    return storeValues(client, place.configuration, { kind: 'instance', name, title }, values ?? {});
  };
  const [{ instance }] = given;
  const first = await storeSecret(instance.secretName);
  for (const name of new Set(given.map((one) => one.instance.secretName)))
    if (name !== instance.secretName) await storeSecret(name);
  return first;
};
