import { createHash } from 'node:crypto';
import { createRemoteJWKSet, decodeJwt, decodeProtectedHeader, jwtVerify } from 'jose';
import * as oauth from 'oauth4webapi';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createRegistrations } from '../../local/issuer/directory.ts';
import { type Issuer, startIssuer } from '../../local/issuer/issuer.ts';
import {
  apiAppId,
  apiSecret,
  connectorAppId,
  connectorSecret,
  flowRedirectUri,
  type SteppedClock,
  startLocalIdentity,
  testTenantId,
} from '../lambda/identity/local-identity.ts';

const API_USER_SCOPE = `api://${apiAppId}/access_as_user`;
const VERIFIER = 'a-verifier-of-at-least-forty-three-characters-length';
const CHALLENGE = createHash('sha256').update(VERIFIER).digest('base64url');
let issuer: Issuer;
let clock: SteppedClock;

beforeAll(async () => {
  ({ issuer, clock } = await startLocalIdentity());
});
afterEach(() => issuer.faults.clear());
afterAll(() => issuer.close());

interface TokenAnswer {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>> & {
    readonly access_token: string;
    readonly refresh_token: string;
  };
}

async function token(
  form: Readonly<Record<string, string>>,
  headers: Record<string, string> = {},
): Promise<TokenAnswer> {
  const response = await fetch(issuer.tokenEndpoint, {
    method: 'POST',
    body: new URLSearchParams(form),
    headers,
  });
  return { status: response.status, body: (await response.json()) as TokenAnswer['body'] };
}

async function authorization(parameters: Readonly<Record<string, string>>): Promise<Response> {
  const query = new URLSearchParams({
    client_id: connectorAppId,
    response_type: 'code',
    redirect_uri: flowRedirectUri,
    scope: `openid offline_access ${API_USER_SCOPE}`,
    state: 'state-1',
    code_challenge: CHALLENGE,
    code_challenge_method: 'S256',
    login_hint: issuer.users[0]?.userName ?? '',
    ...parameters,
  });
  return fetch(`${issuer.authorizationEndpoint}?${query}`, { redirect: 'manual' });
}

async function code(parameters: Readonly<Record<string, string>> = {}): Promise<string> {
  const response = await authorization(parameters);
  return new URL(response.headers.get('location') ?? '').searchParams.get('code') ?? '';
}

const connector = { client_id: connectorAppId, client_secret: connectorSecret };
const api = { client_id: apiAppId, client_secret: apiSecret };
const redemption = {
  ...connector,
  grant_type: 'authorization_code',
  redirect_uri: flowRedirectUri,
  code_verifier: VERIFIER,
};

describe('discovery and keys', () => {
  it('name this issuer, and the keys verify its tokens', async () => {
    const url = new URL(issuer.issuer);
    const server = await oauth.processDiscoveryResponse(
      url,
      await oauth.discoveryRequest(url, { algorithm: 'oidc', [oauth.allowInsecureRequests]: true }),
    );
    expect(server).toMatchObject({ jwks_uri: issuer.jwksUri, token_endpoint: issuer.tokenEndpoint });
    const { payload } = await jwtVerify(
      await issuer.userToken(),
      createRemoteJWKSet(new URL(issuer.jwksUri)),
      {
        issuer: issuer.issuer,
        audience: apiAppId,
        currentDate: new Date(clock.now()),
      },
    );
    expect(payload).toMatchObject({ ver: '2.0', tid: testTenantId, scp: 'access_as_user', azpacr: '1' });
  });

  it('publish keys as Microsoft Entra ID does: with use and without alg or private parts', async () => {
    const { keys } = (await (await fetch(issuer.jwksUri)).json()) as { keys: readonly object[] };
    expect(Object.keys(keys[0] ?? {}).sort()).toEqual(['e', 'kid', 'kty', 'n', 'use']);
  });

  it('exist for this tenant only', async () => {
    const response = await fetch(`${issuer.url}/another-tenant/v2.0/.well-known/openid-configuration`);
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ error_codes: [90002] });
  });

  it('follow a rotation, and withdraw the old key when asked', async () => {
    const own = await startLocalIdentity();
    const published = async () =>
      ((await (await fetch(own.issuer.jwksUri)).json()) as { keys: readonly { kid: string }[] }).keys.map(
        (key) => key.kid,
      );
    try {
      const [first] = await published();
      await own.issuer.rotateKeys();
      const [second, ...older] = await published();
      expect(older).toEqual([first]);
      expect(decodeProtectedHeader(await own.issuer.userToken()).kid).toBe(second);
      await own.issuer.rotateKeys({ withdrawOld: true });
      expect(await published()).not.toContain(second);
    } finally {
      await own.issuer.close();
    }
  });
});

describe('the authorization code flow', () => {
  it('signs the hinted user in and gives access, refresh and ID token', async () => {
    const response = await authorization({ nonce: 'nonce-1' });
    const location = new URL(response.headers.get('location') ?? '');
    expect([response.status, location.searchParams.get('state')]).toEqual([302, 'state-1']);
    const { status, body } = await token({ ...redemption, code: location.searchParams.get('code') ?? '' });
    expect(status).toBe(200);
    expect(body).toMatchObject({ token_type: 'Bearer', expires_in: 3600, scope: API_USER_SCOPE });
    const user = issuer.users[0];
    expect(decodeJwt(body.access_token)).toMatchObject({
      iss: issuer.issuer,
      aud: apiAppId,
      azp: connectorAppId,
      oid: user?.objectId,
      preferred_username: user?.userName,
      name: user?.name,
      scp: 'access_as_user',
      iat: clock.now() / 1000,
      exp: clock.now() / 1000 + 3600,
    });
    expect(decodeJwt(String(body.id_token))).toMatchObject({ aud: connectorAppId, nonce: 'nonce-1' });
  });

  it('renews with the refresh token, by Basic authentication too', async () => {
    const { body } = await token({ ...redemption, code: await code() });
    clock.advance(3_600_000);
    const basic = Buffer.from(`${connectorAppId}:${encodeURIComponent(connectorSecret)}`).toString('base64');
    const renewed = await token(
      { grant_type: 'refresh_token', refresh_token: body.refresh_token },
      { authorization: `Basic ${basic}` },
    );
    expect(renewed.status).toBe(200);
    expect(decodeJwt(renewed.body.access_token).exp).toBe(clock.now() / 1000 + 3600);
    expect(renewed.body.refresh_token).not.toBe(body.refresh_token);
  });

  it('redeems a code once, in time, for its client and address, with its verifier', async () => {
    const used = await code();
    await token({ ...redemption, code: used });
    const cases: readonly (readonly [number, Readonly<Record<string, string>>])[] = [
      [54005, { code: used }],
      [70000, { code: 'made-up' }],
      [70000, { code: await code(), ...api }],
      [500112, { code: await code(), redirect_uri: 'http://127.0.0.1/other' }],
      [501481, { code: await code(), code_verifier: 'another' }],
    ];
    for (const [expected, changed] of cases) {
      const { status, body } = await token({ ...redemption, ...changed });
      expect([status, body.error_codes]).toEqual([400, [expected]]);
    }
    const late = await code();
    clock.advance(600_000);
    expect((await token({ ...redemption, code: late })).body.error_codes).toEqual([70008]);
  });

  it('ignores the port of a loopback redirect address and nothing else of it', async () => {
    expect((await authorization({ redirect_uri: 'http://127.0.0.1:4567/redirect' })).status).toBe(302);
    for (const redirect_uri of [
      'http://127.0.0.1:4567/else',
      'https://127.0.0.1/redirect',
      'http://evil.example/redirect',
    ]) {
      const response = await authorization({ redirect_uri });
      expect([response.status, response.headers.get('location')]).toEqual([400, null]);
    }
  });

  it.each([
    ['an unknown user', { login_hint: 'nobody@contoso.example' }, 'invalid_grant'],
    ['an unknown scope', { scope: `api://${apiAppId}/everything` }, 'invalid_scope'],
    ['an unknown API', { scope: 'api://unknown/read' }, 'invalid_resource'],
    [
      'an API without consent',
      { scope: 'https://api.ci.ai.microsoft.com/user_impersonation' },
      'invalid_grant',
    ],
    [
      'scopes of two APIs',
      { scope: `${API_USER_SCOPE} https://api.ci.ai.microsoft.com/.default` },
      'invalid_scope',
    ],
    ['a plain challenge', { code_challenge_method: 'plain' }, 'invalid_request'],
    ['another response type', { response_type: 'token' }, 'invalid_request'],
  ] as const)('%s comes back as an error at the redirect address', async (_name, parameters, error) => {
    const location = new URL((await authorization(parameters)).headers.get('location') ?? '');
    expect(location.searchParams.get('error')).toBe(error);
    expect(location.searchParams.get('error_description')).toMatch(/^AADSTS\d+: /);
    expect(location.searchParams.get('state')).toBe('state-1');
    expect(location.searchParams.has('code')).toBe(false);
  });
});

describe('a refused token request', () => {
  it("has the shape of Microsoft Entra ID's errors", async () => {
    const { status, body } = await token({
      ...api,
      client_secret: 'wrong',
      grant_type: 'client_credentials',
      scope: 'x',
    });
    expect(status).toBe(401);
    expect(body).toMatchObject({ error: 'invalid_client', error_codes: [7000215] });
    expect(body.error_description).toMatch(/^AADSTS7000215: Invalid client secret .* Trace ID: /);
    expect(body.timestamp).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\dZ$/);
    expect(body.trace_id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}$/);
  });

  it.each([
    ['an unknown client', { ...api, client_id: 'unknown' }, 700016],
    ['no secret', { client_id: apiAppId }, 7000218],
    ['no client', {}, 900144],
    ['an unknown grant', { ...api, grant_type: 'password' }, 70003],
    [
      'no .default',
      { ...api, grant_type: 'client_credentials', scope: 'https://api.ci.ai.microsoft.com/read' },
      1002012,
    ],
    [
      'an unknown API',
      { ...api, grant_type: 'client_credentials', scope: 'https://other.example/.default' },
      500011,
    ],
  ] as const)('%s', async (_name, form, expected) => {
    const { body } = await token({ grant_type: 'client_credentials', ...form });
    expect(body.error_codes).toEqual([expected]);
  });

  it('of more than 64 KB is not read', async () => {
    const response = await fetch(issuer.tokenEndpoint, { method: 'POST', body: 'a'.repeat(70_000) });
    expect(response.status).toBe(413);
  });

  it('can be asked for, once or until cleared, for one grant', async () => {
    const claims = '{"access_token":{"capolids":{"essential":true}}}';
    issuer.faults.inject(
      { endpoint: 'token', grant: 'client_credentials', times: 1 },
      { kind: 'refusal', code: 50076, claims },
    );
    const form = {
      ...api,
      grant_type: 'client_credentials',
      scope: 'https://api.ci.ai.microsoft.com/.default',
    };
    expect((await token({ ...redemption, code: await code() })).status).toBe(200);
    expect((await token(form)).body).toMatchObject({
      error: 'interaction_required',
      suberror: 'basic_action',
      claims,
    });
    expect((await token(form)).status).toBe(200);
  });
});

describe('a separate watcher application', () => {
  it('gets the application permission, which the API application then lacks', async () => {
    const watcher = { appId: 'aaaaaaaa-0000-4000-8000-000000000003', secret: 'watcher-secret' };
    const own = await startIssuer({
      clock,
      tenantId: testTenantId,
      applications: createRegistrations({
        connectorAppId: connectorAppId,
        connectorSecret: connectorSecret,
        redirectUris: [],
        apiAppId: apiAppId,
        apiSecret: apiSecret,
        watcher,
      }),
    });
    const roles = async (client_id: string, client_secret: string) => {
      const form = {
        client_id,
        client_secret,
        grant_type: 'client_credentials',
        scope: 'https://api.ci.ai.microsoft.com/.default',
      };
      const response = await fetch(own.tokenEndpoint, { method: 'POST', body: new URLSearchParams(form) });
      return decodeJwt(((await response.json()) as TokenAnswer['body']).access_token).roles;
    };
    try {
      expect(await roles(watcher.appId, watcher.secret)).toEqual(['api.access']);
      expect(await roles(apiAppId, apiSecret)).toBeUndefined();
    } finally {
      await own.close();
    }
  });
});
