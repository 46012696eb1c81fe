import { performance } from 'node:perf_hooks';
import { Worker } from 'node:worker_threads';
import type { FunctionError, Outcome, WorkerMessage, WorkerRequest, WorkerStart } from './protocol.ts';
import { workerScript } from './worker-script.ts';

/** Loading a bundle may take this long in real time. Lambda gives 10 s; a loaded test machine is slower. */
/**
 * Of each worker, MB. Node.js would let it grow to 48 before it collects what is no longer used: 90 MB more after a
 * quarter of an hour for all workers together, which looks like a leak. Lambda's 512 MB need no such limit.
 */
const maxYoungGenerationSizeMb = 4;

const initialisationLimitMs = 30_000;

export interface EnvironmentOptions {
  readonly start: WorkerStart;
  readonly variables: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
  readonly output: (line: {
    readonly stream: 'stdout' | 'stderr';
    readonly text: string;
    readonly requestId?: string;
  }) => void;
}

/** One execution environment: a worker that has loaded the bundle and takes one event at a time. */
export interface Environment {
  /** Resolves when the bundle is loaded, or with the reason why it could not be. */
  readonly ready: Promise<FunctionError | undefined>;
  /** False once the worker crashed, timed out or was closed. */
  readonly alive: () => boolean;
  /** Never rejects. A time-out or a crash ends the environment. */
  invoke(requestId: string, event: string): Promise<Outcome>;
  close(): Promise<void>;
}

interface Running {
  readonly requestId: string;
  readonly end: (outcome: Outcome) => void;
}

export const startEnvironment = ({
  start,
  variables,
  timeoutMs,
  output,
}: EnvironmentOptions): Environment => {
  const script = workerScript();
  const worker = new Worker(script, {
    eval: typeof script === 'string',
    execArgv: [],
    env: { ...variables },
    workerData: start,
    // Close to what the function may use in Lambda, where the rest of the runtime counts too.
    resourceLimits: { maxOldGenerationSizeMb: start.memoryMegabytes, maxYoungGenerationSizeMb },
    // Both streams are taken over inside; this keeps whatever Node itself writes off the terminal.
    stdout: true,
    stderr: true,
  });
  let alive = true;
  /** Why it is no longer alive. */
  let retired: FunctionError | undefined;
  let running: Running | undefined;
  let settleReady: (error?: FunctionError) => void = () => undefined;
  const ready = new Promise<FunctionError | undefined>((resolve) => {
    settleReady = resolve;
  });
  const initialisation = setTimeout(() => {
    retire(
      failure('Sandbox.InitTimedout', `The bundle was not loaded within ${initialisationLimitMs / 1000} s`),
    );
  }, initialisationLimitMs);

  /** Ends the environment; a running invocation ends with the error. */
  const retire = (error: FunctionError): void => {
    alive = false;
    retired ??= error;
    clearTimeout(initialisation);
    settleReady(error);
    running?.end({ kind: 'error', requestId: running.requestId, error });
    void worker.terminate();
  };

  worker.on('message', (message: WorkerMessage) => {
    switch (message.kind) {
      case 'ready':
        clearTimeout(initialisation);
        settleReady();
        return;
      case 'not-ready':
        retire(message.error);
        return;
      case 'output':
        output({
          stream: message.stream,
          text: message.text,
          ...(running === undefined ? {} : { requestId: running.requestId }),
        });
        return;
      case 'result':
      case 'failure':
        if (message.requestId === running?.requestId)
          running.end(
            message.kind === 'result'
              ? message
              : { kind: 'error', requestId: message.requestId, error: message.error },
          );
        return;
    }
  });
  worker.on('error', (thrown: unknown) => {
    const error = thrown instanceof Error ? thrown : new Error(String(thrown));
    // Between two events there is no invocation that would report it.
    if (running === undefined) output({ stream: 'stderr', text: error.stack ?? error.message });
    retire({
      errorType: error.name,
      errorMessage: error.message,
      trace: (error.stack ?? '').split('\n'),
    });
  });
  worker.on('exit', (code) => {
    if (alive) retire(failure('Runtime.ExitError', `Runtime exited with code ${code}`));
  });

  const invoke = async (requestId: string, event: string): Promise<Outcome> => {
    // It may have ended since it was chosen; a worker that is gone would never answer.
    const unready = (await ready) ?? retired;
    if (unready !== undefined) return { kind: 'error', requestId, error: unready };
    return await new Promise<Outcome>((resolve) => {
      const started = performance.now();
      const timer = setTimeout(() => {
        const seconds = (timeoutMs / 1000).toFixed(2);
        retire(
          failure(
            'Sandbox.Timedout',
            `RequestId: ${requestId} Error: Task timed out after ${seconds} seconds`,
          ),
        );
      }, timeoutMs);
      running = {
        requestId,
        end(outcome) {
          clearTimeout(timer);
          running = undefined;
          resolve(outcome);
        },
      };
      const request: WorkerRequest = {
        requestId,
        event,
        remainingMs: timeoutMs - (performance.now() - started),
      };
      worker.postMessage(request);
    });
  };

  return {
    ready,
    alive: () => alive,
    invoke,
    async close() {
      if (alive) retire(failure('Runtime.Closed', 'The local run was closed'));
      await worker.terminate();
    },
  };
};

const failure = (errorType: string, errorMessage: string): FunctionError => ({
  errorType,
  errorMessage,
  trace: [],
});
