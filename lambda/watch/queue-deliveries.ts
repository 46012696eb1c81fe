import pMap from 'p-map';
import { deliveryMessage, queued } from '../store/delivery-message.ts';
import type { FoundEntry } from '../store/subscriptions.ts';
import { isAfter } from '../triggers/baseline.ts';
import { defaultConditions } from '../triggers/conditions.ts';
import type { WatchedInstance } from '../triggers/instance.ts';
import type { Occurrence, ValueOccurrence } from '../triggers/occurrence.ts';
import { mismatchOf } from '../triggers/trigger-set.ts';
import type { WatchPorts } from './ports.ts';
import { applyStep, isArmed } from './rearm-state.ts';

/** Deliveries handed to the queue at a time. */
const sendChunk = 200;
/** Re-arm states read or changed at a time. */
const statesAtOnce = { concurrency: 20 };

const conditionsOf = ({ conditions = defaultConditions }: FoundEntry) => conditions;

/** The entries that may ask for an occurrence; cost follows these, not all subscriptions. */
const candidates = (
  { subscriptions }: WatchPorts,
  instance: WatchedInstance,
  occurrence: Occurrence,
): AsyncIterable<FoundEntry> =>
  occurrence.kind === 'value'
    ? subscriptions.crossed(
        instance.id,
        occurrence.trigger,
        occurrence.subject,
        occurrence.previous,
        occurrence.current,
      )
    : subscriptions.ofSubject(
        instance.id,
        occurrence.trigger,
        occurrence.kind === 'completion' ? null : occurrence.subject,
      );

/**
 * Whether an entry's subscription asks for this occurrence, which happened after its registration. The store
 * has found the thresholds that a value crossed; whether they are armed is another question.
 */
const asksFor = (ports: WatchPorts, entry: FoundEntry, occurrence: Occurrence): boolean =>
  isAfter(occurrence, entry.baseline) &&
  (occurrence.kind === 'value' || mismatchOf(ports.triggers, entry, occurrence) === undefined);

const hasRearmLevel = (entry: FoundEntry) => conditionsOf(entry).rearmLevel !== null;

/** Those of a chunk that may fire. */
const armedOf = async (
  ports: WatchPorts,
  occurrence: Occurrence,
  chunk: readonly FoundEntry[],
): Promise<readonly FoundEntry[]> => {
  if (occurrence.kind !== 'value') return chunk;
  const withLevel = chunk.filter(hasRearmLevel);
  const armed = await pMap(withLevel, (entry) => isArmed(ports, entry, occurrence), statesAtOnce);
  const disarmed = new Set(withLevel.filter((_, index) => !armed[index]));
  return chunk.filter((entry) => !disarmed.has(entry));
};

/**
 * Queues one chunk and only then disarms those with a re-arm level: a crash in between queues them again.
 * @returns how many were queued
 */
const send = async (
  ports: WatchPorts,
  occurrence: Occurrence,
  chunk: readonly FoundEntry[],
): Promise<number> => {
  const entries = await armedOf(ports, occurrence, chunk);
  if (entries.length === 0) return 0;
  await ports.sendDelivery(
    entries.map((entry) =>
      queued(deliveryMessage(occurrence, entry, { entry: { key: entry.key, version: entry.version } })),
    ),
  );
  if (occurrence.kind === 'value')
    await pMap(entries.filter(hasRearmLevel), (entry) => applyStep(ports, entry, occurrence), statesAtOnce);
  return entries.length;
};

/** Arms the subscriptions whose re-arm level the value has reached. */
const rearmPassed = async (
  ports: WatchPorts,
  instance: WatchedInstance,
  occurrence: ValueOccurrence,
): Promise<void> => {
  const { trigger, subject, previous, current } = occurrence;
  const passed = ports.subscriptions.rearmable(instance.id, trigger, subject, previous, current);
  await pMap(passed, (entry) => applyStep(ports, entry, occurrence), statesAtOnce);
};

/**
 * Queues the deliveries that an occurrence is owed to.
 * @returns how many
 */
export const queueDeliveries = async (
  ports: WatchPorts,
  instance: WatchedInstance,
  occurrence: Occurrence,
): Promise<number> => {
  let chunk: FoundEntry[] = [];
  let count = 0;
  for await (const entry of candidates(ports, instance, occurrence)) {
    if (!asksFor(ports, entry, occurrence)) continue;
    chunk.push(entry);
    if (chunk.length < sendChunk) continue;
    count += await send(ports, occurrence, chunk);
    chunk = [];
  }
  count += await send(ports, occurrence, chunk);
  if (occurrence.kind === 'value') await rearmPassed(ports, instance, occurrence);
  if (count > 0) {
    ports.count('EventsDetected');
    ports.log.info('event detected', {
      eventId: occurrence.eventId,
      trigger: occurrence.trigger,
      instanceId: instance.id,
      subject: occurrence.subject,
      occurrence: occurrence.occurrence,
      ...(occurrence.kind === 'value' && { previous: occurrence.previous, current: occurrence.current }),
      deliveries: count,
    });
  }
  return count;
};
