import type { Environment } from './environment.ts';
import type { FunctionError, Outcome } from './protocol.ts';

export interface FunctionPool {
  /**
   * Loads the bundle in one environment ahead of the first event.
   * @returns the error if it cannot be loaded.
   */
  warm(): Promise<FunctionError | undefined>;
  /** Runs the event in a free environment, waiting for one if all are busy. Never rejects. */
  invoke(requestId: string, event: string): Promise<Outcome>;
  /** Environments alive now. */
  size(): number;
  close(): Promise<void>;
}

interface Waiting {
  readonly requestId: string;
  readonly event: string;
  readonly resolve: (outcome: Outcome) => void;
}

/**
 * The execution environments of one function. Like Lambda, each takes one event at a time and is kept for the
 * next; unlike Lambda, there are at most `limit`, and events beyond that wait their turn instead of being
 * throttled.
 */
export const createFunctionPool = (options: {
  readonly limit: number;
  readonly start: () => Environment;
}): FunctionPool => {
  const idle: Environment[] = [];
  const all = new Set<Environment>();
  const waiting: Waiting[] = [];
  let starting = 0;
  let closed = false;

  const grow = (): Environment => {
    const environment = options.start();
    all.add(environment);
    starting += 1;
    void environment.ready.then((error) => {
      starting -= 1;
      if (error === undefined) idle.push(environment);
      else {
        all.delete(environment);
        // The event that asked for this environment gets its error; the next one tries a new environment.
        const next = waiting.shift();
        next?.resolve({ kind: 'error', requestId: next.requestId, error });
      }
      serve();
    });
    return environment;
  };

  const serve = (): void => {
    for (let free = nextIdle(); free !== undefined && waiting.length > 0; free = nextIdle()) {
      const next = waiting.shift();
      idle.shift();
      if (next !== undefined) void run(free, next);
    }
    while (!closed && waiting.length > starting && all.size < options.limit) grow();
  };

  const nextIdle = (): Environment | undefined => {
    for (let [first] = idle; first !== undefined; [first] = idle) {
      if (first.alive()) return first;
      idle.shift();
      all.delete(first);
    }
    return undefined;
  };

  const run = async (environment: Environment, { requestId, event, resolve }: Waiting): Promise<void> => {
    const outcome = await environment.invoke(requestId, event);
    if (environment.alive()) idle.unshift(environment);
    else all.delete(environment);
    resolve(outcome);
    serve();
  };

  return {
    async warm() {
      const [first] = all;
      return await (first ?? grow()).ready;
    },
    async invoke(requestId, event) {
      if (closed) return { kind: 'error', requestId, error: closedError };
      return await new Promise<Outcome>((resolve) => {
        waiting.push({ requestId, event, resolve });
        serve();
      });
    },
    size: () => all.size,
    async close() {
      closed = true;
      for (const { requestId, resolve } of waiting.splice(0))
        resolve({ kind: 'error', requestId, error: closedError });
      await Promise.all([...all].map((environment) => environment.close()));
    },
  };
};

const closedError: FunctionError = {
  errorType: 'Runtime.Closed',
  errorMessage: 'The local run was closed',
  trace: [],
};
