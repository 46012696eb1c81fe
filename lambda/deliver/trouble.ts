/** What a delivery says of the trouble of its subscription. */
import type { SubscriptionId } from '../runtime/ids.ts';
import type { TroubleStore } from '../store/agenda.ts';
import { type Delivery, failingAfterMs } from '../store/deliveries.ts';
import type { Subscription, SubscriptionStore } from '../store/subscriptions.ts';
import { forgetTrouble } from '../store/troubles.ts';

interface TroublePorts {
  readonly subscriptions: Pick<SubscriptionStore, 'find' | 'save'>;
  readonly troubles: TroubleStore;
  readonly now: () => number;
}

/**
 * Has it looked at when it has waited too long, should it not have ended by then. Before its record says so, so that a
 * crash in between repeats both.
 * @returns the record
 */
export const noteOverdue = async ({ troubles }: TroublePorts, delivery: Delivery): Promise<Delivery> => {
  const { subscriptionId, deliveryId, occurredAt, firstAttemptAt, nextAttemptAt, overdue } = delivery;
  const due = firstAttemptAt + failingAfterMs;
  if (overdue || nextAttemptAt < due) return delivery;
  await troubles.add({ subscriptionId, delivery: { deliveryId, occurredAt } }, due);
  return { ...delivery, overdue: true };
};

/** A delivery was accepted: the trouble of its subscription is over, and the flows that ask for that are told. */
export const endTrouble = async (
  ports: TroublePorts,
  { subscriptionId, trouble }: Subscription,
): Promise<void> => {
  if (!trouble) return;
  const { state, since, told } = trouble;
  const at = ports.now();
  await ports.troubles.add({ subscriptionId, over: { state, since, told }, at }, at);
  await forgetTrouble(ports, subscriptionId, trouble);
};

/**
 * The same for what was noted while the attempt was made. After its record was written: who notes a trouble looks at
 * the record after that, so one of the two sees the other.
 */
export const endTroubleSince = async (ports: TroublePorts, id: SubscriptionId): Promise<void> => {
  const stored = await ports.subscriptions.find(id);
  if (stored) await endTrouble(ports, stored.body);
};
