import { describe, expect, it } from 'vitest';
import { type firstInstance, send, type TestSystem, useTestSystem } from './test-system.ts';

let system: TestSystem;
let instance: ReturnType<typeof firstInstance>;
let token: string;

useTestSystem(async (started, first) => {
  [system, instance] = [started, first];
  token = await system.issuer.userToken({});
});

const hour = 3600;

/** Tokens that must be refused, made when asked for. */
const forgeries: readonly (readonly [string, () => Promise<string>])[] = [
  ['signed with another key', () => system.issuer.forge({})],
  ['expired', () => system.issuer.userToken({ expiresInS: -hour })],
  ['for another audience', () => system.issuer.userToken({ audience: 'https://api.ci.ai.microsoft.com' })],
];

/** The event that the gateway would hand to the function, had it let the request through. */
const pastTheGateway = (bearer: string) => ({
  version: '2.0',
  routeKey: 'GET /v1/datasets',
  rawPath: '/v1/datasets',
  rawQueryString: '',
  headers: { authorization: `Bearer ${bearer}`, host: '127.0.0.1' },
  requestContext: {
    accountId: '000000000000',
    apiId: 'test',
    domainName: '127.0.0.1',
    domainPrefix: '127',
    http: {
      method: 'GET',
      path: '/v1/datasets',
      protocol: 'HTTP/1.1',
      sourceIp: '127.0.0.1',
      userAgent: 'test',
    },
    requestId: 'request',
    routeKey: 'GET /v1/datasets',
    stage: '$default',
    time: '01/Jun/2026:10:00:00 +0000',
    timeEpoch: system.clock.now(),
  },
  isBase64Encoded: false,
});

const askHandler = async (bearer: string) => {
  const outcome = await system.deployment.invoke('ProxyFunction', pastTheGateway(bearer));
  if (outcome.kind === 'error') throw new Error(outcome.error.errorMessage);
  return JSON.parse(outcome.payload) as { readonly statusCode: number; readonly body: string };
};

describe('a token', () => {
  it.each(forgeries)('%s is refused by the gateway', async (_, make) => {
    const answer = await send(system, 'GET', '/v1/datasets', { token: await make() });
    expect(answer.status).toBe(401);
    expect(answer.body).toEqual({ message: 'Unauthorized' });
  });

  it.each(forgeries)('%s is refused by the handler alone', async (_, make) => {
    const answer = await askHandler(await make());
    expect(answer.statusCode).toBe(401);
    expect(JSON.parse(answer.body)).toMatchObject({
      error: { code: expect.stringMatching(/^Token/), message: expect.any(String) },
    });
  });

  it('of version 1 is told what to change, as far as the gateway lets it through', async () => {
    const { tenantId, applications } = system.configuration;
    const aud = `api://${applications.api.clientId}`;
    const ofIssuer = await system.issuer.userToken({ claims: { aud, ver: '1.0' } });
    const told = await send(system, 'GET', '/v1/datasets', { token: ofIssuer });
    expect(told.status).toBe(401);
    expect(JSON.stringify(told.body)).toContain('requestedAccessTokenVersion');
    // Entra ID names another issuer in them: the gateway has one, and no words of ours.
    const iss = `https://sts.windows.net/${tenantId}/`;
    const ofEntra = await system.issuer.userToken({ claims: { iss, aud, ver: '1.0' } });
    const refused = await send(system, 'GET', '/v1/datasets', { token: ofEntra });
    expect([refused.status, refused.body]).toEqual([401, { message: 'Unauthorized' }]);
    expect(refused.headers.get('www-authenticate')).toContain('invalid iss');
    expect((await askHandler(ofEntra)).body).toContain('requestedAccessTokenVersion');
  });

  it('that is right passes the same way', async () => {
    expect((await askHandler(token)).statusCode).toBe(200);
  });

  it('that is missing is refused', async () => {
    expect((await send(system, 'GET', '/v1/datasets')).status).toBe(401);
  });
});

describe('bad input', () => {
  const url = 'http://127.0.0.1:9/workflows/w/triggers/t/versions/1/run?sig=x';
  const subscriptions = () => `/v1/datasets/${instance.id}/subscriptions`;
  const cases: readonly (readonly [
    what: string,
    request: () => { method: string; path: string; body?: string },
    status: number,
    says: RegExp,
  ])[] = [
    ['an unknown instance', () => ({ method: 'GET', path: '/v1/datasets/nowhere/segments' }), 404, /nowhere/],
    [
      'an unknown segment',
      () => ({
        method: 'POST',
        path: `${subscriptions()}/segment-threshold-crossed`,
        body: JSON.stringify({ callbackUrl: url, segment: 'Nobody', threshold: 1 }),
      }),
      404,
      /Nobody/,
    ],
    [
      'an unknown data source',
      () => ({
        method: 'POST',
        path: `${subscriptions()}/data-source-refresh-failed`,
        body: JSON.stringify({ callbackUrl: url, dataSource: 'nothing' }),
      }),
      404,
      /nothing/,
    ],
    [
      'an unknown trigger',
      () => ({ method: 'POST', path: `${subscriptions()}/on-a-whim`, body: '{}' }),
      404,
      /operation/,
    ],
    [
      'malformed JSON',
      () => ({ method: 'POST', path: `${subscriptions()}/segment-threshold-crossed`, body: '{"segment": ' }),
      400,
      /JSON/,
    ],
    [
      'a body over 64 KB',
      () => ({
        method: 'POST',
        path: `${subscriptions()}/segment-threshold-crossed`,
        body: JSON.stringify({ callbackUrl: url, segment: 'x'.repeat(70_000), threshold: 1 }),
      }),
      413,
      /64 KB|65,536/,
    ],
    [
      'an unknown query option',
      () => ({
        method: 'GET',
        path: `/v1/datasets/${instance.id}/tables/Customer/items?$expand=UnifiedActivity`,
      }),
      400,
      /\$expand/,
    ],
    [
      'a wrong type',
      () => ({
        method: 'POST',
        path: `${subscriptions()}/segment-threshold-crossed`,
        body: JSON.stringify({ callbackUrl: url, segment: 'HighValueCustomers', threshold: 'many' }),
      }),
      400,
      /threshold/,
    ],
    [
      'a missing property',
      () => ({
        method: 'POST',
        path: `${subscriptions()}/segment-threshold-crossed`,
        body: JSON.stringify({ callbackUrl: url, threshold: 1 }),
      }),
      400,
      /segment/,
    ],
    [
      'a callback host that is not allowed',
      () => ({
        method: 'POST',
        path: `${subscriptions()}/data-source-refresh-failed`,
        body: JSON.stringify({ callbackUrl: 'https://example.org/hook' }),
      }),
      400,
      /example\.org/,
    ],
    [
      'an unbalanced quote in $filter',
      () => ({
        method: 'GET',
        path: `/v1/datasets/${instance.id}/tables/Customer/items?$filter=${encodeURIComponent("CustomerId eq 'x")}`,
      }),
      400,
      /\d/,
    ],
    [
      'an unknown entity',
      () => ({ method: 'GET', path: `/v1/datasets/${instance.id}/tables/Nothing/items` }),
      404,
      /Nothing/,
    ],
  ];

  it.each(cases)('%s gets an answer that says what to do', async (_, make, status, says) => {
    const { method, path, body } = make();
    const answer = await send(system, method, path, { token, ...(body !== undefined && { body }) });
    expect(answer.status).toBe(status);
    const { error } = answer.body as { error: { code: string; message: string; details?: unknown } };
    expect(error.code).toMatch(/^[A-Z][A-Za-z]+$/);
    expect(JSON.stringify(error)).toMatch(says);
    expect(JSON.stringify(error)).not.toMatch(/\bat .*\.m?js|node:internal/);
  });

  it('without a token never gets further than the gateway', async () => {
    for (const [, make] of cases) {
      const { method, path, body } = make();
      expect((await send(system, method, path, body !== undefined ? { body } : {})).status).toBe(401);
    }
  });
});
