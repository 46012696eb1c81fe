import type { Log } from '../../../lambda/runtime/log.ts';

export interface LogLine {
  readonly level: 'info' | 'warn' | 'error';
  readonly message: unknown;
  readonly keys: Readonly<Record<string, unknown>>;
}

/** A log that keeps its lines. */
export const recordedLog = (): {
  readonly log: Log;
  readonly lines: LogLine[];
  readonly text: () => string;
} => {
  const lines: LogLine[] = [];
  const level =
    (name: LogLine['level']): Log['info'] =>
    (message, ...extra) => {
      lines.push({ level: name, message, keys: Object.assign({}, ...extra) });
    };
  return {
    log: { info: level('info'), warn: level('warn'), error: level('error') },
    lines,
    text: () => JSON.stringify(lines),
  };
};
