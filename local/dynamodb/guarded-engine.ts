import { Agent, createServer, type IncomingMessage, type ServerResponse, request as send } from 'node:http';
import { isJsonObject, type Json } from '../../connector/emit/json.ts';
import { type Authorize, accessKeyIdOf, isOfRun } from '../aws/authorize.ts';
import { readBody } from '../aws/json-server.ts';
import { closeServer, listenOnLoopback } from '../loopback-server.ts';
import { dynamoDbPermissions, type TablePlace, UnknownKeys } from './permissions.ts';
import type { LocalDynamoDb } from './start-engine.ts';

export interface GuardOptions extends TablePlace {
  readonly authorize: Authorize;
  /** What every access key id must end with. */
  readonly runKey: string;
  /** A free port when absent. */
  readonly port?: number | undefined;
}

/** Why a request does not reach the engine: code and message of the answer. */
type Refusal = readonly [code: string, message: string];

const jsonOf = (body: Buffer): Json | undefined => {
  try {
    return JSON.parse(body.toString('utf8')) as Json;
  } catch {
    // The answer says so.
    return undefined;
  }
};

const refusalOf = (
  { headers }: IncomingMessage,
  body: Buffer,
  { authorize, runKey, ...place }: GuardOptions,
): Refusal | undefined => {
  const accessKeyId = accessKeyIdOf(headers.authorization);
  if (!isOfRun(accessKeyId, runKey))
    return ['UnrecognizedClientException', 'The security token included in the request is invalid.'];
  const operation = String(headers['x-amz-target'] ?? '').split('.')[1];
  const input = jsonOf(body);
  if (operation === undefined || !isJsonObject(input))
    return ['SerializationException', 'The request names no operation, or its body is not a JSON object.'];
  try {
    for (const permission of dynamoDbPermissions(operation, input, place)) {
      const decision = authorize({ ...permission, accessKeyId });
      if (!decision.allowed) return ['AccessDeniedException', decision.message];
    }
  } catch (error) {
    if (error instanceof UnknownKeys) return ['ValidationException', error.message];
    throw error;
  }
  return undefined;
};

/**
 * Stands before an engine, which knows no IAM: what the caller may not do is answered as DynamoDB does, and does not
 * reach the engine. All else is passed on byte for byte.
 */
export const startGuard = async (engine: LocalDynamoDb, options: GuardOptions): Promise<LocalDynamoDb> => {
  const agent = new Agent({ keepAlive: true });
  const { hostname, port } = new URL(engine.url);

  const fail = (response: ServerResponse, status: number, code: string, message: string): void => {
    if (response.headersSent) {
      response.destroy();
      return;
    }
    const type = `com.amazon.coral.service#${code}`;
    response
      .writeHead(status, { 'content-type': 'application/x-amz-json-1.0' })
      .end(JSON.stringify({ __type: type, message }));
  };

  const forward = (request: IncomingMessage, body: Buffer, response: ServerResponse): void => {
    const onward = send(
      { agent, hostname, port, method: request.method, path: request.url, headers: request.headers },
      (answer) => {
        response.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.on('error', () => response.destroy()).pipe(response);
      },
    );
    onward.on('error', (error) => fail(response, 500, 'InternalServerError', `The engine: ${error.message}`));
    // The caller does not wait for the answer any longer.
    response.once('close', () => response.writableFinished || onward.destroy());
    onward.end(body);
  };

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const body = await readBody(request);
    const refusal = refusalOf(request, body, options);
    if (refusal === undefined) forward(request, body, response);
    else fail(response, 400, ...refusal);
  };

  const server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) =>
      fail(response, 500, 'InternalServerError', `The guard: ${String(error)}`),
    );
  });
  return {
    engine: engine.engine,
    url: await listenOnLoopback(server, options.port),
    async close() {
      await closeServer(server);
      agent.destroy();
      await engine.close();
    },
  };
};
