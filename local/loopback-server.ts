/**
 * Servers that only this machine reaches, and of this machine only programs: a page in a browser can send requests to
 * loopback too, under a name of its own that it has made resolve to it (DNS rebinding).
 */
import { once } from 'node:events';
import type { IncomingHttpHeaders, IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

const loopbackNames: ReadonlySet<string> = new Set(['127.0.0.1', 'localhost', '[::1]']);

/** Why a request is none of a program on this machine; undefined when it may be one. */
export const foreignRequest = (
  { host, origin }: Pick<IncomingHttpHeaders, 'host' | 'origin'>,
  port: number,
  admitted: ReadonlySet<string> = new Set(),
): string | undefined => {
  const [, name = '', ofHost] = /^(.*?)(?::(\d+))?$/.exec(host ?? '') ?? [];
  if (!loopbackNames.has(name.toLowerCase()) || Number(ofHost ?? 80) !== port)
    return `The Host header names another server than this one, which is 127.0.0.1:${port}.`;
  // Programs send none; a page of this very server would name it.
  if (origin === undefined || (origin === `http://${host}` && origin === origin.toLowerCase()))
    return undefined;
  if (admitted.has(origin)) return undefined;
  return 'The request comes from a page of another origin. This server is for programs of this machine.';
};

/**
 * Lets pages of one origin read the answers, where the Fetch standard asks for it.
 * @returns true when the request was the question of a browser whether it may send one, and is answered
 */
const answersPage = (
  { method, headers: { origin } }: IncomingMessage,
  response: ServerResponse,
  admitted: ReadonlySet<string>,
): boolean => {
  if (origin === undefined || !admitted.has(origin)) return false;
  response.setHeader('access-control-allow-origin', origin);
  response.setHeader('vary', 'Origin');
  if (method !== 'OPTIONS') return false;
  response.writeHead(204, {
    'access-control-allow-methods': 'GET, POST',
    'access-control-allow-headers': 'authorization, content-type',
    'access-control-max-age': '600',
  });
  response.end();
  return true;
};

/** Puts the check before whatever answers the server's requests. */
const guard = (server: Server, port: number, admitted: ReadonlySet<string>): void => {
  const listeners = server.listeners('request') as ((
    request: IncomingMessage,
    response: ServerResponse,
  ) => void)[];
  server.removeAllListeners('request');
  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    const reason = foreignRequest(request.headers, port, admitted);
    if (reason === undefined && answersPage(request, response, admitted)) request.resume();
    else if (reason === undefined) for (const listener of listeners) listener.call(server, request, response);
    else {
      request.resume();
      response.writeHead(403, { 'content-type': 'application/json', connection: 'close' });
      response.end(JSON.stringify({ message: reason }));
    }
  });
};

/**
 * Listens on loopback, and answers 403 to what no program of this machine sends.
 * @param port 0 for a free one
 * @param admitted origins of pages that may send requests beside those of this very server
 * @returns `http://127.0.0.1:<port>`, without a slash at the end. Rejects when the port is taken.
 */
export const listenOnLoopback = async (
  server: Server,
  port = 0,
  admitted: ReadonlySet<string> = new Set(),
): Promise<string> => {
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  const { port: bound } = server.address() as AddressInfo;
  guard(server, bound, admitted);
  return `http://127.0.0.1:${bound}`;
};

/** Cuts open connections, too. A server that is closed already stays so. */
export const closeServer = (server: Server): Promise<void> =>
  new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
