/** Which of two people's subscriptions of one flow is tried first. The decision is pure. */
import type { SubscriptionId } from '../runtime/ids.ts';
import { minuteMs } from '../runtime/time.ts';
import type { Delivery, DeliveryStore } from '../store/deliveries.ts';
import type { ListStore } from '../store/lists.ts';
import { forgetContest, rivalsAtOnce, rivalsOf } from '../store/rivals.ts';
import { ending, type StopPorts, stopSubscription } from '../store/stop-subscription.ts';
import type { Subscription, SubscriptionStore } from '../store/subscriptions.ts';
import { allWritten } from '../store/table.ts';
import type { FreshDelivery } from './attempt.ts';
import { acceptedSince, newestLookedAt } from './failing.ts';

/** The second is tried when the first has not had an event accepted so long after it was seen, ms. */
export const secondTurnAfterMs = 2 * minuteMs;

export interface Contender {
  readonly subscriptionId: string;
  /** RFC 3339; of the first registration. */
  readonly createdAt: string;
  /** Whether a callback to its URL was accepted since it was last saved. */
  readonly proven: boolean;
}

/** One that is proven goes before one that is not, then the older one. */
export const goesFirst = (own: Contender, others: readonly Contender[]): boolean =>
  others.every((other) => {
    if (own.proven !== other.proven) return own.proven;
    if (own.createdAt !== other.createdAt) return own.createdAt < other.createdAt;
    return own.subscriptionId < other.subscriptionId;
  });

export interface TurnPorts extends StopPorts {
  readonly subscriptions: SubscriptionStore;
  readonly deliveries: DeliveryStore;
  readonly lists: ListStore;
}

const contender = async ({ deliveries }: TurnPorts, subscription: Subscription): Promise<Contender> => {
  const { subscriptionId, createdAt, registeredAt } = subscription;
  const newest = await deliveries.newest(subscriptionId, newestLookedAt);
  return { subscriptionId, createdAt, proven: acceptedSince(newest, registeredAt) };
};

/**
 * The record of a delivery that has to wait for the turn of its subscription; undefined when it is its turn.
 * Only the first message of a delivery waits.
 */
export const waitsForTurn = async (
  ports: TurnPorts,
  subscription: Subscription,
  fresh: FreshDelivery,
): Promise<Delivery | undefined> => {
  if (!subscription.contested) return undefined;
  const rivals = await rivalsOf(ports, subscription);
  if (rivals.length === 0) return undefined;
  const others = await Promise.all(rivals.map(({ body }) => contender(ports, body)));
  if (goesFirst(await contender(ports, subscription), others)) return undefined;
  const at = ports.now();
  return {
    ...fresh,
    state: 'pending',
    firstAttemptAt: at,
    begun: 0,
    attempts: [],
    leaseUntil: 0,
    nextAttemptAt: at + secondTurnAfterMs,
  };
};

const lostReason =
  'Another person has registered the same flow, and the address of that registration accepted an event. Save the flow to begin again.';

/**
 * An accepted callback shows whose registration is real: it ends those of other people for the same flow. A crash
 * before leaves that to the next accepted callback.
 */
export const endRivals = async (ports: TurnPorts, subscriptionId: SubscriptionId): Promise<void> => {
  const stored = await ports.subscriptions.find(subscriptionId);
  if (!stored?.body.contested || stored.body.status.state !== 'active') return;
  const rivals = await rivalsOf(ports, stored.body);
  await allWritten(rivals.map((rival) => stopSubscription(ports, rival, ending, lostReason)));
  // There may be more.
  if (rivals.length < rivalsAtOnce) await forgetContest(ports, stored);
};
