import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { compareDecimals } from '../../../lambda/runtime/decimal.ts';
import type { SubscriptionId } from '../../../lambda/runtime/ids.ts';
import {
  entryKey,
  type Subscription,
  type SubscriptionStore,
  subscriptionStore,
} from '../../../lambda/store/subscriptions.ts';
import type { Table, Version } from '../../../lambda/store/table.ts';
import { memoryTable } from '../memory-table.ts';
import { engines } from './engines.ts';
import {
  decimal,
  idsOf,
  instanceId,
  segmentSubscription,
  sourceSubscription,
} from './example-subscription.ts';

/*
 * State: subscriptions, each with one entry under its subject while it is active.
 * Events: save (again, with other inputs), stop, remove, removeOrphan.
 * Invariants:
 *  - an active subscription is found by exactly what it subscribes to, a stopped or removed one by nothing;
 *  - a threshold is crossed when previous <= threshold < current, whatever the numbers look like;
 *  - nothing that was written in between is overwritten or removed.
 */

/** Of a write that another has followed. */
const stale = 'stale' as Version;

const saveAll = async (store: SubscriptionStore, all: readonly Subscription[]) => {
  for (const each of all) expect(await store.save(each, undefined)).toBeDefined();
};

const crossed = (
  store: SubscriptionStore,
  previous: string | number,
  current: string | number,
  subject = 'HighValue',
) =>
  idsOf(store.crossed(instanceId, 'OnSegmentThresholdCrossed', subject, decimal(previous), decimal(current)));

const found = (store: SubscriptionStore, id: string) =>
  store.find(id as SubscriptionId).then((stored) => stored ?? expect.fail(`${id} is not there`));

const crossingContract = (open: () => Promise<{ readonly table: Table; close(): Promise<void> }>): void => {
  let store: SubscriptionStore;
  let close: () => Promise<void> = async () => undefined;
  const thresholds = [
    '-1e3',
    '-999.5',
    '-1',
    '-0.25',
    '0',
    '0.25',
    '1',
    '9',
    '10',
    '99',
    '100',
    '100.5',
    '1000',
    '12345678901234567890123456789012345678',
  ];

  beforeAll(async () => {
    const opened = await open();
    ({ close } = opened);
    store = subscriptionStore(opened.table);
    await saveAll(
      store,
      thresholds.map((threshold) => segmentSubscription(threshold, { threshold: decimal(threshold) })),
    );
    await saveAll(store, [
      segmentSubscription('other segment', { subject: 'HighValue2', threshold: decimal(10) }),
      segmentSubscription('other instance', { instanceId: 'other', threshold: decimal(10) }),
    ]);
  });
  afterAll(() => close());

  it.each([
    ['a rise over one', '9.5', '10.5', ['10']],
    ['a rise from exactly a threshold, which was not above it', '10', '11', ['10']],
    ['a rise to exactly a threshold, which is not above it', '9.5', '10', []],
    ['a rise over several, in their order', '9', '101', ['9', '10', '99', '100', '100.5']],
    ['a rise among negatives', '-1000', '-0.5', ['-1e3', '-999.5', '-1']],
    ['a rise from below zero', '-0.3', '0.1', ['-0.25', '0']],
    ['a rise over a decimal', '0.2', '0.3', ['0.25']],
    [
      'a rise over 38 digits by the last one',
      '12345678901234567890123456789012345678',
      '12345678901234567890123456789012345679',
      ['12345678901234567890123456789012345678'],
    ],
    [
      'a rise that ends below 38 digits by the last one',
      '2000',
      '12345678901234567890123456789012345678',
      [],
    ],
    ['a fall', '101', '9', []],
    ['no change', '10', '10', []],
  ])('by %s', async (_, previous, current, expected) => {
    expect(await crossed(store, previous, current)).toEqual(expected);
  });

  it('only in the segment named', async () => {
    expect(await crossed(store, 0, 1000, 'HighValue2')).toEqual(['other segment']);
    expect(await crossed(store, 0, 1000, 'HighValu')).toEqual([]);
  });
};

describe('thresholds are crossed', () => {
  describe('in memory', () =>
    crossingContract(async () => ({ table: memoryTable(), close: async () => undefined })));
  describe.each(engines)('in $name', ({ open }) => crossingContract(open));

  it('exactly as the comparison of the numbers says', async () => {
    const number = fc
      .tuple(
        fc.boolean(),
        fc.stringMatching(/^\d{1,19}$/),
        fc.stringMatching(/^\d{0,19}$/),
        fc.integer({ min: -60, max: 60 }),
      )
      .map(([negative, whole, fraction, exponent]) =>
        decimal(`${negative ? '-' : ''}${whole}.${fraction}e${exponent}`),
      );
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(number, { maxLength: 12 }),
        number,
        number,
        fc.boolean(),
        async (all, a, b, near) => {
          const store = subscriptionStore(memoryTable());
          await saveAll(
            store,
            all.map((threshold) => segmentSubscription(threshold, { threshold })),
          );
          // Bounds that are thresholds themselves, so that equality is met.
          const [previous, current] = near ? [all[0] ?? a, all.at(-1) ?? b] : [a, b];
          const expected = all
            .filter((each) => compareDecimals(previous, each) <= 0 && compareDecimals(each, current) < 0)
            .sort(compareDecimals);
          expect(await crossed(store, previous, current)).toEqual(expected);
        },
      ),
      { numRuns: 300 },
    );
  });
});

describe('subscriptions to a subject', () => {
  it('are found by it, together with those to any', async () => {
    const store = subscriptionStore(memoryTable());
    await saveAll(store, [
      sourceSubscription('shop', 'shop'),
      sourceSubscription('any', null),
      sourceSubscription('other', 'other'),
      // A data source may bear any name, also this one.
      sourceSubscription('star', '*'),
    ]);
    const of = (subject: string) => idsOf(store.ofSubject(instanceId, 'OnDataSourceRefreshFailed', subject));
    expect(await of('shop')).toEqual(['shop', 'any']);
    expect(await of('unknown')).toEqual(['any']);
    expect(await of('*')).toEqual(['star', 'any']);
  });

  it('bring with them what detection has to know', async () => {
    const store = subscriptionStore(memoryTable());
    const baseline = { at: 17, occurrences: ['task'] };
    await saveAll(store, [sourceSubscription('-_', 'shop', { baseline })]);
    for await (const entry of store.ofSubject(instanceId, 'OnDataSourceRefreshFailed', 'shop'))
      expect(entry).toMatchObject({
        subscriptionId: '-_',
        generation: 'generation of -_',
        baseline,
        threshold: null,
      });
  });
});

describe('a save', () => {
  it('of something else than what was found writes nothing', async () => {
    const table = memoryTable();
    const store = subscriptionStore(table);
    await saveAll(store, [segmentSubscription('a')]);
    const before = [...table.items.values()];
    const next = segmentSubscription('a', { threshold: decimal(5) });
    expect(await store.save(next, undefined)).toBeUndefined();
    expect(await store.save(next, { version: stale, body: next })).toBeUndefined();
    expect([...table.items.values()]).toEqual(before);
  });

  it('with other inputs moves the entry', async () => {
    const table = memoryTable();
    const store = subscriptionStore(table);
    await saveAll(store, [segmentSubscription('a')]);
    const next = segmentSubscription('a', { threshold: decimal(50), generation: 'second' });
    expect(await store.save(next, await found(store, 'a'))).toBeDefined();
    expect(await crossed(store, 0, 10_000)).toEqual(['a']);
    expect(await crossed(store, 999, 1001)).toEqual([]);
    expect(table.items.size).toBe(2);
  });

  it('with the same inputs keeps one entry', async () => {
    const table = memoryTable();
    const store = subscriptionStore(table);
    await saveAll(store, [segmentSubscription('a')]);
    await store.save(segmentSubscription('a', { secretHash: 'newer' }), await found(store, 'a'));
    expect(await crossed(store, 0, 10_000)).toEqual(['a']);
    expect(table.items.size).toBe(2);
    expect((await found(store, 'a')).body.secretHash).toBe('newer');
  });

  it('after a stop makes the subscription stay again', async () => {
    const table = memoryTable();
    const store = subscriptionStore(table);
    await saveAll(store, [segmentSubscription('a')]);
    const status = { state: 'paused', since: '2026-01-11T00:00:00.000Z', reason: 'switched off' } as const;
    expect(await store.stop(await found(store, 'a'), status, 1_800_000_000)).toEqual({
      kind: 'stopped',
    });
    expect(await crossed(store, 0, 10_000)).toEqual([]);
    expect([...table.items.values()]).toMatchObject([{ expiresAt: 1_800_000_000 }]);
    expect((await found(store, 'a')).body.status).toEqual(status);

    await store.save(segmentSubscription('a'), await found(store, 'a'));
    expect(await crossed(store, 0, 10_000)).toEqual(['a']);
    expect([...table.items.values()].every(({ expiresAt }) => expiresAt === undefined)).toBe(true);
  });
});

describe('a stop and a removal', () => {
  it('of a registration that was replaced meanwhile do nothing', async () => {
    const table = memoryTable();
    const store = subscriptionStore(table);
    await saveAll(store, [segmentSubscription('a')]);
    const overtaken = await found(store, 'a');
    await store.save(segmentSubscription('a'), overtaken);
    const before = [...table.items.values()];
    expect(await store.remove(overtaken)).toBe(false);
    expect(await store.stop(overtaken, { state: 'ended', since: '', reason: '' }, 1)).toEqual({
      kind: 'registered again',
    });
    expect([...table.items.values()]).toEqual(before);
  });

  it('of one that was stopped or removed meanwhile say so', async () => {
    const store = subscriptionStore(memoryTable());
    await saveAll(store, [segmentSubscription('a')]);
    const overtaken = await found(store, 'a');
    const [paused, ended] = (['paused', 'ended'] as const).map((state) => ({ state, since: '', reason: '' }));
    if (!paused || !ended) return expect.fail('no states');
    await store.stop(overtaken, paused, 1);
    expect(await store.stop(overtaken, ended, 1)).toEqual({
      kind: 'stopped before',
      stored: await found(store, 'a'),
    });
    expect(await store.remove(overtaken)).toBe(false);
    await store.remove(await found(store, 'a'));
    expect(await store.stop(overtaken, ended, 1)).toEqual({ kind: 'gone' });
  });

  it('leave nothing behind to be found', async () => {
    const table = memoryTable();
    const store = subscriptionStore(table);
    await saveAll(store, [segmentSubscription('a')]);
    expect(await store.remove(await found(store, 'a'))).toBe('removed');
    expect(table.items.size).toBe(0);
  });
});

describe('an orphan', () => {
  it('is removed, but not when it was written again meanwhile', async () => {
    const table = memoryTable();
    const store = subscriptionStore(table);
    const subscription = segmentSubscription('a');
    await saveAll(store, [subscription]);
    const key = entryKey(subscription.subscriptionId, subscription);
    await store.removeOrphan({ key, version: stale });
    expect(await crossed(store, 0, 10_000)).toEqual(['a']);
    await store.removeOrphan({ key, version: (await found(store, 'a')).version });
    expect(await crossed(store, 0, 10_000)).toEqual([]);
  });
});
