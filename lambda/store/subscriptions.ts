/**
 * Where subscriptions lie. Two items each: the subscription itself, and an entry under its subject, by which detection
 * finds it.
 *
 * - `S#<subscription>` / `SUBSCRIPTION`: everything that is known of it
 * - `I#<instance>#<trigger>#<subject>` / the entry: `E#<subscription>`, or for thresholds
 *   `T#<ordered threshold>#<subscription>` (rises above) or `B#<ordered threshold>#<subscription>` (falls below)
 *
 * A threshold subscription with a re-arm level has a second entry, by which a value on its way back finds it:
 * `R#<ordered level>#<subscription>` (armed again by a fall) or `S#<ordered level>#<subscription>` (by a rise). So whatever a value
 * passes, up or down, is a key range. Entries do not change with the value; see rearm-states.ts for what does.
 *
 * The subscription is written before its entry and deleted before it. So an entry without its subscription, or of a generation
 * that the subscription no longer has, is an orphan, never a registration in progress: whoever meets it removes it. A
 * subscription without its entry is a registration that was not confirmed and that the platform repeats.
 */

import type { TriggerId } from '../../connector/contract/index.ts';
import type { SealedUrl } from '../callback/sealed-url.ts';
import { compareDecimals, type Decimal, orderedKey } from '../runtime/decimal.ts';
import type { SubscriptionId } from '../runtime/ids.ts';
import type { Baseline } from '../triggers/baseline.ts';
import { type Conditions, defaultConditions, type ThresholdTrigger } from '../triggers/conditions.ts';
import { untilWritten } from './contention.ts';
import { forgetRearmState } from './rearm-states.ts';
import { recordStore, type Stored } from './record-store.ts';
import type { Key, Table, Version } from './table.ts';

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
  /** What else there is to choose; the defaults when absent. */
  readonly conditions?: Conditions;
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
  /** The defaults when absent. */
  readonly conditions?: Conditions;
}

/** An entry with the place and version under which it may be removed when it turns out to be an orphan. */
export interface FoundEntry extends SubscriptionEntry {
  readonly key: Key;
  readonly version: Version;
}

const subscriptionRecords = (table: Table) =>
  recordStore<SubscriptionId, Subscription>(table, {
    kind: 'subscription',
    schemaVersion: 1,
    key: (id) => ({ pk: `S#${id}`, sk: 'SUBSCRIPTION' }),
  });
const entryRecords = (table: Table) =>
  recordStore<Key, SubscriptionEntry>(table, {
    kind: 'subscription entry',
    schemaVersion: 1,
    key: (key) => key,
  });

const partition = (instanceId: string, trigger: TriggerId, subject: string | null) =>
  subject === null ? `I#${instanceId}#${trigger}#*` : `I#${instanceId}#${trigger}#=${subject}`;

/** What a rising value passes, and what a falling one does: thresholds, and re-arm levels of the other direction. */
const passed = {
  threshold: { rising: 'T', falling: 'B' },
  rearmLevel: { rising: 'S', falling: 'R' },
} as const;

/** The place of a subscription's entry; the same as long as its inputs are. */
export const entryKey = (id: SubscriptionId, inputs: SubscriptionInputs): Key => {
  const { direction } = inputs.conditions ?? defaultConditions;
  const range = passed.threshold[direction === 'above' ? 'rising' : 'falling'];
  return {
    pk: partition(inputs.instanceId, inputs.trigger, inputs.subject),
    sk: inputs.threshold === null ? `E#${id}` : `${range}#${orderedKey(inputs.threshold)}#${id}`,
  };
};

/** The place of its second entry; undefined when it needs none. */
const rearmKey = (id: SubscriptionId, inputs: SubscriptionInputs): Key | undefined => {
  const { direction, rearmLevel } = inputs.conditions ?? defaultConditions;
  if (inputs.threshold === null || rearmLevel === null) return undefined;
  const range = passed.rearmLevel[direction === 'above' ? 'falling' : 'rising'];
  return {
    pk: partition(inputs.instanceId, inputs.trigger, inputs.subject),
    sk: `${range}#${orderedKey(rearmLevel)}#${id}`,
  };
};

/** All places of its entries, the one that can fire last. */
const entryKeys = (id: SubscriptionId, inputs: SubscriptionInputs): readonly Key[] => {
  const rearm = rearmKey(id, inputs);
  return [...(rearm ? [rearm] : []), entryKey(id, inputs)];
};

const sameKey = (a: Key, b: Key) => a.pk === b.pk && a.sk === b.sk;

async function* found(table: Table, pk: string, from: string, to: string): AsyncIterable<FoundEntry> {
  for await (const { body, key, version } of entryRecords(table).range(pk, from, to))
    yield { ...body, key, version };
}

export interface SubscriptionStore {
  find(id: SubscriptionId): Promise<Stored<Subscription> | undefined>;
  /**
   * Writes a registration and its entry, and removes the entry of earlier inputs.
   * @param replaced what was found before, undefined for nothing
   * @returns undefined when somebody else registered or deleted in between; nothing was written then
   */
  save(next: Subscription, replaced: Stored<Subscription> | undefined): Promise<Version | undefined>;
  /**
   * Stops a subscription without forgetting it: detection finds it no more.
   * @param forgetAt epoch seconds
   * @returns false when it was registered again or deleted in between; nothing was written then
   */
  stop(stored: Stored<Subscription>, status: SubscriptionStatus, forgetAt: number): Promise<boolean>;
  /** @returns false when it was registered again in between; nothing was deleted then */
  remove(stored: Stored<Subscription>): Promise<boolean>;
  /** Entries of subscriptions to this subject, and to any subject; null for those to any alone. */
  ofSubject(instanceId: string, trigger: TriggerId, subject: string | null): AsyncIterable<FoundEntry>;
  /**
   * Entries that a step of the value crosses: to above with `previous <= threshold < current`, to below with
   * `previous >= threshold > current`. Cost follows what was crossed, not what is subscribed.
   */
  crossed(
    instanceId: string,
    trigger: TriggerId,
    subject: string,
    previous: Decimal,
    current: Decimal,
  ): AsyncIterable<FoundEntry>;
  /**
   * Entries whose re-arm level the value reaches in this step: of those to above with `current <= level < previous`, of those to
   * below with `previous < level <= current`.
   */
  rearmable(
    instanceId: string,
    trigger: ThresholdTrigger,
    subject: string,
    previous: Decimal,
    current: Decimal,
  ): AsyncIterable<FoundEntry>;
  /** Whether anybody subscribes to a threshold of this subject; reads at most two items. */
  followsValue(instanceId: string, trigger: ThresholdTrigger, subject: string): Promise<boolean>;
  /** Entries to any threshold of this subject. */
  ofValue(instanceId: string, trigger: ThresholdTrigger, subject: string): AsyncIterable<FoundEntry>;
  /** Removes an entry that leads to no active subscription of its generation; not if it was written again meanwhile. */
  removeOrphan(entry: { readonly key: Key; readonly version: Version }): Promise<void>;
}

/** What the caller is told when too many registrations of one flow get in each other's way. */
export const sameFlowAtOnce = 'This flow is being registered by several calls at once. Save it again.';

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

/**
 * Writes an entry of a registration, or of the one that has overtaken it, under the version of that registration. Never a late
 * one: it would put an earlier generation in the place of the valid one, and detection would find no active subscription any
 * more. The entry is read before the subscription, so that whoever overtakes after that writes the entry in between too, and this
 * write fails.
 */
const writeEntry = (
  table: Table,
  written: Stored<Subscription>,
  keyOf: (subscription: Subscription) => Key | undefined,
): Promise<void> => {
  const entries = entryRecords(table);
  const subscriptions = subscriptionRecords(table);
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

/** Under the version of this registration: a registration that follows at once writes its own entries, and keeps them. */
const removeEntries = async (table: Table, { body, version }: Stored<Subscription>): Promise<void> => {
  const { subscriptionId, conditions } = body;
  for (const key of entryKeys(subscriptionId, body)) await table.remove(key, version);
  if (conditions && conditions.rearmLevel !== null) await forgetRearmState(table, subscriptionId);
};

/** Whether a bound itself belongs to a range of ordered numbers. */
type Bound = 'included' | 'excluded';

/** Entries of one range of keys with numbers between two bounds. */
const between = (
  table: Table,
  pk: string,
  range: string,
  [low, lowBound]: readonly [Decimal, Bound],
  [high, highBound]: readonly [Decimal, Bound],
): AsyncIterable<FoundEntry> => {
  // An entry's number has "#" behind it, so the bare number lies before every entry of it, and "$" behind it after all of them.
  const before = (value: Decimal) => `${range}#${orderedKey(value)}`;
  const after = (value: Decimal) => `${before(value)}$`;
  return found(
    table,
    pk,
    lowBound === 'included' ? before(low) : after(low),
    highBound === 'included' ? after(high) : before(high),
  );
};

export const subscriptionStore = (table: Table): SubscriptionStore => {
  const subscriptions = subscriptionRecords(table);
  return {
    find: subscriptions.find,

    async save(next, replaced) {
      const { subscriptionId } = next;
      const version = await subscriptions.save(subscriptionId, next, replaced?.version ?? 'absent');
      if (!version) return undefined;
      // The one that can fire comes last, so that whatever has fired can be armed again.
      await writeEntry(table, { body: next, version }, (body) => rearmKey(subscriptionId, body));
      await writeEntry(table, { body: next, version }, (body) => entryKey(subscriptionId, body));
      if (replaced) {
        const keys = entryKeys(subscriptionId, next);
        for (const old of entryKeys(subscriptionId, replaced.body))
          if (!keys.some((key) => sameKey(old, key))) await table.remove(old, replaced.version);
      }
      return version;
    },

    async stop({ body, version }, status, forgetAt) {
      const stopped = { ...body, status };
      if (!(await subscriptions.save(body.subscriptionId, stopped, version, { expiresAt: forgetAt })))
        return false;
      await removeEntries(table, { body, version });
      return true;
    },

    async remove({ body, version }) {
      if (!(await subscriptions.remove(body.subscriptionId, version))) return false;
      await removeEntries(table, { body, version });
      return true;
    },

    async *ofSubject(instanceId, trigger, subject) {
      if (subject !== null) yield* found(table, partition(instanceId, trigger, subject), 'E#', 'E#~');
      yield* found(table, partition(instanceId, trigger, null), 'E#', 'E#~');
    },

    async *crossed(instanceId, trigger, subject, previous, current) {
      const pk = partition(instanceId, trigger, subject);
      const order = compareDecimals(previous, current);
      // Equality is neither above nor below; BETWEEN with its bounds the wrong way round is an error of DynamoDB.
      if (order < 0)
        yield* between(table, pk, passed.threshold.rising, [previous, 'included'], [current, 'excluded']);
      if (order > 0)
        yield* between(table, pk, passed.threshold.falling, [current, 'excluded'], [previous, 'included']);
    },

    async *rearmable(instanceId, trigger, subject, previous, current) {
      const pk = partition(instanceId, trigger, subject);
      const order = compareDecimals(previous, current);
      if (order < 0)
        yield* between(table, pk, passed.rearmLevel.rising, [previous, 'excluded'], [current, 'included']);
      if (order > 0)
        yield* between(table, pk, passed.rearmLevel.falling, [current, 'included'], [previous, 'excluded']);
    },

    async followsValue(instanceId, trigger, subject) {
      const pk = partition(instanceId, trigger, subject);
      for (const range of Object.values(passed.threshold))
        if ((await table.last(pk, `${range}#`, `${range}$`, 1)).length > 0) return true;
      return false;
    },

    async *ofValue(instanceId, trigger, subject) {
      const pk = partition(instanceId, trigger, subject);
      for (const range of Object.values(passed.threshold)) yield* found(table, pk, `${range}#`, `${range}$`);
    },

    async removeOrphan({ key, version }) {
      await table.remove(key, version);
    },
  };
};
