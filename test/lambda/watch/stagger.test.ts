import { expect, it } from 'vitest';
import { attemptTimeoutMs } from '../../../lambda/callback/post.ts';
import { functionFacts, type Use } from '../../../lambda/functions.ts';
import type { SubscriptionId } from '../../../lambda/runtime/ids.ts';
import { maximumDelaySeconds, type Outgoing } from '../../../lambda/runtime/queue.ts';
import { attemptsAtOnce, createStagger, roundSeconds } from '../../../lambda/watch/stagger.ts';
import { sourceSubscription } from '../store/example-subscription.ts';
import { endedJob, noon, shop } from '../subscriptions/world.ts';
import { contoso, watchWorld } from './world.ts';

/*
 * State: how many deliveries a look has queued for each subscription.
 * Invariants: the first ten go at once; each further ten after the attempts of the ten before have ended; no
 * subscription waits for another; no delay is longer than the queue allows.
 */

const second = 1_000;

it('delays what would be attempted while the ten before still may be', async () => {
  const world = watchWorld();
  await world.look();
  for (const id of ['any', 'one'])
    await world.subscribe(
      sourceSubscription(id, id === 'any' ? null : shop.dataSourceId, {
        baseline: { at: noon, occurrences: [] },
      }),
    );
  const [job] = [endedJob('task', 1)];
  world.state.jobs = [
    {
      ...job,
      tasks: Array.from({ length: 25 }, (_, index) => ({
        ...(job.tasks[0] ?? expect.fail('no task')),
        taskId: `task ${index}`,
      })),
    },
  ];
  world.clock.now += 60 * second;
  const sent: Outgoing[] = [];
  await world.look(contoso, false, {
    sendDelivery: async (messages) => {
      sent.push(...messages);
    },
  });
  const delays = new Map<string, number[]>();
  for (const { body, delaySeconds = 0 } of sent) {
    const { subscriptionId } = JSON.parse(body) as { readonly subscriptionId: string };
    delays.set(subscriptionId, [...(delays.get(subscriptionId) ?? []), delaySeconds]);
  }
  const expected = [0, 1, 2].flatMap((round) => Array(round === 2 ? 5 : 10).fill(round * roundSeconds));
  expect([...delays]).toEqual([
    ['one', expected],
    ['any', expected],
  ]);
});

it('keeps to the limits of the queue and of the functions', () => {
  const delayOf = createStagger();
  const delays = Array.from({ length: 2_000 }, () => delayOf('a' as SubscriptionId));
  expect(Math.max(...delays)).toBe(maximumDelaySeconds);
  expect(delayOf('b' as SubscriptionId)).toBe(0);
  expect(roundSeconds * second).toBeGreaterThan(attemptTimeoutMs);
  const invocations = functionFacts.deliver.uses.flatMap((use: Use) =>
    'consume' in use ? [use.consume.delivery?.maximumConcurrency ?? 0] : [],
  );
  expect(2 * attemptsAtOnce).toBeLessThanOrEqual(Math.max(...invocations));
});
