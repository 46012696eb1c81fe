import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { afterEach, expect, it } from 'vitest';
import {
  type FetchRequest,
  keepAliveFetch,
  maximumConnections,
  readBounded,
} from '../../../lambda/runtime/http-client.ts';

let server: Server | undefined;
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

const serve = async (answer: (request: IncomingMessage, response: ServerResponse) => void) => {
  let connections = 0;
  server = createServer(answer);
  server.on('connection', () => {
    connections += 1;
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1/x?a=%20b`,
    connections: () => connections,
  };
};

const ask = (url: string, more: Partial<FetchRequest> = {}) =>
  keepAliveFetch(url, {
    method: 'GET',
    headers: { Accept: 'application/json' },
    redirect: 'manual',
    signal: new AbortController().signal,
    ...more,
  });

const textOf = async ({ body }: Awaited<ReturnType<typeof ask>>): Promise<string> => {
  const chunks: Uint8Array[] = [];
  for await (const chunk of body ?? []) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
};

it('sends method, path, headers and body as they are, and gives status, headers and body', async () => {
  const { url } = await serve((request, response) => {
    let sent = '';
    request.on('data', (chunk) => {
      sent += String(chunk);
    });
    request.on('end', () =>
      response
        .writeHead(202, { 'Retry-After': '7' })
        .end(
          JSON.stringify([
            request.method,
            request.url,
            request.headers['content-length'],
            request.headers['x-a'],
            sent,
          ]),
        ),
    );
  });
  const answer = await ask(url, { method: 'POST', headers: { 'X-A': 'b' }, body: '{"é":1}' });
  expect([answer.status, answer.headers.get('RETRY-AFTER'), answer.headers.get('x-none')]).toEqual([
    202,
    '7',
    null,
  ]);
  expect(JSON.parse(await textOf(answer))).toEqual(['POST', '/v1/x?a=%20b', '8', 'b', '{"é":1}']);
});

it('uses a connection again', async () => {
  const { url, connections } = await serve((_, response) => response.end('[]'));
  for (let call = 0; call < 5; call += 1) await textOf(await ask(url));
  expect(connections()).toBe(1);
});

it('gives a redirect as an answer', async () => {
  const { url } = await serve((_, response) => response.writeHead(302, { location: '/elsewhere' }).end());
  const answer = await ask(url);
  expect([answer.status, answer.headers.get('location')]).toEqual([302, '/elsewhere']);
});

it.each(['before the answer', 'within the body'])(
  'rejects with the reason when it is aborted %s',
  async (when) => {
    const { url } = await serve((_, response) => {
      if (when === 'within the body') response.writeHead(200, { 'content-length': '10' }).write('12345');
    });
    const controller = new AbortController();
    const reason = new Error('enough');
    const reading = ask(url, { signal: controller.signal }).then(textOf);
    setImmediate(() => controller.abort(reason));
    await expect(reading).rejects.toBe(reason);
  },
);

it('rejects at once with a signal that was aborted before', async () => {
  const { url, connections } = await serve((_, response) => response.end());
  await expect(ask(url, { signal: AbortSignal.abort(new Error('over')) })).rejects.toThrow('over');
  expect(connections()).toBeLessThanOrEqual(1);
});

it('tells a body that takes too long from one that is cut off', async () => {
  const { url } = await serve((_, response) => {
    response.writeHead(200, { 'content-length': '10' }).write('12345');
  });
  await expect(ask(url, { timeoutMs: 20 }).then(textOf)).rejects.toMatchObject({ name: 'TimeoutError' });
});

it('reports a dropped connection by its code', async () => {
  const { url } = await serve((request, response) => {
    if (request.headers['x-drop'] === 'at once') request.socket.destroy();
    else {
      response.writeHead(200, { 'content-length': '10' }).write('12345');
      setImmediate(() => request.socket.destroy());
    }
  });
  await expect(ask(url, { headers: { 'X-Drop': 'at once' } })).rejects.toMatchObject({ code: 'ECONNRESET' });
  await expect(ask(url).then(textOf)).rejects.toMatchObject({ code: 'ECONNRESET' });
});

it('ends a request in time that waits for one of the connections', async () => {
  // As many as the agent allows, all of them held.
  const { url } = await serve(() => undefined);
  const held = Array.from({ length: maximumConnections }, () => new AbortController());
  const holding = held.map(({ signal }) => ask(url, { signal }));
  await expect(ask(url, { timeoutMs: 20 })).rejects.toMatchObject({ name: 'TimeoutError' });
  const reason = new Error('enough');
  await expect(ask(url, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
  for (const each of held) each.abort(reason);
  for (const each of holding) await expect(each).rejects.toBe(reason);
});

it('reports a body that broke off before anybody read it', async () => {
  const { url } = await serve((request, response) => {
    response.writeHead(200, { 'content-length': '10' }).write('12345');
    setImmediate(() => request.socket.destroy());
  });
  const answer = await ask(url);
  const { body } = answer;
  if (!(body instanceof Readable)) throw new Error('The body is not a stream.');
  await new Promise((closed) => body.once('error', closed));
  await expect(readBounded(answer, 100)).rejects.toMatchObject({ code: 'ECONNRESET' });
});
