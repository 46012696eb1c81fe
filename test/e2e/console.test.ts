/**
 * The console's side of the API, over HTTP. Tokens of the console open its operations and no others; tokens of connections
 * open none of the console's. The pages are open to everybody and hold nothing of anybody.
 */
import { beforeAll, describe, expect, it } from 'vitest';
import { consoleScope } from '../../config/console.ts';
import { consoleOperations } from '../../connector/contract/console.ts';
import { operations, routeKey } from '../../connector/contract/index.ts';
import type { Operation } from '../../connector/contract/operation.ts';
import { minuteMs } from '../../lambda/runtime/time.ts';
import { firstInstance, send, type TestSystem, useTestSystem } from './test-system.ts';

let system: TestSystem;
let consoleToken: string;
let connectorToken: string;

useTestSystem(async (started) => {
  system = started;
});

const tokenOfConsole = (user?: string) =>
  system.issuer.userToken({
    clientApp: system.issuer.applications.console,
    scopes: [consoleScope],
    ...(user !== undefined && { user }),
  });

beforeAll(async () => {
  consoleToken = await tokenOfConsole();
  connectorToken = await system.issuer.userToken();
});

/** Method and address of an operation's example. */
const exampleCall = (operation: Operation): readonly [method: string, path: string] => {
  const [method = '', path = ''] = routeKey(operation).split(' ');
  return [
    method,
    path.replaceAll(/\{(\w+)\}/g, (_, name: string) =>
      encodeURIComponent(String((operation.example.path as Record<string, unknown>)[name])),
    ),
  ];
};

const call = (operation: Operation, token: string) => {
  const [method, path] = exampleCall(operation);
  const query = new URLSearchParams(
    Object.entries(operation.example.query).map(([name, value]) => [name, String(value)]),
  ).toString();
  return send(system, method, query === '' ? path : `${path}?${query}`, {
    token,
    ...(operation.body !== null && { body: JSON.stringify(operation.example.body) }),
  });
};

describe('an operation of the console', () => {
  it.each(consoleOperations.map((operation) => [operation.operationId, operation] as const))(
    '%s takes no token of a connection',
    async (_, operation) => {
      const { status, body } = await call(operation, connectorToken);
      expect([status, (body as { error: { code: string } }).error.code]).toEqual([401, 'TokenScope']);
    },
  );

  it.each([
    ['without the scope', { scopes: ['access_as_user'], from: 'console' }, 'TokenScope'],
    ['from the connector, with the scope', { scopes: [consoleScope], from: 'connector' }, 'TokenClientApp'],
  ] as const)('takes no token %s', async (_, { scopes, from }, code) => {
    const token = await system.issuer.userToken({ clientApp: system.issuer.applications[from], scopes });
    const { status, body } = await send(system, 'GET', '/v1/console/overview', { token });
    expect(status).toBe(401);
    expect(body).toMatchObject({ error: { code } });
  });
});

describe('an operation of the connector', () => {
  const signedIn = (operations as readonly Operation[]).filter(
    ({ authentication }) => authentication === 'user',
  );

  it.each(signedIn.map((operation) => [operation.operationId, operation] as const))(
    '%s takes no token of the console',
    async (_, operation) => {
      const { status, body } = await call(operation, consoleToken);
      expect([status, (body as { error: { code: string } }).error.code]).toEqual([401, 'TokenScope']);
    },
  );
});

describe('the lists that the forms of the console offer', () => {
  it.each(['segments', 'scalar-measures', 'data-sources'])(
    '%s, as Customer Insights has them',
    async (list) => {
      const { id } = firstInstance(system);
      const { status, body } = await send(system, 'GET', `/v1/console/datasets/${id}/${list}`, {
        token: consoleToken,
      });
      expect(status).toBe(200);
      expect((body as { value: readonly unknown[] }).value.length).toBeGreaterThan(0);
    },
  );
});

describe('the overview', () => {
  const overview = async (token = consoleToken) =>
    (await send(system, 'GET', '/v1/console/overview', { token })).body;

  it('says when a connector called, and which', async () => {
    await system.clock.advance(minuteMs);
    expect(await overview()).toMatchObject({ connectorSeenAt: null, connectorVersion: null, registered: 0 });
    const calledAt = new Date(system.clock.now()).toISOString();
    await system.client.call('ListInstances', {});
    expect(await overview()).toMatchObject({
      connectorSeenAt: calledAt,
      connectorVersion: expect.stringMatching(/^\d+\.\d+\.\d+/),
    });
  });

  it('counts the triggers of the person who asks', async () => {
    const { id, world } = firstInstance(system);
    await system.flowHost.create('A flow', 'OnSegmentThresholdCrossed', {
      dataset: id,
      segment: world.segments[0]?.name ?? '',
      threshold: 7,
    });
    expect(await overview()).toMatchObject({
      registered: 1,
      isOperator: false,
      userName: 'maya.maker@contoso.example',
    });
    expect(await overview(await tokenOfConsole('omar.operator@contoso.example'))).toMatchObject({
      registered: 0,
      isOperator: true,
    });
  });

  it('is answered 304 to who has it already, and 200 again when something changed', async () => {
    const first = await send(system, 'GET', '/v1/console/overview', { token: consoleToken });
    const tag = first.headers.get('etag') ?? '';
    expect(tag).toMatch(/^"[\w-]{22}"$/);
    const again = (headers: Record<string, string>) =>
      send(system, 'GET', '/v1/console/overview', { token: consoleToken, headers });
    expect(await again({ 'if-none-match': tag })).toMatchObject({ status: 304, body: null });
    expect(await again({ 'if-none-match': '"another"' })).toMatchObject({ status: 200 });
  });
});

describe('the budget', () => {
  it('is the own one of the console: 100 calls in 10 s leave the 100 calls of a connection alone', async () => {
    const statuses = [];
    for (let at = 0; at < 101; at += 1)
      statuses.push((await send(system, 'GET', '/v1/console/overview', { token: consoleToken })).status);
    expect(statuses.filter((status) => status === 200).length).toBeLessThanOrEqual(100);
    expect(statuses.at(-1)).toBe(429);
    const { status, headers } = await system.client.call('ListInstances', {});
    expect([status, headers.ratelimit]).toEqual([200, expect.stringMatching(/r=9\d/)]);
    await system.clock.advance(minuteMs);
  });
});

describe('the pages', () => {
  const get = (path: string, headers: Record<string, string> = {}) =>
    fetch(`${system.deployment.apiUrl}${path}`, { headers });

  it('are one entry for every address below /console, asked for anew each time', async () => {
    const [entry, deep] = [await get('/console'), await get('/console/subscriptions/abc')];
    for (const answer of [entry, deep]) {
      expect(answer.status).toBe(200);
      expect(answer.headers.get('content-type')).toBe('text/html; charset=utf-8');
      expect(answer.headers.get('cache-control')).toBe('no-cache');
    }
    const html = await entry.text();
    expect(await deep.text()).toBe(html);
    const tag = entry.headers.get('etag') ?? '';
    expect((await get('/console', { 'if-none-match': tag })).status).toBe(304);
  });

  it('have their script and style under names that change with them, kept for a year', async () => {
    const html = await (await get('/console')).text();
    const files = [...html.matchAll(/\/console\/assets\/[\w.-]+/g)].map(([path]) => path);
    expect(files.map((path) => path.slice(path.lastIndexOf('.')))).toEqual(['.css', '.js']);
    for (const file of files)
      for (const [accepted, coding] of [
        ['gzip, deflate, br', 'br'],
        ['gzip', 'gzip'],
        ['identity', null],
      ] as const) {
        const answer = await get(file, { 'accept-encoding': accepted });
        expect([answer.status, answer.headers.get('content-encoding')]).toEqual([200, coding]);
        expect(answer.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
        expect((await answer.text()).length).toBeGreaterThan(1_000);
      }
  });

  it('answer 404 to a file that is none of theirs', async () => {
    for (const name of ['main-OLD.js', 'manifest.json', '..%2Fsettings.json', 'index.mjs'])
      expect([name, (await get(`/console/assets/${name}`)).status]).toEqual([
        name,
        // What is no name of a file is an address of the entry.
        name.includes('%') ? 200 : 404,
      ]);
  });

  it('allow nothing inline and nothing from elsewhere', async () => {
    const answer = await get('/console');
    const policy = answer.headers.get('content-security-policy') ?? '';
    expect(policy).toContain("default-src 'none'");
    expect(policy).not.toContain('unsafe');
    expect(policy).toContain(`connect-src 'self' ${new URL(system.issuer.issuer).origin};`);
    const html = await answer.text();
    expect(html).not.toMatch(/<script(?![^>]*\bsrc=)|<style|\son\w+=|\sstyle=/);
  });

  it('hold nothing but public settings', async () => {
    const html = await (await get('/console')).text();
    expect(html).toContain(system.issuer.applications.console.appId);
    for (const secret of ['local-api-secret', 'local-connector-secret']) expect(html).not.toContain(secret);
  });
});
