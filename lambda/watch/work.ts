import { occurrenceRecord, silentRecords } from '../ledger/look.ts';
import type { LedgerRecord } from '../ledger/record.ts';
import { horizonMs, withStartingValues } from '../triggers/cursor.ts';
import { detect } from '../triggers/detect.ts';
import { findNews } from '../triggers/findings.ts';
import type { Gap } from '../triggers/gap.ts';
import type { WatchedInstance } from '../triggers/instance.ts';
import { earliest, type ObservedJob } from '../triggers/observation.ts';
import { pauseSubscriptionsOf } from './pause-lost.ts';
import type { WatchPorts } from './ports.ts';
import { queueDeliveries } from './queue-deliveries.ts';
import { jobsSince, readFurther } from './read-source.ts';

/** Evaluations that are older than the source keeps them, although nobody has looked since. */
const evaluationGap = (readAt: number | null, now: number): readonly Gap[] =>
  readAt === null || now - readAt <= horizonMs
    ? []
    : [
        {
          kind: 'evaluations',
          from: readAt,
          to: now - horizonMs,
          reason: `Nobody has looked for more than ${horizonMs / 86_400_000} days, and evaluations are kept no longer.`,
        },
      ];

const reportGaps = ({ log, count }: WatchPorts, instance: WatchedInstance, gaps: readonly Gap[]) => {
  if (gaps.length > 0) count('Gaps', gaps.length);
  for (const { kind, subject, from, to, reason } of gaps)
    log.warn('gap', {
      instanceId: instance.id,
      kind,
      ...(subject !== undefined && { subject }),
      from: new Date(from).toISOString(),
      to: new Date(to).toISOString(),
      reason,
    });
};

/**
 * Works off what a job list and the reads it calls for say has happened since the cursor. In this order: deliveries queued, ledger
 * written, subscriptions to lost measures paused, cursor moved; a crash anywhere repeats the work, with the same ids.
 * @param jobs the newest ones, already read
 */
export const work = async (
  ports: WatchPorts,
  instance: WatchedInstance,
  newest: readonly ObservedJob[],
  sweep: boolean,
): Promise<void> => {
  const { cursors, ledger } = ports;
  const now = ports.now();
  const { cursor: stored, version } = await cursors.find(instance.id);
  const starting = await cursors.startingValues(instance.id);
  const cursor = withStartingValues(
    stored,
    starting.map(({ body }) => body),
  );
  const readAt =
    earliest([stored.valuesReadAt ?? undefined, ...starting.map(({ body }) => body.readAt)]) ?? null;
  const jobs = await jobsSince(ports, instance.id, cursor, newest);
  const findings = findNews(cursor.jobs, jobs);
  const reads = {
    jobs,
    ...(await readFurther(ports, instance.id, cursor, findings, { readAt, sweep, now })),
  };
  const detection = detect(instance, cursor, findings, reads, now);
  const gaps = [...detection.gaps, ...(reads.segments && reads.measures ? evaluationGap(readAt, now) : [])];

  const records: LedgerRecord[] = [];
  for (const occurrence of detection.occurrences)
    records.push(occurrenceRecord(occurrence, await queueDeliveries(ports, instance, occurrence)));
  await ledger.record(instance.id, [...records, ...silentRecords(cursor, findings, reads, gaps)]);
  reportGaps(ports, instance, gaps);
  for (const lost of reads.lostMeasures ?? []) await pauseSubscriptionsOf(ports, instance, lost);
  if (!(await cursors.save(instance.id, detection.cursor, ports.newVersion(), version))) {
    // The other one has found all of it too, and more.
    ports.log.info('another watch got further', { instanceId: instance.id });
    return;
  }
  await cursors.forget(starting);
};
