import { dayMs } from '../runtime/time.ts';
import { type ListStore, listStore, listsOf, type Membership } from './lists.ts';
import { type PauseStore, pauseStore } from './pauses.ts';
import { type Subscription, type SubscriptionStore, subscriptionStore } from './subscriptions.ts';
import type { Table } from './table.ts';

/** A subscription may be paused this long before it is ended, ms. */
export const longestPauseMs = 30 * dayMs;

const isThere = (membership: Membership | undefined): membership is Membership => membership !== undefined;

interface Sources {
  readonly now: () => number;
}

/** Keeps lists and deadlines in step with the subscriptions of a store. */
export const withLists = (
  store: SubscriptionStore,
  { lists, pauses }: { readonly lists: ListStore; readonly pauses: PauseStore },
  { now }: Sources,
): SubscriptionStore => {
  const membershipsOf = async (subscription: Subscription, except: readonly string[] = []) => {
    const left = listsOf(subscription).filter((list) => !except.includes(list));
    const found = await Promise.all(left.map((list) => lists.find(list, subscription.subscriptionId)));
    return found.filter(isThere);
  };
  return {
    ...store,

    async save(next, replaced) {
      const joined = listsOf(next);
      await Promise.all(joined.map((list) => lists.add(list, next.subscriptionId, now())));
      const left = replaced ? await membershipsOf(replaced.body, joined) : [];
      const version = await store.save(next, replaced);
      if (version) await Promise.all(left.map(lists.remove));
      return version;
    },

    async stop(stored, status, forgetAt) {
      if (status.state === 'paused') {
        await pauses.add(stored.body.subscriptionId, Date.parse(status.since) + longestPauseMs);
        return store.stop(stored, status, forgetAt);
      }
      const memberships = await membershipsOf(stored.body);
      const outcome = await store.stop(stored, status, forgetAt);
      if (outcome.kind === 'stopped')
        await Promise.all(memberships.map((membership) => lists.expire(membership, forgetAt)));
      return outcome;
    },

    async remove(stored) {
      const memberships = await membershipsOf(stored.body);
      if (!(await store.remove(stored))) return false;
      await Promise.all(memberships.map(lists.remove));
      return true;
    },
  };
};

/**
 * Subscriptions with the lists they belong to (lists.ts) and the deadlines of the paused ones (pauses.ts):
 * the store that every function uses.
 */
export const listedSubscriptionStore = (table: Table, sources: Sources): SubscriptionStore =>
  withLists(subscriptionStore(table), { lists: listStore(table), pauses: pauseStore(table) }, sources);
