import type { CallLog } from './log.ts';
import type { InvocationMetrics } from './metrics.ts';
import { loggedError } from './redaction.ts';

/**
 * Told of each failure that is covered up: the work continues with an older value, or without.
 * @param what a clause: what continues in spite of it
 */
export type CoveredUp = (what: string, error: unknown) => void;

/** Leaves a line in the log and a count. Published at once: functions that answer calls have no batch to end. */
export const coveredUp =
  (log: CallLog, { count, publish }: Pick<InvocationMetrics, 'count' | 'publish'>): CoveredUp =>
  (what, error) => {
    log.warn('failure covered up', { what, error: loggedError(error) });
    count('FailuresCoveredUp');
    publish();
  };

export const untold: CoveredUp = () => undefined;
