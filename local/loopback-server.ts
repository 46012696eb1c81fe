/** Servers that only this machine reaches. */
import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/**
 * Listens on loopback.
 * @param port 0 for a free one
 * @returns `http://127.0.0.1:<port>`, without a slash at the end. Rejects when the port is taken.
 */
export const listenOnLoopback = async (server: Server, port = 0): Promise<string> => {
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
};

/** Cuts open connections, too. A server that is closed already stays so. */
export const closeServer = (server: Server): Promise<void> =>
  new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
