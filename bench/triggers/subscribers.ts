/** Subscriptions in the form in which the store keeps them, many at once. */

import { type Decimal, toDecimal } from '../../lambda/runtime/decimal.ts';
import type { SubscriptionId } from '../../lambda/runtime/ids.ts';
import { type Subscription, subscriptionStore } from '../../lambda/store/subscriptions.ts';
import type { Item } from '../../lambda/store/table.ts';
import { passingTable } from '../../test/lambda/counted-table.ts';

export const instance = { id: '5c1fbb0e-4a5b-4d0a-9f57-2f6f3b7a1c01', name: 'Benchmark' };
export const segmentName = 'HighValue';

export const decimalOf = (value: number): Decimal => {
  const decimal = toDecimal(value);
  if (decimal === undefined) throw new RangeError(`${value} is not a decimal.`);
  return decimal;
};

type Chosen = Pick<Subscription, 'trigger' | 'subject' | 'threshold'>;

const subscription = (index: number, chosen: Chosen): Subscription => ({
  ...chosen,
  // As long as the ids of the product.
  subscriptionId: `bench-${String(index).padStart(16, '0')}` as SubscriptionId,
  instanceId: instance.id,
  principal: { tenantId: 'tenant', objectId: 'user', clientAppId: 'connector' },
  generation: `generation-${index}`,
  baseline: { at: 0, occurrences: [] },
  callback: { dataKey: 'key', sealed: 'sealed' },
  secretHash: 'hash',
  createdAt: '2026-01-01T00:00:00.000Z',
  registeredAt: '2026-01-01T00:00:00.000Z',
  status: { state: 'active', since: '2026-01-01T00:00:00.000Z', reason: 'registered by the flow' },
});

/**
 * Hands over the entries by which detection finds `count` subscriptions; the subscriptions are separate
 * items, which detection does not read.
 */
export const writeEntries = async (
  count: number,
  choose: (index: number) => Chosen,
  keep: (item: Item) => Promise<void> | void,
): Promise<void> => {
  let found: Item[] = [];
  const store = subscriptionStore(
    passingTable((item) => {
      if (item.pk.startsWith('I#')) found.push(item);
    }),
  );
  for (let index = 0; index < count; index += 1) {
    const next = subscription(index, choose(index));
    await store.save(next, undefined);
    for (const item of found) await keep(item);
    found = [];
  }
};

/** The same of subscriptions to the members of the segment, with the thresholds 0, 1, 2 … */
export const writeThresholds = (count: number, keep: (item: Item) => Promise<void> | void): Promise<void> =>
  writeEntries(
    count,
    (index) => ({
      trigger: 'OnSegmentThresholdCrossed',
      subject: segmentName,
      threshold: decimalOf(index),
    }),
    keep,
  );
