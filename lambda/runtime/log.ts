import type { Logger } from '@aws-lambda-powertools/logger';

/** The part of the logger that a call uses. */
export type Log = Pick<Logger, 'info' | 'warn' | 'error'>;

type Keys = Readonly<Record<string, unknown>>;

/**
 * The same log with `keys` in every line. Powertools keeps appended keys in the logger itself, where calls
 * that run at the same time (as in the local run) would see each other's.
 */
export const logWith = (
  log: Log,
  keys: Keys,
): { readonly [Level in keyof Log]: (message: string, more?: Keys) => void } => ({
  info: (message, more) => log.info(message, { ...keys, ...more }),
  warn: (message, more) => log.warn(message, { ...keys, ...more }),
  error: (message, more) => log.error(message, { ...keys, ...more }),
});

export type CallLog = ReturnType<typeof logWith>;
