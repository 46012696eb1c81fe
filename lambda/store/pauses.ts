/**
 * Until when paused subscriptions may be resumed: `PAUSED` / `<deadline>#<subscription>`, so that those whose time is over are one
 * range. An item is written before its subscription is paused; one that leads to no paused subscription means nothing and is
 * removed by the sweep that meets it.
 */
import type { SubscriptionId } from '../runtime/ids.ts';
import { recordKind } from './record.ts';
import type { Key, Table, Version } from './table.ts';

const pauses = recordKind<{ readonly subscriptionId: SubscriptionId }>('pause', 1);
const partition = 'PAUSED';

export interface Pause {
  readonly subscriptionId: SubscriptionId;
  readonly key: Key;
  readonly version: Version;
}

export interface PauseStore {
  /** @param deadline epoch ms */
  add(subscriptionId: SubscriptionId, deadline: number): Promise<void>;
  /** Those whose deadline has passed, the earliest first. */
  over(now: number): AsyncIterable<Pause>;
  remove(pause: Pause): Promise<void>;
}

export const pauseStore = (table: Table): PauseStore => ({
  async add(subscriptionId, deadline) {
    const key = { pk: partition, sk: `${new Date(deadline).toISOString()}#${subscriptionId}` };
    // Undefined: it is there already.
    await table.swap(pauses.write(key, { subscriptionId }), 'absent');
  },
  async *over(now) {
    for await (const item of table.range(partition, '0', new Date(now).toISOString()))
      yield { ...pauses.read(item).body, key: { pk: item.pk, sk: item.sk }, version: item.version };
  },
  async remove({ key, version }) {
    await table.remove(key, version);
  },
});
