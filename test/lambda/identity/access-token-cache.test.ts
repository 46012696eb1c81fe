import { describe, expect, it } from 'vitest';
import {
  type AccessToken,
  createAccessTokenCache,
  renewBeforeExpiryMs,
} from '../../../lambda/identity/access-token-cache.ts';
import { ConnectorError } from '../../../lambda/runtime/errors.ts';
import { hourMs } from '../../../lambda/runtime/time.ts';
import { steppedClock } from './local-identity.ts';

const prepared = (capacity?: number) => {
  const clock = steppedClock();
  const cache = createAccessTokenCache({ now: clock.now, ...(capacity !== undefined && { capacity }) });
  let requests = 0;
  const request =
    (lifetimeMs = hourMs) =>
    async (): Promise<AccessToken> => {
      requests += 1;
      return { value: `token-${requests}`, expiresAt: clock.now() + lifetimeMs };
    };
  return { clock, cache, request, requests: () => requests };
};

describe('the cache of access tokens', () => {
  it('renews a token exactly five minutes before it expires', async () => {
    const { clock, cache, request, requests } = prepared();
    await cache.get('a', request());
    clock.advance(hourMs - renewBeforeExpiryMs - 1);
    expect((await cache.get('a', request())).value).toBe('token-1');
    clock.advance(1);
    expect((await cache.get('a', request())).value).toBe('token-2');
    expect(requests()).toBe(2);
  });

  it('renews a short-lived token at half its life', async () => {
    const { clock, cache, request } = prepared();
    await cache.get('a', request(60_000));
    clock.advance(29_999);
    expect((await cache.get('a', request(60_000))).value).toBe('token-1');
    clock.advance(1);
    expect((await cache.get('a', request(60_000))).value).toBe('token-2');
  });

  it('never holds more than its capacity and drops the token least recently used', async () => {
    const { cache, request, requests } = prepared(3);
    for (const key of ['a', 'b', 'c']) await cache.get(key, request());
    await cache.get('a', request());
    await cache.get('d', request());
    expect(cache.size).toBe(3);
    await cache.get('a', request());
    expect(requests()).toBe(4);
    await cache.get('b', request());
    expect(requests()).toBe(5);
    for (let i = 0; i < 1_000; i += 1) await cache.get(`k${i}`, request());
    expect(cache.size).toBe(3);
  });

  it('shares one request among callers at the same time, its failure too, and keeps no failure', async () => {
    const { cache, request } = prepared();
    let attempts = 0;
    const failing = async (): Promise<AccessToken> => {
      attempts += 1;
      throw new ConnectorError('IdentityProviderUnavailable', 'away');
    };
    const outcomes = await Promise.allSettled(Array.from({ length: 20 }, () => cache.get('a', failing)));
    expect(outcomes.every((outcome) => outcome.status === 'rejected')).toBe(true);
    expect(attempts).toBe(1);
    expect((await cache.get('a', request())).value).toBe('token-1');
  });

  it('uses a token due for renewal while the provider is away, but not after it has expired', async () => {
    const { clock, cache, request } = prepared();
    const away = async (): Promise<AccessToken> => {
      throw new ConnectorError('IdentityProviderUnavailable', 'away');
    };
    await cache.get('a', request());
    clock.advance(hourMs - 1);
    expect((await cache.get('a', away)).value).toBe('token-1');
    clock.advance(1);
    await expect(cache.get('a', away)).rejects.toMatchObject({ code: 'IdentityProviderUnavailable' });
  });

  it('does not cover up a refusal with a token due for renewal', async () => {
    const { clock, cache, request } = prepared();
    await cache.get('a', request());
    clock.advance(hourMs - 1);
    const refused = cache.get('a', async () => {
      throw new ConnectorError('InteractionRequired', 'sign in again');
    });
    await expect(refused).rejects.toMatchObject({ code: 'InteractionRequired' });
  });
});
