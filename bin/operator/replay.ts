/** Sends past events of the decision ledger to one subscription again. */

import { type DeliveryId, hashedId } from '../../lambda/runtime/ids.ts';
import type { Send } from '../../lambda/runtime/queue.ts';
import { type DeliveryMessage, deliveryMessage, queued } from '../../lambda/store/delivery-message.ts';
import type { LedgerStore } from '../../lambda/store/ledger.ts';
import type { Subscription } from '../../lambda/store/subscriptions.ts';
import { firings } from '../../lambda/triggers/firings.ts';
import { keptBySubject, type Occurrence } from '../../lambda/triggers/occurrence.ts';
import { triggers } from '../../lambda/triggers/registry.ts';
import { thresholdOf } from '../../lambda/triggers/threshold.ts';
import { concerns, mismatchOf } from '../../lambda/triggers/trigger-set.ts';

/** Records read at most. */
const mostRecords = 10_000;

/** Prefix of the id of a replayed delivery. */
const replayPrefix = 'replay-';

const messageOf = (subscription: Subscription, event: Occurrence, name: string): DeliveryMessage =>
  deliveryMessage(event, subscription, {
    deliveryId:
      `${replayPrefix}${hashedId('replay', name, event.eventId, subscription.subscriptionId)}` as DeliveryId,
    origin: 'replay',
  });

/**
 * The events that a subscription with its present inputs would have received: pure. It includes events from
 * before the registration and from pauses, because a replay exists for these events.
 * @param occurrences oldest first
 */
export const eventsFor = (
  subscription: Subscription,
  occurrences: readonly Occurrence[],
): readonly Occurrence[] => {
  const concerning = occurrences.filter((occurrence) => concerns(subscription, occurrence));
  const threshold = thresholdOf(subscription);
  if (threshold === null)
    return concerning.filter((occurrence) => mismatchOf(triggers, subscription, occurrence) === undefined);
  const steps = concerning.flatMap((occurrence) =>
    occurrence.kind === 'value'
      ? [{ at: occurrence.finalAt, previous: occurrence.previous, current: occurrence.current, occurrence }]
      : [],
  );
  return firings(threshold, steps, { generation: subscription.generation }).fired.map(
    ({ occurrence }) => occurrence,
  );
};

export interface ReplayPorts {
  readonly ledger: LedgerStore;
  readonly sendRetry: Send;
}

/**
 * @param name of the replay: the same name gives the same delivery ids, so an interrupted replay can be
 *   repeated under its name
 * @param since epoch ms
 * @returns the events sent, oldest first
 */
export const replay = async (
  ports: ReplayPorts,
  subscription: Subscription,
  { name, since, dryRun }: { readonly name: string; readonly since: number; readonly dryRun: boolean },
): Promise<readonly Occurrence[]> => {
  const { instanceId, trigger, subject } = subscription;
  const records = await ports.ledger.ofSubject(
    instanceId,
    trigger,
    keptBySubject[triggers.of(trigger).kind] ? subject : null,
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
