/**
 * Runs inside a worker thread and plays Lambda's Node.js runtime: sets the time, loads the bundle, then
 * answers one event at a time. Bundled into one script by worker-script.ts, so that a worker needs no
 * TypeScript loader.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { pathToFileURL } from 'node:url';
import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import { installClock } from '../clock.ts';
import { captureConsole, captureStreams } from './output.ts';
import type { FunctionError, WorkerMessage, WorkerRequest, WorkerStart } from './protocol.ts';

/** Lambda's limit for the answer of a synchronous invocation, in bytes. */
const responseLimit = 6_291_556;

type Handler = (event: unknown, context: unknown) => unknown;

/** An error of the runtime itself, not of the handler. */
class RuntimeError extends Error {
  constructor(type: string, message: string) {
    super(message);
    this.name = type;
  }
}

const loadHandler = async ({ taskRoot, handler }: WorkerStart): Promise<Handler> => {
  const [, file = '', name = ''] = /^(.+)\.([^.]+)$/.exec(handler) ?? [];
  const path = ['.mjs', '.js', '.cjs'].map((extension) => join(taskRoot, file + extension)).find(existsSync);
  if (path === undefined)
    throw new RuntimeError(
      'Runtime.ImportModuleError',
      `Cannot find module '${file}' in the asset ${taskRoot}`,
    );
  const exported: Record<string, unknown> = await import(pathToFileURL(path).href);
  const found = exported[name];
  if (typeof found !== 'function')
    throw new RuntimeError('Runtime.HandlerNotFound', `${handler} is undefined or not exported`);
  return (event, context) => found(event, context);
};

const describe = (thrown: unknown): FunctionError =>
  thrown instanceof Error
    ? { errorType: thrown.name, errorMessage: thrown.message, trace: (thrown.stack ?? '').split('\n') }
    : { errorType: typeof thrown, errorMessage: String(thrown), trace: [] };

/** https://docs.aws.amazon.com/lambda/latest/dg/nodejs-context.html */
const contextOf = (start: WorkerStart, request: WorkerRequest) => {
  const deadline = performance.now() + request.remainingMs;
  return {
    callbackWaitsForEmptyEventLoop: true,
    functionName: start.functionName,
    functionVersion: '$LATEST',
    invokedFunctionArn: start.functionArn,
    memoryLimitInMB: String(start.memoryMegabytes),
    awsRequestId: request.requestId,
    logGroupName: start.logGroup,
    logStreamName: 'local',
    getRemainingTimeInMillis: () => Math.max(0, Math.floor(deadline - performance.now())),
  };
};

const answer = async (
  start: WorkerStart,
  handler: Handler,
  request: WorkerRequest,
): Promise<WorkerMessage> => {
  const { requestId } = request;
  try {
    const result = await handler(JSON.parse(request.event), contextOf(start, request));
    const payload = JSON.stringify(result) ?? 'null';
    if (Buffer.byteLength(payload) > responseLimit)
      throw new RuntimeError(
        'Function.ResponseSizeTooLarge',
        `Response payload size exceeded maximum allowed payload size (${responseLimit} bytes).`,
      );
    return { kind: 'result', requestId, payload };
  } catch (thrown) {
    return { kind: 'failure', requestId, error: describe(thrown) };
  }
};

const run = async (port: MessagePort, start: WorkerStart): Promise<void> => {
  installClock(start.clock);
  const send = (message: WorkerMessage) => port.postMessage(message);
  const current = { requestId: '' };
  captureStreams((stream, text) => send({ kind: 'output', stream, text }));
  if (start.logFormat === 'JSON') captureConsole(start.logLevel, () => current.requestId);
  try {
    const handler = await loadHandler(start);
    port.on('message', (request: WorkerRequest) => {
      current.requestId = request.requestId;
      void answer(start, handler, request).then(send);
    });
    send({ kind: 'ready' });
  } catch (thrown) {
    send({ kind: 'not-ready', error: describe(thrown) });
  }
};

if (parentPort !== null) void run(parentPort, workerData);
