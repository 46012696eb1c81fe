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
import { untilWritten } from './contention.ts';
import { type Found, recordStore } from './record-store.ts';
import { type Principal, type Subscription, sameFlowAtOnce } from './subscriptions.ts';
import type { Table, Version } from './table.ts';

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

interface Taken {
  /** Epoch ms. */
  readonly at: number;
}

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

type PlaceName = Pick<Place, 'list' | 'subscriptionId'>;

const placeOf = ({ key, version, body, expiresAt }: Found<Taken>): Place => ({
  list: key.pk as List,
  subscriptionId: key.sk as SubscriptionId,
  version,
  takenAt: body.at,
  ended: expiresAt !== undefined,
});

export const listStore = (table: Table): ListStore => {
  const places = recordStore<PlaceName, Taken>(table, {
    kind: 'place in a list',
    schemaVersion: 1,
    key: ({ list, subscriptionId }) => ({ pk: list, sk: subscriptionId }),
  });
  return {
    take: (list, subscriptionId, takenAt) =>
      untilWritten(async () => {
        const name = { list, subscriptionId };
        const version = await places.save(name, { at: takenAt }, await places.versionOf(name));
        return version ? { ...name, version, takenAt, ended: false } : 'overtaken';
      }, sameFlowAtOnce),
    async find(list, subscriptionId) {
      const found = await places.find({ list, subscriptionId });
      return found && placeOf(found);
    },
    async *of(list) {
      for await (const found of places.range(list, '-', '~')) yield placeOf(found);
    },
    async leave(place) {
      await places.remove(place, place.version);
    },
    async end(place, expiresAt) {
      await places.save(place, { at: place.takenAt }, place.version, { expiresAt });
    },
  };
};
