/** What a function's worker is started with. */
export interface WorkerStart {
  /** The local run's time, shared with every worker. */
  readonly clock: SharedArrayBuffer;
  /** Folder of the unpacked asset. */
  readonly taskRoot: string;
  /** As in the template: `index.handler`. */
  readonly handler: string;
  readonly functionName: string;
  readonly functionArn: string;
  readonly memoryMegabytes: number;
  readonly logGroup: string;
  readonly logFormat: LogFormat;
  /** Lines of a lower level are dropped; only with the JSON format, as in Lambda. */
  readonly logLevel: LogLevel;
}

export type LogFormat = 'Text' | 'JSON';
export type LogLevel = 'TRACE' | 'DEBUG' | 'INFO' | 'WARN' | 'ERROR' | 'FATAL';
export const logLevels: readonly LogLevel[] = ['TRACE', 'DEBUG', 'INFO', 'WARN', 'ERROR', 'FATAL'];

/** One invocation, host to worker. */
export interface WorkerRequest {
  readonly requestId: string;
  /** JSON. */
  readonly event: string;
  /** Milliseconds of real time left when the request is sent. */
  readonly remainingMs: number;
}

/** Worker to host. */
export type WorkerMessage =
  | { readonly kind: 'ready' }
  | { readonly kind: 'not-ready'; readonly error: FunctionError }
  | { readonly kind: 'output'; readonly stream: 'stdout' | 'stderr'; readonly text: string }
  | { readonly kind: 'result'; readonly requestId: string; readonly payload: string }
  | { readonly kind: 'failure'; readonly requestId: string; readonly error: FunctionError };

/** An error as Lambda reports it to the caller of the function. */
export interface FunctionError {
  readonly errorType: string;
  readonly errorMessage: string;
  readonly trace: readonly string[];
}

/** How an invocation ended. */
export type Outcome =
  /** `payload` is the handler's answer as JSON; `null` when it returned nothing. */
  | { readonly kind: 'result'; readonly requestId: string; readonly payload: string }
  | { readonly kind: 'error'; readonly requestId: string; readonly error: FunctionError };
