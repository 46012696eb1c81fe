import { createServer, type IncomingMessage, type ServerResponse, STATUS_CODES } from 'node:http';
import { performance } from 'node:perf_hooks';
import type { Duplex } from 'node:stream';
import type { LocalClock } from '../clock.ts';
import { closeServer, listenOnLoopback } from '../loopback-server.ts';
import type { Outcome } from '../runtime/protocol.ts';
import { type Authorizer, createAuthorizer } from './authorize.ts';
import { eventTooLarge } from './functions.ts';
import { type HttpRequest, httpEvent, splitTarget } from './http-event.ts';
import { gatewayResponse, type HttpResponse, httpResponse } from './http-response.ts';
import type { ApiModel, JwtAuthorizerModel, RouteModel, ThrottleModel } from './model.ts';
import { createRouter } from './route-key.ts';
import { createThrottle } from './throttle.ts';

/** The gateway's limit for a request's payload, in bytes. */
const payloadLimit = 10 * 1024 * 1024;

/**
 * The gateway's limit for the request line and the values of the headers together, in bytes; it cannot be raised.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html
 */
export const headLimit = 10_240;

/** More than the limit, so that what is over it is answered here; bytes that Node.js reads of a request's head. */
const readableHead = 64 * 1024;

const headBytes = ({ method, target, protocol, rawHeaders }: HttpRequest): number =>
  Buffer.byteLength(`${method} ${target} ${protocol}`, 'latin1') +
  rawHeaders.reduce((sum, text, at) => (at % 2 === 1 ? sum + Buffer.byteLength(text, 'latin1') : sum), 0);

const headTooLarge = () => gatewayResponse(431, 'Request Header Fields Too Large', { connection: 'close' });

export interface HttpApiOptions {
  readonly model: ApiModel;
  readonly clock: LocalClock;
  readonly accountId: string;
  readonly region: string;
  readonly newRequestId: () => string;
  readonly invoke: (functionName: string, event: unknown) => Promise<Outcome>;
  /** Whether the gateway may call the function of a route; absent: as the model says. */
  readonly permits?: ((route: RouteModel) => boolean) | undefined;
  /** Told why the gateway itself answered with a 5xx; the caller only sees a fixed text. */
  readonly fault: (text: string) => void;
}

export type RequestHandler = (request: HttpRequest) => Promise<HttpResponse>;

/** One HTTP API: route, authorize, call the function, map its answer. */
export const createHttpApi = (options: HttpApiOptions): RequestHandler => {
  const { model, clock } = options;
  const route = createRouter<RouteModel>(model.routes);
  const authorizers = new Map<string, Authorizer>();
  // Throttling protects a machine, so it counts real seconds.
  const bucket = (throttle: ThrottleModel | undefined) =>
    throttle === undefined ? () => true : createThrottle(throttle, () => performance.now());
  const admit = bucket(model.throttle);
  const admitRoute = new Map(
    model.routes.flatMap(({ routeKey, throttle }) =>
      throttle === undefined ? [] : [[routeKey, bucket(throttle)] as const],
    ),
  );

  const authorizerOf = (authorizer: JwtAuthorizerModel): Authorizer => {
    const known = authorizers.get(authorizer.logicalId);
    if (known !== undefined) return known;
    const created = createAuthorizer(authorizer, () => clock.now());
    authorizers.set(authorizer.logicalId, created);
    return created;
  };

  const integrate = async (found: RouteModel, event: unknown): Promise<HttpResponse> => {
    if (!(options.permits?.(found) ?? found.permitted)) {
      options.fault(
        `${found.routeKey}: no AWS::Lambda::Permission lets API Gateway call ${found.functionName}`,
      );
      return gatewayResponse(500, 'Internal Server Error');
    }
    const outcome = await within(found.integrationTimeoutMs, options.invoke(found.functionName, event));
    if (outcome === undefined) {
      options.fault(
        `${found.routeKey}: ${found.functionName} did not answer within ${found.integrationTimeoutMs} ms`,
      );
      return gatewayResponse(503, 'Service Unavailable');
    }
    if (outcome.kind === 'error' && outcome.error.errorType === eventTooLarge)
      return gatewayResponse(413, 'Request Entity Too Large');
    const response = outcome.kind === 'result' ? httpResponse(outcome.payload) : undefined;
    if (response !== undefined) return response;
    const reason =
      outcome.kind === 'error'
        ? outcome.error.errorMessage
        : 'its answer does not have the form of an HTTP answer';
    options.fault(`${found.routeKey}: ${found.functionName} failed: ${reason}`);
    return gatewayResponse(500, 'Internal Server Error');
  };

  return async (request) => {
    if (headBytes(request) > headLimit) return headTooLarge();
    const target = splitTarget(request.target);
    const match = target && route(request.method, target.path);
    // The settings of a route take the place of the stage's.
    const admitted = match && admitRoute.get(match.route.routeKey);
    if (!(admitted ?? admit)()) return gatewayResponse(429, 'Too Many Requests');
    if (target === undefined) return gatewayResponse(400, 'Bad Request');
    if (match === undefined) return gatewayResponse(404, 'Not Found');
    const { authorizer, scopes, routeKey } = match.route;
    const authorization =
      authorizer === undefined
        ? undefined
        : await authorizerOf(authorizer)(request.headers.authorization, scopes);
    if (authorization?.kind === 'unauthorized')
      return gatewayResponse(401, 'Unauthorized', { 'www-authenticate': authorization.challenge });
    if (authorization?.kind === 'forbidden')
      return gatewayResponse(403, 'Forbidden', { 'www-authenticate': authorization.challenge });
    const requestId = options.newRequestId();
    const event = httpEvent(request, {
      routeKey,
      pathParameters: match.pathParameters,
      ...(authorization === undefined ? {} : { authorizer: authorization }),
      apiId: model.apiId,
      accountId: options.accountId,
      region: options.region,
      requestId,
      now: clock.now(),
    });
    const response = await integrate(match.route, event);
    return { ...response, headers: { ...response.headers, 'apigw-requestid': requestId } };
  };
};

/** The result, or undefined once `ms` of real time have passed. */
const within = async <Result>(ms: number, work: Promise<Result>): Promise<Result | undefined> => {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), ms);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
};

export interface ListeningApi {
  readonly port: number;
  /** Answers 503 before this is called: the address is needed before the functions exist. */
  serve(handler: RequestHandler): void;
  close(): Promise<void>;
}

/**
 * Listens on the loopback address. Every request is work in flight of the clock until it is answered.
 * @param port 0 for a free one
 */
export const listenApi = async (clock: LocalClock, port: number): Promise<ListeningApi> => {
  let handle: RequestHandler = async () => gatewayResponse(503, 'Service Unavailable');
  const server = createServer({ maxHeaderSize: readableHead }, (incoming, outgoing) => {
    const end = clock.begin();
    outgoing.on('close', end);
    void respond(incoming, outgoing, (request) => handle(request), clock);
  });
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Duplex) => {
    // Too large to be read, or no HTTP: there is no request, so the answer is written by hand.
    const { status, body } =
      error.code === 'HPE_HEADER_OVERFLOW' ? headTooLarge() : gatewayResponse(400, 'Bad Request');
    // Answered already, and the rest still comes: to close now would reset the connection before the answer is read.
    if (!socket.writable) return;
    socket.end(
      `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\nconnection: close\r\n\r\n${body.toString()}`,
    );
  });
  const { port: bound } = new URL(await listenOnLoopback(server, port));
  return {
    port: Number(bound),
    serve(handler) {
      handle = handler;
    },
    close: () => closeServer(server),
  };
};

const respond = async (
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  handle: RequestHandler,
  clock: LocalClock,
): Promise<void> => {
  const body = await readBody(incoming).catch(() => undefined);
  // The caller went away while sending: an answer has no recipient.
  if (body === undefined) return;
  const response =
    body === 'too large'
      ? gatewayResponse(413, 'Request Entity Too Large', { connection: 'close' })
      : await handle({
          method: incoming.method ?? 'GET',
          target: incoming.url ?? '/',
          protocol: `HTTP/${incoming.httpVersion}`,
          headers: incoming.headers,
          rawHeaders: incoming.rawHeaders,
          sourceIp: incoming.socket.remoteAddress ?? '127.0.0.1',
          body,
        });
  outgoing.writeHead(response.status, {
    date: new Date(clock.now()).toUTCString(),
    ...response.headers,
    'content-length': String(response.body.length),
    ...(response.cookies.length === 0 ? {} : { 'set-cookie': [...response.cookies] }),
  });
  outgoing.end(incoming.method === 'HEAD' ? undefined : response.body);
};

const readBody = async (incoming: IncomingMessage): Promise<Buffer | 'too large'> => {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of incoming) {
    bytes += chunk.length;
    // What comes after the limit is read and dropped, so that the caller gets its answer.
    if (bytes <= payloadLimit) chunks.push(chunk);
  }
  return bytes > payloadLimit ? 'too large' : Buffer.concat(chunks);
};
