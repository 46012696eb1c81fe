/**
 * Where subscriptions lie. Two items each: the subscription itself, and an entry under its subject, by which detection
 * finds it.
 *
 * - `S#<subscription>` / `SUBSCRIPTION`: everything that is known of it
 * - `I#<instance>#<trigger>#<subject>` / `T#<ordered threshold>#<subscription>` or `E#<subscription>`: the entry
 *
 * The subscription is written before its entry and deleted before it. So an entry without its subscription, or of a generation
 * that the subscription no longer has, is an orphan, never a registration in progress: whoever meets it removes it. A
 * subscription without its entry is a registration that was not confirmed and that the platform repeats.
 */

import type { TriggerId } from '../../connector/contract/index.ts';
import type { SealedUrl } from '../callback/sealed-url.ts';
import type { Baseline } from '../triggers/baseline.ts';
import { compareDecimals, type Decimal, orderedKey } from '../triggers/decimal.ts';
import type { SubscriptionId } from '../triggers/ids.ts';
import { recordKind, type Stored } from './record.ts';
import { type Key, StoreUnavailable, type Table } from './table.ts';

/** Who registered: only they may list it; the delete secret alone removes it. */
export interface Principal {
  readonly tenantId: string;
  readonly objectId: string;
  readonly clientAppId: string;
}

/** What a flow's author chose. */
export interface SubscriptionInputs {
  readonly trigger: TriggerId;
  readonly instanceId: string;
  /** Segment name, data source id …; null for any. */
  readonly subject: string | null;
  /** For threshold triggers. */
  readonly threshold: Decimal | null;
}

/**
 * - active: events are sent
 * - paused: the flow is switched off; events of this time are not sent, not even later; a registration resumes it
 * - ended: nothing is sent any more; kept for a while so that its owner can see why
 */
export interface SubscriptionStatus {
  readonly state: 'active' | 'paused' | 'ended';
  /** RFC 3339. */
  readonly since: string;
  /** A sentence, for the owner. */
  readonly reason: string;
}

export interface Subscription extends SubscriptionInputs {
  readonly subscriptionId: SubscriptionId;
  readonly principal: Principal;
  /** Changes when the inputs change: deliveries of an earlier generation are not sent any more. */
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
}

/** What detection needs to know of a subscription. */
export interface SubscriptionEntry {
  readonly subscriptionId: SubscriptionId;
  readonly generation: string;
  readonly baseline: Baseline;
  readonly threshold: Decimal | null;
}

/** An entry with the place and version under which it may be removed when it turns out to be an orphan. */
export interface FoundEntry extends SubscriptionEntry {
  readonly key: Key;
  readonly version: string;
}

const subscriptions = recordKind<Subscription>('subscription', 1);
const entries = recordKind<SubscriptionEntry>('subscription entry', 1);

const subscriptionKey = (id: SubscriptionId): Key => ({ pk: `S#${id}`, sk: 'SUBSCRIPTION' });

const partition = (instanceId: string, trigger: TriggerId, subject: string | null) =>
  subject === null ? `I#${instanceId}#${trigger}#*` : `I#${instanceId}#${trigger}#=${subject}`;

/** The place of a subscription's entry; the same as long as its inputs are. */
export const entryKey = (id: SubscriptionId, inputs: SubscriptionInputs): Key => ({
  pk: partition(inputs.instanceId, inputs.trigger, inputs.subject),
  sk: inputs.threshold === null ? `E#${id}` : `T#${orderedKey(inputs.threshold)}#${id}`,
});

const sameKey = (a: Key, b: Key) => a.pk === b.pk && a.sk === b.sk;

async function* found(table: Table, pk: string, from: string, to: string): AsyncIterable<FoundEntry> {
  for await (const item of table.range(pk, from, to))
    yield { ...entries.read(item).body, key: { pk: item.pk, sk: item.sk }, version: item.version };
}

export interface SubscriptionStore {
  find(id: SubscriptionId): Promise<Stored<Subscription> | undefined>;
  /**
   * Writes a registration and its entry, and removes the entry of earlier inputs.
   * @param replaced what was found before, undefined for nothing
   * @returns false when somebody else registered or deleted in between; nothing was written then
   */
  save(next: Subscription, version: string, replaced: Stored<Subscription> | undefined): Promise<boolean>;
  /**
   * Stops a subscription without forgetting it: detection finds it no more.
   * @param forgetAt epoch seconds
   * @returns false when it was registered again or deleted in between; nothing was written then
   */
  stop(
    stored: Stored<Subscription>,
    status: SubscriptionStatus,
    version: string,
    forgetAt: number,
  ): Promise<boolean>;
  /** @returns false when it was registered again in between; nothing was deleted then */
  remove(stored: Stored<Subscription>): Promise<boolean>;
  /** Entries of subscriptions to this subject, and to any subject. */
  ofSubject(instanceId: string, trigger: TriggerId, subject: string): AsyncIterable<FoundEntry>;
  /** Entries with `previous <= threshold < current`. Cost follows what was crossed, not what is subscribed. */
  crossed(
    instanceId: string,
    trigger: TriggerId,
    subject: string,
    previous: Decimal,
    current: Decimal,
  ): AsyncIterable<FoundEntry>;
  /** Removes an entry that leads to no active subscription of its generation; not if it was written again meanwhile. */
  removeOrphan(entry: { readonly key: Key; readonly version: string }): Promise<void>;
}

/** Other registrations and deletions get in between this often: something is wrong. */
const tries = 10;

const entryOf = ({ body, version }: Stored<Subscription>) => {
  const { subscriptionId, generation, baseline, threshold } = body;
  return entries.write(
    entryKey(subscriptionId, body),
    { subscriptionId, generation, baseline, threshold },
    version,
  );
};

/**
 * Writes the entry of a registration, or of the one that has overtaken it. Never a late one: it would put an earlier generation in
 * the place of the valid one, and detection would find no active subscription any more. The entry is read before the
 * subscription, so that whoever overtakes after that writes the entry in between too, and this write fails.
 */
const writeEntry = async (table: Table, written: Stored<Subscription>): Promise<void> => {
  let newest = written;
  for (let attempt = 0; attempt < tries; attempt += 1) {
    const entry = entryOf(newest);
    const before = await table.get(entry);
    const current = await subscriptions.get(table, subscriptionKey(newest.body.subscriptionId));
    if (current?.body.status.state !== 'active') return;
    if (current.version !== newest.version) newest = current;
    else if (await table.swap(entry, before?.version ?? 'absent')) return;
  }
  throw new StoreUnavailable('This flow is being registered by several calls at once. Save it again.');
};

export const subscriptionStore = (table: Table): SubscriptionStore => ({
  find: (id) => subscriptions.get(table, subscriptionKey(id)),

  async save(next, version, replaced) {
    const { subscriptionId } = next;
    const written = await table.swap(
      subscriptions.write(subscriptionKey(subscriptionId), next, version),
      replaced?.version ?? 'absent',
    );
    if (!written) return false;
    await writeEntry(table, { body: next, version });
    if (replaced) {
      const key = entryKey(subscriptionId, next);
      const old = entryKey(subscriptionId, replaced.body);
      if (!sameKey(old, key)) await table.remove(old, replaced.version);
    }
    return true;
  },

  async stop({ body, version }, status, newVersion, forgetAt) {
    const stopped = subscriptions.write(
      subscriptionKey(body.subscriptionId),
      { ...body, status },
      newVersion,
      forgetAt,
    );
    if (!(await table.swap(stopped, version))) return false;
    await table.remove(entryKey(body.subscriptionId, body), version);
    return true;
  },

  async remove({ body, version }) {
    if (!(await table.remove(subscriptionKey(body.subscriptionId), version))) return false;
    // Under the version of this registration: a registration that follows at once writes its own entry, and keeps it.
    await table.remove(entryKey(body.subscriptionId, body), version);
    return true;
  },

  async *ofSubject(instanceId, trigger, subject) {
    yield* found(table, partition(instanceId, trigger, subject), 'E#', 'E#~');
    yield* found(table, partition(instanceId, trigger, null), 'E#', 'E#~');
  },

  async *crossed(instanceId, trigger, subject, previous, current) {
    // BETWEEN with its bounds the wrong way round is an error of DynamoDB; a fall crosses nothing upward.
    if (compareDecimals(previous, current) >= 0) return;
    yield* found(
      table,
      partition(instanceId, trigger, subject),
      `T#${orderedKey(previous)}`,
      // A threshold equal to the current value has "#" behind it and so lies beyond this bound: equality is not above.
      `T#${orderedKey(current)}`,
    );
  },

  async removeOrphan({ key, version }) {
    await table.remove(key, version);
  },
});
