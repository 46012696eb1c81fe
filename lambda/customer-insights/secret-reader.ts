import type { AwsClient } from '../runtime/aws-services.ts';
import { createCache } from '../runtime/cache.ts';
import { type CoveredUp, untold } from '../runtime/covered-up.ts';
import { ConnectorError } from '../runtime/errors.ts';
import { hourMs, minuteMs, secondMs } from '../runtime/time.ts';

/**
 * A secret is read again after this long, in milliseconds, so that a rotation is noticed without a refusal.
 */
export const secretFreshMs = 5 * minuteMs;

/**
 * While Secrets Manager cannot be reached, a value read at most this long ago, in milliseconds, continues being
 * used.
 */
export const secretUsableMs = hourMs;

/**
 * Shortest time, in milliseconds, between two reads that were asked for past the cache: a wrong key must not
 * cost a read a call.
 */
export const secretCooldownMs = 30_000;

/** Secrets kept: more than the instances of any deployment. */
const capacity = 1_000;

/** Longest a read may take, in milliseconds. */
const readTimeoutMs = 3_000;

/** The texts of a JSON secret by name. */
export type SecretValues = Readonly<Record<string, string>>;

export interface Secrets {
  /**
   * @param options.fresh asks for the current value past the cache, after the cached one was refused
   * @throws ConnectorError SecretUnreadable
   */
  read(name: string, options?: { readonly fresh?: boolean }): Promise<SecretValues>;
}

/** Told of each version that is read. @param storedAt epoch ms */
export type OnSecretRead = (name: string, values: SecretValues, storedAt: number) => void;

/** Secrets Manager with a cache; callers that ask at the same time share one request. */
export const createSecrets = (options: {
  readonly client: AwsClient<'secretsmanager'>;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly coveredUp?: CoveredUp;
  readonly onRead?: OnSecretRead;
}): Secrets => {
  const { client, now, coveredUp = untold } = options;
  const cache = createCache<SecretValues>({
    now,
    capacity,
    freshMs: secretFreshMs,
    usableMs: secretUsableMs,
    renewAfterMs: secretCooldownMs,
    onStale: (error, name) => coveredUp(`the secret ${name} is used as it was read before`, error),
  });

  const fetchValues = async (name: string): Promise<SecretValues> => {
    const unreadable = (reason: string, cause?: unknown) =>
      new ConnectorError(
        'SecretUnreadable',
        `The secret ${name} ${reason}. Check in Secrets Manager that it exists and is a JSON object of texts, and that the function may read it.`,
        { retryAfterSeconds: 5, ...(cause !== undefined && { cause }) },
      );
    const { SecretString: text, CreatedDate: storedSeconds } = await client(
      'GetSecretValue',
      { SecretId: name },
      readTimeoutMs,
    ).catch((cause: unknown) => {
      throw unreadable('could not be read', cause);
    });
    let values: unknown;
    try {
      values = JSON.parse(text ?? '');
    } catch {
      // The parser's message repeats the text, which is the secret: it must not become the cause.
      throw unreadable('is not JSON');
    }
    if (typeof values !== 'object' || values === null) throw unreadable('is not a JSON object');
    const texts = Object.entries(values).filter(
      (entry): entry is [string, string] => typeof entry[1] === 'string',
    );
    const read = Object.fromEntries(texts);
    if (storedSeconds !== undefined) options.onRead?.(name, read, storedSeconds * secondMs);
    return read;
  };

  return {
    read: (name, { fresh = false } = {}) =>
      fresh ? cache.renew(name, () => fetchValues(name)) : cache.get(name, () => fetchValues(name)),
  };
};

/**
 * The client secret of the API's application, for a token source.
 * @param name a secret of the form `{"clientSecret": "…"}`
 */
export const clientSecretFrom =
  (secrets: Secrets, name: string): ((read: { readonly fresh: boolean }) => Promise<string>) =>
  async ({ fresh }) => {
    const { clientSecret } = await secrets.read(name, { fresh });
    if (clientSecret === undefined || clientSecret === '')
      throw new ConnectorError(
        'SecretUnreadable',
        `The secret ${name} must be {"clientSecret": "…"}; it has no clientSecret.`,
      );
    return clientSecret;
  };
