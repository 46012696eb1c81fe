import { describe, expect, it } from 'vitest';
import { dayMs, hourMs, iso, minuteMs } from '../../../lambda/runtime/time.ts';
import { readWatchMessage } from '../../../lambda/store/watch-message.ts';
import { workOff } from '../../../lambda/watch/work-off.ts';
import { sourceSubscription } from '../store/example-subscription.ts';
import { endedJob, noon } from '../subscriptions/world.ts';
import { contoso, watchWorld } from './world.ts';

/*
 * State: an instance that is polled or paused; its cursor and lease; jobs of the source, of which it lists 30 days.
 * Events: a message asks for a look; the instance is paused and resumed; jobs end at any time.
 * Invariants: while it is paused nothing is read and nothing is written; what ended during a pause is sent once it is
 * resumed, once; what the source no longer lists then is a gap.
 */

const asked = readWatchMessage(JSON.stringify({ v: 1, instanceIds: [contoso.id, contoso.id], busy: false }));

const pausedWorld = async () => {
  const world = watchWorld();
  await world.subscribe(sourceSubscription('a', null));
  world.state.jobs = [endedJob('before', -1)];
  await world.look();
  world.deliveries.length = 0;
  const ask = (paused: boolean) =>
    workOff(
      () => world.portsOn(async () => undefined),
      [paused ? { ...contoso, pausedAt: iso(noon) } : contoso],
      asked,
    );
  return { world, ask };
};

const gaps = (world: ReturnType<typeof watchWorld>) => world.lines.filter(({ message }) => message === 'gap');

describe('a paused instance', () => {
  it('is not read, whatever message asks, and its records stay as they are', async () => {
    const { world, ask } = await pausedWorld();
    world.clock.now += hourMs;
    world.recount();
    await ask(true);
    expect(world.calls).toEqual([]);
    // The lease, which is read together with the list of instances.
    expect(world.counts).toMatchObject({ reads: 1, writes: 0 });
  });

  it('tells what ended in the meantime once it is resumed, and once only', async () => {
    const { world, ask } = await pausedWorld();
    for (let tick = 0; tick < 3; tick += 1) {
      world.clock.now += hourMs;
      await ask(true);
    }
    world.state.jobs = [endedJob('during', 90), ...world.state.jobs];
    await ask(true);
    expect(world.deliveries).toEqual([]);
    await ask(false);
    expect(world.deliveries).toHaveLength(1);
    world.clock.now += 2 * minuteMs;
    await ask(false);
    expect(world.deliveries).toHaveLength(1);
    expect(gaps(world)).toEqual([]);
  });

  it('has a gap where the source no longer lists what ended, and tells the rest', async () => {
    const { world, ask } = await pausedWorld();
    const late = 40 * dayMs;
    world.clock.now += late;
    const minutes = late / minuteMs;
    world.state.jobs = [endedJob('seen', minutes - 1), endedJob('too old', 5), ...world.state.jobs];
    await ask(false);
    expect(world.deliveries).toHaveLength(1);
    expect(gaps(world)).toMatchObject([{ keys: { kind: 'jobs' } }, { keys: { kind: 'evaluations' } }]);
    expect(world.metrics.Gaps).toBe(2);
  });
});
