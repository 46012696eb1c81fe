import { describe, expect, it } from 'vitest';
import type { SubscriptionId } from '../../../lambda/runtime/ids.ts';
import { pauseStore } from '../../../lambda/store/agenda.ts';
import { listedSubscriptionStore, longestPauseMs } from '../../../lambda/store/listed-subscriptions.ts';
import { instanceList, listStore, listsOf, principalList } from '../../../lambda/store/lists.ts';
import type { Subscription } from '../../../lambda/store/subscriptions.ts';
import type { Table } from '../../../lambda/store/table.ts';
import { memoryTable } from '../memory-table.ts';
import { segmentSubscription } from './example-subscription.ts';
import { crashBefore, interleave, type Process, type Step, steppedTable } from './schedules.ts';

const id = 'a' as SubscriptionId;
const now = Date.UTC(2026, 0, 10, 12);
const forgetAt = now / 1000 + 1000;

const world = () => {
  const items = memoryTable();
  let generations = 0;
  const newGeneration = () => {
    generations += 1;
    return `generation ${generations}`;
  };
  const on = (table: Table) => listedSubscriptionStore(table, { now: () => now, by: 'test' });
  const lists = listStore(items);
  return {
    items,
    on,
    lists,
    store: on(items),
    /** As the service registers: find, save, and again until it holds. */
    register:
      (over: Partial<Subscription> = {}): Process =>
      async (step: Step) => {
        const store = on(steppedTable(items, step));
        for (;;) {
          const known = await store.find(id);
          const next = segmentSubscription(id, { generation: newGeneration(), ...over });
          if (await store.save(next, known)) return;
        }
      },
    stop:
      (state: 'paused' | 'ended'): Process =>
      async (step: Step) => {
        const store = on(steppedTable(items, step));
        const known = await store.find(id);
        const status = { state, since: new Date(now).toISOString(), reason: 'stopped' };
        if (known) await store.stop(known, status, forgetAt);
      },
    remove: (): Process => async (step: Step) => {
      const store = on(steppedTable(items, step));
      const known = await store.find(id);
      if (known) await store.remove(known);
    },
    places: async (subscription: Pick<Subscription, 'principal' | 'instanceId'>) =>
      Promise.all(listsOf(subscription).map((list) => lists.find(list, id))),
  };
};

type World = ReturnType<typeof world>;

/*
 * State: a subscription, its places in two lists (taken or ending), its deadline while it is paused.
 * Events: register (new, again, for another principal), stop (paused, ended), remove, a crash before any call.
 * Invariant: a subscription that is there stands in both its lists; one that is active or paused stands there to stay; one
 * that is paused has a deadline.
 */
const holds = async ({ store, items, places }: World) => {
  const known = await store.find(id);
  if (!known) return;
  const [ofPrincipal, ofInstance] = await places(known.body);
  expect(ofPrincipal, 'in the list of its principal').toBeDefined();
  expect(ofInstance, 'in the list of its instance').toBeDefined();
  if (known.body.status.state === 'ended') return;
  expect(ofPrincipal?.ended, 'to stay').toBe(false);
  expect(ofInstance?.ended, 'to stay').toBe(false);
  if (known.body.status.state === 'paused')
    expect([...items.items.values()].some(({ pk, sk }) => pk === 'PAUSED' && sk.endsWith(`#${id}`))).toBe(
      true,
    );
};

const free: Step = async () => undefined;
const other = { tenantId: 'tenant', objectId: 'another', clientAppId: 'connector' };

describe('the lists of a subscription', () => {
  it('have it while it is registered', async () => {
    const it = world();
    await it.register()(free);
    await holds(it);
    await it.remove()(free);
    expect([...it.items.items.values()].filter(({ pk }) => !pk.startsWith('A#'))).toEqual([]);
  });

  it('follow it to another principal', async () => {
    const it = world();
    await it.register()(free);
    await it.register({ principal: other })(free);
    await holds(it);
    const first = segmentSubscription(id).principal;
    expect(await it.lists.find(principalList(first), id)).toBeUndefined();
    expect(await it.lists.find(instanceList(segmentSubscription(id).instanceId), id)).toBeDefined();
  });

  it('let go of it together with its record when it has ended, and have it again when it is registered', async () => {
    const it = world();
    await it.register()(free);
    await it.stop('ended')(free);
    expect((await it.places(segmentSubscription(id))).map((place) => place?.ended)).toEqual([true, true]);
    const expiring = [...it.items.items.values()].filter(
      ({ pk, expiresAt }) => expiresAt !== undefined && !pk.startsWith('A#'),
    );
    expect(new Set(expiring.map(({ expiresAt }) => expiresAt))).toEqual(new Set([forgetAt]));
    expect(expiring).toHaveLength(4);
    await it.register()(free);
    await holds(it);
  });

  it('are told when a pause is over, the earliest first', async () => {
    const it = world();
    await it.register()(free);
    await it.stop('paused')(free);
    const over = async (at: number) => {
      const found: string[] = [];
      for await (const { body } of pauseStore(it.items).over(at)) found.push(body.subscriptionId);
      return found;
    };
    expect(await over(now + longestPauseMs - 1)).toEqual([]);
    expect(await over(now + longestPauseMs + 1)).toEqual([id]);
  });
});

describe('in many orders of their calls', () => {
  /** A small generator of choices, so that a failing order can be run again by its seed. */
  const choices = (seed: number) => {
    let state = seed;
    return (of: number) => {
      state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
      return Math.floor((state / 2 ** 32) * of);
    };
  };
  const pairs: readonly (readonly [string, (it: World) => readonly Process[]])[] = [
    ['a registration and an end', (it) => [it.register(), it.stop('ended')]],
    ['a registration and a pause', (it) => [it.register(), it.stop('paused')]],
    ['a registration and a removal', (it) => [it.register(), it.remove()]],
    [
      'a registration by another principal and an end',
      (it) => [it.register({ principal: other }), it.stop('ended')],
    ],
    [
      'registrations by two principals and a removal',
      (it) => [it.register(), it.register({ principal: other }), it.remove()],
    ],
    ['two registrations and an end', (it) => [it.register(), it.register(), it.stop('ended')]],
  ];
  it.each(pairs)('%s leave it in its lists', async (_, processes) => {
    for (let seed = 1; seed <= 300; seed += 1) {
      const it = world();
      await it.register()(free);
      await interleave(processes(it), choices(seed), 6);
      await holds(it).catch((cause: unknown) => {
        throw new Error(`with the seed ${seed}: ${cause}`, { cause });
      });
    }
  });

  it.each([
    ['a registration', (it: World) => it.register()],
    ['a registration by another principal', (it: World) => it.register({ principal: other })],
    ['an end', (it: World) => it.stop('ended')],
    ['a pause', (it: World) => it.stop('paused')],
    ['a removal', (it: World) => it.remove()],
  ] as const)('and a crash of %s anywhere', async (_, process) => {
    for (let calls = 1; ; calls += 1) {
      const it = world();
      await it.register()(free);
      const crashed = await crashBefore(process(it), calls);
      await holds(it);
      if (!crashed) break;
    }
  });
});

describe('a registration that fails', () => {
  it('leaves no write under way, which a frozen environment would do much later', async () => {
    const { items, on } = world();
    const next = segmentSubscription(id);
    const [ofPrincipal] = listsOf(next);
    let letGo: () => void = () => undefined;
    const slow = new Promise<void>((released) => {
      letGo = released;
    });
    let written = false;
    const table: Table = {
      ...items,
      async swap(item, expected) {
        if (item.pk !== ofPrincipal) throw new Error('The table is away.');
        await slow;
        written = true;
        return items.swap(item, expected);
      },
    };
    let isOver = false;
    const save = on(table)
      .save(next, undefined)
      .finally(() => {
        isOver = true;
      });
    const failed = expect(save).rejects.toThrow('The table is away.');
    await new Promise((turned) => setTimeout(turned, 20));
    expect({ isOver, written }).toEqual({ isOver: false, written: false });
    letGo();
    await failed;
    expect(written).toBe(true);
  });
});
