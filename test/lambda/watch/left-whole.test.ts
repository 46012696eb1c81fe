import { expect, it } from 'vitest';
import { minuteMs } from '../../../lambda/runtime/time.ts';
import { pace } from '../../../lambda/watch/pace.ts';
import type { WatchPorts } from '../../../lambda/watch/ports.ts';
import { sourceSubscription } from '../store/example-subscription.ts';
import { crashBefore } from '../store/schedules.ts';
import { endedJob } from '../subscriptions/world.ts';
import { contoso, type WatchWorld, watchWorld } from './world.ts';

/*
 * State: the lease's version; the version that the last look of this process left; the ledger; the cursor.
 * Events: looks of this process that end whole, die, or leave some; looks of another process.
 * Invariant: a look asks for each of its events whether it is recorded, unless the look before was one of this process
 * and ended whole, when nothing can be recorded that the cursor does not contain.
 */

/** A look at which a new job has ended. @returns how many events it asked the ledger for */
const lookWithNews = async (world: WatchWorld, over: Partial<WatchPorts> = {}): Promise<number> => {
  world.clock.now += 2 * minuteMs;
  world.state.jobs = [endedJob(`at ${world.clock.now}`, world.clock.now / minuteMs), ...world.state.jobs];
  const { ledger } = world.portsOn(async () => undefined);
  let asked = 0;
  const isRecorded: typeof ledger.isRecorded = (...question) => {
    asked += 1;
    return ledger.isRecorded(...question);
  };
  await world.look(contoso, false, { ledger: { ...ledger, isRecorded }, ...over });
  return asked;
};

const events = (world: WatchWorld): number =>
  [...world.items.items.values()].filter(({ body }) => body.includes('"kind":"occurrence"')).length;

const begun = async (): Promise<WatchWorld> => {
  const world = watchWorld();
  await world.look();
  expect(await lookWithNews(world)).toBe(0);
  expect(events(world)).toBe(1);
  return world;
};

it('a look that follows a whole one of its process asks for nothing', async () => {
  const world = await begun();
  expect(await lookWithNews(world)).toBe(0);
  // Also without news.
  world.clock.now += 2 * minuteMs;
  await world.look();
  expect(await lookWithNews(world)).toBe(0);
  expect(events(world)).toBe(3);
});

it('the first look of a process asks', async () => {
  const world = await begun();
  expect(await lookWithNews(world, { leftWhole: new Map() })).toBe(1);
});

it('a look that follows one of another process asks', async () => {
  const world = await begun();
  world.clock.now += 2 * minuteMs;
  await world.look(contoso, false, { leftWhole: new Map() });
  expect(await lookWithNews(world)).toBe(1);
  expect(await lookWithNews(world)).toBe(0);
});

it('a look that follows one that died after its claim asks, and sends nothing that is recorded', async () => {
  const world = await begun();
  await world.subscribe(sourceSubscription('a', null));
  const version = async () => (await world.leases.find(contoso.id))?.version;
  const sentOnce: string[] = [];
  let deaths = 0;
  for (let calls = 2; ; calls += 1) {
    world.clock.now += 2 * minuteMs;
    world.state.jobs = [endedJob(`dying ${calls}`, world.clock.now / minuteMs), ...world.state.jobs];
    const before = { events: events(world), version: await version() };
    if (!(await crashBefore((step) => world.process(step), calls))) break;
    deaths += 1;
    if (events(world) > before.events) sentOnce.push(world.deliveries.at(-1)?.deliveryId ?? '');
    const isClaimed = (await version()) !== before.version;
    expect((await lookWithNews(world)) > 0).toBe(isClaimed);
  }
  expect(deaths).toBeGreaterThan(5);
  expect(sentOnce.length).toBeGreaterThan(1);
  for (const id of sentOnce)
    expect(world.deliveries.filter(({ deliveryId }) => deliveryId === id)).toHaveLength(1);
});

it('a look that follows one that has left some asks', async () => {
  const world = await begun();
  world.state.jobs = [endedJob('one', 1), endedJob('two', 2), ...world.state.jobs];
  world.clock.now += 2 * minuteMs;
  const { ledger } = world.portsOn(async () => undefined);
  await world.look(contoso, false, {
    pace: { ...pace, lookMs: 0 },
    ledger: {
      ...ledger,
      async record(...what) {
        world.clock.now += 1_000;
        await ledger.record(...what);
      },
    },
  });
  expect(await lookWithNews(world)).toBe(3);
});
