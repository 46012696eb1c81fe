import { Logger } from '@aws-lambda-powertools/logger';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { versionHeader } from '../../../connector/contract/calling-version.ts';
import { exampleCallbackUrl, exampleInstanceId } from '../../../connector/contract/example.ts';
import { maximumBodyBytes, operations } from '../../../connector/contract/index.ts';
import { compileValidators } from '../../../connector/contract/validation.ts';
import { createHttpHandler, type HttpHandler } from '../../../lambda/http/handler.ts';
import { type Implementations, locationOperations } from '../../../lambda/http/implementations.ts';
import { createCallerVerifier } from '../../../lambda/identity/verify-caller.ts';
import { createLimiter, type LimiterStore, memoryLimiterStore } from '../../../lambda/limiter/index.ts';
import { ConnectorError } from '../../../lambda/runtime/errors.ts';
import { renderJson } from '../../../lambda/runtime/json.ts';
import type { Issuer } from '../../../local/issuer/issuer.ts';
import { type SteppedClock, startLocalIdentity, verifierOptions } from '../identity/local-identity.ts';
import { type EventParts, httpEvent } from './events.ts';
import { recordedLog } from './recorded-log.ts';

const listRoute = 'GET /v1/datasets';
const itemsRoute = 'GET /v1/datasets/{dataset}/tables/{table}/items';
const registerRoute = 'POST /v1/datasets/{dataset}/subscriptions/segment-threshold-crossed';
const deleteRoute = 'DELETE /v1/subscriptions/{subscriptionId}/{secret}';

const proxyValidators = compileValidators('proxy');
const subscriptionsValidators = compileValidators('subscriptions');

let issuer: Issuer;
let clock: SteppedClock;
let token: string;

beforeAll(async () => {
  ({ issuer, clock } = await startLocalIdentity());
  token = await issuer.userToken();
});
afterAll(() => issuer.close());

const verifyCaller = () => createCallerVerifier(verifierOptions(issuer, clock));

/** Every operation answers an empty list; a test gives those that it looks at. */
const empty = Object.fromEntries(
  Object.keys(proxyValidators).map((id) => [id, async () => ({ body: { value: [] } })]),
) as unknown as Implementations<'proxy'>;

const someLimiter = (store: LimiterStore = memoryLimiterStore(), limit = 100) =>
  createLimiter({ random: Math.random, store, limit, windowMs: 60_000, now: clock.now });

const proxy = (
  implementations: Partial<Implementations<'proxy'>> = {},
  more: { readonly limit?: number; readonly store?: LimiterStore } = {},
) => {
  const recorded = recordedLog();
  const handler = createHttpHandler({
    function: 'proxy',
    validators: proxyValidators,
    verifyCaller: verifyCaller(),
    limiter: someLimiter(more.store, more.limit),
    implementations: { ...empty, ...implementations },
    logger: recorded.log,
    now: clock.now,
  });
  return { handler, ...recorded };
};

const subscriptions = (implementations: Partial<Implementations<'subscriptions'>> = {}) => {
  const recorded = recordedLog();
  const registered = {
    body: { subscriptionId: 's', trigger: 't', createdAt: '2026-03-02T08:00:00Z' },
  };
  const registering = Object.fromEntries(
    Object.keys(subscriptionsValidators).map((id) => [id, async () => registered]),
  ) as unknown as Implementations<'subscriptions'>;
  const handler = createHttpHandler({
    function: 'subscriptions',
    validators: subscriptionsValidators,
    verifyCaller: verifyCaller(),
    limiter: someLimiter(),
    implementations: { ...registering, DeleteSubscription: async () => ({ body: null }), ...implementations },
    logger: recorded.log,
    now: clock.now,
  });
  return { handler, ...recorded };
};

const call = async (handler: HttpHandler, parts: EventParts, authorization = `Bearer ${token}`) => {
  const { statusCode, headers, body } = await handler(
    httpEvent({ ...parts, headers: { authorization, 'content-type': 'application/json', ...parts.headers } }),
  );
  return {
    status: statusCode,
    headers: headers ?? {},
    json: body === undefined ? undefined : JSON.parse(body),
  };
};

const items = (query: string): EventParts => ({
  routeKey: itemsRoute,
  path: { dataset: exampleInstanceId, table: 'Customer' },
  query,
});

const registration = (body: string, more: Partial<EventParts> = {}): EventParts => ({
  routeKey: registerRoute,
  path: { dataset: exampleInstanceId },
  body,
  ...more,
});

const goodBody = { callbackUrl: exampleCallbackUrl, segment: 'HighValue', threshold: 1200 };

const creating = () => {
  const createItem = vi.fn(async (_request: { readonly body: { readonly item: unknown } }) => ({
    body: { id: '1', validUntil: '2026-03-02T08:00:00Z', alreadyAccepted: false },
  }));
  return { createItem, handler: proxy({ CreateItem: createItem }).handler };
};

describe('the operation', () => {
  it('gets the numbers of a row digit by digit', async () => {
    const { createItem, handler } = creating();
    const item = '{"Id":12345678901234567890,"Price":0.10}';
    const { status } = await call(handler, {
      routeKey: 'POST /v1/datasets/{dataset}/tables/{table}/items',
      path: { dataset: exampleInstanceId, table: 'PoS_posPurchases' },
      body: `{"item":${item}}`,
    });
    expect(status).toBe(202);
    const request = createItem.mock.calls[0]?.[0];
    expect(renderJson(request?.body.item)).toBe('{"Id":12345678901234567890,"Price":0.1}');
  });

  it.each([
    ['a text that looks like an exact number', '{"Id":"\\ue00042","Points":12345678901234567890}', 202],
    ['a number with a leading zero', '{"Points":01e5}', 400],
  ])('gets %s as JSON has it', async (_, item, expected) => {
    const { createItem, handler } = creating();
    const { status } = await call(handler, {
      routeKey: 'POST /v1/datasets/{dataset}/tables/{table}/items',
      path: { dataset: exampleInstanceId, table: 'PoS_posPurchases' },
      body: `{"item":${item}}`,
    });
    expect(status).toBe(expected);
    for (const [request] of createItem.mock.calls)
      expect(renderJson(request.body.item)).toBe('{"Id":"\ue00042","Points":12345678901234567890}');
  });

  it('is found by its route key and gets the typed request, the caller and the host', async () => {
    const getItems = vi.fn(async () => ({ body: { value: [{ a: 1 }] } }));
    const { handler } = proxy({ GetItems: getItems });
    const { status, json } = await call(handler, items('%24top=2&$filter=CustomerId+eq+%27a%27'));
    expect(status).toBe(200);
    expect(json).toEqual({ value: [{ a: 1 }] });
    expect(getItems).toHaveBeenCalledWith(
      {
        path: { dataset: exampleInstanceId, table: 'Customer' },
        query: { $top: 2, $filter: "CustomerId eq 'a'" },
        body: null,
      },
      expect.objectContaining({
        caller: expect.objectContaining({ objectId: issuer.users[0]?.objectId }),
        correlationId: 'request-1',
        requestHost: 'api.example.com',
      }),
    );
  });

  it.each(['$default', 'GET /v1/nothing', registerRoute])(
    '%s is unknown here: 404 that says what to check',
    async (routeKey) => {
      const { status, json } = await call(proxy().handler, { routeKey });
      expect(status).toBe(404);
      expect(json.error.code).toBe('OperationNotFound');
      expect(json.error.message).toContain('Check the method and the path');
      expect(json.error.message).not.toContain('datasets');
    },
  );

  it('that is counted cannot be served without a limiter', () => {
    expect(() =>
      createHttpHandler({
        function: 'proxy',
        validators: proxyValidators,
        verifyCaller: verifyCaller(),
        implementations: empty,
        logger: recordedLog().log,
        now: clock.now,
      }),
    ).toThrow(/needs a limiter/);
  });

  it('without a caller is exactly one whose address is its credential', () => {
    expect(
      operations
        .filter(({ authentication }) => authentication === 'location')
        .map(({ operationId }) => operationId),
    ).toEqual(locationOperations);
  });
});

describe('the caller', () => {
  it.each([
    ['missing', async () => '', 'TokenMissing'],
    ['forged', async () => `Bearer ${(await issuer.userToken()).slice(0, -6)}AAAAAA`, 'TokenSignature'],
    [
      'for another API',
      async () => `Bearer ${await issuer.userToken({ claims: { aud: 'https://other' } })}`,
      'TokenAudience',
    ],
  ])('whose token is %s is refused with 401', async (_name, authorization, code) => {
    const { status, headers, json } = await call(
      proxy().handler,
      { routeKey: listRoute },
      await authorization(),
    );
    expect([status, json.error.code, headers['WWW-Authenticate']]).toEqual([401, code, 'Bearer']);
  });

  it('is not asked for where the address is the credential', async () => {
    const { status } = await call(
      subscriptions().handler,
      { routeKey: deleteRoute, path: { subscriptionId: 'id', secret: 'secret' } },
      '',
    );
    expect(status).toBe(204);
  });

  it('is checked before the body is read', async () => {
    const { json } = await call(subscriptions().handler, registration('{'), '');
    expect(json.error.code).toBe('TokenMissing');
  });
});

describe('the body', () => {
  it('larger than 64 KB by bytes is refused, before anything else', async () => {
    const text = JSON.stringify({ ...goodBody, segment: 'é'.repeat(maximumBodyBytes / 2) });
    expect(text.length).toBeLessThan(maximumBodyBytes);
    for (const event of [
      registration(text),
      registration(Buffer.from(text).toString('base64'), { base64: true }),
      registration('x'.repeat(10 * maximumBodyBytes)),
    ]) {
      const { status, json } = await call(subscriptions().handler, event, '');
      expect([status, json.error.code]).toEqual([413, 'BodyTooLarge']);
    }
  });

  it('of exactly 64 KB is read', async () => {
    const frame = JSON.stringify({ ...goodBody, segment: '' }).length;
    const text = JSON.stringify({ ...goodBody, segment: 'x'.repeat(maximumBodyBytes - frame) });
    const { json } = await call(subscriptions().handler, registration(text));
    expect(json.error.code).toBe('RequestInvalid');
  });

  it.each([
    ['{"a": 1,\n "b": oops}', 'line 2, column 7'],
    ['{"callbackUrl": ', 'line 1, column 17'],
    ['', 'no body'],
  ])('%j is not JSON: 400 that says where', async (body, where) => {
    const { status, json } = await call(subscriptions().handler, registration(body));
    expect([status, json.error.code]).toEqual([400, 'BodyInvalid']);
    expect(json.error.message).toContain(where);
  });

  it('that is not UTF-8 or not announced as JSON is refused', async () => {
    const binary = Buffer.from([0x7b, 0xff, 0xfe]).toString('base64');
    const utf8 = await call(subscriptions().handler, registration(binary, { base64: true }));
    expect(utf8.json.error.message).toContain('UTF-8');
    const typed = await call(
      subscriptions().handler,
      registration(JSON.stringify(goodBody), { headers: { 'content-type': 'text/plain' } }),
    );
    expect([typed.status, typed.json.error.code]).toEqual([415, 'ContentTypeUnsupported']);
  });

  it.each([
    ['application/json', 201],
    ['Application/JSON; Charset=UTF-8', 201],
    ['application/json; charset="utf-8"; odata.metadata=none', 201],
    ['application/vnd.api+json', 415],
    ['application/json-patch+json', 415],
    ['application/jsonp', 415],
    ['application/json; charset=utf-16', 415],
    ['application/json; charset=utf-8; charset=latin1', 415],
    ['', 415],
  ])('announced as %j is answered %i', async (contentType, expected) => {
    const { status, json } = await call(
      subscriptions().handler,
      registration(JSON.stringify(goodBody), { headers: { 'content-type': contentType } }),
    );
    expect(status).toBe(expected);
    if (expected === 415) expect(json.error.message).toContain('"Content-Type: application/json"');
  });

  it.each([
    ['{"segment":"A","callbackUrl":"","segment":"B"}', 'line 1, column 33'],
    ['{"segment":"A",\n "s\\u0065gment":"B"}', 'line 2, column 2'],
    ['{"a":[{"b":1},{"b":1,"c":{"d":1,"d":2}}]}', 'line 1, column 33'],
    ['{"a":1,"A":2,"b":"a","c":["a","a"],"d":{"a":1}}', undefined],
  ])('that names a property twice, %s, is refused at the second', async (body, where) => {
    const { status, json } = await call(subscriptions().handler, registration(body));
    expect([status, json.error.code]).toEqual([400, where === undefined ? 'RequestInvalid' : 'BodyInvalid']);
    if (where !== undefined) expect(json.error.message).toContain(where);
  });

  it('may have null for what may be left out, and nowhere else', async () => {
    const register = vi.fn(async (_request: { readonly body: unknown }) => ({
      body: { subscriptionId: 's', trigger: 't', createdAt: '2026-03-02T08:00:00Z' },
    }));
    const { handler } = subscriptions({ OnSegmentThresholdCrossed: register });
    const sent = (more: object) => call(handler, registration(JSON.stringify({ ...goodBody, ...more })));
    expect((await sent({ rearmLevel: null, direction: null })).status).toBe(201);
    expect(register.mock.calls[0]?.[0].body).toEqual({ ...goodBody, direction: 'above' });
    for (const name of ['segment', 'threshold', 'callbackUrl']) {
      const { json } = await sent({ [name]: null });
      expect(json.error.details).toEqual([expect.objectContaining({ parameter: name })]);
    }
    const { json } = await sent({ colour: null });
    expect(json.error.details).toEqual([
      expect.objectContaining({ parameter: 'colour', problem: 'is not a property here' }),
    ]);
  });

  it('nested deeper than 100 levels is refused, wherever that is', async () => {
    const nested = (levels: number) => `${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}`;
    for (const text of ['['.repeat(20_000) + ']'.repeat(20_000), `{"callbackUrl":${nested(100)}}`]) {
      const { status, json } = await call(subscriptions().handler, registration(text));
      expect([status, json.error.code]).toEqual([400, 'BodyInvalid']);
      expect(json.error.message).toContain('100 times');
    }
    const { json } = await call(subscriptions().handler, registration(`{"callbackUrl":${nested(99)}}`));
    expect(json.error.code).toBe('RequestInvalid');
  });

  it('may come in base64 and with parameters of its type', async () => {
    const body = Buffer.from(JSON.stringify(goodBody)).toString('base64');
    const { status } = await call(
      subscriptions().handler,
      registration(body, { base64: true, headers: { 'content-type': 'application/json; charset=utf-8' } }),
    );
    expect(status).toBe(201);
  });

  it('gets every problem named at once', async () => {
    const { json } = await call(
      subscriptions().handler,
      registration(JSON.stringify({ callbackUrl: 5, threshold: 'high', colour: 'red' })),
    );
    expect(json.error.details).toEqual(
      expect.arrayContaining([
        { parameter: 'segment', problem: 'is missing' },
        { parameter: 'callbackUrl', problem: 'has the wrong type', allowed: 'a text' },
        { parameter: 'threshold', problem: 'has the wrong type', allowed: 'a number' },
        {
          parameter: 'colour',
          problem: 'is not a property here',
          allowed: expect.stringContaining('segment, threshold'),
        },
      ]),
    );
  });
});

describe('the query', () => {
  it.each([
    [
      '$tpo=5',
      '$tpo',
      'is not a query option of this operation',
      '$filter, $orderby, $select, $search, $top, $skip',
    ],
    ['$top=many', '$top', 'has the wrong type', 'a whole number'],
    ['$top=1.5', '$top', 'has the wrong type', 'a whole number'],
    ['$top=1e2', '$top', 'has the wrong type', 'a whole number'],
    ['$top=1.0', '$top', 'has the wrong type', 'a whole number'],
    ['$top=%2B5', '$top', 'has the wrong type', 'a whole number'],
    ['$top=+5', '$top', 'has the wrong type', 'a whole number'],
    ['$top=05', '$top', 'has the wrong type', 'a whole number'],
    ['$top=0x10', '$top', 'has the wrong type', 'a whole number'],
    ['$top=null', '$top', 'has the wrong type', 'a whole number'],
    ['$top=true', '$top', 'has the wrong type', 'a whole number'],
    ['$top=0', '$top', 'is too small', 'at least 1'],
    ['$skip=-1', '$skip', 'is too small', 'at least 0'],
    ['$top=2147483648', '$top', 'is too large', 'at most 2147483647'],
    ['$skip=99999999999999999999', '$skip', 'is too large', 'at most 2147483647'],
    ['$top=1&%24top=2', '$top', 'is given more than once', 'once'],
    ['$filter=%E0%A4%A', '$filter', 'is not percent-encoded UTF-8', 'UTF-8 characters, percent-encoded'],
    ['$search=a\ud800', '$search', 'is not percent-encoded UTF-8', 'UTF-8 characters, percent-encoded'],
    [`$search=${'x'.repeat(501)}`, '$search', 'is too long', 'at most 500 characters'],
  ])(
    '%s is refused: the parameter, what is wrong, what is allowed',
    async (query, parameter, problem, allowed) => {
      const { status, json } = await call(proxy().handler, items(query));
      expect([status, json.error.code]).toEqual([400, 'RequestInvalid']);
      expect(json.error.details).toEqual([{ parameter, problem, allowed }]);
      expect(json.error.message).toContain(problem);
    },
  );

  it('may hold empty options, which count as not given', async () => {
    expect((await call(proxy().handler, items('$top=&$filter='))).status).toBe(200);
  });
});

describe('a path parameter', () => {
  const keys = ['a/b', 'a?b', '50%', '50%25', 'a#b', 'ü 1', '..', '%2F', 'a+b', '日本'];
  const asked = async (id: string, version: string | undefined) => {
    const getItem = vi.fn(async (_request: { readonly path: { readonly id: string } }) => ({ body: {} }));
    const { handler } = proxy({ GetItem: getItem });
    const { status, json } = await call(handler, {
      routeKey: 'GET /v1/datasets/{dataset}/tables/{table}/items/{id}',
      path: { dataset: exampleInstanceId, table: 'Customer', id },
      headers: { ...(version !== undefined && { [versionHeader]: version }) },
    });
    return { status, json, id: getItem.mock.calls[0]?.[0].path.id };
  };

  it.each(['0.2.0', '0.2.1', '0.10.0', '1.0.0'])('of version %s is decoded once more', async (version) => {
    for (const key of keys) expect((await asked(encodeURIComponent(key), version)).id).toBe(key);
  });

  it.each([undefined, '', '0.1.0', '0.1.99', 'two'])(
    'of version %j stays as the gateway has decoded it',
    async (version) => {
      for (const key of keys) expect((await asked(key, version)).id).toBe(key);
      expect((await asked('50%25', version)).id).toBe('50%25');
    },
  );

  it('that cannot be decoded once more is refused', async () => {
    for (const wrong of ['50%', '%E0%A4%A', '%zz']) {
      const { status, json, id } = await asked(wrong, '0.2.0');
      expect([status, id]).toEqual([400, undefined]);
      expect(json.error.details).toEqual([
        expect.objectContaining({ parameter: 'id', problem: 'is not percent-encoded twice' }),
      ]);
    }
  });

  it('and an option may be as long as its connector was told', async () => {
    const lengths = async (version: string | undefined) => {
      const headers = { ...(version !== undefined && { [versionHeader]: version }) };
      const { status } = await call(proxy().handler, { ...items(`$filter=${'x'.repeat(4_000)}`), headers });
      return [(await asked('x'.repeat(400), version)).status, status];
    };
    expect(await lengths('0.1.0')).toEqual([200, 200]);
    expect(await lengths('0.2.0')).toEqual([400, 400]);
    expect(await lengths(undefined)).toEqual([400, 400]);
  });
});

describe('a number of the query', () => {
  it.each([
    ['1200', 1200],
    ['-0.5', -0.5],
    ['1.0', 1],
    ['1e3', 1000],
    ['1E-3', 0.001],
    ['.5', undefined],
    ['5.', undefined],
    ['%2B5', undefined],
    ['%205', undefined],
    ['0x10', undefined],
    ['Infinity', undefined],
    ['1e999', undefined],
    ['one', undefined],
  ])('is read from %s as JSON would', async (text, value) => {
    const preview = vi.fn(async (_request: { readonly query: { readonly threshold: number } }) => {
      throw new ConnectorError('SegmentUnknown', 'none');
    });
    const { status, json } = await call(proxy({ PreviewThreshold: preview }).handler, {
      routeKey: 'GET /v1/datasets/{dataset}/threshold-preview',
      path: { dataset: exampleInstanceId },
      query: `segment=A&threshold=${text}`,
    });
    expect(preview.mock.calls.map(([{ query }]) => query.threshold)).toEqual(
      value === undefined ? [] : [value],
    );
    if (value === undefined) {
      expect(status).toBe(400);
      expect(json.error.details).toEqual([
        { parameter: 'threshold', problem: 'has the wrong type', allowed: 'a number' },
      ]);
    }
  });
});

describe('the limit', () => {
  it('is told on success, refuses the call after it with the wait, and admits again after exactly that wait', async () => {
    const { handler } = proxy({}, { limit: 3 });
    for (const remaining of [2, 1, 0]) {
      const { status, headers } = await call(handler, { routeKey: listRoute });
      expect(status).toBe(200);
      expect(headers['RateLimit-Policy']).toBe('"connection";q=3;w=60');
      expect(headers.RateLimit).toMatch(new RegExp(`^"connection";r=${remaining};t=`));
      clock.advance(1_000);
    }
    const refused = await call(handler, { routeKey: listRoute });
    expect([refused.status, refused.json.error.code]).toEqual([429, 'RateLimited']);
    expect(refused.headers['Retry-After']).toBe('57');
    expect(refused.headers.RateLimit).toBe('"connection";r=0;t=57');
    expect(refused.json.error.message).toContain('57 seconds');
    clock.advance(56_999);
    expect((await call(handler, { routeKey: listRoute })).status).toBe(429);
    clock.advance(1);
    expect((await call(handler, { routeKey: listRoute })).status).toBe(200);
  });

  it('refuses without a stack being written out, which would cost more than the refusal', async () => {
    const { handler } = proxy({}, { limit: 1 });
    await call(handler, { routeKey: listRoute });
    let written = 0;
    const { prepareStackTrace } = Error;
    Error.prepareStackTrace = () => {
      written += 1;
      return '';
    };
    try {
      expect((await call(handler, { routeKey: listRoute })).status).toBe(429);
      expect(written).toBe(0);
      expect(new Error('the counter works').stack).toBe('');
      expect(written).toBe(1);
    } finally {
      Error.prepareStackTrace = prepareStackTrace;
    }
  });

  it('is not spent on requests that are invalid, and is told on failures after it', async () => {
    const { handler } = proxy(
      {
        GetItems: async () => {
          throw new ConnectorError('EntityUnknown', 'none');
        },
      },
      { limit: 5 },
    );
    await call(handler, items('$tpo=1'));
    const { status, headers } = await call(handler, items(''));
    expect(status).toBe(404);
    expect(headers.RateLimit).toMatch(/r=4;/);
  });

  it('that cannot be counted refuses the call: 503 with Retry-After', async () => {
    const fails = async () => {
      throw new Error('table is gone');
    };
    const list = vi.fn(empty.ListInstances);
    const { handler } = proxy({ ListInstances: list }, { store: { replace: fails, create: fails } });
    const { status, headers, json } = await call(handler, { routeKey: listRoute });
    expect([status, json.error.code, headers['Retry-After']]).toEqual([503, 'LimitUnavailable', '1']);
    expect(list).not.toHaveBeenCalled();
  });
});

describe('an error', () => {
  it('of ours carries its code, message, details and Retry-After', async () => {
    const { handler } = proxy({
      ListInstances: async () => {
        throw new ConnectorError('UpstreamThrottled', 'Wait.', {
          retryAfterSeconds: 6.2,
          details: [{ parameter: 'p', problem: 'q' }],
        });
      },
    });
    const { status, headers, json } = await call(handler, { routeKey: listRoute });
    expect([status, headers['Retry-After']]).toEqual([429, '7']);
    expect(json).toEqual({
      error: { code: 'UpstreamThrottled', message: 'Wait.', details: [{ parameter: 'p', problem: 'q' }] },
    });
  });

  it('of identity keeps its status, and never becomes a 401 that it is not', async () => {
    const { handler } = proxy({
      ListInstances: async () => {
        throw new ConnectorError('IdentityProviderUnavailable', 'Away.', { retryAfterSeconds: 9 });
      },
    });
    const { status, headers, json } = await call(handler, { routeKey: listRoute });
    expect([status, headers['Retry-After'], json.error.code]).toEqual([
      503,
      '9',
      'IdentityProviderUnavailable',
    ]);
  });

  it('that nobody foresaw is a 500 without its text, found in the log by its correlation id', async () => {
    const { handler, lines, text } = proxy({
      ListInstances: async () => {
        throw new TypeError(`cannot post to ${exampleCallbackUrl} with Bearer ${token}`, {
          cause: new Error('deeper'),
        });
      },
    });
    const { status, json } = await call(handler, {
      routeKey: listRoute,
      requestId: 'correlation-7',
      headers: { 'x-ms-client-request-id': 'client-1', 'x-ms-workflow-id': 'flow-1', 'x-other': 'no' },
    });
    expect(status).toBe(500);
    expect(json.error.code).toBe('Internal');
    expect(json.error.message).toContain('correlation-7');
    expect(JSON.stringify(json)).not.toMatch(/TypeError|cannot post|at .*\.ts/);
    expect(lines.at(-1)).toMatchObject({
      level: 'error',
      keys: {
        correlationId: 'correlation-7',
        'x-ms-client-request-id': 'client-1',
        'x-ms-workflow-id': 'flow-1',
        operation: 'ListInstances',
        error: { name: 'TypeError', cause: { message: 'deeper' } },
      },
    });
    expect(text()).not.toContain('x-other');
    expect(text()).not.toContain(token);
    expect(text()).not.toContain('sig=');
  });

  it('comes when the answer is larger than Lambda takes', async () => {
    const { handler } = proxy({
      GetItems: async () => ({ body: { value: [{ quotes: '"'.repeat(2_200_000) }] } }),
    });
    const { status, json } = await call(handler, items(''));
    expect([status, json.error.code]).toEqual([400, 'AnswerTooLarge']);
  });
});

describe('the log', () => {
  it('has a line a call with operation, status and caller, and no secret', async () => {
    const { handler, lines, text } = subscriptions();
    await call(handler, registration(JSON.stringify(goodBody)));
    await call(handler, { routeKey: deleteRoute, path: { subscriptionId: 'id', secret: 'very-secret' } });
    await call(handler, registration(JSON.stringify({ ...goodBody, threshold: 'x' })));
    expect(lines.map(({ keys }) => [keys.operation, keys.status])).toEqual([
      ['OnSegmentThresholdCrossed', 201],
      ['DeleteSubscription', 204],
      ['OnSegmentThresholdCrossed', 400],
    ]);
    for (const secret of [token, 'very-secret', 'sig=invented', exampleCallbackUrl])
      expect(text()).not.toContain(secret);
  });

  it('is the Powertools logger, whose lines are JSON', async () => {
    const written: string[] = [];
    const logger = new Logger({ serviceName: 'proxy' });
    const write = vi.spyOn((logger as unknown as { console: Console }).console, 'info');
    write.mockImplementation((line: string) => {
      written.push(line);
    });
    const handler = createHttpHandler({
      function: 'subscriptions',
      validators: subscriptionsValidators,
      verifyCaller: verifyCaller(),
      limiter: someLimiter(),
      implementations: {
        ...({} as Implementations<'subscriptions'>),
        DeleteSubscription: async () => ({ body: null }),
      },
      logger,
      now: clock.now,
    });
    await call(handler, { routeKey: deleteRoute, path: { subscriptionId: 'id', secret: 's' } });
    expect(JSON.parse(written[0] ?? '')).toMatchObject({
      level: 'INFO',
      service: 'proxy',
      message: 'call',
      operation: 'DeleteSubscription',
      status: 204,
      correlationId: 'request-1',
    });
  });
});

describe('a header of the caller', () => {
  let seen: string;
  beforeEach(async () => {
    const { handler, text } = proxy();
    await call(handler, {
      routeKey: listRoute,
      headers: { 'x-ms-correlation-id': 'a\nb{"injected"}', 'x-ms-tracking-id': 'x'.repeat(200) },
    });
    seen = text();
  });
  it('with the version of its connector is in each line of the call', async () => {
    const { handler, lines } = proxy({
      ListInstances: async (_, { log }) => {
        log.info('at work', {});
        return { body: { value: [] } };
      },
    });
    await call(handler, { routeKey: listRoute, headers: { [versionHeader]: '0.2.0' } });
    expect(lines.map(({ message, keys }) => [message, keys[versionHeader]])).toEqual([
      ['at work', '0.2.0'],
      ['call', '0.2.0'],
    ]);
  });
  it('that is no id stays out of the log', () => {
    expect(seen).not.toContain('injected');
    expect(seen).not.toContain('xxxx');
  });
});
