import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { LocalClock } from '../../../local/clock.ts';
import type { Outcome } from '../../../local/runtime/protocol.ts';
import { eventTooLarge } from '../../../local/template/functions.ts';
import { createHttpApi, headLimit, type ListeningApi, listenApi } from '../../../local/template/http-api.ts';
import type { ApiModel, RouteModel } from '../../../local/template/model.ts';
import { type FixtureIssuer, fixtureIssuer } from './fixture-issuer.ts';

const start = Date.parse('2026-03-12T19:03:58Z');
const seconds = start / 1000;
const audience = 'api://connector';

let issuer: FixtureIssuer;
let api: ListeningApi;
let base: string;
let seen: unknown[];
let faults: string[];
let answer: () => Promise<Outcome>;

beforeAll(async () => {
  issuer = await fixtureIssuer();
});
afterAll(() => issuer.close());

const result = (value: unknown): Outcome => ({
  kind: 'result',
  requestId: 'r',
  payload: JSON.stringify(value),
});

const serve = async (changes: Partial<ApiModel> = {}): Promise<void> => {
  const clock = LocalClock.frozen(start);
  const authorizer = { logicalId: 'Entra', issuer: issuer.url, audience: [audience, 'second'] };
  const route = (routeKey: string, more: Partial<RouteModel> = {}): RouteModel => ({
    logicalId: routeKey,
    routeKey,
    functionName: 'fn',
    integrationTimeoutMs: 200,
    sourceArn: 'arn:aws:execute-api:eu-west-1:000000000000:abc/$default/GET/',
    permitted: true,
    scopes: [],
    ...more,
  });
  api = await listenApi(clock, 0);
  base = `http://127.0.0.1:${api.port}`;
  api.serve(
    createHttpApi({
      clock,
      accountId: '000000000000',
      region: 'eu-west-1',
      newRequestId: () => 'request-1',
      fault: (text) => faults.push(text),
      invoke: (functionName, event) => {
        seen.push({ functionName, event });
        return answer();
      },
      model: {
        logicalId: 'Api',
        apiId: 'abc',
        name: 'api',
        routes: [
          route('ANY /open/{id}'),
          route('GET /closed', { authorizer }),
          route('GET /scoped', { authorizer, scopes: ['Items.Read', 'Items.Write'] }),
          route('GET /forgotten', { permitted: false }),
        ],
        ...changes,
      },
    }),
  );
};

beforeEach(async () => {
  seen = [];
  faults = [];
  answer = async () => result({ statusCode: 200, body: 'ok' });
  await serve();
});
afterEach(() => api.close());

const get = (path: string, headers: Record<string, string> = {}) => fetch(base + path, { headers });

describe('the event', () => {
  it('has payload format 2.0', async () => {
    await fetch(`${base}/open/a%20b?$top=5&tag=x&tag=y%20z`, {
      method: 'POST',
      headers: {
        'Content-Type': 'application/json; charset=utf-8',
        'X-Mine': 'one',
        cookie: 'a=1; b=2',
        'User-Agent': 'test',
      },
      body: '{"ü":1}',
    });
    expect(seen).toMatchObject([{ functionName: 'fn' }]);
    expect(seen[0]).toMatchObject({
      event: {
        version: '2.0',
        routeKey: 'ANY /open/{id}',
        rawPath: '/open/a b',
        rawQueryString: '$top=5&tag=x&tag=y%20z',
        cookies: ['a=1', 'b=2'],
        headers: {
          'content-type': 'application/json; charset=utf-8',
          'x-mine': 'one',
          'x-forwarded-proto': 'https',
        },
        queryStringParameters: { $top: '5', tag: 'x,y z' },
        pathParameters: { id: 'a b' },
        requestContext: {
          accountId: '000000000000',
          apiId: 'abc',
          domainName: 'abc.execute-api.eu-west-1.amazonaws.com',
          domainPrefix: 'abc',
          http: {
            method: 'POST',
            path: '/open/a b',
            protocol: 'HTTP/1.1',
            sourceIp: '127.0.0.1',
            userAgent: 'test',
          },
          requestId: 'request-1',
          routeKey: 'ANY /open/{id}',
          stage: '$default',
          time: '12/Mar/2026:19:03:58 +0000',
          timeEpoch: start,
        },
        body: '{"ü":1}',
        isBase64Encoded: false,
      },
    });
    expect(seen[0]).not.toHaveProperty('event.requestContext.authorizer');
    expect(seen[0]).not.toHaveProperty('event.headers.cookie');
  });

  it.each([
    ['/open/a%252Fb', { id: 'a%2Fb' }, '/open/a%2Fb'],
    ['/open/a%253Fb', { id: 'a%3Fb' }, '/open/a%3Fb'],
    ['/open/50%2525', { id: '50%25' }, '/open/50%25'],
    ['/open/a%3Fb?c=%3F', { id: 'a' }, '/open/a'],
    ['/open/a%23b', { id: 'a#b' }, '/open/a#b'],
    ['/%6Fpen/a', { id: 'a' }, '/open/a'],
  ])('of %s has the path decoded once, cut at a question mark', async (target, pathParameters, rawPath) => {
    await get(target);
    expect(seen).toMatchObject([{ event: { rawPath, pathParameters } }]);
  });

  it('is none where a decoded slash makes another path', async () => {
    expect((await get('/open/a%2Fb')).status).toBe(404);
    expect((await get('/open%2Fa')).status).toBe(200);
    expect(seen).toHaveLength(1);
  });

  it('leaves out what the request does not have', async () => {
    await get('/open/1');
    for (const absent of ['body', 'cookies', 'queryStringParameters']) {
      expect(seen[0]).not.toHaveProperty(`event.${absent}`);
    }
  });

  it.each([
    ['text/csv', false],
    ['application/xml', false],
    ['application/x-www-form-urlencoded', true],
    ['application/octet-stream', true],
    ['application/problem+json', true],
  ])('carries a body of %s, base64: %s', async (type, isBase64Encoded) => {
    await fetch(`${base}/open/1`, { method: 'PUT', headers: { 'content-type': type }, body: 'a=1' });
    expect(seen[0]).toMatchObject({ event: { isBase64Encoded, body: isBase64Encoded ? 'YT0x' : 'a=1' } });
  });
});

describe('the answer', () => {
  it.each([
    [
      { statusCode: 201, headers: { Location: '/x' }, body: '{}' },
      201,
      '{}',
      { location: '/x', 'content-type': 'text/plain; charset=utf-8' },
    ],
    [
      { statusCode: 200, headers: { 'Content-Type': 'text/csv' }, body: 'YSxi', isBase64Encoded: true },
      200,
      'a,b',
      { 'content-type': 'text/csv' },
    ],
    [{ statusCode: 204 }, 204, '', {}],
    [{ items: [1] }, 200, '{"items":[1]}', { 'content-type': 'application/json' }],
    ['plain', 200, 'plain', { 'content-type': 'application/json' }],
    [['a'], 200, '["a"]', { 'content-type': 'application/json' }],
  ])('%j becomes %i', async (value, status, body, headers) => {
    answer = async () => result(value);
    const response = await get('/open/1');
    expect([response.status, await response.text()]).toEqual([status, body]);
    expect(Object.fromEntries(response.headers)).toMatchObject({
      ...headers,
      'apigw-requestid': 'request-1',
    });
  });

  it('sets each cookie', async () => {
    answer = async () => result({ statusCode: 200, cookies: ['a=1; Secure', 'b=2'] });
    expect((await get('/open/1')).headers.getSetCookie()).toEqual(['a=1; Secure', 'b=2']);
  });

  it('is dated in the time of the run', async () => {
    expect((await get('/open/1')).headers.get('date')).toBe('Thu, 12 Mar 2026 19:03:58 GMT');
  });

  it.each<[string, () => Promise<Outcome>]>([
    ['is not a HTTP answer', async () => result({ statusCode: 'many' })],
    [
      'has a header that HTTP does not allow',
      async () => result({ statusCode: 200, headers: { a: 'b\r\nc: d' } }),
    ],
    ['has a body that is not a text', async () => result({ statusCode: 200, body: { a: 1 } })],
    [
      'is an error',
      async () => ({
        kind: 'error',
        requestId: 'r',
        error: { errorType: 'Error', errorMessage: 'secret', trace: [] },
      }),
    ],
  ])('is 500 when the function %s', async (_what, given) => {
    answer = given;
    const response = await get('/open/1');
    expect([response.status, await response.json()]).toEqual([500, { message: 'Internal Server Error' }]);
    expect(faults).toHaveLength(1);
  });

  it('is 503 when the function takes longer than the integration waits', async () => {
    let settle: (outcome: Outcome) => void = () => undefined;
    answer = () =>
      new Promise((resolve) => {
        settle = resolve;
      });
    const response = await get('/open/1');
    settle(result({}));
    expect([response.status, await response.json()]).toEqual([503, { message: 'Service Unavailable' }]);
  });

  it('is 500 when nothing permits API Gateway to call the function', async () => {
    expect((await get('/forgotten')).status).toBe(500);
    expect(seen).toEqual([]);
    expect(faults[0]).toContain('AWS::Lambda::Permission');
  });

  it.each([
    ['GET', '/nowhere', 404, 'Not Found'],
    ['POST', '/closed', 404, 'Not Found'],
    ['GET', '/open/%zz', 400, 'Bad Request'],
  ])('%s %s is %i', async (method, path, status, message) => {
    const response = await fetch(base + path, { method });
    expect([response.status, await response.json()]).toEqual([status, { message }]);
  });

  it('is 413 above 10 MB', async () => {
    const body = Buffer.alloc(10 * 1024 * 1024 + 1, 'a');
    const response = await fetch(`${base}/open/1`, { method: 'POST', body });
    expect([response.status, await response.json()]).toEqual([413, { message: 'Request Entity Too Large' }]);
    expect(seen).toEqual([]);
  });

  it("is 413 above Lambda's 6 MB", async () => {
    answer = async () => ({
      kind: 'error',
      requestId: 'r',
      error: { errorType: eventTooLarge, errorMessage: 'too large', trace: [] },
    });
    expect((await get('/open/1')).status).toBe(413);
  });

  it('is 429 beyond the burst of the stage', async () => {
    await api.close();
    await serve({ throttle: { requestsPerSecond: 0.001, burst: 2 } });
    const statuses = [await get('/nowhere'), await get('/nowhere'), await get('/nowhere')].map(
      ({ status }) => status,
    );
    expect(statuses).toEqual([404, 404, 429]);
  });

  it('is 429 beyond the burst of a route that has one of its own, which takes nothing from the stage', async () => {
    await api.close();
    const throttle = { requestsPerSecond: 0.001, burst: 1 };
    await serve({
      throttle: { requestsPerSecond: 0.001, burst: 2 },
      routes: [
        {
          logicalId: 'R',
          routeKey: 'ANY /open/{id}',
          functionName: 'fn',
          integrationTimeoutMs: 200,
          sourceArn: 'arn:aws:execute-api:eu-west-1:000000000000:abc/$default/GET/',
          permitted: true,
          scopes: [],
          throttle,
        },
      ],
    });
    const statuses: number[] = [];
    for (const path of ['/open/1', '/open/1', '/open/1', '/nowhere', '/nowhere', '/nowhere'])
      statuses.push((await get(path)).status);
    expect(statuses).toEqual([200, 429, 429, 404, 404, 429]);
  });
});

describe('the JWT authorizer', () => {
  const good = () => ({
    iss: issuer.url,
    aud: audience,
    iat: seconds - 10,
    nbf: seconds - 10,
    exp: seconds + 60,
    scp: 'Items.Read Other',
    roles: ['a', 'b'],
    ver: 2,
  });

  it('lets a good token through and hands its claims over as text', async () => {
    const response = await get('/closed', { authorization: `Bearer ${await issuer.sign(good())}` });
    expect(response.status).toBe(200);
    expect(seen[0]).toMatchObject({
      event: {
        requestContext: {
          authorizer: { jwt: { scopes: null, claims: { aud: audience, roles: '[a b]', ver: '2' } } },
        },
      },
    });
  });

  it('takes the token without a scheme, and the scheme in any case', async () => {
    const token = await issuer.sign(good());
    expect((await get('/closed', { authorization: token })).status).toBe(200);
    expect((await get('/closed', { authorization: `bearer ${token}` })).status).toBe(200);
  });

  it('takes client_id when there is no audience, and any of several audiences', async () => {
    const { aud: _aud, ...without } = good();
    expect(
      (await get('/closed', { authorization: await issuer.sign({ ...without, client_id: 'second' }) }))
        .status,
    ).toBe(200);
    expect(
      (await get('/closed', { authorization: await issuer.sign({ ...without, aud: ['x', 'second'] }) }))
        .status,
    ).toBe(200);
  });

  it('asks for a token', async () => {
    const response = await get('/closed');
    expect([response.status, await response.json()]).toEqual([401, { message: 'Unauthorized' }]);
    expect(response.headers.get('www-authenticate')).toBe('Bearer');
    expect(seen).toEqual([]);
  });

  it.each<[string, () => Promise<string>, string]>([
    ['expired', () => issuer.sign({ ...good(), exp: seconds - 1 }), 'the token has expired'],
    ['expiring now', () => issuer.sign({ ...good(), exp: seconds }), 'the token has expired'],
    [
      'without an expiry',
      async () => issuer.sign(Object.fromEntries(Object.entries(good()).filter(([name]) => name !== 'exp'))),
      'invalid exp',
    ],
    ['not valid yet', () => issuer.sign({ ...good(), nbf: seconds + 5 }), 'invalid nbf'],
    ['issued in the future', () => issuer.sign({ ...good(), iat: seconds + 5 }), 'not valid yet'],
    ['of another audience', () => issuer.sign({ ...good(), aud: 'api://other' }), 'audience'],
    ['of another issuer', () => issuer.sign({ ...good(), iss: 'https://elsewhere.example' }), 'invalid iss'],
    ['forged with another key', () => issuer.sign(good(), { forged: true }), 'not valid'],
    ['signed by an unknown key', () => issuer.sign(good(), { kid: 'key-2' }), 'signing key'],
    ['no token', async () => 'a.b.c', 'not valid'],
    [
      'unsigned',
      async () =>
        `${Buffer.from('{"alg":"none","kid":"key-1"}').toString('base64url')}.${Buffer.from(JSON.stringify(good())).toString('base64url')}.`,
      'the token',
    ],
  ])('refuses a token that is %s', async (_what, token, reason) => {
    const response = await get('/closed', { authorization: `Bearer ${await token()}` });
    expect([response.status, await response.json()]).toEqual([401, { message: 'Unauthorized' }]);
    expect(response.headers.get('www-authenticate')).toMatch(/^Bearer scope="" error="invalid_token"/);
    expect(response.headers.get('www-authenticate')).toContain(reason);
    expect(seen).toEqual([]);
  });

  it("asks for one of the route's scopes", async () => {
    const allowed = await get('/scoped', { authorization: await issuer.sign(good()) });
    expect(allowed.status).toBe(200);
    expect(seen[0]).toMatchObject({
      event: { requestContext: { authorizer: { jwt: { scopes: ['Items.Read', 'Other'] } } } },
    });
    const refused = await get('/scoped', { authorization: await issuer.sign({ ...good(), scp: 'Other' }) });
    expect([refused.status, await refused.json()]).toEqual([403, { message: 'Forbidden' }]);
    expect(refused.headers.get('www-authenticate')).toContain('insufficient_scope');
  });

  it('refuses while the issuer does not answer, and recovers when it does', async () => {
    const late = await fixtureIssuer({ failures: 1 });
    await api.close();
    const authorizer = { logicalId: 'Late', issuer: late.url, audience: [audience] };
    await serve({
      routes: [
        {
          logicalId: 'R',
          routeKey: 'GET /late',
          functionName: 'fn',
          integrationTimeoutMs: 200,
          sourceArn: 'arn:aws:execute-api:eu-west-1:000000000000:abc/$default/GET/',
          permitted: true,
          scopes: [],
          authorizer,
        },
      ],
    });
    const authorization = await late.sign({ ...good(), iss: late.url });
    const refused = await get('/late', { authorization });
    expect(refused.status).toBe(401);
    expect(refused.headers.get('www-authenticate')).toContain('discovery endpoint');
    expect((await get('/late', { authorization })).status).toBe(200);
    await late.close();
  });
});

describe('request line and headers', () => {
  /** With nothing but what is counted: `GET <target> HTTP/1.1` and the values of the headers. */
  const send = async (target: string, headers: readonly (readonly [string, string])[] = []) => {
    const host = `127.0.0.1:${api.port}`;
    const head = [`GET ${target} HTTP/1.1`, `host: ${host}`, ...headers.map((header) => header.join(': '))];
    const socket = connect(api.port, '127.0.0.1');
    socket.end(`${[...head, 'connection: close'].join('\r\n')}\r\n\r\n`);
    const [start = '', body = ''] = (await text(socket)).split('\r\n\r\n');
    return { status: Number(start.split(' ')[1]), body };
  };
  const counted = (target: string) =>
    `GET ${target} HTTP/1.1`.length + `127.0.0.1:${api.port}`.length + 'close'.length;

  it('of 10,240 bytes together are taken, and one more is refused with a body', async () => {
    const query = (more: number) => `/open/1?q=${'x'.repeat(headLimit - counted('/open/1?q=') + more)}`;
    expect((await send(query(0))).status).toBe(200);
    const refused = await send(query(1));
    expect(refused.status).toBe(431);
    expect(JSON.parse(refused.body)).toEqual({ message: 'Request Header Fields Too Large' });
    const header = (more: number) =>
      [['x-mine', 'x'.repeat(headLimit - counted('/open/1') + more)] as const] as const;
    expect((await send('/open/1', header(0))).status).toBe(200);
    expect((await send('/open/1', header(1))).status).toBe(431);
    expect(seen).toHaveLength(2);
  });

  it('of any size are refused the same way', async () => {
    for (const size of [20_000, 60_000, 70_000, 500_000]) {
      const { status, body } = await send(`/open/1?q=${'x'.repeat(size)}`);
      expect([size, status, JSON.parse(body)]).toEqual([
        size,
        431,
        { message: 'Request Header Fields Too Large' },
      ]);
    }
    expect(seen).toEqual([]);
  });
});

it('a 204 has no content type, and any other answer has one', async () => {
  answer = async () => result({ statusCode: 204 });
  expect((await get('/open/1')).headers.has('content-type')).toBe(false);
  answer = async () => result({ statusCode: 200 });
  expect((await get('/open/1')).headers.get('content-type')).toMatch(/^text\/plain/);
});
