import { describe, expect, it } from 'vitest';
import type { SubscriptionId } from '../../../lambda/runtime/ids.ts';
import { rearmStateStore } from '../../../lambda/store/rearm-states.ts';
import { defaultConditions } from '../../../lambda/triggers/conditions.ts';
import { decimal, segmentSubscription } from '../store/example-subscription.ts';
import { crashBefore, everySchedule, interleave } from '../store/schedules.ts';
import { noon, segment } from '../subscriptions/world.ts';
import { contoso, type WatchWorld, watchWorld } from './world.ts';

/*
 * State: the cursor; for a subscription with a re-arm level, whether it is armed and which evaluation changed that; the queue.
 * Events: looks; a watch dies before any of its calls; two watches work off the same steps; a later watch gets ahead of an earlier
 * one that still has all of it before it.
 * Invariants:
 *  - the deliveries queued, without repetitions, are those of an undisturbed watch;
 *  - the state afterwards is that of an undisturbed watch.
 */

const minute = 60_000;
const calm = segmentSubscription('calm', {
  threshold: decimal(1000),
  conditions: { ...defaultConditions, rearmLevel: decimal(800) },
  baseline: { at: noon, occurrences: [] },
});
/** Fires at 1100; 900 does not arm it, so 1200 is silent; 800 does; 1300 fires again. */
const points = [
  [0, 100],
  [1, 1100],
  [2, 900],
  [3, 1200],
  [4, 800],
  [5, 1300],
] as const;

const prepared = async (): Promise<WatchWorld> => {
  const world = watchWorld();
  world.state.segments = [segment([0, 100])];
  await world.look();
  await world.subscribe(calm);
  world.state.segments = [segment(...points)];
  world.clock.now += 20 * minute;
  return world;
};

const fired = (world: WatchWorld) => [
  ...new Set(world.deliveries.map(({ crossing }) => String(crossing?.current))),
];
const stateOf = async (world: WatchWorld) =>
  (await rearmStateStore(world.items).find('calm' as SubscriptionId))?.body;
const expectedState = {
  generation: calm.generation,
  armed: false,
  changedAt: noon + 5 * minute,
};

describe('a re-arm level', () => {
  it('keeps a value that flaps from firing, within one look', async () => {
    const world = await prepared();
    await world.look();
    expect(fired(world)).toEqual(['1100', '1300']);
    expect(await stateOf(world)).toEqual(expectedState);
  });

  it('does the same in as many looks as there are steps', async () => {
    const world = await prepared();
    for (let known = 2; known <= points.length; known += 1) {
      world.state.segments = [segment(...points.slice(0, known))];
      world.clock.now += 16 * minute;
      await world.look();
    }
    expect(fired(world)).toEqual(['1100', '1300']);
    expect(await stateOf(world)).toEqual(expectedState);
  });

  it('is not touched by what was before the registration', async () => {
    const world = watchWorld();
    world.state.segments = [segment([0, 100])];
    await world.look();
    await world.subscribe({ ...calm, baseline: { at: noon + minute, occurrences: [] } });
    world.state.segments = [segment([0, 100], [0.5, 5000], [2, 900], [3, 1200])];
    world.clock.now += 20 * minute;
    await world.look();
    expect(fired(world)).toEqual(['1200']);
  });
});

describe('a watch that dies', () => {
  it('before any call is taken over: nothing fires twice, nothing stays silent', async () => {
    let calls = 0;
    for (let call = 1; ; call += 1) {
      const world = await prepared();
      if (!(await crashBefore((step) => world.process(step), call))) break;
      calls = call;
      world.clock.now += 20 * minute;
      await world.look();
      expect(fired(world)).toEqual(['1100', '1300']);
      expect(await stateOf(world)).toEqual(expectedState);
    }
    expect(calls).toBeGreaterThan(25);
  });
});

describe('two watches at once', () => {
  it('in every order of their calls leave one outcome', async () => {
    const schedules = await everySchedule(async (choose) => {
      const world = await prepared();
      await interleave(
        [
          (step) => world.process(step),
          async (step) => {
            await step();
            world.clock.now += 2 * minute;
            await world.process(step);
          },
        ],
        choose,
        1,
      );
      expect(fired(world).sort()).toEqual(['1100', '1300']);
      expect(await stateOf(world)).toEqual(expectedState);
    }, 20_000);
    expect(schedules).toBeGreaterThan(50);
  });

  it('of which one comes late, when the value has long gone on, change nothing any more', async () => {
    for (let call = 1; ; call += 1) {
      const world = await prepared();
      let late: Promise<void> | undefined;
      let release: () => void = () => undefined;
      let count = 0;
      const released = new Promise<void>((go) => {
        release = go;
      });
      late = world.process(async () => {
        count += 1;
        if (count === call) await released;
      });
      await new Promise((rest) => setImmediate(rest));
      if (count < call) {
        await late;
        break;
      }
      world.clock.now += 2 * minute;
      world.state.segments = [segment(...points, [21, 700], [22, 1500], [23, 850])];
      await world.look();
      world.clock.now += 16 * minute;
      await world.look();
      release();
      await late;
      expect(fired(world).sort()).toEqual(['1100', '1300', '1500']);
      expect(await stateOf(world)).toEqual({ ...expectedState, changedAt: noon + 22 * minute });
      expect((await world.cursors.find(contoso.id)).cursor.segments.HighValue?.value).toBe('850');
    }
  });
});
