import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareDecimals, type Decimal } from '../../../lambda/runtime/decimal.ts';
import type { SubscriptionId } from '../../../lambda/runtime/ids.ts';
import { rearmStateStore } from '../../../lambda/store/rearm-states.ts';
import {
  type Subscription,
  type SubscriptionStore,
  subscriptionStore,
} from '../../../lambda/store/subscriptions.ts';
import type { Table } from '../../../lambda/store/table.ts';
import { type Conditions, defaultConditions } from '../../../lambda/triggers/conditions.ts';
import { memoryTable } from '../memory-table.ts';
import { engines } from './engines.ts';
import { decimal, idsOf, instanceId, segmentSubscription } from './example-subscription.ts';

/*
 * State: threshold subscriptions to above and below, some with a re-arm level.
 * Events: a step of the value; save with other inputs, stop, remove.
 * Invariants:
 *  - a step finds exactly those whose threshold it crosses in their direction, and exactly those whose re-arm level it reaches;
 *  - what is stopped or removed is found by no range, and leaves nothing behind.
 */

const trigger = 'OnSegmentThresholdCrossed';

const watching = (id: string, threshold: string | number, over: Partial<Conditions> = {}): Subscription =>
  segmentSubscription(id, {
    threshold: decimal(threshold),
    conditions: { ...defaultConditions, ...over },
  });

const storeWith = async (table: Table, ...all: readonly Subscription[]): Promise<SubscriptionStore> => {
  const store = subscriptionStore(table);
  for (const each of all) expect(await store.save(each, undefined)).toBeDefined();
  return store;
};

const stepsOf = (store: SubscriptionStore) => {
  const step = (find: 'crossed' | 'rearmable') => (previous: string | number, current: string | number) =>
    idsOf(store[find](instanceId, trigger, 'HighValue', decimal(previous), decimal(current)));
  return { crossed: step('crossed'), rearmable: step('rearmable') };
};

const contract = (open: () => Promise<{ readonly table: Table; close(): Promise<void> }>): void => {
  it('finds what each step means, at its bounds too', async () => {
    const { table, close } = await open();
    const store = await storeWith(
      table,
      watching('above 10', 10),
      watching('below 10', 10, { direction: 'below' }),
      watching('below -1', -1, { direction: 'below' }),
      watching('above 20, again at 15', 20, { rearmLevel: decimal(15) }),
      watching('below 5, again at 8', 5, { direction: 'below', rearmLevel: decimal(8) }),
    );
    const { crossed, rearmable } = stepsOf(store);
    expect(await crossed(10, 9.9)).toEqual(['below 10']);
    expect(await crossed(11, 10), 'exactly at it is not below').toEqual([]);
    expect(await crossed(9, 8), 'below already').toEqual([]);
    expect(await crossed(11, -2)).toEqual(['below -1', 'below 5, again at 8', 'below 10']);
    expect(await crossed(-1, '-1.0001')).toEqual(['below -1']);
    expect(await crossed(9, 21)).toEqual(['above 10', 'above 20, again at 15']);
    expect(await rearmable(21, 15), 'exactly at the level arms').toEqual(['above 20, again at 15']);
    expect(await rearmable(21, 15.1)).toEqual([]);
    expect(await rearmable(15, 14), 'armed by the step before').toEqual([]);
    expect(await rearmable(4, 8)).toEqual(['below 5, again at 8']);
    expect(await rearmable(4, 7.9)).toEqual([]);
    expect(await rearmable(8, 9)).toEqual([]);
    expect(await rearmable(3, 3)).toEqual([]);
    expect(await store.followsValue(instanceId, trigger, 'HighValue')).toBe(true);
    expect(await store.followsValue(instanceId, trigger, 'HighValu')).toBe(false);
    expect([...(await idsOf(store.ofValue(instanceId, trigger, 'HighValue')))].sort()).toEqual([
      'above 10',
      'above 20, again at 15',
      'below -1',
      'below 10',
      'below 5, again at 8',
    ]);
    await close();
  });
};

describe('threshold subscriptions are found', () => {
  describe('in memory', () => contract(async () => ({ table: memoryTable(), close: async () => undefined })));
  describe.each(engines)('in $name', ({ open }) => contract(open));

  it('below exactly as above, with the sign turned round', async () => {
    const number = fc
      .tuple(fc.bigInt({ min: -(10n ** 20n), max: 10n ** 20n }), fc.integer({ min: -22, max: 5 }))
      .map(([digits, exponent]) => decimal(`${digits}e${exponent}`));
    const negated = (value: Decimal) => decimal(value.startsWith('-') ? value.slice(1) : `-${value}`);
    await fc.assert(
      fc.asyncProperty(fc.uniqueArray(number, { maxLength: 10 }), number, number, async (all, a, b) => {
        const above = await storeWith(memoryTable(), ...all.map((value) => watching(value, value)));
        const below = await storeWith(
          memoryTable(),
          ...all.map((value) => watching(value, negated(value), { direction: 'below' })),
        );
        const rising = await stepsOf(above).crossed(a, b);
        const falling = await stepsOf(below).crossed(negated(a), negated(b));
        expect([...falling].sort()).toEqual([...rising].sort());
        const levels = await storeWith(
          memoryTable(),
          ...all.map((value) => watching(value, '1e40', { rearmLevel: value })),
        );
        expect([...(await stepsOf(levels).rearmable(b, a))].sort()).toEqual(
          all.filter((level) => compareDecimals(a, level) <= 0 && compareDecimals(level, b) < 0).sort(),
        );
      }),
      { numRuns: 200 },
    );
  });
});

describe('a subscription with a re-arm level', () => {
  const id = 'a' as SubscriptionId;
  const calm = watching('a', 20, { rearmLevel: decimal(15) });
  const stored = async (store: SubscriptionStore) => (await store.find(id)) ?? expect.fail('not there');

  it('saved with other conditions leaves no entry of the earlier ones', async () => {
    const table = memoryTable();
    const store = await storeWith(table, calm);
    const next = { ...watching('a', 20, { direction: 'below' }), generation: 'second' };
    expect(await store.save(next, await stored(store))).toBeDefined();
    const { crossed, rearmable } = stepsOf(store);
    expect([await crossed(10, 30), await crossed(30, 10), await rearmable(30, 10)]).toEqual([[], ['a'], []]);
    expect(table.items.size).toBe(2);
  });

  it('saved again with the same inputs is found as before', async () => {
    const table = memoryTable();
    const store = await storeWith(table, calm);
    await store.save(calm, await stored(store));
    const { crossed, rearmable } = stepsOf(store);
    expect([await crossed(10, 30), await rearmable(30, 10)]).toEqual([['a'], ['a']]);
    expect(table.items.size).toBe(3);
  });

  it.each(['removed', 'stopped'])('that is %s leaves nothing to be found, nor its state', async (how) => {
    const table = memoryTable();
    const store = await storeWith(table, calm);
    const state = { generation: calm.generation, armed: false, changedAt: 1 };
    await rearmStateStore(table).update(id, () => state);
    if (how === 'removed') expect(await store.remove(await stored(store))).toBe('removed');
    else await store.stop(await stored(store), { state: 'ended', since: '', reason: '' }, 1);
    const { crossed, rearmable } = stepsOf(store);
    expect([await crossed(10, 30), await rearmable(30, 10)]).toEqual([[], []]);
    expect(table.items.size).toBe(how === 'removed' ? 0 : 1);
  });
});
