import { describe, expect, it } from 'vitest';
import type { SubscriptionId } from '../../../lambda/runtime/ids.ts';
import { subscriptionStore } from '../../../lambda/store/subscriptions.ts';
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

describe('a registration while a look reads a segment for the first time', () => {
  it('gets what crosses its threshold before the look has read it', async () => {
    const world = watchWorld();
    const source = sourceOf(world.state);
    let reads = 0;
    await world.look(undefined, false, {
      source: {
        ...source,
        async segments() {
          reads += 1;
          if (reads === 1) await registered(world);
          return [segment([1, 2000])];
        },
      },
    });
    expect(world.deliveries).toMatchObject([
      { subscriptionId: 'a', crossing: { previous: '100', current: '2000', threshold: '1000' } },
    ]);
    expect(reads).toBe(2);
  });

  it('gets what crosses its threshold also where the segment had no value before', async () => {
    const world = watchWorld();
    world.state.segments = [segment()];
    await world.look();
    world.clock.now += 15 * minute;
    let reads = 0;
    await world.look(undefined, false, {
      source: {
        ...sourceOf(world.state),
        async segments() {
          reads += 1;
          if (reads === 1) await registered(world);
          return [segment([1, 2000])];
        },
      },
    });
    expect(world.deliveries).toMatchObject([{ crossing: { previous: '100', current: '2000' } }]);
    expect(reads).toBe(2);
  });

  it('changes nothing for a segment that an earlier look has read: it is read once', async () => {
    const world = watchWorld();
    world.state.segments = [segment([1, 2000])];
    await world.look();
    world.clock.now += 15 * minute;
    let reads = 0;
    await world.look(undefined, false, {
      source: {
        ...sourceOf(world.state),
        async segments() {
          reads += 1;
          await registered(world);
          return [segment([1, 2000], [2, 500], [3, 3000])];
        },
      },
    });
    expect(world.deliveries).toMatchObject([{ crossing: { previous: '500', current: '3000' } }]);
    expect(reads).toBe(1);
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
