import { iso } from '../runtime/time.ts';
import type { Gap } from '../triggers/gap.ts';
import type { WatchedInstance } from '../triggers/instance.ts';
import type { WatchPorts } from './ports.ts';

/** Logs and counts gaps; the ledger keeps them. */
export const reportGaps = (
  { log, count }: WatchPorts,
  instance: WatchedInstance,
  gaps: readonly Gap[],
): void => {
  if (gaps.length > 0) count('Gaps', gaps.length);
  for (const { kind, subject, from, to, reason } of gaps)
    log.warn('gap', {
      instanceId: instance.id,
      kind,
      ...(subject !== undefined && { subject }),
      from: iso(from),
      to: iso(to),
      reason,
    });
};
