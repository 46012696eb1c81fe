import { dayMs } from '../runtime/time.ts';
import { type PauseStore, pauseStore, type TroubleStore, troubleStore } from './agenda.ts';
import { type AuditAction, type AuditStore, auditStore, recordAction } from './audit-records.ts';
import {
  allListsOf,
  type ListStore,
  listStore,
  listsOf,
  type Membership,
  type SubscriptionList,
} from './lists.ts';
import { type Subscription, type SubscriptionStore, subscriptionStore } from './subscriptions.ts';
import { allWritten, type Table } from './table.ts';

/** A subscription may be paused this long before it is ended, ms. */
export const longestPauseMs = 30 * dayMs;

const isThere = (membership: Membership | undefined): membership is Membership => membership !== undefined;

interface Sources {
  readonly now: () => number;
  /** Who changes subscriptions here; see audit-records.ts. */
  readonly by: string | (() => Promise<string>);
  /** What a save is in the audit; a registration by default. */
  readonly as?: AuditAction;
  /**
   * Gives back a place that a subscription held, where places are counted. Other functions leave the count
   * too high; lambda/subscriptions/limits.ts corrects it.
   */
  readonly releasePlace?: (list: SubscriptionList) => Promise<void>;
}

/** Whether a subscription is only marked: no registration, and none of its lists changes. */
const isMark = (next: Subscription, replaced: Subscription): boolean =>
  next.status.state === replaced.status.state &&
  next.status.since === replaced.status.since &&
  next.registeredAt === replaced.registeredAt &&
  next.secretHash === replaced.secretHash &&
  [next, replaced].some(({ contested, trouble }) => contested || trouble !== undefined);

/** Keeps lists and deadlines in step with the subscriptions of a store. */
export const withLists = (
  store: SubscriptionStore,
  {
    lists,
    pauses,
    troubles,
    audit,
  }: {
    readonly lists: ListStore;
    readonly pauses: PauseStore;
    readonly troubles: TroubleStore;
    readonly audit: AuditStore;
  },
  { now, by, as = 'registered', releasePlace }: Sources,
): SubscriptionStore => {
  const membershipsOf = async (subscription: Subscription, except: readonly string[] = []) => {
    const left = allListsOf(subscription).filter((list) => !except.includes(list));
    const found = await Promise.all(left.map((list) => lists.find(list, subscription.subscriptionId)));
    return found.filter(isThere);
  };
  const record = async (action: AuditAction, subscription: Subscription, detail: string, change: string) => {
    const who = typeof by === 'string' ? by : await by();
    await recordAction({ audit, now }, who, action, subscription, detail, change);
  };
  return {
    ...store,

    async save(next, replaced) {
      if (replaced && isMark(next, replaced.body)) return store.save(next, replaced);
      const joined = allListsOf(next);
      await allWritten(joined.map((list) => lists.add(list, next.subscriptionId, now(), next)));
      const left = replaced ? await membershipsOf(replaced.body, joined) : [];
      await record(as, next, `${next.trigger} of instance ${next.instanceId}`, next.secretHash);
      const version = await store.save(next, replaced);
      if (version && replaced?.body.status.state !== 'ended' && releasePlace)
        await allWritten(left.map(({ list }) => releasePlace(list)));
      if (version) await allWritten(left.map(lists.remove));
      return version;
    },

    async stop(stored, status, forgetAt) {
      const { subscriptionId } = stored.body;
      if (status.state !== 'active') await record(status.state, stored.body, status.reason, stored.version);
      // Who was told of its trouble hears nothing of it until a delivery is accepted.
      if (!stored.body.trouble?.told) await troubles.add({ subscriptionId, stopping: stored.version }, now());
      if (status.state === 'paused') {
        await pauses.add(subscriptionId, Date.parse(status.since) + longestPauseMs);
        return store.stop(stored, status, forgetAt);
      }
      const memberships = await membershipsOf(stored.body);
      const outcome = await store.stop(stored, status, forgetAt);
      if (outcome.kind === 'stopped')
        await allWritten(memberships.map((membership) => lists.expire(membership, forgetAt)));
      return outcome;
    },

    async remove(stored) {
      await record('deleted', stored.body, 'at the address that removes it', stored.version);
      const memberships = await membershipsOf(stored.body);
      const removal = await store.remove(stored);
      // Before the memberships: a count from the records in between finds too many rather than too few.
      if (removal === 'removed' && releasePlace && stored.body.status.state !== 'ended')
        await allWritten(listsOf(stored.body).map(releasePlace));
      if (removal) await allWritten(memberships.map(lists.remove));
      return removal;
    },
  };
};

/**
 * Subscriptions with the lists they belong to (lists.ts) and what is due for the stopped ones (agenda.ts):
 * the store that every function uses.
 */
export const listedSubscriptionStore = (table: Table, sources: Sources): SubscriptionStore =>
  withLists(
    subscriptionStore(table),
    {
      lists: listStore(table),
      pauses: pauseStore(table),
      troubles: troubleStore(table),
      audit: auditStore(table),
    },
    sources,
  );
