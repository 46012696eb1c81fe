import { describe, expect, it } from 'vitest';
import { ConnectorError } from '../../../lambda/runtime/errors.ts';
import type { ObservedJob } from '../../../lambda/triggers/observation.ts';
import { historyDays } from '../../../lambda/watch/read-source.ts';
import { sourceFailure } from '../../../lambda/watch/source-failure.ts';
import { segmentSubscription, sourceSubscription } from '../store/example-subscription.ts';
import { endedJob, noon, segment, shop, sourceOf } from '../subscriptions/world.ts';
import { contoso, type WatchWorld, watchWorld } from './world.ts';

/*
 * State: how far the job list and the values have been worked off.
 * Events: an outage during which jobs end and values change; a look after it.
 * Invariants:
 *  - what happened in the outage is found as far as the source tells it, with its own time;
 *  - the longer lists are asked for only then;
 *  - what lies beyond is a gap: logged, counted, in the ledger.
 */

const minute = 60_000;
const day = 24 * 60 * minute;

const failed = (index: number): ObservedJob => ({
  ...endedJob(`task ${index}`, 0),
  jobId: `b3b2a1f0-0000-4000-8000-${String(index).padStart(12, '0')}`,
  submittedAt: noon + index * minute,
  endedAt: noon + index * minute + 1_000,
});

const tooLarge = () => new ConnectorError('AnswerTooLarge', 'The answer is larger than 5120 KB.');

/**
 * Jobs up to number `last`, newest first, as a source shows them that honours `top` up to `most`, and whose answers
 * hold `room` of them.
 */
const listing = (last: number, most = 500, room = 500) => {
  const tops: number[] = [];
  const jobs = async (_: string, top = 50) => {
    tops.push(top);
    if (Math.min(top, last) > room) throw tooLarge();
    const shown = Math.min(top, most, last);
    return Array.from({ length: shown }, (_, index) => failed(last - index));
  };
  return { tops, jobs };
};

const looked = async (world: WatchWorld, list: ReturnType<typeof listing>, counted: string[] = []) =>
  world.look(contoso, false, {
    source: { ...sourceOf(world.state), jobs: list.jobs },
    count: (metric, value = 1) => counted.push(`${metric} ${value}`),
  });

const prepared = async (): Promise<WatchWorld> => {
  const world = watchWorld();
  await looked(world, listing(10));
  await world.subscribe(
    sourceSubscription('a', null, { baseline: { at: noon + 10 * minute + 1_000, occurrences: [] } }),
  );
  world.recount();
  return world;
};

const gaps = (world: WatchWorld) => world.lines.filter(({ message }) => message === 'gap');

describe('after an outage', () => {
  it.each([
    [20, [50]],
    [59, [50]],
    [60, [50, 200]],
    [209, [50, 200]],
    [210, [50, 200, 500]],
    [509, [50, 200, 500]],
  ])('with %i jobs the list is asked for with a length of %j', async (last, tops) => {
    const world = await prepared();
    world.clock.now += last * minute;
    const list = listing(last);
    await looked(world, list);
    expect(list.tops).toEqual(tops);
    expect(world.deliveries).toHaveLength(last - 10);
    expect(world.deliveries.at(-1)?.payload.occurredAt).toBe(
      new Date(noon + last * minute + 1_000).toISOString(),
    );
    expect(gaps(world)).toEqual([]);
  });

  it.each([
    ['more jobs than the longest list', 700, 500, 500],
    ['a source that shows no more', 300, 120, 120],
  ])('with %s the rest is a gap, reported once', async (_, last, most, found) => {
    const world = await prepared();
    world.clock.now += last * minute;
    const counted: string[] = [];
    await looked(world, listing(last, most), counted);
    expect(world.deliveries).toHaveLength(found);
    expect(gaps(world)).toMatchObject([
      {
        keys: {
          kind: 'jobs',
          from: new Date(noon + 10 * minute).toISOString(),
          to: new Date(noon + (last - found + 1) * minute).toISOString(),
        },
      },
    ]);
    expect(counted).toContain('Gaps 1');
    expect([...world.items.items.values()].filter(({ body }) => body.includes('"kind":"gap"'))).toHaveLength(
      1,
    );
    world.clock.now += 16 * minute;
    await looked(world, listing(last + 1, most), counted);
    expect(gaps(world)).toHaveLength(1);
  });

  it.each([
    ['the shortest list', 300, 40, [50, 25], 25],
    ['a longer list', 300, 150, [50, 200, 100], 100],
    ['every longer list', 300, 50, [50, 200, 100, 50], 50],
    // The oldest that was listed at the registration is still there.
    ['a list that need not be long', 30, 25, [50, 25], 20],
  ])(
    'with too large an answer for %s, what it does not hold is a gap',
    async (_, last, room, tops, found) => {
      const world = await prepared();
      world.clock.now += last * minute;
      const list = listing(last, 500, room);
      await looked(world, list);
      expect(list.tops).toEqual(tops);
      expect(world.deliveries).toHaveLength(found);
      expect(gaps(world)).toMatchObject(
        found === last - 10
          ? []
          : [{ keys: { kind: 'jobs', to: new Date(noon + (last - found + 1) * minute).toISOString() } }],
      );
    },
  );

  it('an answer that does not hold what was never looked at is a gap, too', async () => {
    const world = watchWorld();
    await world.cursors.begin(contoso.id, { jobsFrom: 0, at: noon });
    await world.subscribe(sourceSubscription('a', null, { baseline: { at: 0, occurrences: [] } }));
    world.clock.now += 60 * minute;
    await looked(world, listing(60, 500, 30));
    expect(world.deliveries).toHaveLength(25);
    expect(gaps(world)).toHaveLength(1);
  });

  it('a single job that is too large is a failure of the source, which is looked at again later', async () => {
    const world = await prepared();
    world.clock.now += 60 * minute;
    await world.look(contoso, false, {
      source: { ...sourceOf(world.state), jobs: () => Promise.reject(tooLarge()) },
      sourceFailure,
    });
    expect(world.metrics.SourceFailures).toBe(1);
    expect(await world.dueAt()).toBeGreaterThan(world.clock.now);
  });

  it('values are read with the history of that time, and no more', async () => {
    const world = watchWorld();
    world.state.segments = [segment([0, 100])];
    await world.look();
    for (const [days, asked] of [
      [0.5, 1],
      [3, 4],
      [29, 30],
      [90, 30],
    ] as const) {
      world.recount();
      world.clock.now += days * day;
      await world.look();
      expect(world.calls).toContain(`segments of ${asked} days`);
    }
    expect(gaps(world)).toMatchObject([
      { keys: { kind: 'evaluations', to: new Date(world.clock.now - 30 * day).toISOString() } },
    ]);
  });

  it('each step fires with its own time', async () => {
    const world = watchWorld();
    world.state.segments = [segment([0, 100])];
    await world.look();
    await world.subscribe(segmentSubscription('s', { baseline: { at: noon, occurrences: [] } }));
    world.clock.now += 2 * day;
    world.state.segments = [segment([0, 100], [60, 2000], [600, 10], [1200, 3000])];
    await world.look();
    expect(world.deliveries.map(({ payload }) => payload.occurredAt)).toEqual([
      new Date(noon + 60 * minute).toISOString(),
      new Date(noon + 1200 * minute).toISOString(),
    ]);
  });
});

describe('the days of history', () => {
  it.each([
    [null, 0],
    [0, 1],
    [-minute, 1],
    [day - 1, 1],
    [day, 2],
    [400 * day, 30],
  ])('after %s ms are %i', (passed, days) => {
    expect(historyDays(passed === null ? null : noon - passed, noon)).toBe(days);
  });
});

describe('a source whose name is not unique', () => {
  const twin = { ...shop, dataSourceId: 'd0000000-0000-4000-8000-000000000002', name: 'WebShop2' };

  it('costs one more read, and only then', async () => {
    const world = await prepared();
    world.state.dataSources = [shop, twin];
    world.state.jobs = [endedJob('task', 30)];
    world.clock.now += 30 * minute;
    await world.look();
    expect(world.calls).toContain('nodes');
    world.recount();
    world.clock.now += 16 * minute;
    await world.look();
    expect(world.calls).not.toContain('nodes');
  });
});
