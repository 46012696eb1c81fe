/**
 * When paused subscriptions are ended: `PAUSED` / `<deadline>#<subscription>`, so that the overdue ones are
 * one range. An item is written before its subscription is paused. An item without a paused subscription has
 * no effect, and the next sweep removes it.
 */
import type { SubscriptionId } from '../runtime/ids.ts';
import { type Found, recordStore } from './record-store.ts';
import type { Key, Table } from './table.ts';

const partition = 'PAUSED';

interface Pause {
  readonly subscriptionId: SubscriptionId;
}

export interface PauseStore {
  /** @param deadline epoch ms */
  add(subscriptionId: SubscriptionId, deadline: number): Promise<void>;
  /** Those whose deadline has passed, the earliest first. */
  over(now: number): AsyncIterable<Found<Pause>>;
  /** Those that are paused, and perhaps some that are no longer paused. */
  all(): Promise<ReadonlySet<SubscriptionId>>;
  remove(pause: Found<Pause>): Promise<void>;
}

export const pauseStore = (table: Table): PauseStore => {
  const pauses = recordStore<Key, Pause>(table, { kind: 'pause', schemaVersion: 1, key: (key) => key });
  return {
    async add(subscriptionId, deadline) {
      const key = { pk: partition, sk: `${new Date(deadline).toISOString()}#${subscriptionId}` };
      // Undefined: it is there already.
      await pauses.save(key, { subscriptionId }, 'absent');
    },
    over: (now) => pauses.range(partition, '0', new Date(now).toISOString()),
    async all() {
      const found = new Set<SubscriptionId>();
      for await (const { body } of pauses.range(partition, '0', '~')) found.add(body.subscriptionId);
      return found;
    },
    async remove({ key, version }) {
      await pauses.remove(key, version);
    },
  };
};
