import { createLocalJWKSet, errors, type JSONWebKeySet, type JWTVerifyGetKey } from 'jose';
import { ConnectorError } from '../runtime/errors.ts';
import { dayMs, hourMs } from '../runtime/time.ts';
import type { Authority } from './authority.ts';
import { IDENTITY_REQUEST_TIMEOUT_MS } from './authority.ts';
import { VERIFIED_FRESH_MS } from './verified-tokens.ts';

/** Keys are read again after this long, in ms: a withdrawn key stops working within the hour, verified tokens included. */
export const KEYS_FRESH_MS = hourMs - VERIFIED_FRESH_MS;

/**
 * When the issuer cannot be reached, keys read at most this long ago, in ms, go on being used. Microsoft's guidance
 * is to refresh signing keys at least every 24 hours.
 */
export const KEYS_USABLE_MS = dayMs;

/** Shortest time between two reads, in ms: a flood of made-up key ids costs the issuer one request in 30 s. */
export const KEYS_COOLDOWN_MS = 30_000;

interface KeySet {
  readonly find: JWTVerifyGetKey;
  readonly readAt: number;
}

/**
 * The issuer's public keys, fetched when first needed and again when they age or when a token names an unknown key.
 *
 * jose's own remote key set reads the process clock and fails as soon as a refresh fails; this one takes the time as an
 * argument and survives an issuer that is away. Only the configured issuer's keys count: `jku`, `x5u` and `jwk` in a
 * token's header are never looked at.
 *
 * Rejects with jose's JWKSNoMatchingKey for an unknown key and with IdentityProviderUnavailable when no usable keys
 * can be had, which decides nothing about the token.
 */
export function createSigningKeys(options: {
  readonly authority: Authority;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}): JWTVerifyGetKey {
  const { authority, now } = options;
  let keys: KeySet | undefined;
  let lastAttempt = { at: Number.NEGATIVE_INFINITY, failure: undefined as unknown };
  let reading: Promise<KeySet> | undefined;

  function read(): Promise<KeySet> {
    reading ??= fetchKeys(authority, now)
      .then(
        (fetched) => {
          keys = fetched;
          lastAttempt = { at: now(), failure: undefined };
          return fetched;
        },
        (failure: unknown) => {
          lastAttempt = { at: now(), failure };
          throw failure;
        },
      )
      .finally(() => {
        reading = undefined;
      });
    return reading;
  }

  const mayRead = () => reading !== undefined || now() - lastAttempt.at >= KEYS_COOLDOWN_MS;

  async function current(): Promise<KeySet> {
    if (keys === undefined) return read();
    const known = keys;
    const age = now() - known.readAt;
    if (age < KEYS_FRESH_MS) return known;
    if (age >= KEYS_USABLE_MS) return read();
    if (!mayRead()) return known;
    // The keys in hand are still usable: an issuer that is away must not refuse everybody.
    return read().catch(() => known);
  }

  return async (header, token) => {
    const known = await current();
    try {
      return await known.find(header, token);
    } catch (error) {
      if (!(error instanceof errors.JWKSNoMatchingKey)) throw error;
      if (mayRead()) return (await read()).find(header, token);
      if (lastAttempt.failure !== undefined) throw lastAttempt.failure;
      throw error;
    }
  };
}

async function fetchKeys(authority: Authority, now: () => number): Promise<KeySet> {
  const { jwks_uri: address } = await authority.metadata();
  try {
    if (address === undefined) throw new TypeError('The discovery document has no jwks_uri.');
    if (!authority.insecure && new URL(address).protocol !== 'https:') {
      throw new TypeError('The discovery document names a jwks_uri that is not https.');
    }
    const response = await authority.fetch(address, {
      headers: { accept: 'application/json' },
      redirect: 'manual',
      signal: AbortSignal.timeout(IDENTITY_REQUEST_TIMEOUT_MS),
    });
    if (response.status !== 200) {
      await response.body?.cancel();
      throw new TypeError(`The key document answered with status ${response.status}.`);
    }
    // createLocalJWKSet checks the shape itself and throws on anything but a key set.
    const find = createLocalJWKSet((await response.json()) as JSONWebKeySet);
    return { find, readAt: now() };
  } catch (cause) {
    throw new ConnectorError(
      'IdentityProviderUnavailable',
      `The signing keys of ${authority.issuer} could not be read, so no token can be checked now. Try again.`,
      { cause },
    );
  }
}
