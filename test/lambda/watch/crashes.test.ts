import { describe, expect, it } from 'vitest';
import { segmentSubscription, sourceSubscription } from '../store/example-subscription.ts';
import { crashBefore, everySchedule, interleave } from '../store/schedules.ts';
import { endedJob, noon, segment } from '../subscriptions/world.ts';
import { contoso, type WatchWorld, watchWorld } from './world.ts';

/*
 * State: lease, cursor, delivery queue.
 * Events: a watch dies before any of its calls, and another takes over when the lease is due; two watches at once.
 * Invariants:
 *  - the deliveries queued, without repetitions, are those of an undisturbed watch, with the same ids;
 *  - the cursor has not moved while any of them is missing.
 */

const minute = 60_000;

const prepared = async (): Promise<WatchWorld> => {
  const world = watchWorld();
  world.state.segments = [segment([0, 100])];
  await world.look();
  await world.subscribe(sourceSubscription('source', null));
  await world.subscribe(segmentSubscription('segment', { baseline: { at: noon, occurrences: [] } }));
  world.state.jobs = [endedJob('first', 1), endedJob('second', 2)];
  world.state.segments = [segment([0, 100], [1, 1_500], [2, 300], [3, 2_000])];
  world.clock.now += 20 * minute;
  world.recount();
  return world;
};

const ids = (world: WatchWorld) => [...new Set(world.deliveries.map(({ deliveryId }) => deliveryId))].sort();

const undisturbed = async () => {
  const world = await prepared();
  await world.look();
  expect(world.deliveries).toHaveLength(4);
  return ids(world);
};

describe('a watch that dies', () => {
  it('before any call is taken over, and the same deliveries are queued', async () => {
    const expected = await undisturbed();
    let calls = 0;
    for (let call = 1; ; call += 1) {
      const world = await prepared();
      const before = await world.cursors.find(contoso.id);
      if (!(await crashBefore((step) => world.process(step), call))) break;
      calls = call;
      const cursor = await world.cursors.find(contoso.id);
      if (ids(world).length < expected.length) expect(cursor).toEqual(before);

      // The lease keeps others away until it is due.
      world.recount();
      const due = (await world.dueAt()) ?? 0;
      expect(due).toBeLessThanOrEqual(world.clock.now + minute);
      world.clock.now = Math.max(world.clock.now, due);
      await world.look();
      expect(ids(world)).toEqual(expected);
      world.clock.now += minute;
      const queued = world.deliveries.length;
      await world.look();
      expect(world.deliveries).toHaveLength(queued);
    }
    expect(calls).toBeGreaterThan(10);
  });

  it('leaves its lease to others no sooner than it is due', async () => {
    const world = await prepared();
    await crashBefore((step) => world.process(step), 4);
    world.recount();
    await world.look();
    expect(world.calls).toEqual([]);
  });
});

describe('two watches at once', () => {
  it('do one look between them', async () => {
    const expected = await undisturbed();
    await everySchedule(async (choose) => {
      const world = await prepared();
      await interleave([(step) => world.process(step), (step) => world.process(step)], choose, 2);
      expect(world.calls.filter((name) => name === 'jobs')).toHaveLength(1);
      expect(world.deliveries).toHaveLength(expected.length);
    });
  });

  it('of which the first is so slow that its lease is over do no harm: same ids, and the cursor only moves on', async () => {
    const expected = await undisturbed();
    let doubled = 0;
    await everySchedule(async (choose) => {
      const world = await prepared();
      await interleave(
        [
          (step) => world.process(step),
          async (step) => {
            await step();
            world.clock.now += 2 * minute;
            world.state.segments = [segment([0, 100], [1, 1_500], [2, 300], [3, 2_000], [21, 400])];
            await world.process(step);
          },
        ],
        choose,
        1,
      );
      if (world.deliveries.length > expected.length) doubled += 1;
      expect(ids(world)).toEqual(expected);
      world.clock.now += 16 * minute;
      await world.look();
      expect(ids(world)).toEqual(expected);
      expect((await world.cursors.find(contoso.id)).cursor.segments.HighValue?.value).toBe('400');
    });
    expect(doubled).toBeGreaterThan(0);
  });
});
