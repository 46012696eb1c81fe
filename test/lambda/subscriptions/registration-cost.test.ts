import { describe, expect, it } from 'vitest';
import { exampleConfiguration } from '../../../config/example.ts';
import { createLimiter, memoryLimiterStore, type PlaceCounters } from '../../../lambda/limiter/index.ts';
import type { SubscriptionId } from '../../../lambda/runtime/ids.ts';
import { pauseStore, troubleStore } from '../../../lambda/store/agenda.ts';
import { auditStore } from '../../../lambda/store/audit-records.ts';
import { withLists } from '../../../lambda/store/listed-subscriptions.ts';
import { instanceList, listStore, principalList } from '../../../lambda/store/lists.ts';
import { subscriptionStore } from '../../../lambda/store/subscriptions.ts';
import type { Table } from '../../../lambda/store/table.ts';
import { refusalMemory } from '../../../lambda/subscriptions/limits.ts';
import { figure } from '../../../scripts/cost/figures.ts';
import { instanceId, noon, sourceOf, subscriptionsWorld } from './world.ts';

/*
 * What a registration reads and writes, in the state table and of the counters, the items of ranges included.
 * Invariants:
 *  - it does not depend on how many subscriptions there are;
 *  - a refused one reads at most twice and writes nothing, and the source is not asked;
 *  - what a process has just refused costs it nothing, nor do further flows of the same person; a flow that has a place
 *    already is registered all the same.
 */
interface Cost {
  reads: number;
  writes: number;
  items: number;
}

const worldOf = async (there: number, limits: { perPrincipal: number; perInstance: number }) => {
  const world = subscriptionsWorld();
  const cost: Cost = { reads: 0, writes: 0, items: 0 };
  let asked = 0;
  const table: Table = {
    get(key) {
      cost.reads += 1;
      return world.items.get(key);
    },
    swap(item, expected) {
      cost.writes += 1;
      return world.items.swap(item, expected);
    },
    remove(key, expected) {
      cost.writes += 1;
      return world.items.remove(key, expected);
    },
    async *range(...range) {
      cost.reads += 1;
      for await (const item of world.items.range(...range)) {
        cost.items += 1;
        yield item;
      }
    },
    async last(...range) {
      cost.reads += 1;
      const found = await world.items.last(...range);
      cost.items += found.length;
      return found;
    },
  };
  const counters: PlaceCounters = {
    read(list) {
      cost.reads += 1;
      return world.counters.read(list);
    },
    readEach(lists) {
      cost.reads += 1;
      return world.counters.readEach(lists);
    },
    take(list, limit) {
      cost.writes += 1;
      return world.counters.take(list, limit);
    },
    correct(...correction) {
      cost.writes += 1;
      return world.counters.correct(...correction);
    },
    release(list) {
      cost.writes += 1;
      return world.counters.release(list);
    },
  };
  const lists = listStore(table);
  const now = () => world.clock.now;
  // As they are after the first count: that one reads the list once.
  for (const list of [principalList({ tenantId: 'tenant', objectId: 'user' }), instanceList(instanceId)]) {
    for (let index = 0; index < there; index += 1)
      await world.lists.add(list, `there-${index}` as SubscriptionId, noon);
    await world.counters.correct(list, { count: there, correctedAt: noon }, undefined);
  }
  const process = () =>
    world.on(table, {
      settings: { ...exampleConfiguration, subscriptions: limits },
      store: withLists(
        subscriptionStore(table),
        { lists, pauses: pauseStore(table), troubles: troubleStore(table), audit: auditStore(table) },
        { now, by: 'owner' },
      ),
      lists,
      counters,
      refusals: refusalMemory(now),
      registrations: createLimiter({
        store: memoryLimiterStore(),
        counted: 'registrations',
        limit: 100,
        windowMs: 60_000,
        now,
        random: () => 0,
      }),
      sourceOf: () => {
        asked += 1;
        return sourceOf(world.state);
      },
    });
  const spent = async (call: Promise<unknown>) => {
    Object.assign(cost, { reads: 0, writes: 0, items: 0 });
    asked = 0;
    const outcome = await call.then(
      () => 'registered',
      (error: { readonly code: string }) => error.code,
    );
    return { outcome, ...cost, asked };
  };
  return { process, spent, clock: world.clock };
};

const roomy = { perPrincipal: 1_000_000, perInstance: 1_000_000 };
const refused = 'SubscriptionLimitReached';

describe('what a registration costs', () => {
  it('is the same at 1, 1,000 and 100,000 subscriptions', async () => {
    const first = [];
    const again = [];
    for (const there of [1, 1_000, 100_000]) {
      const { process, spent } = await worldOf(there, roomy);
      const { watchSource } = process();
      first.push(await spent(watchSource('flow')));
      again.push(await spent(watchSource('flow')));
    }
    console.log('a registration, the same again:', first[0], again[0]);
    expect(new Set(first.map((cost) => JSON.stringify(cost))).size).toBe(1);
    expect(new Set(again.map((cost) => JSON.stringify(cost))).size).toBe(1);
    expect(first[0]).toMatchObject({ outcome: 'registered', items: 1 });
  });

  it('and that of its removal are those of the cost model', async () => {
    const { process, spent } = await worldOf(1, roomy);
    const { watchSource, remove } = process();
    let registered: Awaited<ReturnType<typeof watchSource>> | undefined;
    const registration = await spent(watchSource('flow').then((made) => (registered = made)));
    // The model has those of the whole function, with the limit of calls and the list of instances.
    expect(registration.reads).toBeLessThanOrEqual(figure('registrationReads'));
    expect(registration.writes).toBeLessThanOrEqual(figure('registrationWrites'));
    expect(registration.writes).toBeGreaterThan(figure('registrationWrites') / 2);
    expect(registered).toBeDefined();
    if (registered === undefined) return;
    expect(await spent(remove(registered))).toMatchObject({
      reads: figure('removalReads'),
      writes: figure('removalWrites'),
    });
  });

  const nothing = { outcome: refused, reads: 0, writes: 0, items: 0, asked: 0 };

  it.each([
    [1, 1],
    [200, 200],
    // Of so many, the places are not read.
    [1_000, 0],
  ])('at a person who has %i, the most, is two reads', async (there, items) => {
    const { process, spent } = await worldOf(there, { ...roomy, perPrincipal: there });
    const { watchSource } = process();
    expect(await spent(watchSource('flow'))).toEqual({ ...nothing, reads: 2, items });
    for (let made = 0; made < 300; made += 1) expect(await spent(watchSource('flow'))).toEqual(nothing);
  });

  it('at a full instance is two reads too, also for a person with few', async () => {
    const { process, spent } = await worldOf(100_000, { ...roomy, perInstance: 100_000 });
    const { watchSource } = process();
    expect(await spent(watchSource('flow'))).toEqual({ ...nothing, reads: 2 });
    expect(await spent(watchSource('flow'))).toEqual(nothing);
  });

  it('is nothing for further flows of a person who has just been refused, and one with a place is registered', async () => {
    const { process, spent, clock } = await worldOf(3, { ...roomy, perPrincipal: 4 });
    const { watchSource } = process();
    expect(await spent(watchSource('mine'))).toMatchObject({ outcome: 'registered' });
    expect(await spent(watchSource('another'))).toEqual({ ...nothing, reads: 2, items: 4 });
    for (let made = 0; made < 300; made += 1)
      expect(await spent(watchSource(`another ${made}`))).toEqual(nothing);
    expect(await spent(watchSource('mine'))).toMatchObject({ outcome: 'registered' });
    clock.now += 5_001;
    expect(await spent(watchSource('another'))).toMatchObject({ outcome: refused, reads: 2 });
  });

  it('at the limit reads the records at most once an hour', async () => {
    const { process, spent, clock } = await worldOf(1_000, { ...roomy, perPrincipal: 1_000 });
    const costs = [];
    for (let minute = 0; minute <= 180; minute += 1) {
      clock.now = noon + minute * 60_000;
      costs.push((await spent(process().watchSource(`flow ${minute}`))).items);
    }
    expect(costs.filter((items) => items > 100).length).toBeLessThanOrEqual(3);
  });
});
