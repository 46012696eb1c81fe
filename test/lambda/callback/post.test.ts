import type { lookup } from 'node:dns';
import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { callbackPost, type PostLimits } from '../../../lambda/callback/post.ts';

const servers: Server[] = [];

const serve = async (answer: RequestListener): Promise<URL> => {
  const server = createServer(answer);
  servers.push(server);
  await new Promise<void>((listening) => {
    server.listen(0, '127.0.0.1', listening);
  });
  return new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/run?sig=secret`);
};

const textOf = async (request: IncomingMessage) => {
  let text = '';
  for await (const chunk of request) text += String(chunk);
  return text;
};

afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

const post = (url: URL, limits: PostLimits = {}, headers: Readonly<Record<string, string>> = {}) =>
  callbackPost(limits)(url, '{"größe":1}', headers);

describe('a callback', () => {
  it('is posted as JSON with the headers given, and its answer read', async () => {
    let seen:
      | {
          method: string | undefined;
          url: string | undefined;
          headers: IncomingMessage['headers'];
          body: string;
        }
      | undefined;
    const url = await serve(async (request, response) => {
      const { method, url: path, headers } = request;
      seen = { method, url: path, headers, body: await textOf(request) };
      response.writeHead(202).end();
    });
    expect(await post(url, {}, { 'x-insights-event-id': 'event' })).toEqual({
      kind: 'answered',
      status: 202,
      errorCode: undefined,
      retryAfter: undefined,
    });
    expect(seen).toMatchObject({
      method: 'POST',
      url: '/run?sig=secret',
      body: '{"größe":1}',
      headers: {
        'content-type': 'application/json; charset=utf-8',
        'content-length': String(Buffer.byteLength('{"größe":1}')),
        'x-insights-event-id': 'event',
      },
    });
  });

  it('brings back the error code and Retry-After', async () => {
    const url = await serve((_, response) => {
      response.writeHead(429, { 'Retry-After': '17' }).end('{"error":{"code":"Throttled","message":"…"}}');
    });
    expect(await post(url)).toEqual({
      kind: 'answered',
      status: 429,
      errorCode: 'Throttled',
      retryAfter: '17',
    });
  });

  it.each([
    '',
    'Bad Gateway',
    '[]',
    'null',
    '"x"',
    '{"error":"x"}',
    '{"error":{"code":5}}',
    '{"error":null}',
  ])('may be answered by a proxy with %j', async (body) => {
    const url = await serve((_, response) => {
      response.writeHead(502).end(body);
    });
    expect(await post(url)).toMatchObject({ kind: 'answered', status: 502, errorCode: undefined });
  });

  it('does not follow a redirect', async () => {
    let followed = 0;
    const target = await serve((_, response) => {
      followed += 1;
      response.writeHead(202).end();
    });
    for (const status of [301, 302, 303, 307, 308]) {
      const url = await serve((_, response) => {
        response.writeHead(status, { Location: target.href }).end();
      });
      expect(await post(url)).toMatchObject({ kind: 'answered', status });
    }
    expect(followed).toBe(0);
  });
});

describe('an answer', () => {
  it('that does not come in time is none', async () => {
    const url = await serve(() => undefined);
    expect(await post(url, { timeoutMs: 50 })).toEqual({
      kind: 'unreachable',
      reason: 'no answer within 0.05 s',
    });
  });

  it('that comes drop by drop is cut off by the same time limit', async () => {
    const url = await serve((_, response) => {
      response.writeHead(500);
      const drops = setInterval(() => response.write('.'), 5);
      response.on('close', () => clearInterval(drops));
    });
    expect(await post(url, { timeoutMs: 100 })).toEqual({
      kind: 'unreachable',
      reason: 'no answer within 0.1 s',
    });
  });

  it('that accepted the event stands, even if its body never ends, so that the event is not sent again', async () => {
    const endless = await serve((_, response) => {
      response.writeHead(202).write('x');
    });
    expect(await post(endless, { timeoutMs: 100 })).toMatchObject({ kind: 'answered', status: 202 });
    const broken = await serve((_, response) => {
      response.writeHead(202, { 'Content-Length': '100' }).write('x', () => response.destroy());
    });
    expect(await post(broken)).toMatchObject({ kind: 'answered', status: 202 });
  });

  it('that did not accept it and breaks off is none, for its body decides', async () => {
    const url = await serve((_, response) => {
      response.writeHead(400, { 'Content-Length': '100' }).write('{"error":', () => response.destroy());
    });
    expect(await post(url)).toMatchObject({ kind: 'unreachable' });
  });

  it('is read to a limit, and the connection closed', async () => {
    let closed: () => void = () => undefined;
    const hungUp = new Promise<void>((resolve) => {
      closed = resolve;
    });
    let sent = 0;
    const url = await serve((_, response) => {
      response.writeHead(202);
      const flood = () => {
        while (!response.destroyed && response.write('x'.repeat(16_384))) sent += 16_384;
        response.once('drain', flood);
      };
      response.on('close', closed);
      flood();
    });
    expect(await post(url)).toMatchObject({ kind: 'answered', status: 202 });
    await hungUp;
    // What the sockets buffered may have been sent, but not more.
    expect(sent).toBeLessThan(16 * 1024 * 1024);
  });
});

describe('an endpoint that cannot be reached is an outcome, never an error:', () => {
  it('nobody listens', async () => {
    const url = await serve(() => undefined);
    const [server] = servers.splice(0);
    await new Promise((closed) => server?.close(closed));
    expect(await post(url)).toEqual({ kind: 'unreachable', reason: 'ECONNREFUSED' });
  });

  it('it hangs up without an answer', async () => {
    const url = await serve((request) => {
      request.socket.destroy();
    });
    expect(await post(url)).toEqual({ kind: 'unreachable', reason: 'ECONNRESET' });
  });

  it('it changes to another protocol, which nobody asked for', async () => {
    const url = await serve((request) => {
      request.socket.write('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n');
    });
    expect(await post(url)).toMatchObject({ kind: 'unreachable', reason: expect.stringContaining('101') });
  });

  it('its name is looked up for ever', async () => {
    const resolve = (() => undefined) as unknown as typeof lookup;
    expect(await post(new URL('https://flows.example.com/'), { resolve, timeoutMs: 50 })).toEqual({
      kind: 'unreachable',
      reason: 'no answer within 0.05 s',
    });
  });

  it('it does not speak HTTP', async () => {
    const url = await serve((request) => {
      request.socket.end('SMTP ready\r\n');
    });
    expect(await post(url)).toMatchObject({ kind: 'unreachable', reason: expect.stringMatching(/^HPE_/) });
  });

  it('the URL has a scheme that is not called', async () => {
    expect(await post(new URL('http://flows.example.com/'))).toMatchObject({ kind: 'unreachable' });
    expect(await post(new URL('ftp://flows.example.com/'))).toMatchObject({ kind: 'unreachable' });
  });

  it('a header cannot be sent', async () => {
    const url = await serve((_, response) => {
      response.writeHead(202).end();
    });
    expect(await post(url, {}, { 'x-insights-event-id': 'a\r\nb' })).toEqual({
      kind: 'unreachable',
      reason: 'ERR_INVALID_CHAR',
    });
  });
});

/** A name server of our own; it counts how often it is asked. */
const nameServer = (answer: readonly string[] | Error) => {
  const asked: string[] = [];
  const resolve = ((
    hostname: string,
    _: unknown,
    callback: (error: Error | null, found?: unknown) => void,
  ) => {
    asked.push(hostname);
    if (answer instanceof Error) callback(answer);
    else
      callback(
        null,
        answer.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
      );
  }) as typeof lookup;
  return { asked, resolve };
};

describe('an address', () => {
  const flow = new URL('https://flows.example.com/run?sig=secret');

  it.each([
    ['private', ['10.0.0.5']],
    ['the loopback', ['127.0.0.1']],
    ['the instance metadata', ['169.254.169.254']],
    ['the loopback in IPv6', ['::1']],
    ['an IPv4 one in IPv6', ['::ffff:10.0.0.5']],
    ['private behind a public one', ['20.50.2.1', '10.0.0.5']],
  ])('that is %s is not connected to, whatever the name is', async (_, addresses) => {
    const { asked, resolve } = nameServer(addresses);
    expect(await post(flow, { resolve })).toEqual({
      kind: 'unreachable',
      reason: `flows.example.com resolves to ${addresses.at(-1)}, which is not public`,
    });
    // Asked once: there is no second answer that could differ from the one that was checked.
    expect(asked).toEqual(['flows.example.com']);
  });

  it('that does not exist is an outcome', async () => {
    const missing = Object.assign(new Error('getaddrinfo ENOTFOUND'), { code: 'ENOTFOUND' });
    expect(await post(flow, { resolve: nameServer(missing).resolve })).toEqual({
      kind: 'unreachable',
      reason: 'ENOTFOUND',
    });
    expect(await post(flow, { resolve: nameServer([]).resolve })).toEqual({
      kind: 'unreachable',
      reason: 'flows.example.com has no address',
    });
  });

  it.each([
    'https://10.0.0.5/',
    'https://127.0.0.1/',
    'https://[::1]/',
    'https://[::ffff:7f00:1]/',
    'https://0x7f.1/',
    'https://2130706433/',
  ])('written out is checked too: %s', async (url) => {
    expect(await post(new URL(url))).toMatchObject({
      kind: 'unreachable',
      reason: expect.stringContaining('is not a public address'),
    });
  });

  it.each(['http://10.0.0.5/', 'http://169.254.169.254/latest/meta-data', 'http://localhost.example.com/'])(
    'over plain http is called on the loopback only: not %s',
    async (url) => {
      expect(await post(new URL(url), { resolve: nameServer(['127.0.0.1']).resolve })).toMatchObject({
        kind: 'unreachable',
      });
    },
  );
});
