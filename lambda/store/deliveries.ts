/**
 * The state and the attempts of each delivery: `D#<subscription>` / `<time of the event>#<delivery>`. So the
 * history of a subscription is one range, in the order of its events.
 */

import type { DeliveryId, EventId, SubscriptionId } from '../runtime/ids.ts';
import { daySeconds, hourMs } from '../runtime/time.ts';
import { recordStore, type Stored } from './record-store.ts';
import type { Expected, Table, Version } from './table.ts';

export interface Attempt {
  /** RFC 3339. */
  readonly at: string;
  /** Status of the answer, or null when there was none. */
  readonly status: number | null;
  readonly meaning: string;
}

/** Why there is a delivery: an event, a sample for the flow's author, or a replay by an operator. */
export type DeliveryOrigin = 'event' | 'sample' | 'replay';

export interface Delivery {
  readonly deliveryId: DeliveryId;
  readonly eventId: EventId;
  readonly subscriptionId: SubscriptionId;
  /** RFC 3339; of the event. */
  readonly occurredAt: string;
  /** dropped: the subscription was paused, ended, deleted or changed. */
  readonly state: 'pending' | 'delivered' | 'dead' | 'dropped';
  /** Of its message; redriving a dead letter begins the next round. */
  readonly round: number;
  /** Epoch ms; of this round. */
  readonly firstAttemptAt: number;
  /** How many attempts were begun in this round. */
  readonly begun: number;
  /** The last attempts that ended, newest last. */
  readonly attempts: readonly Attempt[];
  /** How many ended attempts came before those; absent: none. */
  readonly earlier?: number;
  /** Epoch ms until which no other attempt may begin; 0 when none is in progress. */
  readonly leaseUntil: number;
  /** Epoch ms before which no attempt is made. */
  readonly nextAttemptAt: number;
  /** Absent: an event. */
  readonly origin?: DeliveryOrigin;
  /** It is known that it may be failing (agenda.ts), or is; in this round. */
  readonly overdue?: true;
  /** A clause: why it was dropped without an attempt. */
  readonly note?: string;
}

/** A trigger is failing when one of its deliveries has waited this long since its first attempt, ms. */
export const failingAfterMs = hourMs;

/** How many attempts have ended, those that are no longer kept included. */
export const attemptCount = ({ attempts, earlier = 0 }: Pick<Delivery, 'attempts' | 'earlier'>): number =>
  earlier + attempts.length;

/** How long a delivery's history is kept, seconds. */
export const deliveryRetentionSeconds = 30 * daySeconds;

type DeliveryPlace = Pick<Delivery, 'subscriptionId' | 'deliveryId' | 'occurredAt'>;

export interface DeliveryStore {
  find(place: DeliveryPlace): Promise<Stored<Delivery> | undefined>;
  /**
   * @returns the version that the next save must expect; undefined when another process wrote in between:
   * nothing was written then
   */
  save(next: Delivery, expected: Expected): Promise<Version | undefined>;
  /**
   * Of one subscription, oldest event first.
   * @param since RFC 3339; time of the events from which on
   */
  history(subscriptionId: SubscriptionId, since?: string): AsyncIterable<Delivery>;
  /** The newest ones of one subscription, by the time of their events, newest first. */
  newest(subscriptionId: SubscriptionId, most: number): Promise<readonly Delivery[]>;
}

export const deliveryStore = (table: Table): DeliveryStore => {
  const partition = (id: SubscriptionId) => `D#${id}`;
  const deliveries = recordStore<DeliveryPlace, Delivery>(table, {
    kind: 'delivery',
    schemaVersion: 1,
    key: ({ subscriptionId, deliveryId, occurredAt }) => ({
      pk: partition(subscriptionId),
      sk: `${occurredAt}#${deliveryId}`,
    }),
    expiresAt: ({ firstAttemptAt }) => Math.floor(firstAttemptAt / 1000) + deliveryRetentionSeconds,
  });
  return {
    find: deliveries.find,
    save: (next, expected) => deliveries.save(next, next, expected),
    async *history(subscriptionId, since = '0') {
      for await (const { body } of deliveries.range(partition(subscriptionId), since, '~')) yield body;
    },
    newest: async (subscriptionId, most) =>
      (await deliveries.last(partition(subscriptionId), '0', '~', most)).map(({ body }) => body),
  };
};
