import { decodeJwt } from 'jose';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { tokenCacheCapacity } from '../../../lambda/identity/access-token-cache.ts';
import { openAuthority } from '../../../lambda/identity/authority.ts';
import {
  customerInsightsAudience,
  customerInsightsScope,
} from '../../../lambda/identity/customer-insights-access.ts';
import {
  createTokenSource,
  type ReadCredential,
  type TokenSource,
} from '../../../lambda/identity/token-source.ts';
import { createCallerVerifier } from '../../../lambda/identity/verify-caller.ts';
import { ConnectorError } from '../../../lambda/runtime/errors.ts';
import type { Issuer } from '../../../local/issuer/issuer.ts';
import {
  apiAppId,
  apiSecret,
  type SteppedClock,
  startLocalIdentity,
  testTenantId,
  verifierOptions,
} from './local-identity.ts';

const jwtBearer = 'urn:ietf:params:oauth:grant-type:jwt-bearer';
let issuer: Issuer;
let clock: SteppedClock;
let source: TokenSource;

const place = () => ({ authority: issuer.issuer, clientId: apiAppId, now: clock.now });
const credential = { kind: 'client-secret', read: async () => apiSecret } as const;
const sourceWith = (read: ReadCredential): TokenSource =>
  createTokenSource({ ...place(), credential: { kind: 'client-secret', read } });

beforeEach(async () => {
  ({ issuer, clock } = await startLocalIdentity());
  source = sourceWith(async () => apiSecret);
});
afterEach(() => issuer.close());

const exchanges = () => issuer.stats().tokenRequests[jwtBearer];
const caller = async (user?: string) => ({
  token: await issuer.userToken(user === undefined ? {} : { user }),
});
const failure = (promise: Promise<unknown>) =>
  promise.then(
    () => 'no failure',
    (error: unknown) => error,
  );

describe('on behalf of a user', () => {
  it("exchanges the user's token for one of the same user at Customer Insights", async () => {
    const token = await source.onBehalfOf(await caller(), customerInsightsScope);
    expect(decodeJwt(token.value)).toMatchObject({
      aud: customerInsightsAudience,
      oid: issuer.users[0]?.objectId,
      scp: 'user_impersonation',
      azp: apiAppId,
      tid: testTenantId,
    });
    expect(token.expiresAt).toBe(clock.now() + 3_600_000);
  });

  it('makes one request for twenty calls at the same time, and none while the token is fresh', async () => {
    const one = await caller();
    const tokens = await Promise.all(
      Array.from({ length: 20 }, () => source.onBehalfOf(one, customerInsightsScope)),
    );
    expect(new Set(tokens.map((token) => token.value)).size).toBe(1);
    await source.onBehalfOf(one, customerInsightsScope);
    expect(exchanges()).toBe(1);
  });

  it('never gives one user the token of another', async () => {
    const [one, other] = [await caller(issuer.users[0]?.userName), await caller(issuer.users[1]?.userName)];
    const [first, second] = await Promise.all([
      source.onBehalfOf(one, customerInsightsScope),
      source.onBehalfOf(other, customerInsightsScope),
    ]);
    expect(decodeJwt(first.value).oid).toBe(issuer.users[0]?.objectId);
    expect(decodeJwt(second.value).oid).toBe(issuer.users[1]?.objectId);
    expect(exchanges()).toBe(2);
  });

  it('keeps tokens per scope', async () => {
    const one = await caller();
    await source.onBehalfOf(one, customerInsightsScope);
    await source.onBehalfOf(one, `${customerInsightsAudience}/user_impersonation`);
    expect(exchanges()).toBe(2);
  });

  it('is bounded: the exchange least recently used is made anew', async () => {
    const small = createTokenSource({
      ...place(),
      credential,
      cacheCapacity: 2,
    });
    const callers = await Promise.all([caller(), caller(), caller()]);
    for (const one of callers) await small.onBehalfOf(one, customerInsightsScope);
    for (const one of callers.slice(1)) await small.onBehalfOf(one, customerInsightsScope);
    expect(exchanges()).toBe(3);
    for (const one of callers.slice(0, 1)) await small.onBehalfOf(one, customerInsightsScope);
    expect(exchanges()).toBe(4);
    expect(tokenCacheCapacity).toBeGreaterThan(100);
  });

  it('turns an assertion that expired on the way into a refusal of the caller', async () => {
    const one = { token: await issuer.userToken({ expiresInS: 60 }) };
    clock.advance(60_000);
    expect(await failure(source.onBehalfOf(one, customerInsightsScope))).toMatchObject({
      status: 401,
      code: 'TokenExpired',
    });
  });

  it.each([
    [
      'a forged assertion',
      async () => issuer.forge(decodeJwt(await issuer.userToken())),
      401,
      'TokenNotExchangeable',
    ],
    ['an assertion for another API', () => issuer.userToken({ audience: 'other' }), 502, 'ClientAppRefused'],
    ['an assertion without a user', () => issuer.appToken(), 502, 'ClientAppRefused'],
  ] as const)('%s is not exchanged', async (_name, token, status, code) => {
    const refused = failure(source.onBehalfOf({ token: await token() }, customerInsightsScope));
    expect(await refused).toMatchObject({ status, code });
  });
});

describe('as the application', () => {
  it('gets a token with its roles and without a user, renewed five minutes before it expires', async () => {
    const token = await source.clientCredentials(customerInsightsScope);
    expect(decodeJwt(token.value)).toMatchObject({ aud: customerInsightsAudience, roles: ['api.access'] });
    expect(decodeJwt(token.value).scp).toBeUndefined();
    clock.advance(55 * 60_000 - 1);
    expect(await source.clientCredentials(customerInsightsScope)).toBe(token);
    clock.advance(1);
    expect(await source.clientCredentials(customerInsightsScope)).not.toBe(token);
    expect(issuer.stats().tokenRequests.client_credentials).toBe(2);
  });

  it('shares the discovery document with the caller verifier', async () => {
    const authority = openAuthority({ authority: issuer.issuer });
    const verify = createCallerVerifier({ ...verifierOptions(issuer, clock), authority });
    const shared = createTokenSource({
      authority,
      clientId: apiAppId,
      credential,
      now: clock.now,
    });
    await shared.onBehalfOf(await verify(`Bearer ${await issuer.userToken()}`), customerInsightsScope);
    expect(issuer.stats().discoveryReads).toBe(1);
  });
});

describe('a rotated client secret', () => {
  it('is read again once it is refused, and the request is made again', async () => {
    const reads: boolean[] = [];
    let cached = apiSecret;
    const rotating = sourceWith(async ({ fresh }) => {
      reads.push(fresh);
      if (fresh) cached = 'rotated';
      return cached;
    });
    await rotating.clientCredentials(customerInsightsScope);
    issuer.replaceSecrets(apiAppId, [{ value: 'rotated' }]);
    await rotating.onBehalfOf(await caller(), customerInsightsScope);
    await rotating.onBehalfOf(await caller(), customerInsightsScope);
    expect(reads).toEqual([false, false, true, false]);
    expect(exchanges()).toBe(3);
  });

  it('works without a failure while old and new are both valid', async () => {
    issuer.replaceSecrets(apiAppId, [{ value: apiSecret }, { value: 'next' }]);
    await expect(source.clientCredentials(customerInsightsScope)).resolves.toBeDefined();
    expect(issuer.stats().tokensRefused).toBe(0);
  });

  it('that stays refused is a failure of our credentials after one further try', async () => {
    let reads = 0;
    const wrong = sourceWith(async () => {
      reads += 1;
      return `wrong-${reads}`;
    });
    const error = await failure(wrong.clientCredentials(customerInsightsScope));
    expect(error).toBeInstanceOf(ConnectorError);
    expect(error).toMatchObject({ status: 502, code: 'ClientSecretInvalid' });
    expect(String(error)).not.toContain('wrong-');
    expect(issuer.stats().tokenRequests.client_credentials).toBe(2);
  });

  it('is not tried twice when the fresh read gives the refused value', async () => {
    issuer.replaceSecrets(apiAppId, [{ value: apiSecret, expiresAt: clock.now() }]);
    expect(await failure(source.clientCredentials(customerInsightsScope))).toMatchObject({
      status: 502,
      code: 'ClientSecretExpired',
    });
    expect(issuer.stats().tokenRequests.client_credentials).toBe(1);
  });

  it('that cannot be read is unavailability with the cause kept', async () => {
    const cause = new Error('secret store is away');
    const unreadable = sourceWith(() => Promise.reject(cause));
    const error = await failure(unreadable.clientCredentials(customerInsightsScope));
    expect(error).toMatchObject({ status: 503, code: 'ClientSecretUnreadable', cause });
  });
});

describe('what the token endpoint answers', () => {
  it('missing consent names the permission and where to grant it', async () => {
    issuer.replaceConsents(apiAppId, []);
    const error = await failure(source.onBehalfOf(await caller(), customerInsightsScope));
    expect(error).toMatchObject({ status: 403, code: 'ConsentRequired' });
    expect(String(error)).toContain('user_impersonation');
    expect(String(error)).toContain(`${issuer.url}/${testTenantId}/adminconsent?client_id=${apiAppId}`);
    issuer.replaceConsents(apiAppId, issuer.applications.api.consents);
    await expect(source.onBehalfOf(await caller(), customerInsightsScope)).resolves.toBeDefined();
  });

  it.each([
    [50076, 403, 'InteractionRequired', /sign in again/],
    [50079, 403, 'InteractionRequired', /Fix connection/],
    [53003, 403, 'InteractionRequired', /sign in again/],
    [65001, 403, 'ConsentRequired', /Grant admin consent/],
    [7000215, 502, 'ClientSecretInvalid', /AWS Secrets Manager/],
    [7000222, 502, 'ClientSecretExpired', /Certificates & secrets/],
    [700016, 502, 'ClientAppRefused', /app registration/],
    [500133, 401, 'TokenExpired', /Refresh it/],
    [50013, 401, 'TokenNotExchangeable', /Sign in again/],
    [50057, 401, 'TokenNotExchangeable', /Sign in again/],
    [90033, 503, 'IdentityProviderUnavailable', /Try again/],
    [900144, 503, 'IdentityProviderUnavailable', /AADSTS900144/],
  ] as const)('AADSTS%i becomes %i %s', async (code, status, ours, message) => {
    issuer.faults.inject(
      { endpoint: 'token', grant: jwtBearer, times: 1 },
      { kind: 'refusal', code, claims: '{"access_token":{}}' },
    );
    const one = await caller();
    const error = await failure(source.onBehalfOf(one, customerInsightsScope));
    expect(error).toMatchObject({ status, code: ours });
    expect(String(error)).toMatch(message);
    expect(String(error)).not.toContain(one.token);
    // Nothing of the failure is kept.
    await expect(source.onBehalfOf(one, customerInsightsScope)).resolves.toBeDefined();
  });

  it.each([
    ['an HTML error page', { kind: 'status', status: 502 }, 5],
    ['throttling with a wait', { kind: 'status', status: 429, retryAfterSeconds: 17 }, 17],
    [
      'an outage with a wait beyond all bounds',
      { kind: 'status', status: 503, retryAfterSeconds: 86_400 },
      300,
    ],
    ['an HTML page with status 200', { kind: 'status', status: 200 }, 5],
    ['a connection that is always cut', { kind: 'cut' }, 5],
  ] as const)('%s is unavailability with the wait', async (_name, fault, retryAfterSeconds) => {
    issuer.faults.inject({ endpoint: 'token', times: 2 }, fault);
    const error = await failure(source.clientCredentials(customerInsightsScope));
    expect(error).toMatchObject({ status: 503, code: 'IdentityProviderUnavailable', retryAfterSeconds });
  });

  it.each(['own', 'on behalf of a user'])(
    'a connection that was cut leads to a second request, and no more: %s',
    async (whose) => {
      const one = await caller();
      const ask = () =>
        whose === 'own'
          ? source.clientCredentials(customerInsightsScope)
          : source.onBehalfOf(one, customerInsightsScope);
      issuer.faults.inject({ endpoint: 'token', times: 1 }, { kind: 'cut' });
      await expect(ask()).resolves.toBeDefined();
      clock.advance(60 * 60_000);
      issuer.faults.inject({ endpoint: 'token', times: 3 }, { kind: 'cut' });
      await expect(source.clientCredentials(customerInsightsScope)).rejects.toMatchObject({ status: 503 });
      await expect(source.clientCredentials(customerInsightsScope)).resolves.toBeDefined();
    },
  );

  it('a held answer holds all who asked, with one request', async () => {
    let release = (): void => undefined;
    const until = new Promise<void>((resolve) => {
      release = resolve;
    });
    issuer.faults.inject({ endpoint: 'token', times: 1 }, { kind: 'held', until });
    let settled = false;
    const waiting = Promise.all([1, 2, 3].map(() => source.clientCredentials(customerInsightsScope))).finally(
      () => {
        settled = true;
      },
    );
    await vi.waitFor(() => expect(issuer.stats().tokenRequests.client_credentials).toBe(1));
    expect(settled).toBe(false);
    release();
    expect(new Set((await waiting).map((token) => token.value)).size).toBe(1);
    expect(issuer.stats().tokenRequests.client_credentials).toBe(1);
  });
});
