/**
 * Subscriptions: `S#<subscription>` / `SUBSCRIPTION`, and the entries by which detection finds them
 * (subscription-entries.ts).
 *
 * A subscription is written before its entries and deleted before them. So an entry without its subscription,
 * or of a generation that the subscription no longer has, is an orphan and never a registration in progress;
 * the process that finds it removes it. A subscription without its entries is a registration that was not
 * confirmed; the platform repeats it.
 */

import type { SealedUrl } from '../callback/sealed-url.ts';
import type { SubscriptionId } from '../runtime/ids.ts';
import type { Baseline } from '../triggers/baseline.ts';
import { forgetRearmState } from './rearm-states.ts';
import { type RecordStore, recordStore, type Stored } from './record-store.ts';
import {
  type EntryQueries,
  entryKey,
  entryKeys,
  entryQueries,
  entryRecords,
  rearmKey,
  type SubscriptionEntry,
  type SubscriptionInputs,
} from './subscription-entries.ts';
import { type Key, type Removal, type Table, untilWritten, type Version } from './table.ts';

export {
  entryKey,
  type FoundEntry,
  type SubscriptionEntry,
  type SubscriptionInputs,
} from './subscription-entries.ts';

/** Who registered. Only this principal may list the subscription; the delete secret alone removes it. */
export interface Principal {
  readonly tenantId: string;
  readonly objectId: string;
  readonly clientAppId: string;
}

/**
 * - active: events are sent
 * - paused: the flow is switched off; events of this time are never sent; a registration resumes the
 *   subscription
 * - ended: no events are sent; the subscription is kept for a while so that its owner can see the reason
 */
export interface SubscriptionStatus {
  readonly state: 'active' | 'paused' | 'ended';
  /** RFC 3339. */
  readonly since: string;
  /** A sentence, for the owner. */
  readonly reason: string;
}

/**
 * What is wrong with a subscription, as its owner is told: once, until a delivery is accepted again.
 * failing: a delivery has waited too long for an answer that accepts it.
 */
export interface Trouble {
  readonly state: 'paused' | 'ended' | 'failing';
  /** RFC 3339. With the state it tells one trouble of a subscription from another. */
  readonly since: string;
  /** A sentence, for the owner. */
  readonly reason: string;
  /** False: it is being told, by a process that may have died. */
  readonly told: boolean;
}

export interface Subscription extends SubscriptionInputs {
  readonly subscriptionId: SubscriptionId;
  readonly principal: Principal;
  /** Changes when the inputs change. Deliveries of an earlier generation are dropped. */
  readonly generation: string;
  readonly baseline: Baseline;
  readonly callback: SealedUrl;
  /** SHA-256 of the delete secret of the newest registration, base64url. */
  readonly secretHash: string;
  /** RFC 3339; of the first registration with these inputs. */
  readonly createdAt: string;
  /** RFC 3339; of the newest registration. */
  readonly registeredAt: string;
  readonly status: SubscriptionStatus;
  /** Another person has registered the same flow; see rivals.ts. */
  readonly contested?: true;
  /** Absent: none, or none that a flow wants to be told of; see troubles.ts. */
  readonly trouble?: Trouble;
  /** For its owner to tell it from others; absent in those that an earlier version registered. */
  readonly names?: SubscriptionNames;
}

/** Each absent where it is not known. */
export interface SubscriptionNames {
  /** Name of the subject that people see. */
  readonly subject?: string;
  /** From the callback URL: not secret, without its signature it opens nothing. */
  readonly workflowId?: string;
  /** As the platform named the flow at the registration. */
  readonly flow?: string;
}

/** What became of a stop. A stop that lost against another write has read what that write was. */
export type StopOutcome =
  | { readonly kind: 'stopped' }
  /** The new registration stands. */
  | { readonly kind: 'registered again' }
  /** By another process. */
  | { readonly kind: 'stopped before'; readonly stored: Stored<Subscription> }
  | { readonly kind: 'gone' };

export interface SubscriptionStore extends EntryQueries {
  find(id: SubscriptionId): Promise<Stored<Subscription> | undefined>;
  /**
   * Writes a registration and its entries, and removes the entries of earlier inputs. A stopped subscription has no
   * entries and is forgotten when it would have been.
   * @param replaced what was found before, undefined for nothing
   * @returns undefined when another call wrote or deleted it in between; nothing was written then
   */
  save(next: Subscription, replaced: Stored<Subscription> | undefined): Promise<Version | undefined>;
  /**
   * Changes the status and removes the entries, so that detection no longer finds the subscription.
   * @param forgetAt epoch seconds
   * @returns nothing was written unless it is "stopped"
   */
  stop(stored: Stored<Subscription>, status: SubscriptionStatus, forgetAt: number): Promise<StopOutcome>;
  /** @returns false when it was registered again or stopped in between; nothing was deleted then */
  remove(stored: Stored<Subscription>): Promise<Removal>;
}

/** The message of the error when too many writes of one flow's subscription overtake each other. */
export const sameFlowAtOnce = 'Several calls are changing this flow at the same time. Save it again.';

export const subscriptionRecords = (table: Table): RecordStore<SubscriptionId, Subscription> =>
  recordStore(table, {
    kind: 'subscription',
    schemaVersion: 1,
    key: (id) => ({ pk: `S#${id}`, sk: 'SUBSCRIPTION' }),
  });

const entryOf = ({
  subscriptionId,
  generation,
  baseline,
  threshold,
  conditions,
}: Subscription): SubscriptionEntry => ({
  subscriptionId,
  generation,
  baseline,
  threshold,
  ...(conditions && { conditions }),
});

const sameKey = (a: Key, b: Key) => a.pk === b.pk && a.sk === b.sk;

export const subscriptionStore = (table: Table): SubscriptionStore => {
  const subscriptions = subscriptionRecords(table);
  const entries = entryRecords(table);

  /**
   * Writes an entry of a registration, or of the registration that has overtaken it. An entry of the
   * overtaken one would replace the valid entry, and detection would no longer find an active subscription.
   * The entry is read before the subscription: a registration that overtakes later writes the entry too, and
   * then this write fails.
   */
  const writeEntry = (
    written: Stored<Subscription>,
    keyOf: (subscription: Subscription) => Key | undefined,
  ): Promise<void> => {
    let newest = written;
    return untilWritten(async () => {
      const { version, body } = newest;
      const key = keyOf(body);
      if (key === undefined) return undefined;
      const expected = await entries.versionOf(key);
      const current = await subscriptions.find(body.subscriptionId);
      if (current?.body.status.state !== 'active') return undefined;
      if (current.version !== version) {
        newest = current;
        return 'overtaken';
      }
      return (await entries.save(key, entryOf(body), expected, { version })) ? undefined : 'overtaken';
    }, sameFlowAtOnce);
  };

  /**
   * Only under the version of this registration: the next registration writes entries of its own and keeps
   * them.
   */
  const removeEntries = async ({ body, version }: Stored<Subscription>): Promise<void> => {
    const { subscriptionId, conditions } = body;
    for (const key of entryKeys(subscriptionId, body)) await entries.remove(key, version);
    if (conditions && conditions.rearmLevel !== null) await forgetRearmState(table, subscriptionId);
  };

  return {
    ...entryQueries(table),

    find: subscriptions.find,

    async save(next, replaced) {
      const { subscriptionId, status } = next;
      const expected = replaced?.version ?? 'absent';
      if (status.state !== 'active')
        return subscriptions.save(
          subscriptionId,
          next,
          expected,
          replaced?.expiresAt === undefined ? {} : { expiresAt: replaced.expiresAt },
        );
      const version = await subscriptions.save(subscriptionId, next, expected);
      if (!version) return undefined;
      // The entry that makes it fire comes last: whatever has fired can be armed again.
      await writeEntry({ body: next, version }, (body) => rearmKey(subscriptionId, body));
      await writeEntry({ body: next, version }, (body) => entryKey(subscriptionId, body));
      if (replaced) {
        const keys = entryKeys(subscriptionId, next);
        for (const old of entryKeys(subscriptionId, replaced.body))
          if (!keys.some((key) => sameKey(old, key))) await entries.remove(old, replaced.version);
      }
      return version;
    },

    async stop(stored, status, forgetAt) {
      const { body, version } = stored;
      const stopped = { ...body, status };
      if (await subscriptions.save(body.subscriptionId, stopped, version, { expiresAt: forgetAt })) {
        await removeEntries(stored);
        return { kind: 'stopped' };
      }
      const current = await subscriptions.find(body.subscriptionId);
      if (!current) return { kind: 'gone' };
      return current.body.status.state === 'active'
        ? { kind: 'registered again' }
        : { kind: 'stopped before', stored: current };
    },

    async remove(stored) {
      const removal = await subscriptions.remove(stored.body.subscriptionId, stored.version);
      if (removal) await removeEntries(stored);
      return removal;
    },
  };
};
