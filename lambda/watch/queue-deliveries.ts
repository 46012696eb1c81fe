import pMap from 'p-map';
import { deliveryMessage, queued } from '../store/delivery-message.ts';
import type { FanOutPosition } from '../store/fan-outs.ts';
import type { FoundEntry } from '../store/subscriptions.ts';
import { isAfter } from '../triggers/baseline.ts';
import { defaultConditions } from '../triggers/conditions.ts';
import type { WatchedInstance } from '../triggers/instance.ts';
import type { Occurrence } from '../triggers/occurrence.ts';
import { mismatchOf } from '../triggers/trigger-set.ts';
import { beginFanOut } from './begin-fan-out.ts';
import type { WatchPorts } from './ports.ts';
import { applyStep, isArmed } from './rearm-state.ts';

/** Deliveries handed to the queue at a time. */
const sendChunk = 200;
/** Re-arm states read or changed at a time. */
const statesAtOnce = { concurrency: 20 };

const conditionsOf = ({ conditions = defaultConditions }: FoundEntry) => conditions;

/** The entries that a phase concerns; cost follows these, not all subscriptions. */
const entriesOf = (
  { subscriptions }: WatchPorts,
  instance: WatchedInstance,
  occurrence: Occurrence,
  { phase, after }: FanOutPosition,
): AsyncIterable<FoundEntry> => {
  if (occurrence.kind !== 'value')
    return subscriptions.ofSubject(
      instance.id,
      occurrence.trigger,
      occurrence.kind === 'completion' ? null : occurrence.subject,
      after,
    );
  const { trigger, subject, previous, current } = occurrence;
  return phase === 'deliver'
    ? subscriptions.crossed(instance.id, trigger, subject, previous, current, after)
    : subscriptions.rearmable(instance.id, trigger, subject, previous, current, after);
};

/**
 * Whether an entry's subscription asks for this occurrence, which happened after its registration and is not about
 * itself. The store has found the thresholds that a value crossed; whether they are armed is another question.
 */
export const asksFor = (
  ports: Pick<WatchPorts, 'triggers'>,
  entry: FoundEntry,
  occurrence: Occurrence,
): boolean =>
  isAfter(occurrence, entry.baseline) &&
  entry.subscriptionId !== occurrence.subject &&
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
 * Queues one chunk and only then disarms those with a re-arm level: a crash in between queues them again. Of a look whose
 * events are withheld, the states change as if they had been sent.
 * @returns how many were queued
 */
const send = async (
  ports: WatchPorts,
  occurrence: Occurrence,
  chunk: readonly FoundEntry[],
): Promise<number> => {
  const entries = await armedOf(ports, occurrence, chunk);
  if (entries.length === 0) return 0;
  const sent = ports.withheld === undefined ? entries : [];
  await ports.sendDelivery(
    sent.map((entry) => {
      const { key, version, subscriptionId } = entry;
      const delaySeconds = ports.delayOf?.(subscriptionId) ?? 0;
      return {
        ...queued(deliveryMessage(occurrence, entry, { entry: { key, version } })),
        ...(delaySeconds > 0 && { delaySeconds }),
      };
    }),
  );
  if (occurrence.kind === 'value')
    await pMap(entries.filter(hasRearmLevel), (entry) => applyStep(ports, entry, occurrence), statesAtOnce);
  return sent.length;
};

/** Where an occurrence begins to be processed. */
export const beginning: FanOutPosition = { phase: 'deliver', after: null };

/** What one part of the work came to. */
interface Part {
  /** Deliveries queued. */
  readonly sent: number;
  /** Entries read. */
  readonly read: number;
  readonly next: FanOutPosition | 'end';
}

/**
 * Processes the next entries of an occurrence, at most `most` of them. A part can be repeated: the same
 * deliveries have the same ids, and a step is applied to a re-arm state once.
 */
export const workOffPart = async (
  ports: WatchPorts,
  instance: WatchedInstance,
  occurrence: Occurrence,
  position: FanOutPosition,
  most: number,
): Promise<Part> => {
  const entries: FoundEntry[] = [];
  for await (const entry of entriesOf(ports, instance, occurrence, position)) {
    entries.push(entry);
    if (entries.length === most) break;
  }
  let sent = 0;
  if (position.phase === 'deliver') {
    const asking = entries.filter((entry) => asksFor(ports, entry, occurrence));
    for (let from = 0; from < asking.length; from += sendChunk)
      sent += await send(ports, occurrence, asking.slice(from, from + sendChunk));
  } else if (occurrence.kind === 'value')
    // Arms those whose re-arm level the value has reached.
    await pMap(entries, (entry) => applyStep(ports, entry, occurrence), statesAtOnce);
  const last = entries.at(-1);
  const next: FanOutPosition | 'end' =
    last !== undefined && entries.length === most
      ? { phase: position.phase, after: last.key }
      : position.phase === 'deliver' && occurrence.kind === 'value'
        ? { phase: 'rearm', after: null }
        : 'end';
  return { sent, read: entries.length, next };
};

/** Once every subscription that an occurrence is owed to has been reached. */
export const reportDetected = (
  ports: WatchPorts,
  instance: WatchedInstance,
  occurrence: Occurrence,
  deliveries: number,
): void => {
  if (deliveries === 0) return;
  ports.count('EventsDetected');
  ports.log.info('event detected', {
    eventId: occurrence.eventId,
    trigger: occurrence.trigger,
    instanceId: instance.id,
    subject: occurrence.subject,
    occurrence: occurrence.occurrence,
    ...(occurrence.kind === 'value' && { previous: occurrence.previous, current: occurrence.current }),
    deliveries,
  });
};

interface Queued {
  readonly sent: number;
  /** False: the rest is being sent by messages of its own. */
  readonly ended: boolean;
}

/**
 * Queues the deliveries that an occurrence is owed to. Those beyond the first so many are left to messages
 * of their own; their record is written before this returns.
 */
export const queueDeliveries = async (
  ports: WatchPorts,
  instance: WatchedInstance,
  occurrence: Occurrence,
): Promise<Queued> => {
  let sent = 0;
  let left = ports.pace.entriesPerLook;
  let position = beginning;
  while (left > 0) {
    const part = await workOffPart(ports, instance, occurrence, position, left);
    sent += part.sent;
    left -= part.read;
    if (part.next === 'end') {
      reportDetected(ports, instance, occurrence, sent);
      return { sent, ended: true };
    }
    position = part.next;
  }
  await beginFanOut(ports, instance.id, {
    ...position,
    occurrence,
    sent,
    movedAt: ports.now(),
    ...(ports.withheld !== undefined && { withheld: ports.withheld }),
  });
  return { sent, ended: false };
};
