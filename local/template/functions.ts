import type { Account } from '../aws/account.ts';
import { accessKeyOfRun } from '../aws/authorize.ts';
import type { LocalClock } from '../clock.ts';
import { startEnvironment } from '../runtime/environment.ts';
import { createFunctionPool, type FunctionPool } from '../runtime/function-pool.ts';
import type { FunctionError, Outcome } from '../runtime/protocol.ts';
import type { FunctionModel } from './model.ts';
import { TemplateError } from './template-error.ts';

/** A line of output of a function, or of the runtime about it. */
export interface LogLine {
  readonly functionName: string;
  /** Milliseconds since the Unix epoch, in the clock's time. */
  readonly time: number;
  /** `platform`: the local run reports a failed invocation, as Lambda writes it into the function's log. */
  readonly stream: 'stdout' | 'stderr' | 'platform';
  readonly text: string;
  /** Absent while the bundle loads. */
  readonly requestId?: string;
}

/** Lambda's limit for the event of a synchronous invocation, in bytes. */
const eventLimit = 6 * 1024 * 1024;

/** `errorType` of an event beyond Lambda's limit; the function is not called. */
export const eventTooLarge = 'RequestTooLargeException';

/** Log lines kept for each function. */
const keptLines = 1000;

export interface FunctionsOptions {
  readonly models: readonly FunctionModel[];
  readonly clock: LocalClock;
  readonly account: Account;
  /** `AWS_ENDPOINT_URL_…` and the like, for every function. */
  readonly endpoints: Readonly<Record<string, string>>;
  /** Part of every function's access key. */
  readonly runKey: string;
  readonly assetDirectory: (assetKey: string) => string | undefined;
  /** Environments of one function at most. */
  readonly environments: number;
  readonly newRequestId: () => string;
  readonly log: (line: LogLine) => void;
}

export interface Functions {
  readonly models: readonly FunctionModel[];
  /** By name or logical id. @throws Error when there is none */
  find(nameOrLogicalId: string): FunctionModel;
  /** Environments that the function may have at once. */
  limitOf(model: FunctionModel): number;
  /** Runs one event and waits for the answer. Work in flight of the clock. */
  invoke(name: string, event: unknown): Promise<Outcome>;
  /**
   * Loads every bundle in one environment.
   * @returns the functions whose bundle does not load, with the reason
   */
  warm(): Promise<readonly { readonly functionName: string; readonly error: FunctionError }[]>;
  logs(nameOrLogicalId: string): readonly LogLine[];
  close(): Promise<void>;
}

/** The functions of the template, each with its environments. */
export const createFunctions = (options: FunctionsOptions): Functions => {
  const { clock } = options;
  const lines = new Map<string, LogLine[]>();
  const limitOf = (model: FunctionModel) =>
    Math.min(options.environments, model.reservedConcurrency ?? Number.POSITIVE_INFINITY);

  const write = (line: LogLine): void => {
    const kept = lines.get(line.functionName) ?? [];
    kept.push(line);
    if (kept.length > keptLines) kept.shift();
    lines.set(line.functionName, kept);
    options.log(line);
  };

  const poolOf = (model: FunctionModel): FunctionPool => {
    const taskRoot = options.assetDirectory(model.assetKey);
    if (taskRoot === undefined)
      throw new TemplateError(
        { logicalId: model.logicalId, type: 'AWS::Lambda::Function', property: 'Code.S3Key' },
        `no folder is known for the asset ${model.assetKey}`,
      );
    return createFunctionPool({
      limit: limitOf(model),
      start: () =>
        startEnvironment({
          start: {
            clock: clock.shared,
            taskRoot,
            handler: model.handler,
            functionName: model.name,
            functionArn: model.arn,
            memoryMegabytes: model.memoryMegabytes,
            logGroup: model.logGroup,
            logFormat: model.logFormat,
            logLevel: model.logLevel,
          },
          variables: variablesOf(model, taskRoot, options),
          timeoutMs: model.timeoutMs,
          output: ({ text, ...line }) =>
            write({ functionName: model.name, time: clock.now(), text: text.replace(/\n$/, ''), ...line }),
        }),
    });
  };

  const pools = new Map(options.models.map((model) => [model.name, poolOf(model)]));

  const find = (nameOrLogicalId: string): FunctionModel => {
    const found = options.models.find(
      ({ name, logicalId }) => name === nameOrLogicalId || logicalId === nameOrLogicalId,
    );
    if (found === undefined) {
      const known = options.models.map(({ logicalId }) => logicalId).join(', ');
      throw new Error(`${nameOrLogicalId} is not a function of the template; it has ${known}`);
    }
    return found;
  };

  return {
    models: options.models,
    find,
    limitOf,
    async invoke(name, event) {
      const pool = pools.get(name);
      if (pool === undefined) throw new Error(`${name} is not a function of the template`);
      const end = clock.begin();
      try {
        const requestId = options.newRequestId();
        const text = JSON.stringify(event) ?? 'null';
        if (Buffer.byteLength(text) > eventLimit) {
          const errorMessage = `The event is larger than ${eventLimit} bytes`;
          return { kind: 'error', requestId, error: { errorType: eventTooLarge, errorMessage, trace: [] } };
        }
        const outcome = await pool.invoke(requestId, text);
        if (outcome.kind === 'error' && outcome.error.errorType !== 'Runtime.Closed') {
          const { errorType, errorMessage, trace } = outcome.error;
          const report = trace.length > 0 ? trace.join('\n') : `${errorType}: ${errorMessage}`;
          write({ functionName: name, time: clock.now(), stream: 'platform', text: report, requestId });
        }
        return outcome;
      } finally {
        end();
      }
    },
    async warm() {
      const loaded = await Promise.all(
        [...pools].map(async ([functionName, pool]) => ({ functionName, error: await pool.warm() })),
      );
      return loaded.flatMap(({ functionName, error }) =>
        error === undefined ? [] : [{ functionName, error }],
      );
    },
    logs: (nameOrLogicalId) => lines.get(find(nameOrLogicalId).name) ?? [],
    async close() {
      await Promise.all([...pools.values()].map((pool) => pool.close()));
    },
  };
};

/**
 * The variables that Lambda sets, without those of this process.
 * https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html#configuration-envvars-runtime
 */
const variablesOf = (
  model: FunctionModel,
  taskRoot: string,
  { account, endpoints, runKey }: FunctionsOptions,
): Readonly<Record<string, string>> => {
  return {
    ...model.variables,
    ...endpoints,
    AWS_REGION: account.region,
    AWS_DEFAULT_REGION: account.region,
    // An embedded service identifies the calling function by the access key.
    AWS_ACCESS_KEY_ID: accessKeyOfRun(model.logicalId, runKey),
    AWS_SECRET_ACCESS_KEY: 'local',
    // Names files that do not exist, because the SDK would otherwise read the settings of the current user.
    AWS_CONFIG_FILE: `${taskRoot}/.aws-config`,
    AWS_SHARED_CREDENTIALS_FILE: `${taskRoot}/.aws-credentials`,
    AWS_EC2_METADATA_DISABLED: 'true',
    // Engines date their answers in real time; with the clock of the local run elsewhere, the SDK would take
    // every error for one of a wrong clock, and try again.
    AWS_DISABLE_CLOCK_SKEW_CORRECTION: 'true',
    // Lambda runs a newer Node.js than this process may.
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
    AWS_LAMBDA_FUNCTION_NAME: model.name,
    AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(model.memoryMegabytes),
    AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
    AWS_LAMBDA_LOG_GROUP_NAME: model.logGroup,
    AWS_LAMBDA_LOG_STREAM_NAME: 'local',
    ...(model.logFormat === 'JSON'
      ? { AWS_LAMBDA_LOG_FORMAT: 'JSON', AWS_LAMBDA_LOG_LEVEL: model.logLevel }
      : { AWS_LAMBDA_LOG_FORMAT: 'Text' }),
    LAMBDA_TASK_ROOT: taskRoot,
    _HANDLER: model.handler,
  };
};
