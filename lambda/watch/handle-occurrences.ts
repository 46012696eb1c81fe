/** The occurrences of one look, each on its own. */
import pMap from 'p-map';
import { hasCode } from '../runtime/errors.ts';
import { loggedError } from '../runtime/redaction.ts';
import type { FanOut } from '../store/fan-outs.ts';
import type { OccurrenceRecord } from '../store/ledger-records.ts';
import type { Gap } from '../triggers/gap.ts';
import type { WatchedInstance } from '../triggers/instance.ts';
import type { Occurrence } from '../triggers/occurrence.ts';
import { askForNextPart } from './begin-fan-out.ts';
import { askWhereLost, sendingKey } from './continue-fan-out.ts';
import type { WatchPorts } from './ports.ts';
import { queueDeliveries } from './queue-deliveries.ts';
import { isFollowed } from './read-source.ts';
import { reportGaps } from './report-gaps.ts';
import { createStagger } from './stagger.ts';

/** What repeating does not help against: no queue and no table takes it, today or tomorrow. */
export const isHopeless = (error: unknown) => hasCode(error, 'MessageTooLarge', 'RecordTooLarge');

/** Something that cannot be done for an event holds up no other: logged, counted, and a gap. */
const setAside = async (
  ports: WatchPorts,
  instance: WatchedInstance,
  { eventId, trigger, subject, finalAt }: Occurrence,
  what: 'sent' | 'recorded',
  error: Error,
): Promise<void> => {
  ports.count('EventsSetAside');
  ports.log.error('event set aside', {
    instanceId: instance.id,
    eventId,
    trigger,
    subject,
    error: loggedError(error),
  });
  const gap: Gap = {
    kind: 'set aside',
    subject,
    from: finalAt,
    to: finalAt,
    reason: `The event ${eventId} could not be ${what}: ${error.message}`,
  };
  await ports.ledger.record(instance.id, [{ kind: 'gap', gap }]);
  reportGaps(ports, instance, [gap]);
};

/** Undefined where repeating does not help; everything else is thrown, and the whole look is repeated. */
const unlessHopeless = async <Result>(
  work: () => Promise<Result>,
  otherwise: (error: Error) => Promise<void>,
): Promise<Result | undefined> => {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof Error && isHopeless(error))) throw error;
    await otherwise(error);
    return undefined;
  }
};

/** The ledger keeps what explains an event; the order in which events are sent is over by then. */
const recordOf = (
  { stableSubject: _, ...occurrence }: Occurrence,
  deliveries: number,
  problem?: string,
): OccurrenceRecord => ({
  kind: 'occurrence',
  occurrence: occurrence as Occurrence,
  deliveries,
  ...(problem !== undefined && { setAside: problem }),
});

const note = async (
  ports: WatchPorts,
  instance: WatchedInstance,
  occurrence: Occurrence,
  deliveries: number,
  problem?: string,
): Promise<void> => {
  await unlessHopeless(
    () => ports.ledger.record(instance.id, [recordOf(occurrence, deliveries, problem)]),
    (error) => setAside(ports, instance, occurrence, 'recorded', error),
  );
};

/**
 * Queues an occurrence's deliveries, and then records it: also one that could not be sent, for from the ledger it
 * can be replayed.
 * @returns whether it waits for nothing more
 */
const handle = async (
  ports: WatchPorts,
  instance: WatchedInstance,
  occurrence: Occurrence,
): Promise<boolean> => {
  let problem = ports.withheld;
  const queued = await unlessHopeless(
    () => queueDeliveries(ports, instance, occurrence),
    (error) => {
      problem = error.message;
      return setAside(ports, instance, occurrence, 'sent', error);
    },
  );
  await note(ports, instance, occurrence, queued?.sent ?? 0, problem);
  return queued?.ended ?? true;
};

/** Records looked up at a time. */
const recordsAtOnce = { concurrency: 20 };

/** What a look has read before it handles what it found. */
export interface Look {
  /** Everything was read: then also events whose sending has come to a halt go on. */
  readonly sweep: boolean;
  /** The look before did all that it found: then none of the events is recorded yet. */
  readonly followsWhole: boolean;
  /** Events that were being sent when the cursor was read. */
  readonly fanOuts: readonly FanOut[];
  /** Whether no subscription followed the subject when it was read, so that less is known than one would be owed. */
  readonly isUnfollowed: (occurrence: Occurrence) => boolean;
}

/**
 * Handles occurrences, oldest first, until time is up, and one at least. Those that an earlier look has recorded
 * are not handled again, so looks that are cut short get further anyway. An occurrence waits while an
 * earlier one of its subject is still being sent; it holds up no other subject. Deliveries to
 * one subscription are spread, so that a flow that does not respond leaves room for others.
 */
export const handleOccurrences = async (
  withoutDelays: WatchPorts,
  instance: WatchedInstance,
  occurrences: readonly Occurrence[],
  { sweep, followsWhole, fanOuts, isUnfollowed }: Look,
): Promise<'all handled' | 'some left'> => {
  if (occurrences.length === 0) {
    // What was begun before goes on, whether anything new happens or not.
    if (sweep) await askWhereLost(withoutDelays, instance, fanOuts);
    return 'all handled';
  }
  const ports: WatchPorts = { ...withoutDelays, delayOf: createStagger() };
  const isRecorded = (occurrence: Occurrence) => ports.ledger.isRecorded(instance.id, occurrence);
  const recorded = followsWhole ? [] : await pMap(occurrences, isRecorded, recordsAtOnce);
  // Another look may have begun to send what it has recorded after the cursor was read here.
  const open = recorded.includes(true) ? await ports.fanOuts.ofInstance(instance.id) : fanOuts;
  await askWhereLost(ports, instance, open);
  const beingSent = new Set(open.map((fanOut) => sendingKey(fanOut.occurrence)));
  const until = ports.now() + ports.pace.lookMs;
  let handled = 0;
  let left = false;
  for (const occurrence of occurrences.filter((_, index) => !recorded[index])) {
    if (handled > 0 && ports.now() > until) return 'some left';
    const begun = open.find((fanOut) => fanOut.occurrence.eventId === occurrence.eventId);
    if (begun) {
      // An earlier look died after it had begun to send it, perhaps before it had asked for the next part.
      await askForNextPart(ports, instance.id, occurrence.eventId);
      await ports.ledger.record(instance.id, [recordOf(occurrence, begun.sent, begun.withheld)]);
      continue;
    }
    const key = sendingKey(occurrence);
    if (beingSent.has(key)) {
      left = true;
      continue;
    }
    handled += 1;
    if (isUnfollowed(occurrence)) {
      // A flow has been registered since: the next look reads the measure itself.
      if (await isFollowed(ports, instance.id, occurrence.subject, 'measures')) left = true;
      else await note(ports, instance, occurrence, 0);
      continue;
    }
    if (!(await handle(ports, instance, occurrence))) beingSent.add(key);
  }
  return left ? 'some left' : 'all handled';
};
