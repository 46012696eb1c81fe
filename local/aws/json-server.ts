import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { isRecord } from '../../lambda/runtime/json.ts';
import type { Clock } from '../clock.ts';
import { closeServer, listenOnLoopback } from '../loopback-server.ts';
import type { Account } from './account.ts';
import { type Authorize, accessKeyIdOf, admitAll, isOfRun, type Permission } from './authorize.ts';
import { Fields } from './fields.ts';
import { ServiceError } from './service-error.ts';

export interface ServiceOperation {
  /**
   * The members of the request that are honoured. Any other is refused by name, so that nothing is ignored
   * silently.
   */
  readonly members: readonly string[];
  permissions(input: Fields): readonly Permission[];
  /** `aborted` fires when the client goes away while the answer is awaited. */
  run(input: Fields, aborted: AbortSignal): object | Promise<object>;
}

/** A service of the AWS JSON protocol (https://smithy.io/2.0/aws/protocols/aws-json-1_0-protocol.html). */
export interface JsonService {
  /** For messages to people, e.g. "SQS". */
  readonly title: string;
  /** The part before the dot in `X-Amz-Target`. */
  readonly target: string;
  readonly operations: Readonly<Record<string, ServiceOperation>>;
  unknownOperation(message: string): ServiceError;
  unsupported(message: string): ServiceError;
  malformed(message: string): ServiceError;
  accessDenied(message: string): ServiceError;
}

export interface JsonServerOptions {
  readonly services: readonly JsonService[];
  readonly version: '1.0' | '1.1';
  /** Dates the answers. SDK clients compare that date with their own. */
  readonly clock: Clock;
  readonly authorize?: Authorize | undefined;
  /** See {@link EmbeddedServiceOptions}. */
  readonly runKey?: string | undefined;
  /** A free port when absent. */
  readonly port?: number | undefined;
}

/** What starting an embedded service takes. */
export interface EmbeddedServiceOptions<ServiceClock extends Clock> {
  readonly clock: ServiceClock;
  /** A free port when absent. */
  readonly port?: number | undefined;
  readonly account?: Account | undefined;
  /** Ids of what it creates (messages, keys, versions); random UUIDs when absent. */
  readonly newId?: (() => string) | undefined;
  readonly authorize?: Authorize | undefined;
  /** What every access key id must end with; any is taken when absent. */
  readonly runKey?: string | undefined;
}

export interface JsonServer {
  /** `http://127.0.0.1:<port>`, without a slash at the end. */
  readonly url: string;
  close(): Promise<void>;
}

/** Serves services of the AWS JSON protocol on loopback. Rejects when the port is taken. */
export const startJsonServer = async (options: JsonServerOptions): Promise<JsonServer> => {
  const server = createServer((request, response) => void serve(options, request, response));
  return { url: await listenOnLoopback(server, options.port), close: () => closeServer(server) };
};

const serve = async (
  options: JsonServerOptions,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> => {
  const aborted = new AbortController();
  response.once('close', () => aborted.abort());
  try {
    const answer = await handle(options, request, aborted.signal);
    send(options, response, 200, answer);
  } catch (error) {
    if (aborted.signal.aborted) return;
    const failure = error instanceof ServiceError ? error : internalFailure(error);
    if (failure.queryCode !== undefined)
      response.setHeader(
        'x-amzn-query-error',
        `${failure.queryCode};${failure.status < 500 ? 'Sender' : 'Receiver'}`,
      );
    send(options, response, failure.status, { __type: failure.type, message: failure.message });
  }
};

const handle = async (
  options: JsonServerOptions,
  request: IncomingMessage,
  aborted: AbortSignal,
): Promise<object> => {
  const [target = '', name = ''] = String(request.headers['x-amz-target'] ?? '').split('.');
  const service = options.services.find((candidate) => candidate.target === target);
  if (service === undefined) {
    const known = options.services.map((candidate) => candidate.title).join(' and ');
    throw new ServiceError(
      'UnknownOperationException',
      `X-Amz-Target "${target}.${name}" names no service of this server, which speaks for ${known} over AWS JSON ${options.version}.`,
    );
  }
  const authorize = options.authorize ?? admitAll;
  const accessKeyId = accessKeyIdOf(request.headers.authorization);
  if (options.runKey !== undefined && !isOfRun(accessKeyId, options.runKey))
    throw service.accessDenied(
      'The request is not signed with an access key of this local run. Functions have one; the outputs file of the run has that of its operator.',
    );
  const operation = Object.hasOwn(service.operations, name) ? service.operations[name] : undefined;
  if (operation === undefined)
    throw service.unknownOperation(
      `The local ${service.title} does not support the operation ${name}. Supported: ${Object.keys(service.operations).join(', ')}.`,
    );
  const input = new Fields(parseBody((await readBody(request)).toString('utf8'), service), (message) =>
    service.malformed(message),
  );
  const ignored = input.names().filter((member) => !operation.members.includes(member));
  if (ignored.length > 0)
    throw service.unsupported(`The local ${service.title} does not honour ${ignored.join(', ')} of ${name}.`);
  for (const permission of operation.permissions(input)) {
    const decision = authorize({ ...permission, accessKeyId });
    if (!decision.allowed) throw service.accessDenied(decision.message);
  }
  return operation.run(input, aborted);
};

export const readBody = async (request: IncomingMessage): Promise<Buffer> => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks);
};

const parseBody = (text: string, service: JsonService): Readonly<Record<string, unknown>> => {
  let body: unknown;
  try {
    body = JSON.parse(text === '' ? '{}' : text);
  } catch (error) {
    throw service.malformed(
      `The request body is not JSON: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
  if (!isRecord(body)) throw service.malformed('The request body must be a JSON object.');
  return body;
};

const send = (options: JsonServerOptions, response: ServerResponse, status: number, body: object): void => {
  if (response.destroyed) return;
  const text = JSON.stringify(body);
  response.writeHead(status, {
    'content-type': `application/x-amz-json-${options.version}`,
    'content-length': Buffer.byteLength(text),
    'x-amzn-requestid': randomUUID(),
    date: new Date(options.clock.now()).toUTCString(),
  });
  response.end(text);
};

const internalFailure = (error: unknown): ServiceError => {
  const detail = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return new ServiceError('InternalFailure', `The local server failed: ${detail}`, {
    status: 500,
    queryCode: 'InternalFailure',
  });
};
