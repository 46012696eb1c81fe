import { dayMs } from '../runtime/time.ts';
import { type ListStore, listStore, listsOf, type Place } from './lists.ts';
import { type PauseStore, pauseStore } from './pauses.ts';
import { type SubscriptionStore, subscriptionStore } from './subscriptions.ts';
import type { Table } from './table.ts';

/** A flow may be switched off this long before its subscription is ended, ms. */
export const longestPauseMs = 30 * dayMs;

const isPlace = (place: Place | undefined): place is Place => place !== undefined;

interface Sources {
  readonly now: () => number;
}

/** Keeps lists and deadlines in step with the subscriptions of a store. */
export const withLists = (
  store: SubscriptionStore,
  { lists, pauses }: { readonly lists: ListStore; readonly pauses: PauseStore },
  { now }: Sources,
): SubscriptionStore => ({
  ...store,

  async save(next, replaced) {
    const { subscriptionId } = next;
    const entered = listsOf(next);
    await Promise.all(entered.map((list) => lists.take(list, subscriptionId, now())));
    const left = replaced ? listsOf(replaced.body).filter((list) => !entered.includes(list)) : [];
    const places = await Promise.all(left.map((list) => lists.find(list, subscriptionId)));
    const version = await store.save(next, replaced);
    if (version) await Promise.all(places.filter(isPlace).map(lists.leave));
    return version;
  },

  async stop(stored, status, forgetAt) {
    const { subscriptionId } = stored.body;
    if (status.state === 'paused') {
      await pauses.add(subscriptionId, Date.parse(status.since) + longestPauseMs);
      return store.stop(stored, status, forgetAt);
    }
    const places = await Promise.all(listsOf(stored.body).map((list) => lists.find(list, subscriptionId)));
    if (!(await store.stop(stored, status, forgetAt))) return false;
    await Promise.all(places.filter(isPlace).map((place) => lists.end(place, forgetAt)));
    return true;
  },

  async remove(stored) {
    const { subscriptionId } = stored.body;
    const places = await Promise.all(listsOf(stored.body).map((list) => lists.find(list, subscriptionId)));
    if (!(await store.remove(stored))) return false;
    await Promise.all(places.filter(isPlace).map(lists.leave));
    return true;
  },
});

/**
 * Subscriptions together with the lists they stand in (see lists.ts) and the deadlines of the paused (see pauses.ts): what every
 * function uses.
 */
export const listedSubscriptionStore = (table: Table, sources: Sources): SubscriptionStore =>
  withLists(subscriptionStore(table), { lists: listStore(table), pauses: pauseStore(table) }, sources);
