/**
 * The one operation of Lambda that functions call: Invoke, and its answer waited for.
 * https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Clock } from '../clock.ts';
import { closeServer, listenOnLoopback } from '../loopback-server.ts';
import type { Outcome } from '../runtime/protocol.ts';
import { accessKeyIdOf, admitAll, isOfRun } from './authorize.ts';
import { type EmbeddedServiceOptions, readBody } from './json-server.ts';
import { ServiceError } from './service-error.ts';

/** A function as it is found by its name. */
export interface Invocable {
  readonly arn: string;
  invoke(event: unknown): Promise<Outcome>;
}

export interface FunctionsServiceOptions extends EmbeddedServiceOptions<Clock> {
  /** Undefined: there is none of the name. */
  readonly find: (name: string) => Invocable | undefined;
}

const payloadOf = async (request: IncomingMessage): Promise<unknown> => {
  const body = await readBody(request);
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    throw new ServiceError('InvalidRequestContentException', 'Could not parse request body into json.');
  }
};

/** Serves it on loopback. Rejects when the port is taken. */
export const startFunctionsService = async (
  options: FunctionsServiceOptions,
): Promise<{ readonly url: string; close(): Promise<void> }> => {
  const { clock, runKey, authorize = admitAll } = options;

  const invoke = async (request: IncomingMessage): Promise<Outcome> => {
    const [, name] = /^\/2015-03-31\/functions\/([^/]+)\/invocations$/.exec(request.url ?? '') ?? [];
    if (request.method !== 'POST' || name === undefined)
      throw new ServiceError(
        'UnknownOperationException',
        'The local Lambda supports the operation Invoke only.',
        { status: 404 },
      );
    const accessKeyId = accessKeyIdOf(request.headers.authorization);
    if (runKey !== undefined && !isOfRun(accessKeyId, runKey))
      throw new ServiceError(
        'UnrecognizedClientException',
        'The request is not signed with an access key of this local run.',
        { status: 403 },
      );
    const called = options.find(decodeURIComponent(name));
    if (called === undefined)
      throw new ServiceError('ResourceNotFoundException', `Function not found: ${name}`, { status: 404 });
    const action = 'lambda:InvokeFunction';
    const decision = authorize({ action, resource: called.arn, accessKeyId });
    if (!decision.allowed) throw new ServiceError('AccessDeniedException', decision.message, { status: 403 });
    return called.invoke(await payloadOf(request));
  };

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const send = (status: number, body: string, headers: Readonly<Record<string, string>> = {}) =>
      response
        .writeHead(status, {
          'content-type': 'application/json',
          date: new Date(clock.now()).toUTCString(),
          ...headers,
        })
        .end(body);
    try {
      const outcome = await invoke(request);
      if (outcome.kind === 'result') send(200, outcome.payload);
      else send(200, JSON.stringify(outcome.error), { 'x-amz-function-error': 'Unhandled' });
    } catch (error) {
      const known = error instanceof ServiceError;
      const message = error instanceof Error ? error.message : String(error);
      send(known ? error.status : 500, JSON.stringify({ message }), {
        'x-amzn-errortype': known ? error.type : 'ServiceException',
      });
    }
  };

  const server = createServer((request, response) => void answer(request, response));
  return { url: await listenOnLoopback(server, options.port), close: () => closeServer(server) };
};
