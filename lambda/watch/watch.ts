import type { DeliveryMessage } from '../deliver/message.ts';
import type { CallLog } from '../http/log.ts';
import { loggedError } from '../http/redaction.ts';
import type { Send } from '../queue/queue.ts';
import type { CursorStore } from '../store/cursors.ts';
import type { FoundEntry, SubscriptionStore } from '../store/subscriptions.ts';
import { isAfter } from '../triggers/baseline.ts';
import { type Cursor, horizonMs } from '../triggers/cursor.ts';
import { detect, findNews, type WatchedInstance } from '../triggers/detect.ts';
import { deliveryId } from '../triggers/ids.ts';
import { isTerminal, type ObservedJob } from '../triggers/observation.ts';
import type { Occurrence } from '../triggers/occurrence.ts';
import { longestHistoryDays, type Source } from '../triggers/source.ts';
import {
  backOff,
  busyCycleMs,
  clockToleranceMs,
  digestOf,
  idleCycleMs,
  type Lease,
  type LeaseStore,
  newLease,
  sweepMs,
} from './lease.ts';
import type { WatchMessage } from './message.ts';

export interface WatchPorts {
  readonly source: Source;
  readonly leases: LeaseStore;
  readonly cursors: CursorStore;
  readonly subscriptions: SubscriptionStore;
  readonly sendDelivery: Send;
  readonly sendWatch: Send;
  /** How long the source asks to be left alone after this error, ms; undefined when the error is not the source's. */
  readonly sourceFailure: (error: unknown) => { readonly retryAfterMs: number } | undefined;
  readonly now: () => number;
  readonly random: () => number;
  readonly newVersion: () => string;
  readonly log: CallLog;
}

const dayMs = 24 * 60 * 60 * 1000;
/** Deliveries handed to the queue at a time. */
const sendChunk = 200;

const entriesOf = ({ subscriptions }: WatchPorts, instance: WatchedInstance, occurrence: Occurrence) =>
  occurrence.kind === 'value'
    ? subscriptions.crossed(
        instance.id,
        occurrence.trigger,
        occurrence.subject,
        occurrence.previous,
        occurrence.current,
      )
    : subscriptions.ofSubject(instance.id, occurrence.trigger, occurrence.subject);

const messageOf = (occurrence: Occurrence, entry: FoundEntry): DeliveryMessage => ({
  v: 1,
  deliveryId: deliveryId(occurrence.eventId, entry.subscriptionId, entry.generation),
  eventId: occurrence.eventId,
  subscriptionId: entry.subscriptionId,
  generation: entry.generation,
  entry: { key: entry.key, version: entry.version },
  payload: occurrence.payload,
  crossing:
    occurrence.kind === 'value' && entry.threshold !== null
      ? { previous: occurrence.previous, current: occurrence.current, threshold: entry.threshold }
      : null,
  round: 1,
});

/** Queues the deliveries that an occurrence is owed to. */
const queueDeliveries = async (ports: WatchPorts, instance: WatchedInstance, occurrence: Occurrence) => {
  let chunk: DeliveryMessage[] = [];
  let queued = 0;
  const flush = async () => {
    await ports.sendDelivery(chunk.map((message) => ({ body: JSON.stringify(message) })));
    queued += chunk.length;
    chunk = [];
  };
  for await (const entry of entriesOf(ports, instance, occurrence)) {
    if (!isAfter(occurrence, entry.baseline)) continue;
    chunk.push(messageOf(occurrence, entry));
    if (chunk.length === sendChunk) await flush();
  }
  if (chunk.length > 0) await flush();
  if (queued > 0 || occurrence.kind === 'subject')
    ports.log.info('event detected', {
      eventId: occurrence.eventId,
      trigger: occurrence.trigger,
      instanceId: instance.id,
      subject: occurrence.subject,
      occurrence: occurrence.occurrence,
      ...(occurrence.kind === 'value' && { previous: occurrence.previous, current: occurrence.current }),
      deliveries: queued,
    });
};

/** How many days of evaluation history close the gap between what was worked off last and now. */
const historyDays = (cursor: Cursor, now: number): number => {
  // On the first look the history tells what went before the newest evaluation.
  if (Object.keys(cursor.segments).length === 0) return longestHistoryDays;
  const oldest = Math.min(now, ...Object.values(cursor.segments).map(({ at }) => at));
  return Math.ceil(Math.min(now - oldest, horizonMs) / dayMs) + 1;
};

const work = async (
  ports: WatchPorts,
  instance: WatchedInstance,
  jobs: readonly ObservedJob[],
  sweep: boolean,
): Promise<void> => {
  const { cursor, version } = await ports.cursors.find(instance.id);
  const findings = findNews(cursor, jobs);
  const [dataSources, segments] = await Promise.all([
    findings.readDataSources ? ports.source.dataSources(instance.id) : undefined,
    findings.readSegments || sweep
      ? ports.source.segments(instance.id, historyDays(cursor, ports.now()))
      : undefined,
  ]);
  const detection = detect(instance, cursor, findings, {
    jobs,
    ...(dataSources && { dataSources }),
    ...(segments && { segments }),
  });
  for (const occurrence of detection.occurrences) await queueDeliveries(ports, instance, occurrence);
  // Only now: a crash before this line repeats the work, with the same ids.
  if (!(await ports.cursors.save(instance.id, detection.cursor, ports.newVersion(), version)))
    ports.log.info('another watch got further', { instanceId: instance.id });
};

/** Takes the instance's lease if it is due; undefined when it is not, or when somebody else was faster. */
const claim = async (ports: WatchPorts, instanceId: string, busy: boolean) => {
  const stored = await ports.leases.find(instanceId);
  const now = ports.now();
  const lease = stored?.body ?? newLease;
  if (lease.dueAt > now + clockToleranceMs) return undefined;
  const claimed: Lease = { ...lease, dueAt: now + (busy ? busyCycleMs : idleCycleMs) };
  const version = ports.newVersion();
  const taken = await ports.leases.save(instanceId, claimed, version, stored?.version ?? 'absent');
  return taken ? { lease: claimed, version, at: now } : undefined;
};

/** One look at one instance. */
export const watchInstance = async (
  ports: WatchPorts,
  instance: WatchedInstance,
  busy: boolean,
): Promise<void> => {
  const claimed = await claim(ports, instance.id, busy);
  if (!claimed) return;
  const { lease, version, at } = claimed;
  const settle = async (next: Lease) => {
    // False: another watch has taken over meanwhile, and its lease stands.
    await ports.leases.save(instance.id, next, ports.newVersion(), version);
  };
  try {
    const jobs = await ports.source.jobs(instance.id);
    const digest = digestOf(jobs);
    const sweep = lease.sweptAt + sweepMs <= at;
    const changed = digest !== lease.digest;
    if (changed || sweep) await work(ports, instance, jobs, sweep);
    const running = jobs.some((job) => !isTerminal(job.status));
    // A look that the minute's tick set off claimed a whole minute; a running job is looked at sooner.
    if (changed || sweep || lease.failures > 0 || (running && !busy))
      await settle({
        ...lease,
        digest,
        sweptAt: sweep ? at : lease.sweptAt,
        failures: 0,
        dueAt: at + (running ? busyCycleMs : idleCycleMs),
      });
    if (running) {
      const again: WatchMessage = { v: 1, instanceIds: [instance.id], busy: true };
      await ports.sendWatch([{ body: JSON.stringify(again), delaySeconds: busyCycleMs / 1000 }]);
    }
  } catch (error) {
    const failure = ports.sourceFailure(error);
    if (!failure) throw error;
    const failures = lease.failures + 1;
    const dueAt = backOff(failures, ports.now(), ports.random(), failure.retryAfterMs);
    ports.log.warn('source failed', {
      instanceId: instance.id,
      failures,
      nextLook: new Date(dueAt).toISOString(),
      error: loggedError(error),
    });
    await settle({ ...lease, failures, dueAt });
  }
};
