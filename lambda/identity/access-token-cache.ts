import { type Cache, createCache } from '../runtime/cache.ts';
import { type CoveredUp, untold } from '../runtime/covered-up.ts';
import { ConnectorError } from '../runtime/errors.ts';
import { minuteMs } from '../runtime/time.ts';

/** An access token for an upstream API. */
export interface AccessToken {
  /** A secret: never log or return it. */
  readonly value: string;
  /** Milliseconds since the epoch. */
  readonly expiresAt: number;
}

/** Tokens are renewed this long, in ms, before they expire, so that no upstream call outlives its token. */
export const renewBeforeExpiryMs = 5 * minuteMs;

/** Tokens kept per process. One takes about 3 KB, so the cache stays under 2 MB of a function's memory. */
export const tokenCacheCapacity = 500;

/**
 * Access tokens until shortly before they expire. While the provider is unavailable, a token that is due for
 * renewal is used until it expires; a refusal is never covered up.
 */
export const createAccessTokenCache = (options: {
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly capacity?: number;
  readonly coveredUp?: CoveredUp;
}): Cache<AccessToken> => {
  const { now, capacity = tokenCacheCapacity, coveredUp = untold } = options;
  const lifeMs = ({ expiresAt }: AccessToken): number => expiresAt - now();
  return createCache({
    now,
    capacity,
    // A token that lives for less than ten minutes is renewed at half its life, or it would never be fresh at
    // all.
    freshMs: (token) => Math.max(lifeMs(token) - renewBeforeExpiryMs, lifeMs(token) / 2),
    usableMs: lifeMs,
    covers: (error) => error instanceof ConnectorError && error.kind.repeatable,
    onStale: (error) => coveredUp('an access token that is due for renewal is used until it expires', error),
  });
};
