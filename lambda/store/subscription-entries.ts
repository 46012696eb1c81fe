/**
 * The entries by which detection finds subscriptions. The partition is `I#<instance>#<trigger>#=<subject>`,
 * or `…#*` for any subject; the sort key is one of
 *
 * - `E#<subscription>`: without a threshold
 * - `T#<ordered threshold>#<subscription>`: a rising value crosses the threshold; `B#…`: a falling value does
 * - `S#<ordered level>#<subscription>`: a rising value reaches the re-arm level; `R#…`: a falling value does
 *
 * So the entries that one step of a value concerns are a range of keys, and their number does not depend on
 * how many subscriptions there are. An entry has the version of its subscription. It does not change with the
 * value: the state of a re-arm level is stored apart (rearm-states.ts).
 */
import type { TriggerId } from '../../connector/contract/index.ts';
import { compareDecimals, type Decimal, orderedKey } from '../runtime/decimal.ts';
import type { SubscriptionId } from '../runtime/ids.ts';
import type { Baseline } from '../triggers/baseline.ts';
import { type Conditions, defaultConditions, type ThresholdTrigger } from '../triggers/conditions.ts';
import { type RecordStore, recordStore } from './record-store.ts';
import type { Key, Table, Version } from './table.ts';

/** What a flow's author chose. */
export interface SubscriptionInputs {
  readonly trigger: TriggerId;
  readonly instanceId: string;
  /** Segment name, data source id …; null for any. */
  readonly subject: string | null;
  /** For threshold triggers. */
  readonly threshold: Decimal | null;
  /** The other inputs; the defaults when absent. */
  readonly conditions?: Conditions;
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

/** An entry with the key and the version under which an orphan is removed. */
export interface FoundEntry extends SubscriptionEntry {
  readonly key: Key;
  readonly version: Version;
}

const partitionOf = (instanceId: string, trigger: TriggerId, subject: string | null) =>
  `I#${instanceId}#${trigger}#${subject === null ? '*' : `=${subject}`}`;

/** Prefixes of sort keys: by what a value crosses or reaches, and in which direction it moves. */
const prefixes = {
  threshold: { rising: 'T', falling: 'B' },
  rearmLevel: { rising: 'S', falling: 'R' },
} as const;

/** The key of a subscription's entry; the same as long as its inputs are. */
export const entryKey = (id: SubscriptionId, inputs: SubscriptionInputs): Key => {
  const { direction } = inputs.conditions ?? defaultConditions;
  const prefix = prefixes.threshold[direction === 'above' ? 'rising' : 'falling'];
  return {
    pk: partitionOf(inputs.instanceId, inputs.trigger, inputs.subject),
    sk: inputs.threshold === null ? `E#${id}` : `${prefix}#${orderedKey(inputs.threshold)}#${id}`,
  };
};

/**
 * The key of its second entry, by which a value finds it at its re-arm level; undefined where there is none.
 */
export const rearmKey = (id: SubscriptionId, inputs: SubscriptionInputs): Key | undefined => {
  const { direction, rearmLevel } = inputs.conditions ?? defaultConditions;
  if (inputs.threshold === null || rearmLevel === null) return undefined;
  const prefix = prefixes.rearmLevel[direction === 'above' ? 'falling' : 'rising'];
  return {
    pk: partitionOf(inputs.instanceId, inputs.trigger, inputs.subject),
    sk: `${prefix}#${orderedKey(rearmLevel)}#${id}`,
  };
};

/** The keys of all its entries. The entry that makes it fire comes last. */
export const entryKeys = (id: SubscriptionId, inputs: SubscriptionInputs): readonly Key[] => {
  const rearm = rearmKey(id, inputs);
  return [...(rearm ? [rearm] : []), entryKey(id, inputs)];
};

export const entryRecords = (table: Table): RecordStore<Key, SubscriptionEntry> =>
  recordStore(table, { kind: 'subscription entry', schemaVersion: 1, key: (key) => key });

/** From one value of a subject to the next. */
interface Step {
  readonly pk: string;
  readonly previous: Decimal;
  readonly current: Decimal;
}

/** Whether a bound of a range of numbers belongs to it. */
type Bound = 'included' | 'excluded';

/**
 * The sort keys of the numbers that a step crosses or reaches; undefined when the value stayed the same,
 * because DynamoDB refuses a range whose bounds are in the wrong order.
 * @param bounds whether the earlier and the later value belong to the range
 */
const keyRange = (
  prefix: { readonly rising: string; readonly falling: string },
  { previous, current }: Pick<Step, 'previous' | 'current'>,
  bounds: readonly [previous: Bound, current: Bound],
): readonly [from: string, to: string] | undefined => {
  const order = compareDecimals(previous, current);
  if (order === 0) return undefined;
  // In a key, "#" follows the number: the number alone sorts before all its entries, the number and "$" after
  // them.
  const bare = (value: Decimal) => `${order < 0 ? prefix.rising : prefix.falling}#${orderedKey(value)}`;
  const [low, high] = order < 0 ? [previous, current] : [current, previous];
  const [lowBound, highBound] = order < 0 ? bounds : bounds.toReversed();
  return [
    lowBound === 'included' ? bare(low) : `${bare(low)}$`,
    highBound === 'included' ? `${bare(high)}$` : bare(high),
  ];
};

/** Where a range of entries continues: behind this one; null for its beginning. */
type After = Key | null;

export interface EntryQueries {
  /** Entries for this subject, and for any subject; null for the latter alone. */
  ofSubject(
    instanceId: string,
    trigger: TriggerId,
    subject: string | null,
    after?: After,
  ): AsyncIterable<FoundEntry>;
  /**
   * Entries whose threshold a step of the value crosses. Direction above: `previous <= threshold < current`;
   * direction below: `previous >= threshold > current`.
   */
  crossed(
    instanceId: string,
    trigger: TriggerId,
    subject: string,
    previous: Decimal,
    current: Decimal,
    after?: After,
  ): AsyncIterable<FoundEntry>;
  /**
   * Entries whose re-arm level the value reaches in this step. Direction above: `current <= level <
   * previous`; direction below: `previous < level <= current`.
   */
  rearmable(
    instanceId: string,
    trigger: ThresholdTrigger,
    subject: string,
    previous: Decimal,
    current: Decimal,
    after?: After,
  ): AsyncIterable<FoundEntry>;
  /** Whether there is a subscription to a threshold of this subject; reads at most two items. */
  followsValue(instanceId: string, trigger: ThresholdTrigger, subject: string): Promise<boolean>;
  /** Entries for any threshold of this subject. */
  ofValue(instanceId: string, trigger: ThresholdTrigger, subject: string): AsyncIterable<FoundEntry>;
  /**
   * Removes an entry that has no active subscription of its generation, unless it was written again
   * in the meantime.
   */
  removeOrphan(entry: { readonly key: Key; readonly version: Version }): Promise<void>;
}

export const entryQueries = (table: Table): EntryQueries => {
  const entries = entryRecords(table);
  const range = async function* (
    pk: string,
    from: string,
    to: string,
    after: After = null,
  ): AsyncIterable<FoundEntry> {
    // A key ends with the subscription's id, and "!" sorts before any character that could follow.
    const begin = after?.pk === pk ? `${after.sk}!` : from;
    for await (const { body, key, version } of entries.range(pk, begin, to)) yield { ...body, key, version };
  };
  const inStep = async function* (
    prefix: { readonly rising: string; readonly falling: string },
    step: Step,
    bounds: readonly [previous: Bound, current: Bound],
    after: After = null,
  ): AsyncIterable<FoundEntry> {
    const keys = keyRange(prefix, step, bounds);
    if (keys) yield* range(step.pk, ...keys, after);
  };
  const thresholdPrefixes = Object.values(prefixes.threshold);
  return {
    async *ofSubject(instanceId, trigger, subject, after = null) {
      const any = partitionOf(instanceId, trigger, null);
      // Those for any subject come last.
      if (subject !== null && after?.pk !== any)
        yield* range(partitionOf(instanceId, trigger, subject), 'E#', 'E#~', after);
      yield* range(any, 'E#', 'E#~', after);
    },
    // A value that equals the threshold is neither above nor below it.
    crossed: (instanceId, trigger, subject, previous, current, after) =>
      inStep(
        prefixes.threshold,
        { pk: partitionOf(instanceId, trigger, subject), previous, current },
        ['included', 'excluded'],
        after,
      ),
    rearmable: (instanceId, trigger, subject, previous, current, after) =>
      inStep(
        prefixes.rearmLevel,
        { pk: partitionOf(instanceId, trigger, subject), previous, current },
        ['excluded', 'included'],
        after,
      ),
    async followsValue(instanceId, trigger, subject) {
      const pk = partitionOf(instanceId, trigger, subject);
      for (const prefix of thresholdPrefixes)
        if ((await table.last(pk, `${prefix}#`, `${prefix}$`, 1)).length > 0) return true;
      return false;
    },
    async *ofValue(instanceId, trigger, subject) {
      const pk = partitionOf(instanceId, trigger, subject);
      for (const prefix of thresholdPrefixes) yield* range(pk, `${prefix}#`, `${prefix}$`);
    },
    async removeOrphan({ key, version }) {
      await entries.remove(key, version);
    },
  };
};
