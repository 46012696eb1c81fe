import { describe, expect, it } from 'vitest';
import type { SubscriptionId } from '../../../lambda/runtime/ids.ts';
import { type FoundEntry, subscriptionStore } from '../../../lambda/store/subscriptions.ts';
import { decimal } from '../store/example-subscription.ts';
import {
  crashBefore,
  dying,
  everySchedule,
  interleave,
  type Process,
  steppedTable,
} from '../store/schedules.ts';
import { instanceId, type Registered, subscriptionsWorld } from './world.ts';

/*
 * State: one flow's subscription and its entries in the table.
 * Events: registrations, deletions and stops of that flow, paused before any of their calls to the table while others go on, or
 * never going on again (a crash).
 * Invariants, when all have ended:
 *  - an active subscription is found by its own inputs, once, with its generation: no event for it gets lost;
 *  - every other entry is of a generation that nobody has, so that nothing is sent because of it, and whoever meets it can
 *    remove it;
 *  - a registration that succeeded last stands, whatever deletions with superseded secrets do.
 */

type World = ReturnType<typeof subscriptionsWorld>;

const entriesOf = async ({ store }: World): Promise<readonly FoundEntry[]> => {
  const found: FoundEntry[] = [];
  for await (const entry of store.crossed(
    instanceId,
    'OnSegmentThresholdCrossed',
    'HighValue',
    decimal(-1e9),
    decimal(1e9),
  ))
    found.push(entry);
  return found;
};

const check = async (world: World, id: string): Promise<'active' | 'stopped' | 'gone'> => {
  const stored = await world.store.find(id as SubscriptionId);
  const entries = await entriesOf(world);
  const valid = entries.filter(({ generation }) => generation === stored?.body.generation);
  const state = stored?.body.status.state;
  if (state !== 'active') return stored ? 'stopped' : 'gone';
  expect(valid).toMatchObject([
    { subscriptionId: id, threshold: stored?.body.threshold, baseline: stored?.body.baseline },
  ]);
  return 'active';
};

const register =
  (world: World, threshold: number): Process =>
  (step) =>
    world.on(steppedTable(world.items, step)).watchSegment('flow', threshold);

const remove =
  (world: World, registered: Registered): Process =>
  (step) =>
    world.on(steppedTable(world.items, step)).remove(registered);

/** A process that does several things, one after the other. */
const inTurn =
  (...processes: readonly Process[]): Process =>
  async (step) => {
    for (const process of processes) await process(step);
  };

const stop =
  (world: World, id: string): Process =>
  async (step) => {
    const store = subscriptionStore(steppedTable(world.items, step));
    const stored = await store.find(id as SubscriptionId);
    if (stored) await store.stop(stored, { state: 'paused', since: '', reason: '' }, 1);
  };

/** Everything in the table that a registered flow leaves when it is removed for good, must be removable as an orphan. */
const cleanUp = async (world: World) => {
  for (const entry of await entriesOf(world)) await world.store.removeOrphan(entry);
};

describe('in every order of their calls with up to three preemptions', () => {
  it('two first registrations of a flow, repeated by the platform, leave one that is found', async () => {
    const count = await everySchedule(async (choose) => {
      const world = subscriptionsWorld();
      const ids: string[] = [];
      const noted =
        (process: Process): Process =>
        async (step) => {
          ids.push(((await process(step)) as Registered).subscriptionId);
        };
      await interleave([noted(register(world, 500)), noted(register(world, 500))], choose);
      expect(new Set(ids).size).toBe(1);
      expect(await check(world, ids[0] ?? '')).toBe('active');
      expect(await entriesOf(world)).toHaveLength(1);
    });
    expect(count).toBeGreaterThan(100);
  });

  it('two registrations with different thresholds leave one of them found', async () => {
    await everySchedule(async (choose) => {
      const world = subscriptionsWorld();
      const { subscriptionId } = await world.watchSegment('flow', 1);
      await interleave([register(world, 500), register(world, 600)], choose);
      expect(await check(world, subscriptionId)).toBe('active');
    });
  });

  it.each([
    ['the same threshold', 500],
    ['another threshold', 600],
  ])('a save with %s and the delete of the older registration keep the newer', async (_, threshold) => {
    await everySchedule(async (choose) => {
      const world = subscriptionsWorld();
      const old = await world.watchSegment('flow', 500);
      await interleave([register(world, threshold), remove(world, old)], choose);
      // Either the delete came first and the flow was registered afresh, or it was superseded.
      expect(await check(world, old.subscriptionId)).toBe('active');
    });
  });

  it('a stop and a registration end with the flow stopped or found', async () => {
    await everySchedule(async (choose) => {
      const world = subscriptionsWorld();
      const { subscriptionId } = await world.watchSegment('flow', 500);
      await interleave([stop(world, subscriptionId), register(world, 500)], choose);
      expect(await check(world, subscriptionId)).not.toBe('gone');
    });
  });

  it('a registration that is slow while the flow is saved twice does not put its older entry in the way', async () => {
    await everySchedule(async (choose) => {
      const world = subscriptionsWorld();
      const { subscriptionId } = await world.watchSegment('flow', 1);
      await interleave([register(world, 500), inTurn(register(world, 600), register(world, 500))], choose);
      expect(await check(world, subscriptionId)).toBe('active');
    });
  });

  it('a registration that is slow while the flow is switched off and on again does not either', async () => {
    await everySchedule(async (choose) => {
      const world = subscriptionsWorld();
      let subscriptionId = '';
      const offAndOn: Process = async (step) => {
        const mine = world.on(steppedTable(world.items, step));
        const registered = await mine.watchSegment('flow', 500);
        subscriptionId = registered.subscriptionId;
        await mine.remove(registered);
        await mine.watchSegment('flow', 500);
      };
      await interleave([register(world, 500), offAndOn], choose);
      expect(await check(world, subscriptionId)).toBe('active');
    });
  });

  it('a delete and the removal of an orphan leave nothing', async () => {
    await everySchedule(async (choose) => {
      const world = subscriptionsWorld();
      const registered = await world.watchSegment('flow', 500);
      const [entry] = await entriesOf(world);
      const orphan: Process = async (step) => {
        if (entry) await subscriptionStore(steppedTable(world.items, step)).removeOrphan(entry);
      };
      await interleave([remove(world, registered), orphan], choose);
      expect(world.subscriptionItems()).toBe(0);
    });
  });
});

describe('a crash before any call', () => {
  const crashes = async (
    prepare: (world: World) => Promise<Process>,
    after: (world: World) => Promise<void>,
  ) => {
    let calls = 0;
    for (let call = 1; ; call += 1) {
      const world = subscriptionsWorld();
      const process = await prepare(world);
      if (!(await crashBefore(process, call))) break;
      calls = call;
      await after(world);
    }
    return calls;
  };

  it.each([
    ['a first registration', undefined, 500],
    ['a registration with the same threshold', 500, 500],
    ['a registration with another threshold', 400, 500],
  ])('of %s is healed by the repetition', async (_, before, threshold) => {
    const calls = await crashes(
      async (world) => {
        if (before !== undefined) await world.watchSegment('flow', before);
        return register(world, threshold);
      },
      async (world) => {
        const { subscriptionId } = await world.watchSegment('flow', threshold);
        expect(await check(world, subscriptionId)).toBe('active');
        expect((await world.store.find(subscriptionId as SubscriptionId))?.body.threshold).toBe(
          String(threshold),
        );
      },
    );
    expect(calls).toBeGreaterThanOrEqual(5);
  });

  it.each([1, 2, 3, 4, 5])(
    'number %i of one of two equal registrations leaves what the other was told',
    async (call) => {
      await everySchedule(async (choose) => {
        const world = subscriptionsWorld();
        let told = '';
        const other: Process = async (step) => {
          told = ((await register(world, 500)(step)) as Registered).subscriptionId;
        };
        await interleave([other, dying(register(world, 500), call)], choose);
        expect(await check(world, told)).toBe('active');
      });
    },
  );

  it('of a save with the same threshold never leaves the flow unfound, not even for a moment', async () => {
    await crashes(
      async (world) => {
        await world.watchSegment('flow', 500);
        return register(world, 500);
      },
      async (world) => {
        const [entry] = await entriesOf(world);
        expect(entry).toBeDefined();
        expect(await check(world, entry?.subscriptionId ?? '')).toBe('active');
      },
    );
  });

  it('of a delete is healed by the repetition, or leaves an orphan that can be removed', async () => {
    let registered: Registered | undefined;
    await crashes(
      async (world) => {
        registered = await world.watchSegment('flow', 500);
        return remove(world, registered);
      },
      async (world) => {
        if (registered) await world.remove(registered);
        expect(await world.store.find((registered?.subscriptionId ?? '') as SubscriptionId)).toBeUndefined();
        await cleanUp(world);
        expect(world.subscriptionItems()).toBe(0);
      },
    );
  });
});
