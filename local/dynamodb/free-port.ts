import { once } from 'node:events';
import { createServer } from 'node:net';

/**
 * A port on loopback that is free now. Another process may take it before it is used: be ready to ask again.
 */
export const freePort = async (): Promise<number> => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const closed = once(server, 'close');
  server.close();
  await closed;
  if (address === null || typeof address === 'string')
    throw new Error('The operating system gave no port on 127.0.0.1.');
  return address.port;
};
