import { describe, expect, it } from 'vitest';
import type { SubscriptionId } from '../../../lambda/runtime/ids.ts';
import { subscriptionStore } from '../../../lambda/store/subscriptions.ts';
import type { ObservedMeasure, ObservedSegment } from '../../../lambda/triggers/observation.ts';
import { decimal, instanceId, segmentSubscription } from '../store/example-subscription.ts';
import { noon, segment, sourceOf } from '../subscriptions/world.ts';
import { type WatchWorld, watchWorld } from './world.ts';

/*
 * A look that reads a slow source, and a registration that begins and ends meanwhile.
 */

const minute = 60_000;

const registered = async (world: WatchWorld) => {
  const baseline = { at: noon, occurrences: [] };
  await world.cursors.start(instanceId, {
    kind: 'segment',
    name: 'HighValue',
    at: noon,
    value: decimal(100),
    readAt: world.clock.now,
  });
  await world.subscribe(segmentSubscription('a', { baseline }));
};

/** Registers at the first reading of the segment. @returns how often it was read */
const lookAtSegment = async (world: WatchWorld, found: ObservedSegment) => {
  let reads = 0;
  await world.look(undefined, false, {
    source: {
      ...sourceOf(world.state),
      async segments() {
        reads += 1;
        if (reads === 1) await registered(world);
        return [found];
      },
    },
  });
  return reads;
};

describe('a registration while a look reads a segment', () => {
  it('gets what crosses its threshold before the look has read it for the first time', async () => {
    const world = watchWorld();
    expect(await lookAtSegment(world, segment([1, 2000]))).toBe(2);
    expect(world.deliveries).toMatchObject([
      { subscriptionId: 'a', crossing: { previous: '100', current: '2000', threshold: '1000' } },
    ]);
  });

  it('gets it also where the segment had no value before', async () => {
    const world = watchWorld();
    world.state.segments = [segment()];
    await world.look();
    world.clock.now += 15 * minute;
    expect(await lookAtSegment(world, segment([1, 2000]))).toBe(2);
    expect(world.deliveries).toMatchObject([{ crossing: { previous: '100', current: '2000' } }]);
  });

  it('changes nothing where an earlier look has read a value: it is read once', async () => {
    const world = watchWorld();
    world.state.segments = [segment([1, 2000])];
    await world.look();
    world.clock.now += 15 * minute;
    expect(await lookAtSegment(world, segment([1, 2000], [2, 500], [3, 3000]))).toBe(1);
    expect(world.deliveries).toMatchObject([{ crossing: { previous: '500', current: '3000' } }]);
  });
});

describe('a registration while a look reads a measure', () => {
  const minutesLater = (value: number, runId: string, at: number, listed: boolean): ObservedMeasure => ({
    name: 'Revenue',
    displayName: 'Revenue',
    scalar: true,
    lastRunId: runId,
    evaluations: [{ at: noon + at * minute, value: decimal(value), ...(!listed && { runId }) }],
    unreadable: [],
  });
  const start = (world: WatchWorld) =>
    world.cursors.start(instanceId, {
      kind: 'measure',
      name: 'Revenue',
      at: noon,
      value: decimal(100),
      runId: 'first',
      readAt: world.clock.now,
    });

  const follow = async (world: WatchWorld) => {
    const baseline = { at: noon, occurrences: [] };
    const inputs = { trigger: 'OnMeasureThresholdCrossed', subject: 'Revenue', baseline } as const;
    await world.subscribe(segmentSubscription('a', inputs));
  };

  it.each([
    ['that is whole', async () => undefined, start],
    ['of which an earlier attempt ended early', start, async () => undefined],
  ])('%s sends what was read of the measure alone', async (_, before, meanwhile) => {
    const world = watchWorld();
    world.state.measures = [minutesLater(100, 'first', 0, true)];
    await world.look();
    await before(world);
    world.clock.now += 15 * minute;
    let registrations = 0;
    const register = async () => {
      registrations += 1;
      if (registrations > 1) return;
      await meanwhile(world);
      await follow(world);
    };
    const { subscriptions } = world.portsOn(async () => undefined);
    await world.look(undefined, false, {
      source: {
        ...sourceOf(world.state),
        measures: async () => [minutesLater(2000, 'second', 1, true)],
        async measure() {
          await register();
          return minutesLater(2000, 'second', 1, false);
        },
      },
      subscriptions: {
        ...subscriptions,
        async followsValue(...asked) {
          const follows = await subscriptions.followsValue(...asked);
          // Just after the look has found no subscription.
          if (!follows) await register();
          return follows;
        },
      },
    });
    expect(world.deliveries).toMatchObject([
      { crossing: { previous: '100', current: '2000' }, payload: { runId: 'second' } },
    ]);
    expect(registrations).toBeGreaterThan(0);
  });

  it('long ago holds up no look whose list shows a later value of the same run', async () => {
    const world = watchWorld();
    const alone = minutesLater(100, 'first', 0, false);
    world.state.measures = [alone];
    await start(world);
    await follow(world);
    await world.look();
    world.clock.now += 15 * minute;
    await world.look(undefined, false, {
      source: {
        ...sourceOf(world.state),
        measures: async () => [minutesLater(2000, 'first', 1, true)],
        measure: async () => alone,
      },
    });
    expect(world.watchMessages).toEqual([]);
  });

  it('that ends after the last look at registrations is owed what the next poll reads', async () => {
    const world = watchWorld();
    world.state.measures = [minutesLater(100, 'first', 0, true)];
    await world.look();
    world.clock.now += 15 * minute;
    const { cursors } = world.portsOn(async () => undefined);
    const source = {
      ...sourceOf(world.state),
      measures: async () => [minutesLater(2000, 'second', 1, true)],
      measure: async () => minutesLater(2000, 'second', 1, false),
    };
    await world.look(undefined, false, {
      source,
      cursors: {
        ...cursors,
        async startingValues(id) {
          const before = await cursors.startingValues(id);
          await follow(world);
          return before;
        },
      },
    });
    expect(world.deliveries).toEqual([]);
    expect(world.watchMessages).toMatchObject([{ delaySeconds: 15 }]);
    world.clock.now += minute;
    await world.look(undefined, false, { source });
    expect(world.deliveries).toMatchObject([{ payload: { runId: 'second' } }]);
  });
});

describe('a registration while a look finds its measure lost', () => {
  const toMeasure = (registeredAt: number) =>
    segmentSubscription('a', {
      trigger: 'OnMeasureThresholdCrossed',
      subject: 'Revenue',
      registeredAt: new Date(registeredAt).toISOString(),
    });
  const revenue = {
    name: 'Revenue',
    displayName: 'Revenue',
    scalar: true,
    lastRunId: 'run',
    evaluations: [{ at: noon, value: decimal(1), runId: 'run' }],
    unreadable: [],
  };

  const lookWhileRegistering = async (world: WatchWorld, registeredAt: number) => {
    world.state.measures = [revenue];
    await world.subscribe(toMeasure(noon - 60 * minute));
    await world.look();
    world.clock.now += 15 * minute;
    world.state.measures = [];
    await world.look(undefined, false, {
      source: {
        ...sourceOf(world.state),
        async measure() {
          await world.subscribe(toMeasure(registeredAt));
          return undefined;
        },
      },
    });
    const stored = await subscriptionStore(world.items).find('a' as SubscriptionId);
    return stored?.body.status.state;
  };

  it('is not paused for what the look had read before', async () => {
    const world = watchWorld();
    expect(await lookWhileRegistering(world, noon + 15 * minute)).toBe('active');
  });

  it('is asked for again at the next look, and paused when it is still lost', async () => {
    const world = watchWorld();
    await lookWhileRegistering(world, noon + 15 * minute);
    world.clock.now += 15 * minute;
    await world.look();
    const stored = await subscriptionStore(world.items).find('a' as SubscriptionId);
    expect(stored?.body.status).toMatchObject({ state: 'paused' });
  });

  it('is paused when it was there before', async () => {
    const world = watchWorld();
    expect(await lookWhileRegistering(world, noon - 60 * minute)).toBe('paused');
  });
});
