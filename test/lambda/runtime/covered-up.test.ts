import { expect, it } from 'vitest';
import { createSecrets, secretFreshMs } from '../../../lambda/customer-insights/secret-reader.ts';
import { createAccessTokenCache } from '../../../lambda/identity/access-token-cache.ts';
import { openAuthority } from '../../../lambda/identity/authority.ts';
import { createSigningKeys, keysFreshMs } from '../../../lambda/identity/signing-keys.ts';
import { coveredUp } from '../../../lambda/runtime/covered-up.ts';
import { ConnectorError } from '../../../lambda/runtime/errors.ts';
import { logWith } from '../../../lambda/runtime/log.ts';
import { clientOf, fakeUpstream } from '../customer-insights/fake-upstream.ts';
import { recordedLog } from '../http/recorded-log.ts';

/*
 * State: a value in hand that is due to be read again. Events: the read fails; or a pause cannot be stored.
 * Invariant: whoever asked is served, and the failure leaves one line in the log and one count, with its cause and
 * without any secret.
 */

const watched = () => {
  const { log, lines, text } = recordedLog();
  const counted: string[] = [];
  let published = 0;
  const told = coveredUp(logWith(log, {}), {
    count: (metric) => counted.push(metric),
    publish: () => {
      published += 1;
    },
  });
  return {
    told,
    expectOne: (what: RegExp) => {
      expect(lines.map(({ message, keys }) => [message, keys])).toMatchObject([
        ['failure covered up', { what: expect.stringMatching(what), error: { message: expect.any(String) } }],
      ]);
      expect(counted).toEqual(['FailuresCoveredUp']);
      expect(published).toBe(1);
      expect(text()).not.toContain('p-secret');
    },
  };
};

it('a secret that is used as it was read before', async () => {
  const { told, expectOne } = watched();
  let time = 0;
  const client = async () => {
    if (time > 0) throw new Error('Secrets Manager is away');
    return { SecretString: '{"primary":"p-secret"}' };
  };
  const secrets = createSecrets({ client, now: () => time, coveredUp: told });
  await secrets.read('name');
  time = secretFreshMs;
  expect(await secrets.read('name')).toEqual({ primary: 'p-secret' });
  expectOne(/secret name/);
});

it('signing keys that were read before', async () => {
  const { told, expectOne } = watched();
  const issuer = 'https://login.example/t/v2.0';
  let time = 0;
  const key = { kty: 'RSA', kid: 'k', n: 'p-secret', e: 'AQAB', alg: 'RS256' };
  const authority = openAuthority({
    authority: issuer,
    fetch: async (address) => {
      if (!String(address).endsWith('/keys')) return Response.json({ issuer, jwks_uri: `${issuer}/keys` });
      return time > 0 ? new Response('busy', { status: 503 }) : Response.json({ keys: [key] });
    },
  });
  const keys = createSigningKeys({ authority, now: () => time, coveredUp: told });
  const ask = () => keys({ alg: 'RS256', kid: 'k' }, { payload: '', signature: '' });
  await ask();
  time = keysFreshMs;
  await ask();
  expectOne(/signing keys/);
});

it('an access token that is due for renewal', async () => {
  const { told, expectOne } = watched();
  let time = 0;
  const cache = createAccessTokenCache({ now: () => time, coveredUp: told });
  await cache.get('a', async () => ({ value: 'p-secret', expiresAt: 3_600_000 }));
  time = 3_599_999;
  await cache.get('a', async () => {
    throw new ConnectorError('IdentityProviderUnavailable', 'away');
  });
  expectOne(/access token/);
});

const unavailable = async () => {
  throw new ConnectorError('LimitUnavailable', 'the table does not answer');
};

it.each([
  ['a pause of Customer Insights that the other processes are not told of', 429, /other processes/],
  ['the end of a pause that the other callers are not told of', 403, /other callers/],
])('%s', async (_, status, what) => {
  const { told, expectOne } = watched();
  const { fetch } = fakeUpstream(() => ({ status, headers: { 'Retry-After': '60' } }));
  const client = clientOf(fetch, {
    coveredUp: told,
    budget: {
      expect: () => undefined,
      check: async () => ({ open: true }),
      answered: unavailable,
      exhausted: unavailable,
    },
  });
  await expect(client.listSegments('id')).rejects.toBeInstanceOf(ConnectorError);
  expectOne(what);
});
