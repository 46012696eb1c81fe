import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import type { KnownLists } from '../../../lambda/customer-insights/known-lists.ts';
import { createUpstreamBudget, memoryUpstreamPauseStore } from '../../../lambda/limiter/index.ts';
import { createCache } from '../../../lambda/runtime/cache.ts';
import { deadlineIn } from '../../../lambda/runtime/deadline.ts';
import type { ErrorCode } from '../../../lambda/runtime/error-codes.ts';
import { keepAliveFetch } from '../../../lambda/runtime/http-client.ts';
import { renderJson } from '../../../lambda/runtime/json.ts';
import { wholeRows } from '../../../lambda/runtime/json-syntax.ts';
import { refusal } from '../refusal.ts';
import { type Answered, clientOf, fakeUpstream, fixedKeys, instanceId } from './fake-upstream.ts';

const keyChallenge = {
  'WWW-Authenticate': 'AzureApiManagementKey name="Ocp-Apim-Subscription-Key",type="header"',
};

describe('a request', () => {
  it('carries token, key and the accepted type, on the documented path', async () => {
    const { fetch, seen } = fakeUpstream(() => ({ body: [] }));
    await clientOf(fetch).listSegments(instanceId, { historyDays: 30 });
    expect(seen).toHaveLength(1);
    expect(seen[0]?.path).toBe(`/instances/${instanceId}/manage/segments`);
    expect(Object.fromEntries(seen[0]?.query ?? [])).toEqual({
      includeHistoricStats: 'true',
      historicStatsDays: '30',
    });
    expect(Object.fromEntries(seen[0]?.headers ?? [])).toMatchObject({
      authorization: 'Bearer user-token',
      'ocp-apim-subscription-key': 'key-1',
      accept: 'application/json',
    });
  });

  it.each([
    '..',
    '.',
    '',
    '../manage/segments',
    '%2e%2e',
    'a/b',
    'a\\b',
    'a?b',
    'a#b',
    "Customer('1')",
    '$metadata',
    '\u0000',
    '\ud800',
    'a;b',
    'x'.repeat(201),
  ])('never leaves its segment: the entity %j is refused before a call', async (entity) => {
    const { fetch, seen } = fakeUpstream(() => ({ body: { value: [] } }));
    const error = await refusal(clientOf(fetch).readRows(instanceId, entity, {}));
    expect(error.code).toBe('RequestInvalid');
    expect(seen).toHaveLength(0);
  });

  it('encodes what a name may hold', async () => {
    const { fetch, seen } = fakeUpstream(() => ({ body: { value: [] } }));
    await clientOf(fetch).readRows(instanceId, 'PoS x_Käufe', { $filter: "a eq 'b&c=d'", $top: 1 });
    expect(seen[0]?.path).toBe(`/instances/${instanceId}/data/PoS%20x_K%C3%A4ufe`);
    expect(seen[0]?.query.get('$filter')).toBe("a eq 'b&c=d'");
  });

  it('that writes sends its row, numbers untouched, and tells 201 from 202', async () => {
    const { fetch, seen } = fakeUpstream(() => ({ status: 202 }));
    const client = clientOf(fetch);
    expect(
      await client.createRow(
        instanceId,
        'UnifiedActivity',
        { a: 1 },
        { caller: 'flow', validUntil: '2026-03-03T00:00:00Z' },
      ),
    ).toEqual({ status: 202 });
    expect([seen[0]?.method, seen[0]?.body, seen[0]?.query.get('caller')]).toEqual([
      'POST',
      '{"a":1}',
      'flow',
    ]);
  });

  it('submits a job with its identifiers separated by commas', async () => {
    const { fetch, seen } = fakeUpstream(() => ({ body: { jobId: 'j', jobStatus: 'queued' } }));
    const job = await clientOf(fetch).submitJob(instanceId, {
      operationType: 'ingestion',
      identifiers: ['a', 'b'],
      forceRunRequested: true,
    });
    expect(job).toEqual({ jobId: 'j', jobStatus: 'queued' });
    expect(seen[0]?.path).toBe(`/instances/${instanceId}/workflows/main/jobs`);
    expect(seen[0]?.query.toString()).toBe(
      'operationType=ingestion&identifiers=a%2Cb&forceRunRequested=true',
    );
  });

  it('for data sources falls back to the path of newer clients', async () => {
    const { fetch, seen } = fakeUpstream(({ path }) =>
      path.endsWith('/v2') ? { body: [] } : { status: 404 },
    );
    expect(await clientOf(fetch).listDataSources(instanceId)).toEqual([]);
    expect(seen.map(({ path }) => path.split('/').at(-1))).toEqual(['datasources', 'v2']);
  });
});

describe('what the models give', () => {
  it('is exact, whatever the casing, and nothing for what is absent, null or of another type', async () => {
    const body = `[{"Name":"A","friendlyName":null,"EvaluationStatus":{"JobStatus":"completedsuccess","entityCount":9007199254740993,
      "evaluationDate":"2026-03-01T00:00:00Z","lastSuccessfulRunId":7}},{"name":"B","evaluationStatus":{"entityCount":"12"}},5,null]`;
    const { fetch } = fakeUpstream(() => ({ body }));
    expect(await clientOf(fetch).listSegments(instanceId)).toEqual([
      {
        name: 'A',
        evaluationStatus: {
          jobStatus: 'completedsuccess',
          entityCount: '9007199254740993',
          evaluationDate: '2026-03-01T00:00:00Z',
        },
      },
      { name: 'B', evaluationStatus: { entityCount: '12' } },
    ]);
  });

  it('keeps the digits of measure values, as text or number', async () => {
    const { fetch } = fakeUpstream(() => ({
      body: '{"name":"M","output":{"values":{"Total":"1234567890.123456789012345","N":0.1234567890123456789}}}',
    }));
    expect((await clientOf(fetch).getMeasure(instanceId, 'M')).output?.values).toEqual({
      Total: '1234567890.123456789012345',
      N: '0.1234567890123456789',
    });
  });

  it('leaves rows as they are', async () => {
    const body = '{"@odata.context":"x","value":[{"Id":12345678901234567890,"Name":"a","x":null}]}';
    const { fetch } = fakeUpstream(() => ({ body }));
    const rows = await clientOf(fetch).readRows(instanceId, 'Customer', {});
    expect(renderJson(rows)).toBe('[{"Id":12345678901234567890,"Name":"a","x":null}]');
  });

  it('lets a page that holds only rows be passed on as it came', async () => {
    const asWritten = (body: string) =>
      clientOf(fakeUpstream(() => ({ body })).fetch)
        .readPage(instanceId, 'Customer', { $top: 2 })
        .then(({ rows }) => renderJson({ value: rows }));
    expect(await asWritten('{ "value" : [{"Id":1.50,"x":"}"}] }')).toBe('{"value":[{"Id":1.50,"x":"}"}]}');
    // Whatever else is there is not passed on.
    expect(await asWritten('{"value":[{"Id":1.50}],"@odata.nextLink":"x"}')).toBe('{"value":[{"Id":1.50}]}');
    expect(await asWritten('{"value":[{"Id":1.50}],"more":[]}')).toBe('{"value":[{"Id":1.5}]}');
    expect(await asWritten('{"value":[{"Id":1.50},null]}')).toBe('{"value":[{"Id":1.5}]}');
    expect(await asWritten('{"Value":[]}')).toBe('{"value":[]}');
    // A small $top may be ignored; numbers survive all the same.
    expect(await asWritten('{"value":[{"Id":12345678901234567890},{"Id":0.10},{}]}')).toBe(
      '{"value":[{"Id":12345678901234567890},{"Id":0.1}]}',
    );
  });

  it('refuses half a character before a call', async () => {
    const { fetch, seen } = fakeUpstream(() => ({ body: {} }));
    const error = await refusal(
      clientOf(fetch).submitJob(instanceId, { operationType: 'ingestion', identifiers: ['a\ud800'] }),
    );
    expect([error.code, error.message, seen.length]).toEqual([
      'RequestInvalid',
      'identifiers contains half of a character. Correct the text and send it again.',
      0,
    ]);
  });

  it.each(['<html>', '', '{"a":[]}', '[]', '{"value":1}', '{"value":[}'])(
    'finds no page in %j',
    async (body) => {
      const { fetch } = fakeUpstream(() => ({ body }));
      const reading = clientOf(fetch).readPage(instanceId, 'Customer', { $top: 2 });
      expect((await refusal(reading)).code).toBe('UpstreamUnreadable');
    },
  );

  it.each(['<html>', '', '{"a":1}', '"text"'])('is never made of %j instead of a list', async (body) => {
    const { fetch } = fakeUpstream(() => ({ body }));
    expect((await refusal(clientOf(fetch).listSegments(instanceId))).code).toBe('UpstreamUnreadable');
  });
});

describe('a refusal', () => {
  const cases: readonly (readonly [string, Answered, ErrorCode, number, string])[] = [
    [
      '400 A',
      { status: 400, body: { message: 'no such attribute', errorCode: 'apiBadRequest' } },
      'UpstreamRejected',
      400,
      'no such attribute',
    ],
    [
      '400 O',
      { status: 400, body: { message: 'wrong', target: 'ActivityTime' } },
      'UpstreamRejected',
      400,
      'wrong (ActivityTime)',
    ],
    ['400 P', { status: 400, body: { messages: [{ message: 'parse' }] } }, 'UpstreamRejected', 400, 'parse'],
    [
      '400 OData',
      { status: 400, body: { error: { code: 'x', message: 'standard' } } },
      'UpstreamRejected',
      400,
      'standard',
    ],
    ['400 without a body', { status: 400, body: '' }, 'UpstreamRejected', 400, 'did not accept'],
    [
      '401 without a key challenge',
      { status: 401, body: '' },
      'UpstreamTokenRefused',
      502,
      'user_impersonation',
    ],
    [
      '401 for the key',
      { status: 401, body: '', headers: keyChallenge },
      'UpstreamKeyRefused',
      502,
      'Settings > Permissions > APIs',
    ],
    [
      '401 for the key, in words',
      { status: 401, body: { statusCode: 401, message: 'Access denied due to invalid subscription key.' } },
      'UpstreamKeyRefused',
      502,
      instanceId,
    ],
    ['403', { status: 403, body: '' }, 'UpstreamForbidden', 403, 'Settings > Permissions'],
    [
      '404',
      { status: 404, body: { message: 'gone' } },
      'UpstreamNotFound',
      404,
      'the segments of the instance',
    ],
    ['409', { status: 409, body: '' }, 'UpstreamConflict', 409, 'conflict'],
    ['500', { status: 500, body: '<html>' }, 'UpstreamFailed', 502, 'status 500'],
    ['302', { status: 302, headers: { Location: 'https://elsewhere' } }, 'UpstreamFailed', 502, 'status 302'],
    [
      '503',
      { status: 503, body: '', headers: { 'Retry-After': '12' } },
      'UpstreamUnavailable',
      503,
      'not available',
    ],
    [
      '429',
      { status: 429, body: '', headers: { 'Retry-After': '7' } },
      'UpstreamThrottled',
      429,
      '7 seconds',
    ],
    [
      '429 with a date',
      { status: 429, body: '', headers: { 'Retry-After': 'Mon, 02 Mar 2026 08:00:09 GMT' } },
      'UpstreamThrottled',
      429,
      '9 seconds',
    ],
    ['429 without Retry-After', { status: 429, body: '' }, 'UpstreamThrottled', 429, '10 seconds'],
  ];

  it.each(cases)('%s', async (_name, answer, code, status, said) => {
    const { fetch } = fakeUpstream(() => answer);
    const error = await refusal(clientOf(fetch).listSegments(instanceId));
    expect([error.code, error.status]).toEqual([code, status]);
    expect(error.message).toContain(said);
  });

  it('passes Retry-After on', async () => {
    for (const [status, seconds] of [
      [429, 7],
      [503, 12],
    ] as const) {
      const { fetch } = fakeUpstream(() => ({
        status,
        body: '',
        headers: { 'Retry-After': String(seconds) },
      }));
      expect((await refusal(clientOf(fetch).listSegments(instanceId))).retryAfterSeconds).toBe(seconds);
    }
  });

  it('of the application names the application permission', async () => {
    const { fetch } = fakeUpstream(() => ({ status: 401, body: '' }));
    const error = await refusal(clientOf(fetch, { actingAs: 'application' }).listJobs(instanceId));
    expect(error.message).toContain('api.access');
  });

  it('never repeats token, key or the query of an address', async () => {
    const secrets = ['user-token', 'key-1', 'key-2', 'sig=abc', 'eyJhbGciOi'];
    for (const [, answer] of cases) {
      const told = {
        ...answer,
        ...(typeof answer.body === 'object' && {
          body: { message: 'see https://blob/x?sig=abc Bearer user-token eyJhbGciOi.eyJ.x' },
        }),
      };
      const { fetch } = fakeUpstream(() => told);
      const error = await refusal(clientOf(fetch).listSegments(instanceId));
      const text = `${error.message} ${String(error.cause)}`;
      for (const secret of secrets) expect(text).not.toContain(secret);
    }
  });

  it('with a pause stops later calls of the instance until it is over, and of no other', async () => {
    let time = Date.parse('2026-03-02T08:00:00Z');
    const now = () => time;
    const budget = createUpstreamBudget({ store: memoryUpstreamPauseStore(), now });
    const { fetch, seen } = fakeUpstream(() => ({ status: 429, body: '', headers: { 'Retry-After': '7' } }));
    const client = clientOf(fetch, { budget, now });
    await refusal(client.listSegments(instanceId));
    time += 2_000;
    expect((await refusal(client.listSegments(instanceId))).retryAfterSeconds).toBe(5);
    expect(seen).toHaveLength(1);
    await refusal(client.listSegments('another'));
    expect(seen).toHaveLength(2);
    time += 5_000;
    await refusal(client.listSegments(instanceId));
    expect(seen).toHaveLength(3);
  });
});

describe('subscription keys', () => {
  it('the other key is used when one is refused, and remembered', async () => {
    const accepted: string[] = [];
    const { fetch, seen } = fakeUpstream(({ headers }) =>
      headers.get('ocp-apim-subscription-key') === 'key-2'
        ? { body: [] }
        : { status: 401, headers: keyChallenge, body: '' },
    );
    const subscriptionKeys = {
      ...fixedKeys('key-1', 'key-2'),
      accepted: (_: string, key: string) => accepted.push(key),
    };
    await clientOf(fetch, { subscriptionKeys }).listMeasures(instanceId);
    expect(seen.map(({ headers }) => headers.get('ocp-apim-subscription-key'))).toEqual(['key-1', 'key-2']);
    expect(accepted).toEqual(['key-2']);
  });

  it('are read again when both are refused, and each is tried once', async () => {
    const { fetch, seen } = fakeUpstream(({ headers }) =>
      headers.get('ocp-apim-subscription-key') === 'new'
        ? { body: [] }
        : { status: 401, headers: keyChallenge, body: '' },
    );
    const subscriptionKeys = { ...fixedKeys('old-1', 'old-2'), reread: async () => ['new', 'old-1'] };
    await clientOf(fetch, { subscriptionKeys }).listMeasures(instanceId);
    expect(seen.map(({ headers }) => headers.get('ocp-apim-subscription-key'))).toEqual([
      'old-1',
      'old-2',
      'new',
    ]);
  });

  it('stay out of it when the token is refused', async () => {
    const { fetch, seen } = fakeUpstream(() => ({ status: 401, body: '' }));
    await refusal(clientOf(fetch).listMeasures(instanceId));
    expect(seen).toHaveLength(1);
  });
});

describe('an answer that is too large', () => {
  const page = (rows: number) =>
    JSON.stringify({
      value: Array.from({ length: rows }, (_, at) => ({
        Id: at,
        Text: 'x}]"'.repeat(25),
        nested: { a: [{}] },
      })),
    });

  it('says which $top fits', async () => {
    const rowBytes = page(2).length - page(1).length;
    const { fetch } = fakeUpstream(() => ({ body: page(100) }));
    // The stream may come in one piece; the beginning that was read then holds no row.
    const chunked: typeof globalThis.fetch = async (...parameters) => {
      const text = await (await fetch(...parameters)).text();
      const encoder = new TextEncoder();
      return new Response(
        new ReadableStream({
          start(controller) {
            for (let at = 0; at < text.length; at += 64)
              controller.enqueue(encoder.encode(text.slice(at, at + 64)));
            controller.close();
          },
        }),
      );
    };
    const client = clientOf(chunked, { maximumAnswerBytes: rowBytes * 40 });
    const error = await refusal(client.readRows(instanceId, 'Customer', {}));
    expect([error.code, error.status]).toEqual(['AnswerTooLarge', 400]);
    expect(error.message).toMatch(/\$top=3[45] with \$skip/);
    expect(error.message).toContain('$select');
  });

  it('counts whole rows only', () => {
    expect(wholeRows(page(3))).toBe(3);
    expect(wholeRows(page(3).slice(0, -10))).toBe(2);
    expect(wholeRows('{"value":[')).toBe(0);
  });
});

describe('over a real connection', () => {
  let server: Server | undefined;
  afterEach(() => {
    server?.closeAllConnections();
    server?.close();
  });

  const serve = async (answer: (count: number, write: (body: string) => void, drop: () => void) => void) => {
    let count = 0;
    server = createServer((request, response) => {
      count += 1;
      answer(
        count,
        (body) => response.end(body),
        () => request.socket.destroy(),
      );
    });
    await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    return { baseUrl: `http://127.0.0.1:${port}/v1`, count: () => count };
  };

  it('a read is repeated once when the connection is dropped', async () => {
    const { baseUrl, count } = await serve((n, write, drop) => (n === 1 ? drop() : write('[]')));
    expect(await clientOf(keepAliveFetch, { baseUrl }).listSegments(instanceId)).toEqual([]);
    expect(count()).toBe(2);
  });

  it('and only once', async () => {
    const { baseUrl, count } = await serve((_, __, drop) => drop());
    const error = await refusal(clientOf(keepAliveFetch, { baseUrl }).listSegments(instanceId));
    expect([error.code, error.status, count()]).toEqual(['UpstreamUnreachable', 502, 2]);
  });

  it('a write is not repeated, and its outcome is said to be open', async () => {
    const { baseUrl, count } = await serve((_, __, drop) => drop());
    const error = await refusal(
      clientOf(keepAliveFetch, { baseUrl }).createRow(instanceId, 'UnifiedActivity', {}),
    );
    expect(count()).toBe(1);
    expect(error.message).toContain('unknown whether');
  });

  it('a slow answer is given up: the request after its own time, everything at the deadline', async () => {
    const { baseUrl } = await serve(() => undefined);
    const slow = await refusal(
      clientOf(keepAliveFetch, { baseUrl, requestTimeoutMs: 30 }).listSegments(instanceId),
    );
    expect([slow.code, slow.status]).toEqual(['UpstreamTimeout', 504]);
    const late = await refusal(
      clientOf(keepAliveFetch, { baseUrl, deadline: deadlineIn(30) }).listSegments(instanceId),
    );
    expect([late.code, late.status]).toEqual(['DeadlineExceeded', 504]);
  });

  it('nobody listening is told apart, with the address to check', async () => {
    const { baseUrl } = await serve(() => undefined);
    await new Promise((resolve) => server?.close(resolve));
    const error = await refusal(clientOf(keepAliveFetch, { baseUrl }).listSegments(instanceId));
    expect(error.code).toBe('UpstreamUnreachable');
    expect(error.message).toContain('ECONNREFUSED');
    expect(error.message).toContain(baseUrl);
  });
});

describe('a list of jobs that is known', () => {
  const jobsOf = async (bodies: readonly unknown[], asked = bodies.map(() => ({ top: 50 }))) => {
    const left = [...bodies];
    const { fetch } = fakeUpstream(() => ({ body: left.shift() }));
    const knownLists: KnownLists = createCache({ now: () => 0, capacity: 2 });
    const client = clientOf(fetch, { actingAs: 'application', knownLists });
    const lists = [];
    for (const query of asked) lists.push(await client.listJobs(instanceId, query));
    return lists;
  };
  const job = (jobStatus: string) => ({ jobId: 'a', jobStatus });

  it('is not read again', async () => {
    const [first, second] = await jobsOf([[job('running')], [job('running')]]);
    expect(first).toEqual([job('running')]);
    expect(second).toBe(first);
  });

  it('is read again where anything has changed', async () => {
    const [, second, third] = await jobsOf([[job('running')], [job('successful')], [job('running')]]);
    expect(second).toEqual([job('successful')]);
    expect(third).toEqual([job('running')]);
  });

  it('is that of the same request', async () => {
    const [first, longer, again] = await jobsOf(
      [[job('running')], [job('running')], [job('running')]],
      [{ top: 50 }, { top: 200 }, { top: 50 }],
    );
    expect(longer).not.toBe(first);
    expect(again).toBe(first);
  });

  it('is not kept where it is long', async () => {
    const long = [{ ...job('running'), subType: 'x'.repeat(300_000) }];
    const [first, second] = await jobsOf([long, long]);
    expect(second).toEqual(first);
    expect(second).not.toBe(first);
  });
});
