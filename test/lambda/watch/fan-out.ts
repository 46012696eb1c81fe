/** One event to many subscriptions, worked off by functions that die of their time limit. */
import { expect } from 'vitest';
import { entryKey } from '../../../lambda/store/subscriptions.ts';
import type { Version } from '../../../lambda/store/table.ts';
import { workOff } from '../../../lambda/watch/work-off.ts';
import { sourceSubscription } from '../store/example-subscription.ts';
import { crashBefore } from '../store/schedules.ts';
import { endedJob } from '../subscriptions/world.ts';
import { contoso, type WatchWorld, watchWorld } from './world.ts';

/** A world in which a refresh has failed that so many subscriptions ask for. */
export const failedRefreshFor = async (subscriptions: number): Promise<WatchWorld> => {
  const world = watchWorld();
  await world.look();
  // Only the entries: with each a whole registration, the preparation would take longer than the test.
  for (let index = 0; index < subscriptions; index += 1) {
    const { subscriptionId, generation, baseline, threshold, ...inputs } = sourceSubscription(
      `s${String(index).padStart(7, '0')}`,
      null,
    );
    const record = { subscriptionId, generation, baseline, threshold };
    await world.items.swap(
      {
        ...entryKey(subscriptionId, { ...inputs, threshold }),
        body: JSON.stringify({ v: 1, record }),
        version: 'v' as Version,
      },
      'absent',
    );
  }
  world.state.jobs = [endedJob('failed', 1)];
  world.clock.now += 2 * 60_000;
  world.recount();
  return world;
};

/**
 * Every invocation dies before its `callsUntilDeath`-th call of anything outside, as if that were its time limit; its
 * message comes back.
 * @returns how many invocations it took until no message was left
 */
export const workOffDying = async (
  world: WatchWorld,
  callsUntilDeath: (invocation: number) => number,
): Promise<number> => {
  let invocations = 0;
  for (let looks = 0; looks === 0 || world.parts.length > 0; ) {
    invocations += 1;
    expect(invocations).toBeLessThan(5_000);
    if (looks === 0) {
      const died = await crashBefore((step) => world.process(step), callsUntilDeath(invocations));
      world.clock.now += 2 * 60_000;
      if (!died) looks += 1;
      continue;
    }
    const message = world.parts.shift() ?? expect.fail('no message');
    const died = await crashBefore(
      (step) => workOff(() => world.portsOn(step), [contoso], message),
      callsUntilDeath(invocations),
    );
    if (died) world.parts.push(message);
  }
  return invocations;
};

/** Every subscription got its delivery, each with one id. */
export const expectAllSent = (world: WatchWorld, subscriptions: number) => {
  const ids = new Map(
    world.deliveries.map(({ subscriptionId, deliveryId }) => [subscriptionId, deliveryId] as const),
  );
  expect(ids.size).toBe(subscriptions);
  expect(new Set(world.deliveries.map(({ deliveryId }) => deliveryId)).size).toBe(subscriptions);
};
