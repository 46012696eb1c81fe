/**
 * The bundled function `proxy` behind a plain HTTP server, which does what the gateway and the runtime do:
 * event in, answer out.
 */
import { createServer } from 'node:http';
import { pathToFileURL } from 'node:url';
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { operations, routeKey } from '../../connector/contract/index.ts';
import { httpEvent, splitTarget } from '../../local/template/http-event.ts';
import { createRouter } from '../../local/template/route-key.ts';
import { becomePart, listening, partInput } from './part.ts';

export interface HandlerInput {
  /** Holds the bundle's `index.mjs` and `settings.json`. */
  readonly directory: string;
}

type Handler = (event: APIGatewayProxyEventV2) => Promise<APIGatewayProxyStructuredResultV2>;

const { directory } = partInput<HandlerInput>();
const { handler } = (await import(pathToFileURL(`${directory}/index.mjs`).href)) as { handler: Handler };
const route = createRouter(operations.map((operation) => ({ routeKey: routeKey(operation) })));
/** The gateway chooses the route, not the function: here each path's once. */
const matches = new Map<string, ReturnType<typeof route>>();
const matchOf = (method: string, path: string) => {
  const key = `${method} ${path}`;
  if (!matches.has(key)) matches.set(key, route(method, path));
  return matches.get(key);
};
const noBody = Buffer.alloc(0);
let requests = 0;

const server = createServer(async (request, response) => {
  const { method = 'GET', url: target = '/' } = request;
  const match = matchOf(method, splitTarget(target)?.path ?? '/');
  requests += 1;
  const event = httpEvent(
    {
      method,
      target,
      protocol: 'HTTP/1.1',
      headers: request.headers,
      rawHeaders: request.rawHeaders,
      sourceIp: '127.0.0.1',
      // The jobs of the benchmark are reads.
      body: noBody,
    },
    {
      routeKey: match?.route.routeKey ?? '$default',
      pathParameters: match?.pathParameters ?? {},
      apiId: 'bench',
      accountId: '000000000000',
      region: 'eu-west-1',
      requestId: `request-${requests}`,
      now: Date.now(),
    },
  );
  const { statusCode = 500, headers = {}, body = '' } = await handler(event as APIGatewayProxyEventV2);
  response
    .writeHead(statusCode, {
      ...(headers as Record<string, string>),
      'content-length': Buffer.byteLength(body),
    })
    .end(body);
});
becomePart(await listening(server));
