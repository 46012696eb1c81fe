/** The endpoints of Power Apps that paconn 0.0.21 calls, on loopback. */
import { createServer, type IncomingMessage } from 'node:http';
import { closeServer, listenOnLoopback } from '../../local/loopback-server.ts';

interface StoredConnector {
  readonly properties: Record<string, unknown>;
}

export interface PowerAppsStub {
  readonly url: string;
  readonly connectors: ReadonlyMap<string, StoredConnector>;
  /** `POST apis`, in order, with the bodies that were sent. */
  readonly calls: readonly { readonly call: string; readonly body: unknown }[];
  close(): Promise<void>;
}

const bodyOf = async (request: IncomingMessage): Promise<unknown> => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const text = Buffer.concat(chunks).toString('utf8');
  return text === '' ? undefined : JSON.parse(text);
};

/** What the platform keeps of a connector: the definition apart, and never the secret. */
const stored = (body: unknown): StoredConnector => {
  const { properties } = structuredClone(body) as { properties: Record<string, unknown> };
  const settings = (
    properties.connectionParameters as { token?: { oAuthSettings?: Record<string, unknown> } } | undefined
  )?.token?.oAuthSettings;
  if (settings) delete settings.clientSecret;
  return { properties };
};

export const startPowerAppsStub = async (): Promise<PowerAppsStub> => {
  const connectors = new Map<string, StoredConnector>();
  const calls: { call: string; body: unknown }[] = [];
  let url = '';
  const answer = async (request: IncomingMessage): Promise<readonly [status: number, body: unknown]> => {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost');
    if (request.method === 'GET' && pathname.startsWith('/definitions/')) {
      const found = connectors.get(pathname.slice('/definitions/'.length));
      return found ? [200, found.properties.openApiDefinition] : [404, { error: { message: 'none' } }];
    }
    if (!/^Bearer ./.test(request.headers.authorization ?? ''))
      return [401, { error: { message: 'no token' } }];
    const path = pathname.replace('/providers/Microsoft.PowerApps/', '');
    const body = await bodyOf(request);
    calls.push({ call: `${request.method} ${path}`, body });
    const [, id] = /^apis\/([^/]+)$/.exec(path) ?? [];
    if (path.endsWith('/validateApiSwagger')) return [200, {}];
    if (path.endsWith('/generateResourceStorage'))
      return [200, { sharedAccessSignature: 'https://stub.blob.core.windows.net/container?sig=none' }];
    if (request.method === 'POST' && path === 'apis') {
      const name = `shared_stub-${connectors.size + 1}`;
      connectors.set(name, stored(body));
      return [201, { name }];
    }
    const found = id === undefined ? undefined : connectors.get(id);
    if (id === undefined || found === undefined) return [404, { error: { message: `There is no ${path}.` } }];
    if (request.method === 'PATCH') {
      connectors.set(id, stored(body));
      return [200, { name: id }];
    }
    // paconn sends an empty address where there is no script; the platform gives none back.
    const properties = Object.fromEntries(
      Object.entries(found.properties).filter(
        ([name, value]) => name !== 'openApiDefinition' && value !== '',
      ),
    );
    return [
      200,
      {
        name: id,
        properties: { ...properties, apiDefinitions: { originalSwaggerUrl: `${url}/definitions/${id}` } },
      },
    ];
  };
  const server = createServer((request, response) => {
    answer(request)
      .then(([status, body]) => {
        response.writeHead(status, { 'Content-Type': 'application/json' });
        response.end(JSON.stringify(body));
      })
      .catch((error: unknown) => {
        response.writeHead(500);
        response.end(JSON.stringify({ error: { message: String(error) } }));
      });
  });
  url = await listenOnLoopback(server);
  return { url, connectors, calls, close: () => closeServer(server) };
};
