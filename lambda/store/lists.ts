/**
 * Which subscriptions a principal has, and an instance: `P#<tenant>#<principal>` or `N#<instance>` / `<subscription>`.
 *
 * A place is taken before the subscription is written and given up after it is gone, so a subscription without its place does
 * not exist. A place without a subscription of that list is a registration under way, or one that crashed: it counts until it is
 * an hour old, and whoever meets it then removes it. Places are removed under the version that was read before the
 * subscription was changed: a registration that came in between has written its own, and keeps it.
 */

import type { SubscriptionId } from '../runtime/ids.ts';
import { hourMs } from '../runtime/time.ts';
import { recordKind } from './record.ts';
import type { Principal, Subscription } from './subscriptions.ts';
import { type Item, StoreUnavailable, type Table, type Version } from './table.ts';

declare const listBrand: unique symbol;
/** Partition of a list. */
export type List = string & { readonly [listBrand]: true };

export const principalList = ({ tenantId, objectId }: Omit<Principal, 'clientAppId'>): List =>
  `P#${tenantId}#${objectId}` as List;

export const instanceList = (instanceId: string): List => `N#${instanceId}` as List;

/** The lists that a subscription belongs to. */
export const listsOf = ({
  principal,
  instanceId,
}: Pick<Subscription, 'principal' | 'instanceId'>): readonly [ofPrincipal: List, ofInstance: List] => [
  principalList(principal),
  instanceList(instanceId),
];

export interface Place {
  readonly list: List;
  readonly subscriptionId: SubscriptionId;
  readonly version: Version;
  /** Epoch ms of the last registration. */
  readonly takenAt: number;
  /** The subscription has ended: it stays visible for a while and does not count. */
  readonly ended: boolean;
}

/** A place whose registration never came to its end is removed when it is this old, ms; no call takes so long. */
export const abandonedAfterMs = hourMs;

const places = recordKind<{ readonly at: number }>('place in a list', 1);

const tries = 5;

export interface ListStore {
  /** Takes the place, or renews it; it stays until it is given up. */
  take(list: List, id: SubscriptionId, now: number): Promise<Place>;
  find(list: List, id: SubscriptionId): Promise<Place | undefined>;
  /** In the order of their ids. */
  of(list: List): AsyncIterable<Place>;
  /** Gives the place up, unless it was renewed since. */
  leave(place: Place): Promise<void>;
  /**
   * Lets the place vanish with its ended subscription, unless it was renewed since.
   * @param forgetAt epoch seconds
   */
  end(place: Place, forgetAt: number): Promise<void>;
}

export const listStore = (table: Table): ListStore => {
  const placeOf = (item: Item): Place => ({
    list: item.pk as List,
    subscriptionId: item.sk as SubscriptionId,
    version: item.version,
    takenAt: places.read(item).body.at,
    ended: item.expiresAt !== undefined,
  });
  const keyOf = (list: List, id: SubscriptionId) => ({ pk: list, sk: id });
  return {
    async take(list, subscriptionId, takenAt) {
      const place = places.write(keyOf(list, subscriptionId), { at: takenAt });
      for (let attempt = 0; attempt < tries; attempt += 1) {
        const stored = await table.get(place);
        const version = await table.swap(place, stored?.version ?? 'absent');
        if (version) return { list, subscriptionId, version, takenAt, ended: false };
      }
      throw new StoreUnavailable('This flow is being registered by several calls at once. Save it again.');
    },
    async find(list, id) {
      const item = await table.get(keyOf(list, id));
      return item && placeOf(item);
    },
    async *of(list) {
      for await (const item of table.range(list, '-', '~')) yield placeOf(item);
    },
    async leave({ list, subscriptionId, version }) {
      await table.remove(keyOf(list, subscriptionId), version);
    },
    async end({ list, subscriptionId, version, takenAt }, forgetAt) {
      const ended = places.write(keyOf(list, subscriptionId), { at: takenAt }, forgetAt);
      await table.swap(ended, version);
    },
  };
};
