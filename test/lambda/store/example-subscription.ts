import { expect } from 'vitest';
import { type Decimal, toDecimal } from '../../../lambda/runtime/decimal.ts';
import type { SubscriptionId } from '../../../lambda/runtime/ids.ts';
import type { Subscription, SubscriptionEntry } from '../../../lambda/store/subscriptions.ts';

export const instanceId = '5c1fbb0e-4a5b-4d0a-9f57-2f6f3b7a1c01';

export const decimal = (value: string | number): Decimal =>
  toDecimal(value) ?? expect.fail(`${value} is not a decimal`);

/** A subscription to a segment's threshold of 1000. */
export const segmentSubscription = (id: string, over: Partial<Subscription> = {}): Subscription => ({
  subscriptionId: id as SubscriptionId,
  trigger: 'OnSegmentThresholdCrossed',
  instanceId,
  subject: 'HighValue',
  threshold: decimal(1000),
  principal: { tenantId: 'tenant', objectId: 'user', clientAppId: 'connector' },
  generation: `generation of ${id}`,
  baseline: { at: 0, occurrences: [] },
  callback: { dataKey: 'key', sealed: 'sealed' },
  secretHash: `hash of ${id}`,
  createdAt: '2026-01-10T00:00:00.000Z',
  registeredAt: '2026-01-10T00:00:00.000Z',
  status: { state: 'active', since: '2026-01-10T00:00:00.000Z', reason: 'registered by the flow' },
  ...over,
});

/** A subscription to the failures of a data source, null for any. */
export const sourceSubscription = (
  id: string,
  subject: string | null,
  over: Partial<Subscription> = {},
): Subscription =>
  segmentSubscription(id, { trigger: 'OnDataSourceRefreshFailed', subject, threshold: null, ...over });

export const idsOf = async (entries: AsyncIterable<SubscriptionEntry>): Promise<readonly string[]> => {
  const ids: string[] = [];
  for await (const { subscriptionId } of entries) ids.push(subscriptionId);
  return ids;
};
