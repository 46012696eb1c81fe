/** Counts the requests to a service by what they ask for, and passes them on. */
import { createServer } from 'node:http';
import { listening } from '../proxy/part.ts';

export interface CountingProxy {
  readonly url: string;
  /** Since the last time, by operation; those of other requests by their method. */
  readonly take: () => ReadonlyMap<string, number>;
  readonly close: () => Promise<void>;
}

export const countingProxy = async (target: string): Promise<CountingProxy> => {
  let counts = new Map<string, number>();
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const { host: _, connection: __, 'content-length': ___, ...headers } = request.headers;
    const operation = String(headers['x-amz-target'] ?? request.method).replace(/^.*\./, '');
    counts.set(operation, (counts.get(operation) ?? 0) + 1);
    const answer = await fetch(target + (request.url ?? '/'), {
      method: request.method ?? 'POST',
      headers: headers as Record<string, string>,
      ...(chunks.length > 0 && { body: Buffer.concat(chunks) }),
    });
    const body = Buffer.from(await answer.arrayBuffer());
    const type = answer.headers.get('content-type') ?? 'application/x-amz-json-1.0';
    response.writeHead(answer.status, { 'content-type': type, 'content-length': body.byteLength }).end(body);
  });
  const url = await listening(server);
  return {
    url,
    take: () => {
      const taken = counts;
      counts = new Map();
      return taken;
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
};
