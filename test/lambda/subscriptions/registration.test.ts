import { describe, expect, it } from 'vitest';
import type { SubscriptionId } from '../../../lambda/runtime/ids.ts';
import type { Subscription } from '../../../lambda/store/subscriptions.ts';
import { type Registration, register } from '../../../lambda/subscriptions/registration.ts';
import { decimal, instanceId } from '../store/example-subscription.ts';

const monday = Date.UTC(2026, 0, 5);
const tuesday = Date.UTC(2026, 0, 6);

const registration = (over: Partial<Registration> = {}): Registration => ({
  subscriptionId: 'subscription' as SubscriptionId,
  trigger: 'OnSegmentThresholdCrossed',
  instanceId,
  subject: 'HighValue',
  threshold: decimal(1000),
  principal: { tenantId: 'tenant', objectId: 'user', clientAppId: 'connector' },
  callback: { dataKey: 'key', sealed: 'of Monday' },
  secretHash: 'hash of Monday',
  baseline: { at: monday, occurrences: ['a'] },
  names: {},
  ...over,
});

const first = register(undefined, registration(), monday, 'generation of Monday');
const newer = {
  callback: { dataKey: 'key', sealed: 'of Tuesday' },
  secretHash: 'hash of Tuesday',
  baseline: { at: tuesday, occurrences: [] },
};
const again = (known: Subscription, over: Partial<Registration> = {}) =>
  register(known, registration({ ...newer, ...over }), tuesday, 'generation of Tuesday');

describe('a registration', () => {
  it('begins with its own baseline', () => {
    expect(first).toEqual({
      ...registration(),
      generation: 'generation of Monday',
      createdAt: '2026-01-05T00:00:00.000Z',
      registeredAt: '2026-01-05T00:00:00.000Z',
      status: { state: 'active', since: '2026-01-05T00:00:00.000Z', reason: 'registered by the flow' },
    });
  });

  it('with the same inputs goes on where it was, under the newer URL and secret', () => {
    expect(again(first)).toEqual({
      ...first,
      callback: newer.callback,
      secretHash: newer.secretHash,
      registeredAt: '2026-01-06T00:00:00.000Z',
    });
  });

  it('by somebody else changes the owner', () => {
    const principal = { tenantId: 'tenant', objectId: 'colleague', clientAppId: 'connector' };
    expect(again(first, { principal })).toMatchObject({ principal, generation: 'generation of Monday' });
  });

  it.each([
    ['trigger', { trigger: 'OnDataSourceRefreshFailed' }],
    ['instance', { instanceId: 'another' }],
    ['subject', { subject: 'Other' }],
    ['subject to any', { subject: null }],
    ['threshold', { threshold: decimal(1001) }],
  ] as const)('with another %s begins anew', (_, inputs) => {
    expect(again(first, inputs)).toMatchObject({
      ...inputs,
      generation: 'generation of Tuesday',
      baseline: newer.baseline,
      createdAt: '2026-01-06T00:00:00.000Z',
      status: { state: 'active', since: '2026-01-06T00:00:00.000Z' },
    });
  });

  it.each(['paused', 'ended'] as const)('of a subscription that was %s begins anew', (state) => {
    const stopped: Subscription = {
      ...first,
      status: { state, since: '2026-01-05T12:00:00.000Z', reason: 'switched off' },
    };
    expect(again(stopped)).toMatchObject({
      generation: 'generation of Tuesday',
      baseline: newer.baseline,
      status: { state: 'active', since: '2026-01-06T00:00:00.000Z' },
    });
  });
});
