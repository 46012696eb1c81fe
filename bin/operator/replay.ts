/** Past events again, to one subscription, from the decision ledger. */

import { concerns, matchOf } from '../../lambda/ledger/decision.ts';
import { compareDecimals } from '../../lambda/runtime/decimal.ts';
import { type DeliveryId, hashedId } from '../../lambda/runtime/ids.ts';
import type { Send } from '../../lambda/runtime/queue.ts';
import { type DeliveryMessage, deliveryMessage, queued } from '../../lambda/store/delivery-message.ts';
import type { LedgerStore } from '../../lambda/store/ledger.ts';
import type { Subscription } from '../../lambda/store/subscriptions.ts';
import { type Conditions, defaultConditions } from '../../lambda/triggers/conditions.ts';
import type { Occurrence } from '../../lambda/triggers/occurrence.ts';

/** Records read at most. */
const mostRecords = 10_000;

/** What a replayed delivery's id begins with. */
const replayPrefix = 'replay-';

const messageOf = (subscription: Subscription, event: Occurrence, name: string): DeliveryMessage =>
  deliveryMessage(event, subscription, {
    deliveryId:
      `${replayPrefix}${hashedId('replay', name, event.eventId, subscription.subscriptionId)}` as DeliveryId,
    origin: 'replay',
  });

/** Whether a value has reached the level at which a subscription may fire again. */
const rearms = ({ direction, rearmLevel }: Conditions, occurrence: Occurrence): boolean => {
  if (rearmLevel === null || occurrence.kind !== 'value') return false;
  const compared = compareDecimals(occurrence.current, rearmLevel);
  return direction === 'above' ? compared <= 0 : compared >= 0;
};

/**
 * The events that a subscription, as its inputs are now, would have been sent: pure. Also those that happened before it was
 * registered or while it was paused; that is what a replay is for.
 * @param occurrences oldest first
 */
export const eventsFor = (
  subscription: Subscription,
  occurrences: readonly Occurrence[],
): readonly Occurrence[] => {
  const { conditions = defaultConditions } = subscription;
  let armed = true;
  return occurrences.filter((occurrence) => {
    if (!concerns(subscription, occurrence)) return false;
    const fires = armed && matchOf(subscription, occurrence).for === 'it';
    if (conditions.rearmLevel !== null) armed = fires ? false : armed || rearms(conditions, occurrence);
    return fires;
  });
};

export interface ReplayPorts {
  readonly ledger: LedgerStore;
  readonly sendRetry: Send;
}

/**
 * @param name of the replay: the same name gives the same delivery ids, so a replay that died can be repeated under its name
 * @param since epoch ms
 * @returns the events sent, oldest first
 */
export const replay = async (
  ports: ReplayPorts,
  subscription: Subscription,
  { name, since, dryRun }: { readonly name: string; readonly since: number; readonly dryRun: boolean },
): Promise<readonly Occurrence[]> => {
  const { instanceId, trigger, subject, threshold } = subscription;
  const records = await ports.ledger.ofSubject(
    instanceId,
    trigger,
    threshold === null ? null : subject,
    since,
    mostRecords,
  );
  const occurrences = records
    .flatMap((record) => (record.kind === 'occurrence' ? [record.occurrence] : []))
    .reverse();
  const events = eventsFor(subscription, occurrences);
  if (!dryRun) await ports.sendRetry(events.map((event) => queued(messageOf(subscription, event, name))));
  return events;
};
