import { iso } from '../runtime/time.ts';
import type { WatchPorts } from './ports.ts';

/** Counts and logs a time that cannot be. @param at epoch ms */
export const reportClockFault = (
  { log, count }: Pick<WatchPorts, 'log' | 'count'>,
  instanceId: string,
  at: number,
  reason: string,
): void => {
  count('ClockFaults');
  log.warn('clock fault', { instanceId, at: iso(at), reason });
};
