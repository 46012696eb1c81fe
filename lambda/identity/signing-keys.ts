import { createLocalJWKSet, type JSONWebKeySet, type JWTVerifyGetKey } from 'jose';
import * as errors from 'jose/errors';
import { createCache } from '../runtime/cache.ts';
import { type CoveredUp, untold } from '../runtime/covered-up.ts';
import { ConnectorError } from '../runtime/errors.ts';
import { dayMs, hourMs, minuteMs } from '../runtime/time.ts';
import type { Authority } from './authority.ts';

/**
 * A token is verified again after this long, in ms. Together with the age that signing keys may reach it is
 * the time within which a withdrawn key stops working.
 */
export const verifiedFreshMs = 5 * minuteMs;

/**
 * Keys are read again after this long, in ms: a withdrawn key stops working within the hour, verified tokens
 * included.
 */
export const keysFreshMs = hourMs - verifiedFreshMs;

/**
 * When the issuer cannot be reached, keys read at most this long ago, in ms, continue being used. Microsoft's
 * guidance is to refresh signing keys at least every 24 hours.
 */
export const keysUsableMs = dayMs;

/**
 * Shortest time between two reads, in ms: a flood of made-up key ids costs the issuer one request in 30 s.
 */
export const keysCooldownMs = 30_000;

/**
 * The issuer's public keys, fetched when first needed and again when they age or when a token names an
 * unknown key.
 *
 * jose's own remote key set reads the process clock and fails as soon as a refresh fails; this one takes the
 * time as an argument and survives an issuer that is away. Only the configured issuer's keys count: `jku`,
 * `x5u` and `jwk` in a token's header are never looked at.
 *
 * Rejects with jose's JWKSNoMatchingKey for an unknown key and with IdentityProviderUnavailable when no
 * usable keys can be had, which decides nothing about the token.
 */
export const createSigningKeys = (options: {
  readonly authority: Authority;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly coveredUp?: CoveredUp;
}): JWTVerifyGetKey => {
  const { authority, now, coveredUp = untold } = options;
  const { issuer } = authority;
  const keySets = createCache<JWTVerifyGetKey>({
    now,
    capacity: 1,
    freshMs: keysFreshMs,
    usableMs: keysUsableMs,
    renewAfterMs: keysCooldownMs,
    pauseAfterFailureMs: keysCooldownMs,
    onStale: (error) => coveredUp('tokens are checked with the signing keys that were read before', error),
  });
  const load = () => fetchKeys(authority);

  return async (header, token) => {
    const known = await keySets.get(issuer, load);
    try {
      return await known(header, token);
    } catch (error) {
      if (!(error instanceof errors.JWKSNoMatchingKey)) throw error;
      const renewed = await keySets.renew(issuer, load);
      if (renewed === known) throw error;
      return renewed(header, token);
    }
  };
};

const fetchKeys = async (authority: Authority): Promise<JWTVerifyGetKey> => {
  const { jwks_uri: address } = await authority.metadata();
  try {
    if (address === undefined) throw new TypeError('The discovery document has no jwks_uri.');
    if (!authority.insecure && new URL(address).protocol !== 'https:')
      throw new TypeError('The discovery document names a jwks_uri that is not https.');
    const response = await authority.fetch(address, { headers: { accept: 'application/json' } });
    if (response.status !== 200)
      throw new TypeError(`The key document answered with status ${response.status}.`);
    // createLocalJWKSet checks the shape itself and throws on anything but a key set.
    return createLocalJWKSet((await response.json()) as JSONWebKeySet);
  } catch (cause) {
    throw new ConnectorError(
      'IdentityProviderUnavailable',
      `The signing keys of ${authority.issuer} could not be read, so no token can be checked now. Try again.`,
      { cause },
    );
  }
};
