import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import type { Behave } from './behaviours.ts';

export interface HostileServer {
  /** Without a slash at the end. */
  readonly url: string;
  /** Requests that were met by the behaviour. */
  readonly met: () => number;
  readonly close: () => void;
}

/**
 * A server that misbehaves after the head of each request.
 * @param answers what is answered well, by path: a JSON text
 */
export const startHostileServer = async (
  behave: Behave,
  answers: (path: string, url: string) => string | undefined = () => undefined,
): Promise<HostileServer> => {
  const sockets = new Set<Socket>();
  let met = 0;
  let url = '';
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    // The client may end the connection in any way it likes.
    socket.on('error', () => undefined);
    let received = '';
    socket.on('data', (chunk: Buffer) => {
      received += chunk.toString('latin1');
      if (!received.includes('\r\n\r\n')) return;
      const [, path = ''] = received.split(' ', 2);
      // The body of a small request comes with its head; what comes later is a body as well.
      received = '';
      const good = path.startsWith('/') ? answers(path, url) : undefined;
      if (good !== undefined)
        socket.write(
          `HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: ${Buffer.byteLength(good)}\r\n\r\n${good}`,
        );
      else {
        met += 1;
        behave(socket);
      }
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url,
    met: () => met,
    close: () => {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
};
