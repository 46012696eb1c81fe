import { format } from 'node:util';
import { type LogLevel, logLevels } from './protocol.ts';

/**
 * Takes everything written to stdout and stderr, one entry per write, so that its order to the results is
 * kept.
 */
export const captureStreams = (take: (stream: 'stdout' | 'stderr', text: string) => void): void => {
  for (const stream of ['stdout', 'stderr'] as const) {
    process[stream].write = (
      chunk: string | Uint8Array,
      encodingOrDone?: BufferEncoding | ((error?: Error | null) => void),
      done?: (error?: Error | null) => void,
    ): boolean => {
      take(stream, typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString('utf8'));
      const finished = typeof encodingOrDone === 'function' ? encodingOrDone : done;
      if (finished !== undefined) queueMicrotask(() => finished());
      return true;
    };
  }
};

const methodLevels = [
  ['trace', 'TRACE'],
  ['debug', 'DEBUG'],
  ['log', 'INFO'],
  ['info', 'INFO'],
  ['warn', 'WARN'],
  ['error', 'ERROR'],
] as const satisfies readonly (readonly ['trace' | 'debug' | 'log' | 'info' | 'warn' | 'error', LogLevel])[];

/**
 * Makes console write the lines of Lambda's JSON log format. Loggers that write to the streams themselves are
 * left alone.
 * https://docs.aws.amazon.com/lambda/latest/dg/nodejs-logging.html
 */
export const captureConsole = (lowest: LogLevel, requestId: () => string): void => {
  for (const [method, level] of methodLevels) {
    console[method] = (...values: readonly unknown[]) => {
      if (logLevels.indexOf(level) < logLevels.indexOf(lowest)) return;
      const [first] = values;
      const failure = values.find((value) => value instanceof Error);
      const line = {
        timestamp: new Date().toISOString(),
        level,
        requestId: requestId(),
        ...(failure === undefined
          ? {}
          : {
              errorType: failure.name,
              errorMessage: failure.message,
              stackTrace: failure.stack?.split('\n'),
            }),
        message:
          values.length === 1 && typeof first === 'object' && failure === undefined
            ? first
            : format(...values),
      };
      process.stdout.write(`${JSON.stringify(line)}\n`);
    };
  }
};
