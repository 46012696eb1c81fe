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
export const RENEW_BEFORE_EXPIRY_MS = 5 * minuteMs;

/** Tokens kept per process. One takes about 3 KB, so the cache stays under 2 MB of a function's memory. */
export const TOKEN_CACHE_CAPACITY = 500;

export interface AccessTokenCache {
  /**
   * The token under `key`, from the cache or from `request`. Callers that ask at the same time share one request.
   * Failures are not kept. While the provider is unavailable a token due for renewal is used until it expires.
   */
  get(key: string, request: () => Promise<AccessToken>): Promise<AccessToken>;
  readonly size: number;
}

interface Entry {
  readonly token: AccessToken;
  readonly renewAt: number;
}

/** A bounded cache that drops the token least recently used. */
export function createAccessTokenCache(options: {
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly capacity?: number;
}): AccessTokenCache {
  const { now, capacity = TOKEN_CACHE_CAPACITY } = options;
  // A Map keeps insertion order: the first key is the one least recently used.
  const entries = new Map<string, Entry>();
  const requests = new Map<string, Promise<AccessToken>>();

  function keep(key: string, token: AccessToken): void {
    entries.delete(key);
    // A token that lives for less than ten minutes is renewed at half its life, or it would never be cached at all.
    const margin = Math.min(RENEW_BEFORE_EXPIRY_MS, (token.expiresAt - now()) / 2);
    entries.set(key, { token, renewAt: token.expiresAt - margin });
    for (const oldest of entries.keys()) {
      if (entries.size <= capacity) break;
      entries.delete(oldest);
    }
  }

  async function renew(key: string, request: () => Promise<AccessToken>): Promise<AccessToken> {
    try {
      const token = await request();
      keep(key, token);
      return token;
    } catch (error) {
      const held = entries.get(key)?.token;
      if (
        error instanceof ConnectorError &&
        error.kind.repeatable &&
        held !== undefined &&
        held.expiresAt > now()
      )
        return held;
      throw error;
    }
  }

  return {
    async get(key, request) {
      const entry = entries.get(key);
      if (entry !== undefined && now() < entry.renewAt) {
        entries.delete(key);
        entries.set(key, entry);
        return entry.token;
      }
      const underWay = requests.get(key);
      if (underWay !== undefined) return underWay;
      const started = renew(key, request).finally(() => requests.delete(key));
      requests.set(key, started);
      return started;
    },
    get size() {
      return entries.size;
    },
  };
}
