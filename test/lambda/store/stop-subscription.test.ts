import { expect, it } from 'vitest';
import type { SubscriptionId } from '../../../lambda/runtime/ids.ts';
import { logWith } from '../../../lambda/runtime/log.ts';
import { dayMs } from '../../../lambda/runtime/time.ts';
import { longestPauseMs } from '../../../lambda/store/listed-subscriptions.ts';
import {
  endedRetentionMs,
  type StoppedState,
  stopSubscription,
} from '../../../lambda/store/stop-subscription.ts';
import { subscriptionStore } from '../../../lambda/store/subscriptions.ts';
import { recordedLog } from '../http/recorded-log.ts';
import { memoryTable } from '../memory-table.ts';
import { segmentSubscription } from './example-subscription.ts';

/*
 * State: a subscription, active, paused or ended.
 * Events: a stop; a registration or deletion between its read and its stop.
 * Invariant: what is stopped is counted and logged, once; what changed meanwhile stays as it is, is not counted, and logged as such.
 */
const id = 'a' as SubscriptionId;
const now = Date.UTC(2026, 0, 10, 12);

const world = async () => {
  const table = memoryTable();
  const subscriptions = subscriptionStore(table);
  await subscriptions.save(segmentSubscription(id), undefined);
  const stored = (await subscriptions.find(id)) ?? expect.fail('not stored');
  const counted: string[] = [];
  const { log, lines } = recordedLog();
  const ports = {
    subscriptions,
    now: () => now,
    log: logWith(log, {}),
    count: (name: string) => counted.push(name),
  };
  return { table, subscriptions, stored, counted, lines, ports };
};

it.each([
  ['paused', 'SubscriptionsPaused', longestPauseMs + endedRetentionMs],
  ['ended', 'SubscriptionsEnded', 30 * dayMs],
] as const)(
  'a subscription that is %s says since when and why, and is kept for a while',
  async (state: StoppedState, metric, keptMs) => {
    const { table, subscriptions, stored, counted, lines, ports } = await world();
    expect(await stopSubscription(ports, stored, state, 'It is gone.')).toBe('stopped');
    expect((await subscriptions.find(id))?.body.status).toEqual({
      state,
      since: new Date(now).toISOString(),
      reason: 'It is gone.',
    });
    expect([...table.items.values()].map(({ expiresAt }) => expiresAt)).toEqual([(now + keptMs) / 1000]);
    expect(counted).toEqual([metric]);
    expect(lines).toMatchObject([
      { message: 'subscription stopped', keys: { subscriptionId: id, state, reason: 'It is gone.' } },
    ]);
  },
);

it('a subscription that was registered again meanwhile goes on', async () => {
  const { subscriptions, stored, counted, lines, ports } = await world();
  await subscriptions.save(stored.body, stored);
  expect(await stopSubscription(ports, stored, 'ended', 'It is gone.')).toBe('registered again');
  expect((await subscriptions.find(id))?.body.status.state).toBe('active');
  expect(counted).toEqual([]);
  expect(lines).toMatchObject([{ message: 'subscription not stopped', keys: { found: 'registered again' } }]);
});

it.each([
  ['paused', 'ended', 'stopped', 'ended'],
  ['ended', 'paused', 'stopped before', 'ended'],
] as const)(
  'a subscription that was %s meanwhile and is now to be %s: %s',
  async (before, state, outcome, after) => {
    const { subscriptions, stored, ports } = await world();
    await stopSubscription(ports, stored, before, 'Somebody else stopped it.');
    expect(await stopSubscription(ports, stored, state, 'It is gone.')).toBe(outcome);
    expect((await subscriptions.find(id))?.body.status.state).toBe(after);
  },
);

it('a subscription that was removed meanwhile stays removed', async () => {
  const { subscriptions, stored, counted, ports } = await world();
  await subscriptions.remove(stored);
  expect(await stopSubscription(ports, stored, 'ended', 'It is gone.')).toBe('gone');
  expect(counted).toEqual([]);
});
