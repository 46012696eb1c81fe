import { describe, expect, it } from 'vitest';
import type { SubscriptionId } from '../../../lambda/runtime/ids.ts';
import type { Subscription } from '../../../lambda/store/subscriptions.ts';
import { subscriptionStore } from '../../../lambda/store/subscriptions.ts';
import type { ObservedJob, ObservedMeasure } from '../../../lambda/triggers/observation.ts';
import { decimal, instanceId, segmentSubscription } from '../store/example-subscription.ts';
import { crashBefore } from '../store/schedules.ts';
import { endedJob, noon, sourceOf } from '../subscriptions/world.ts';
import { type WatchWorld, watchWorld } from './world.ts';

/*
 * State: the measures followed with their last values; subscriptions to some of them.
 * Events: a measure is evaluated, gains a dimension, disappears; the list of measures is odd once; a watch dies.
 * Invariants:
 *  - a measure is read by itself only when it is watched and has news, or seems lost;
 *  - subscriptions to a measure that is lost for certain are paused, with the reason; nobody else's are.
 */

const minute = 60_000;
const measure = (name: string, over: Partial<ObservedMeasure> = {}): ObservedMeasure => ({
  name,
  displayName: `Shown ${name}`,
  scalar: true,
  lastRunId: undefined,
  evaluations: [],
  unreadable: [],
  ...over,
});

const evaluated = (name: string, ...points: readonly (readonly [minute: number, value: number])[]) =>
  measure(name, {
    lastRunId: `run of ${points.at(-1)?.[0]}`,
    evaluations: points.map(([at, value]) => ({
      at: noon + at * minute,
      value: decimal(value),
      runId: `run of ${at}`,
    })),
  });

const to = (id: string, subject: string, over: Partial<Subscription> = {}) =>
  segmentSubscription(id, {
    trigger: 'OnMeasureThresholdCrossed',
    subject,
    baseline: { at: noon, occurrences: [] },
    ...over,
  });

const evaluation = (at: number): ObservedJob => {
  const job = endedJob(`evaluation ${at}`, at);
  return {
    ...job,
    status: 'successful',
    tasks: job.tasks.map((task) => ({ ...task, operation: 'measures', status: 'successful' })),
  };
};

/** Two measures, one of them watched, at rest. */
const prepared = async (): Promise<WatchWorld> => {
  const world = watchWorld();
  world.state.measures = [evaluated('Revenue', [0, 100]), evaluated('Visits', [0, 5])];
  await world.look();
  await world.subscribe(to('a', 'Revenue'));
  world.clock.now += minute;
  world.recount();
  return world;
};

const alone = ({ calls }: WatchWorld) => calls.filter((call) => call.startsWith('measure '));
const statusOf = async ({ items }: WatchWorld, id: string) =>
  (await subscriptionStore(items).find(id as SubscriptionId))?.body.status;

describe('a measure that was evaluated', () => {
  it('is read by itself where it is watched, and fires', async () => {
    const world = await prepared();
    world.state.jobs = [evaluation(1)];
    world.state.measures = [
      evaluated('Revenue', [0, 100], [1, 2000]),
      evaluated('Visits', [0, 5], [1, 5000]),
    ];
    await world.look();
    expect(alone(world)).toEqual(['measure Revenue of 1 days']);
    expect(world.deliveries).toMatchObject([
      { subscriptionId: 'a', crossing: { previous: '100', current: '2000', threshold: '1000' } },
    ]);
    world.clock.now += minute;
    await world.look();
    expect(alone(world)).toHaveLength(1);
  });

  it('is not read by itself without news', async () => {
    const world = await prepared();
    world.state.jobs = [evaluation(1)];
    await world.look();
    expect(world.calls).toEqual(['jobs', 'measures']);
  });

  it('fires with the steps of its history where the list shows no values', async () => {
    const world = await prepared();
    const whole = evaluated('Revenue', [0, 100], [1, 2000], [2, 50], [3, 3000]);
    world.state.jobs = [evaluation(3)];
    world.state.measures = [whole];
    await world.look(undefined, false, {
      source: {
        ...sourceOf(world.state),
        measures: async () => [{ ...whole, evaluations: [] }],
      },
    });
    expect(world.deliveries.map(({ crossing }) => crossing?.current)).toEqual(['2000', '3000']);
  });

  it('and whose value comes later than its task fires at the next sweep', async () => {
    const world = await prepared();
    world.state.jobs = [evaluation(1)];
    world.state.measures = [{ ...evaluated('Revenue', [0, 100]), lastRunId: 'run of 1' }];
    await world.look();
    expect(world.deliveries).toEqual([]);
    world.state.measures = [evaluated('Revenue', [0, 100], [1, 2000])];
    world.clock.now += 15 * minute;
    await world.look();
    expect(world.deliveries).toHaveLength(1);
  });
});

const losses = [
  ['disappears', () => [], /does not exist/],
  ['gains a dimension', () => [{ ...evaluated('Revenue', [0, 100]), scalar: false }], /has a dimension/],
] as const;

describe.each(losses)('a measure that %s', (_, listed, reason) => {
  it('pauses its subscriptions, says why, and leaves others alone', async () => {
    const world = await prepared();
    await world.subscribe(to('b', 'Revenue', { threshold: decimal(7) }));
    await world.subscribe(to('other', 'Visits'));
    await world.subscribe(segmentSubscription('segment', { subject: 'Revenue' }));
    world.state.measures = [...listed(), evaluated('Visits', [0, 5])];
    world.clock.now += 15 * minute;
    await world.look();
    for (const id of ['a', 'b'])
      expect(await statusOf(world, id)).toMatchObject({
        state: 'paused',
        reason: expect.stringMatching(reason),
        since: new Date(world.clock.now).toISOString(),
      });
    expect(await statusOf(world, 'other')).toMatchObject({ state: 'active' });
    expect(await statusOf(world, 'segment')).toMatchObject({ state: 'active' });
    expect(
      await subscriptionStore(world.items).followsValue(instanceId, 'OnMeasureThresholdCrossed', 'Revenue'),
    ).toBe(false);
    expect((await world.cursors.find(instanceId)).cursor.measures).not.toHaveProperty('Revenue');
  });

  it('is forgotten also when somebody else stops its subscription at that moment', async () => {
    const world = await prepared();
    world.state.measures = [...listed(), evaluated('Visits', [0, 5])];
    world.clock.now += 15 * minute;
    const subscriptions = subscriptionStore(world.items);
    await world.look(undefined, false, {
      subscriptions: {
        ...subscriptions,
        async stop(stored, ...how) {
          const status = { state: 'ended', since: '', reason: 'The flow is gone.' } as const;
          await subscriptions.stop(stored, status, 2_000_000_000);
          return subscriptions.stop(stored, ...how);
        },
      },
    });
    expect(await statusOf(world, 'a')).toMatchObject({ state: 'ended', reason: 'The flow is gone.' });
    expect((await world.cursors.find(instanceId)).cursor.measures).not.toHaveProperty('Revenue');
  });

  it('does so whenever the watch dies on the way', async () => {
    for (let call = 1; ; call += 1) {
      const world = await prepared();
      world.state.measures = [...listed()];
      world.clock.now += 15 * minute;
      const died = await crashBefore((step) => world.process(step), call);
      world.clock.now += 16 * minute;
      await world.look();
      expect(await statusOf(world, 'a')).toMatchObject({ state: 'paused' });
      if (!died) break;
    }
  });

  it('in one odd answer of the list only, pauses nobody', async () => {
    const world = await prepared();
    world.clock.now += 15 * minute;
    await world.look(undefined, false, {
      source: { ...sourceOf(world.state), measures: async () => listed() },
    });
    expect(await statusOf(world, 'a')).toMatchObject({ state: 'active' });
    world.state.jobs = [evaluation(20)];
    world.state.measures = [evaluated('Revenue', [0, 100], [20, 2000])];
    world.clock.now += minute;
    await world.look();
    expect(world.deliveries).toHaveLength(1);
  });

  it('and that nobody watches costs no further read', async () => {
    const world = await prepared();
    world.state.measures = [evaluated('Revenue', [0, 100])];
    world.clock.now += 15 * minute;
    await world.look();
    expect(alone(world)).toEqual([]);
    expect((await world.cursors.find(instanceId)).cursor.measures).not.toHaveProperty('Visits');
  });
});

describe('a registration of a measure that no look has met', () => {
  const start = async (world: WatchWorld, at: number, value: number | null) =>
    world.cursors.start(instanceId, {
      kind: 'measure',
      name: 'New',
      at,
      value: value === null ? null : decimal(value),
      readAt: world.clock.now,
    });

  it('leaves the value from which its first step is measured, however old', async () => {
    const world = await prepared();
    await start(world, noon - 90 * 24 * 60 * minute, 100);
    await world.subscribe(
      to('new', 'New', { baseline: { at: noon - 90 * 24 * 60 * minute, occurrences: [] } }),
    );
    world.state.jobs = [evaluation(1)];
    world.state.measures = [...world.state.measures, evaluated('New', [1, 2000])];
    await world.look();
    expect(world.deliveries).toMatchObject([
      { subscriptionId: 'new', crossing: { previous: '100', current: '2000' } },
    ]);
    expect(await world.cursors.startingValues(instanceId)).toEqual([]);
  });

  it('is paused when the measure is lost before the first look', async () => {
    const world = await prepared();
    await start(world, 0, null);
    await world.subscribe(to('new', 'New'));
    world.clock.now += 15 * minute;
    await world.look();
    expect(await statusOf(world, 'new')).toMatchObject({ state: 'paused' });
  });
});
