import { deliveryMessage, queued } from '../store/delivery-message.ts';
import type { FoundEntry } from '../store/subscriptions.ts';
import { isAfter } from '../triggers/baseline.ts';
import { defaultConditions, wants } from '../triggers/conditions.ts';
import type { WatchedInstance } from '../triggers/instance.ts';
import type { Occurrence, ValueOccurrence } from '../triggers/occurrence.ts';
import { fires } from '../triggers/rearm.ts';
import type { WatchPorts } from './ports.ts';
import { disarm, rearm } from './rearm.ts';

/** Deliveries handed to the queue at a time. */
const sendChunk = 200;
/** State changes under way at a time. */
const changesAtOnce = 20;

const conditionsOf = ({ conditions = defaultConditions }: FoundEntry) => conditions;

/** The entries that an occurrence may be owed to; cost follows these, not what is subscribed. */
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

const isArmed = async (
  { rearmStates }: WatchPorts,
  { subscriptionId, generation }: FoundEntry,
  { finalAt }: ValueOccurrence,
): Promise<boolean> => {
  const stored = await rearmStates.find(subscriptionId);
  return fires(stored?.body, { generation, at: finalAt });
};

/** Whether an entry's subscription asks for this occurrence; whether it is armed, if it has to be, is another question. */
const asksFor = (entry: FoundEntry, occurrence: Occurrence): boolean =>
  isAfter(occurrence, entry.baseline) &&
  (occurrence.kind !== 'completion' || wants(conditionsOf(entry), occurrence.completion));

const hasRearmLevel = (entry: FoundEntry) => conditionsOf(entry).rearmLevel !== null;

/** In groups, so that not too much is under way at once; the results in the order of the items. */
const inGroups = async <Item, Result>(
  items: readonly Item[],
  each: (item: Item) => Promise<Result>,
): Promise<readonly Result[]> => {
  const results: Result[] = [];
  for (let from = 0; from < items.length; from += changesAtOnce)
    results.push(...(await Promise.all(items.slice(from, from + changesAtOnce).map(each))));
  return results;
};

/** Those of a chunk that the occurrence is owed to. */
const owed = async (
  ports: WatchPorts,
  occurrence: Occurrence,
  chunk: readonly FoundEntry[],
): Promise<readonly FoundEntry[]> => {
  if (occurrence.kind !== 'value') return chunk;
  const calm = chunk.filter(hasRearmLevel);
  const armed = await inGroups(calm, (entry) => isArmed(ports, entry, occurrence));
  const silent = new Set(calm.filter((_, index) => !armed[index]));
  return chunk.filter((entry) => !silent.has(entry));
};

/**
 * Queues one chunk; only then do those with a re-arm level fall silent, so a crash in between queues them again.
 * @returns how many were queued
 */
const send = async (
  ports: WatchPorts,
  occurrence: Occurrence,
  chunk: readonly FoundEntry[],
): Promise<number> => {
  const entries = await owed(ports, occurrence, chunk);
  if (entries.length === 0) return 0;
  await ports.sendDelivery(
    entries.map((entry) =>
      queued(deliveryMessage(occurrence, entry, { entry: { key: entry.key, version: entry.version } })),
    ),
  );
  if (occurrence.kind === 'value')
    await inGroups(entries.filter(hasRearmLevel), (entry) => disarm(ports, entry, occurrence));
  return entries.length;
};

/** Arms what the value has reached the re-arm level of on its way. */
const rearmPassed = async (
  ports: WatchPorts,
  instance: WatchedInstance,
  occurrence: ValueOccurrence,
): Promise<void> => {
  const { trigger, subject, previous, current } = occurrence;
  let group: FoundEntry[] = [];
  for await (const entry of ports.subscriptions.rearmable(instance.id, trigger, subject, previous, current)) {
    group.push(entry);
    if (group.length < changesAtOnce) continue;
    await inGroups(group, (each) => rearm(ports, each, occurrence));
    group = [];
  }
  await inGroups(group, (each) => rearm(ports, each, occurrence));
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
    if (!asksFor(entry, occurrence)) continue;
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
