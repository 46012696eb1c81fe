/**
 * The pages of an operator while instances come and go. State: the instances that are served, each with its list of
 * subscriptions; the place where the next page begins. Events: a page is read; an instance is added, removed, put into
 * another order. Invariants: a subscription of an instance that is served all the time is on exactly one page; one of an
 * instance that comes or goes on at most one; there is an end.
 */
import { describe, expect, it } from 'vitest';
import { operatorRole } from '../../../config/console.ts';
import { acrossInstances, type SubscriptionId } from '../../../lambda/runtime/ids.ts';
import { countNothing } from '../../../lambda/runtime/metrics.ts';
import { pauseStore } from '../../../lambda/store/agenda.ts';
import { instanceList, listStore } from '../../../lambda/store/lists.ts';
import { subscriptionStore } from '../../../lambda/store/subscriptions.ts';
import { subscriptionPage } from '../../../lambda/subscriptions/subscription-pages.ts';
import { chanceOf } from '../../simulation/chance.ts';
import { memoryTable } from '../memory-table.ts';
import { segmentSubscription } from '../store/example-subscription.ts';
import { subscriptionsWorld } from './world.ts';

const ids = Array.from(
  { length: 30 },
  (_, at) => `${String(at * 7).padStart(8, '0')}-0000-4000-8000-000000000000`,
);
const perInstance = 7;
const nameOf = (instance: number, at: number) => `i${instance}-s${at}`;

const world = async () => {
  const table = memoryTable();
  const [lists, store] = [listStore(table), subscriptionStore(table)];
  const add = async (instanceId: string, name: string, addedAt: number) => {
    const subscription = segmentSubscription(name as SubscriptionId, { instanceId });
    await lists.add(instanceList(instanceId), subscription.subscriptionId, addedAt, subscription);
    await store.save(subscription, undefined);
  };
  for (const [instance, id] of ids.entries())
    for (let at = 0; at < perInstance; at += 1) await add(id, nameOf(instance, at), at);
  await add(acrossInstances({ tenantId: 'tenant', objectId: 'another' }), 'teller', 0);
  const { context } = subscriptionsWorld();
  const page = async (instances: readonly string[], after: string | null, roles = [operatorRole]) => {
    const settings = { instances: instances.map((id) => ({ id, name: id, secretName: 'keys' })) };
    const { rows, next } = await subscriptionPage(
      { settings, lists, store, pauses: pauseStore(table), count: countNothing },
      after === null ? {} : { after },
      { ...context, caller: { ...context.caller, roles } },
    );
    return { rows: rows.map(({ subscriptionId }) => subscriptionId as string), next };
  };
  return { page };
};

describe('the pages of an operator', () => {
  it('have each subscription once, those of all instances last', async () => {
    const { page } = await world();
    const found: string[] = [];
    let next: string | null = null;
    do {
      const one: Awaited<ReturnType<typeof page>> = await page(ids, next);
      found.push(...one.rows);
      next = one.next;
    } while (next !== null);
    expect(found).toHaveLength(ids.length * perInstance + 1);
    expect(new Set(found).size).toBe(found.length);
    expect(found.at(-1)).toBe('teller');
  });

  it.each(Array.from({ length: 40 }, (_, seed) => seed))(
    'go on at their place while instances come and go, seed %i',
    async (seed) => {
      const chance = chanceOf(seed, 0);
      const { page } = await world();
      const stays = new Set(ids.filter(() => chance.happens(0.6)));
      const found: string[] = [];
      let next: string | null = null;
      let pages = 0;
      do {
        const served = chance.shuffled(ids.filter((id) => stays.has(id) || chance.happens(0.5)));
        const one: Awaited<ReturnType<typeof page>> = await page(served, next);
        found.push(...one.rows);
        next = one.next;
        pages += 1;
        expect(pages).toBeLessThan(100);
      } while (next !== null);
      expect(new Set(found).size).toBe(found.length);
      const missing = ids.flatMap((id, instance) =>
        stays.has(id)
          ? Array.from({ length: perInstance }, (_, at) => nameOf(instance, at)).filter(
              (name) => !found.includes(name),
            )
          : [],
      );
      expect(missing).toEqual([]);
      expect(found).toContain('teller');
    },
  );

  it('go on with the next instance when that of the place is gone', async () => {
    const { page } = await world();
    const { next } = await page(ids, null);
    expect(next).toBe(`${ids[2]}.1.${nameOf(2, 1)}`);
    const gone = ids.filter((id) => id !== ids[2]);
    expect((await page(gone, next)).rows[0]).toBe(nameOf(3, 6));
  });
});

it.each(['0', '3.17.s1', '3', 'everywhere', 'x'.repeat(36), ''])(
  'a place that is none of these lists, such as %j, is refused with what to do',
  async (after) => {
    const { page } = await world();
    await expect(page(ids, after)).rejects.toMatchObject({
      code: 'RequestInvalid',
      message: expect.stringMatching(/after.*"next" of the page before, or none to begin again/s),
    });
  },
);

it("another person's place gives the own list from its beginning", async () => {
  const { page } = await world();
  const { next } = await page(ids, null);
  expect(await page(ids, next, [])).toEqual({ rows: [], next: null });
});
