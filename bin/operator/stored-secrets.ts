/**
 * The secrets of a deployment: which ones it needs, what is stored, and the trial of a new value. They belong to the
 * account and not to the stack, so that they can be stored before a deployment and outlive it.
 */
import {
  CreateSecretCommand,
  GetSecretValueCommand,
  PutSecretValueCommand,
  type SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { deploymentNames } from '../../config/deployment.ts';
import { instanceKeys } from '../../config/instance-keys.ts';
import type { Configuration } from '../../config/schema.ts';
import {
  type ClientSecretExpiry,
  clientSecretExpiry,
  createCustomerInsightsAccess,
  type SecretValues,
} from '../../lambda/customer-insights/index.ts';
import { createTokenSource, type TokenSource } from '../../lambda/identity/token-source.ts';
import { createUpstreamBudget, memoryUpstreamPauseStore } from '../../lambda/limiter/index.ts';
import { deadlineIn } from '../../lambda/runtime/deadline.ts';
import { ConnectorError, hasCode } from '../../lambda/runtime/errors.ts';
import { isRecord, parseJson } from '../../lambda/runtime/json.ts';
import { dayMs, iso, secondMs } from '../../lambda/runtime/time.ts';
import { type SecretKind, SecretRefused, secretParts } from './secret-value.ts';

/** A secret that the deployment of a configuration reads. */
export interface NeededSecret {
  readonly kind: SecretKind;
  /** In Secrets Manager. */
  readonly name: string;
  /** For people: "the API's registration", "the instance Contoso Retail". */
  readonly title: string;
  readonly instance?: Configuration['instances'][number];
}

export const neededSecrets = ({ applications, instances }: Configuration): readonly NeededSecret[] => {
  const { secretName } = applications.api;
  return [
    ...(secretName === undefined
      ? []
      : [{ kind: 'api', name: secretName, title: "the API's registration" } as const]),
    ...instances.map((instance) => ({
      kind: 'instance' as const,
      name: instance.secretName,
      title: `the instance ${instance.name}`,
      instance,
    })),
  ];
};

/** @param given `api`, or an instance by its name or id */
export const secretNamed = (configuration: Configuration, given: string): NeededSecret | undefined => {
  const wanted = given.toLowerCase();
  return neededSecrets(configuration).find(({ kind, instance }) =>
    instance === undefined
      ? wanted === kind
      : [instance.id, instance.name].some((name) => name.toLowerCase() === wanted),
  );
};

export interface StoredSecret {
  readonly values: SecretValues;
  /** Epoch ms. */
  readonly storedAt: number;
}

/** The texts of a JSON object; nothing where the value is none, as those that earlier versions created empty. */
const textsOf = (text: string | undefined): SecretValues => {
  let value: unknown;
  try {
    value = parseJson(text ?? '');
  } catch {
    // The parser's message would repeat the secret; the caller sees that the parts are missing.
    return {};
  }
  return isRecord(value)
    ? Object.fromEntries(
        Object.entries(value).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
      )
    : {};
};

const isAbsent = (error: unknown): boolean =>
  error instanceof Error && error.name === 'ResourceNotFoundException';

/** @returns undefined when there is no secret of this name, or it has no value */
export const readStored = async (
  client: SecretsManagerClient,
  name: string,
): Promise<StoredSecret | undefined> => {
  try {
    const { SecretString, CreatedDate } = await client.send(new GetSecretValueCommand({ SecretId: name }));
    return { values: textsOf(SecretString), storedAt: CreatedDate?.getTime() ?? 0 };
  } catch (error) {
    if (isAbsent(error)) return undefined;
    throw error;
  }
};

/**
 * Stores a new version, and creates the secret where there is none.
 * @returns its ARN, which says account and region
 */
export const storeValues = async (
  client: SecretsManagerClient,
  configuration: Configuration,
  { name, title }: NeededSecret,
  values: SecretValues,
): Promise<{ readonly arn: string; readonly created: boolean }> => {
  const SecretString = JSON.stringify(values);
  try {
    const { ARN = name } = await client.send(new PutSecretValueCommand({ SecretId: name, SecretString }));
    return { arn: ARN, created: false };
  } catch (error) {
    if (!isAbsent(error)) throw error;
  }
  const tags = { ...configuration.tags, ...deploymentNames(configuration).tags };
  const { ARN = name } = await client.send(
    new CreateSecretCommand({
      Name: name,
      Description: `Customer Insights connector: secret of ${title}.`,
      SecretString,
      ...(configuration.encryptionKeyArn && { KmsKeyId: configuration.encryptionKeyArn }),
      Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })),
    }),
  );
  return { arn: ARN, created: true };
};

export interface TrialPlace {
  readonly configuration: Configuration;
  readonly authority: string;
  readonly customerInsightsUrl: string;
  /** Epoch ms. */
  readonly now: () => number;
  readonly wait: (ms: number) => Promise<void>;
}

const tokensWith = (
  { configuration, authority, now }: TrialPlace,
  clientSecret: () => Promise<string>,
): TokenSource =>
  createTokenSource({
    authority,
    clientId: configuration.applications.api.clientId,
    credential: { kind: 'client-secret', read: clientSecret },
    now,
  });

const notStored = 'Nothing was stored.';
const untriedHint = 'Repeat, or store it untried with --untried.';

/** A new client secret is known everywhere in Entra ID after some seconds, sometimes a minute. */
const secretPauseMs = 5 * secondMs;
const secretTries = 12;

/** @throws SecretRefused when Microsoft Entra ID does not take the client secret, or does not answer */
export const tryClientSecret = async (place: TrialPlace, clientSecret: string): Promise<void> => {
  const { scope } = place.configuration.customerInsights;
  for (let tries = 1; ; tries += 1)
    try {
      await tokensWith(place, async () => clientSecret).clientCredentials(scope);
      return;
    } catch (error) {
      if (!(error instanceof ConnectorError)) throw error;
      if (!hasCode(error, 'ClientSecretInvalid') || tries === secretTries)
        throw new SecretRefused(
          error.kind.repeatable
            ? `The client secret could not be tried: ${error.message} ${notStored} ${untriedHint}`
            : `The client secret was tried and not taken: ${error.message} ${notStored}`,
        );
      await place.wait(secretPauseMs);
    }
};

/** The gateway of Customer Insights takes the key before these can happen. */
const keyTaken = ['UpstreamForbidden', 'UpstreamNotFound'] as const;

/**
 * Reads one job of the instance with each key.
 * @param clientSecret the stored one, for the token that a call needs beside the key
 * @returns what is wrong beside the keys, for people
 * @throws SecretRefused when a key is not taken, or could not be tried
 */
export const tryKeys = async (
  place: TrialPlace,
  instance: Configuration['instances'][number],
  keys: SecretValues,
  clientSecret: () => Promise<string>,
): Promise<readonly string[]> => {
  const { configuration, now } = place;
  const doubts = new Set<string>();
  for (const [name, key] of Object.entries(keys)) {
    const access = createCustomerInsightsAccess({
      settings: configuration,
      baseUrl: place.customerInsightsUrl,
      tokens: tokensWith(place, clientSecret),
      secrets: { read: async () => ({ primary: key }) },
      budget: createUpstreamBudget({ store: memoryUpstreamPauseStore(), now }),
      now,
    });
    const deadline = deadlineIn(20 * secondMs);
    try {
      await access.forApplication(deadline).listJobs(instance.id, { top: 1 });
    } catch (error) {
      if (!(error instanceof ConnectorError)) throw error;
      const words = secretParts.instance[name as keyof typeof secretParts.instance];
      if (hasCode(error, ...keyTaken)) doubts.add(error.message);
      else
        throw new SecretRefused(
          hasCode(error, 'UpstreamKeyRefused')
            ? `${words} was tried and not taken: ${error.message} ${notStored}`
            : `${words} could not be tried: ${error.message} ${notStored} ${untriedHint}`,
        );
    } finally {
      deadline.end();
    }
  }
  return [...doubts];
};

export type SecretState = 'stored' | 'incomplete' | 'missing';

export interface SecretStatus extends Partial<ClientSecretExpiry> {
  readonly secret: NeededSecret;
  readonly state: SecretState;
  /** Epoch ms. */
  readonly storedAt?: number;
}

/** An expiry within this needs attention, days; the alarm rings then too. */
export const expiryWarningDays = 30;

/** Of each secret that the deployment needs. */
export const readSecretStatus = (
  client: SecretsManagerClient,
  configuration: Configuration,
  now: number,
): Promise<readonly SecretStatus[]> =>
  Promise.all(
    neededSecrets(configuration).map(async (secret): Promise<SecretStatus> => {
      const stored = await readStored(client, secret.name);
      if (stored === undefined) return { secret, state: 'missing' };
      const { values, storedAt } = stored;
      const found: SecretValues =
        secret.instance === undefined ? values : { ...instanceKeys(values, secret.instance.id) };
      const whole = Object.keys(secretParts[secret.kind]).every((part) => (found[part] ?? '') !== '');
      if (!whole) return { secret, state: 'incomplete', storedAt };
      return {
        secret,
        state: 'stored',
        storedAt,
        ...(secret.kind === 'api' && clientSecretExpiry(values, storedAt, now)),
      };
    }),
  );

/**
 * When a secret expires, from an option or an answer: `2027-11-28`, `365d`, `1y`.
 * @returns ISO 8601; a date stands for its first moment, so that the warning is never late
 * @throws SecretRefused
 */
export const readExpiry = (text: string, now: number): string => {
  const span = /^(\d{1,4})([dy])$/.exec(text.trim());
  const at = span
    ? span[2] === 'd'
      ? now + Number(span[1]) * dayMs
      : new Date(now).setUTCFullYear(new Date(now).getUTCFullYear() + Number(span[1]))
    : /^\d{4}-\d{2}-\d{2}(T[\d:.]+Z)?$/.test(text.trim())
      ? Date.parse(text.trim())
      : Number.NaN;
  if (Number.isNaN(at))
    throw new SecretRefused(
      `The expiry is "${text}"; it takes a date such as 2027-11-28, or a span from now such as 180d or 1y. ${notStored}`,
    );
  if (at <= now) throw new SecretRefused(`The expiry ${text} is in the past. ${notStored}`);
  return iso(at);
};
