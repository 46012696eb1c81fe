import { describe, expect, it } from 'vitest';
import { type DispatchedInstance, dispatch } from '../../../lambda/dispatch/dispatch.ts';
import { measureNothing } from '../../../lambda/runtime/metrics.ts';
import type { Outgoing } from '../../../lambda/runtime/queue.ts';
import { iso } from '../../../lambda/runtime/time.ts';
import { troubleStore } from '../../../lambda/store/agenda.ts';
import { shardCount } from '../../../lambda/store/instances.ts';
import { leaseStore, newLease } from '../../../lambda/store/leases.ts';
import { countedTable } from '../counted-table.ts';
import { memoryTable } from '../memory-table.ts';
import { readLook } from '../store/read-look.ts';
import { noon } from '../subscriptions/world.ts';
import { watchWorld } from '../watch/world.ts';

/*
 * State: the due time of each instance, and whether it is paused; the time.
 * Events: a tick of the schedule, on time or late; new instances; an outage; an instance is paused or resumed.
 * Invariants:
 *  - every instance that falls due before the next tick is queued once, for the time at which it is due or a little later;
 *  - instances lie spread over the minute, also after all were overdue;
 *  - a paused instance is not queued, and its pause is no delay.
 */

const dispatchWorld = () => {
  const table = memoryTable();
  const leases = leaseStore(table);
  const clock = { now: noon };
  const sent: Outgoing[] = [];
  const lags: number[] = [];
  return {
    leases,
    /** Of each tick, s. */
    lags,
    clock,
    due: (instanceId: string, dueAt: number) => leases.save(instanceId, { ...newLease, dueAt }, 'absent'),
    async tick(instances: readonly (string | DispatchedInstance)[]) {
      sent.length = 0;
      const messages = await dispatch(
        {
          leases,
          troubles: troubleStore(table),
          measure: (_, seconds) => {
            lags.push(seconds);
          },
          sendWatch: async (outgoing) => {
            sent.push(...outgoing);
          },
          now: () => clock.now,
        },
        instances.map((one) => (typeof one === 'string' ? { id: one } : one)),
      );
      expect(messages).toBe(sent.length);
      return sent.map(({ body, delaySeconds = 0 }) => ({ ...readLook(body), delaySeconds }));
    },
  };
};

const names = (count: number) =>
  Array.from({ length: count }, (_, index) => `instance-${String(index).padStart(3, '0')}`);

describe('the lag of the watch', () => {
  it('is how long the instance that waits longest has been due; one that was never watched does not wait', async () => {
    const world = dispatchWorld();
    await world.due('early', noon + 30_000);
    await world.tick(['early', 'new']);
    await world.due('late', noon - 90_000);
    await world.due('later', noon - 5_000);
    await world.tick(['early', 'late', 'later', 'new']);
    expect(world.lags).toEqual([0, 90]);
  });
});

describe('a paused instance', () => {
  const pausedAt = iso(noon - 3_600_000);

  it('is not queued, and does not count as waiting', async () => {
    const world = dispatchWorld();
    await world.due('paused', noon - 3_600_000);
    await world.due('other', noon);
    expect(await world.tick([{ id: 'paused', pausedAt }, 'other'])).toMatchObject([
      { instanceIds: ['other'] },
    ]);
    expect(world.lags).toEqual([0]);
  });

  it('is queued within a minute of being resumed, and has waited since then only', async () => {
    const world = dispatchWorld();
    await world.due('resumed', noon - 3_600_000);
    const resumed = { id: 'resumed', resumedAt: iso(noon - 20_000) };
    expect(await world.tick([resumed])).toMatchObject([{ instanceIds: ['resumed'], delaySeconds: 0 }]);
    world.clock.now += 60_000;
    await world.tick([resumed]);
    expect(world.lags).toEqual([20, 80]);
  });
});

describe('a tick', () => {
  it('queues each instance for the time at which it is due, in steps of 15 seconds where there are few', async () => {
    const world = dispatchWorld();
    for (const [name, wait] of [
      ['overdue', -59_999],
      ['now', 0],
      ['soon', 801],
      ['grid', 15_800],
      ['later', 31_200],
      ['last', 59_999],
    ] as const)
      await world.due(name, noon + wait);
    expect(await world.tick(['overdue', 'now', 'soon', 'grid', 'later', 'last'])).toEqual([
      { v: 1, busy: false, instanceIds: ['overdue', 'now'], delaySeconds: 0 },
      { v: 1, busy: false, instanceIds: ['soon', 'grid'], delaySeconds: 15 },
      { v: 1, busy: false, instanceIds: ['later'], delaySeconds: 45 },
      { v: 1, busy: false, instanceIds: ['last'], delaySeconds: 60 },
    ]);
  });

  it.each([
    [40, 15],
    [41, 14],
    [120, 5],
    [300, 2],
    [10_000, 1],
  ])('of %i instances has steps of %i s', async (count, step) => {
    const world = dispatchWorld();
    const all = names(count);
    await world.due('instance-000', noon + 801);
    await world.due('instance-001', noon + step * 1000 + 801);
    for (const name of all.slice(2)) await world.due(name, noon + 600_000);
    expect((await world.tick(all)).map(({ delaySeconds }) => delaySeconds)).toEqual([step, 2 * step]);
  });

  it('leaves to the next tick what is due after it', async () => {
    const world = dispatchWorld();
    await world.due('next', noon + 60_000);
    await world.due('backed off', noon + 600_000);
    expect(await world.tick(['next', 'backed off'])).toEqual([]);
    world.clock.now += 60_000;
    expect(await world.tick(['next', 'backed off'])).toMatchObject([
      { instanceIds: ['next'], delaySeconds: 0 },
    ]);
  });

  it('puts ten instances into a message', async () => {
    const world = dispatchWorld();
    const all = names(23);
    for (const name of all) await world.due(name, noon);
    const messages = await world.tick(all);
    expect(messages.map(({ instanceIds }) => instanceIds.length)).toEqual([10, 10, 3]);
    expect(messages.flatMap(({ instanceIds }) => instanceIds)).toEqual(all);
  });

  it('queues 10,000 instances in 1,000 messages, with a read for each shard of leases', async () => {
    const items = memoryTable();
    const all = names(10_000).map((id) => ({ id }));
    for (const { id } of all) await leaseStore(items).save(id, { ...newLease, dueAt: noon }, 'absent');
    const { table, counts } = countedTable(items);
    const queued: string[] = [];
    const messages = await dispatch(
      {
        leases: leaseStore(table),
        troubles: troubleStore(table),
        measure: measureNothing,
        sendWatch: async (outgoing) =>
          void queued.push(...outgoing.flatMap(({ body }) => readLook(body).instanceIds)),
        now: () => noon,
      },
      all,
    );
    expect(messages).toBe(1_000);
    expect(new Set(queued).size).toBe(10_000);
    // Those of an earlier version and the troubles are a read each.
    expect(counts).toEqual({ reads: shardCount + 2, items: 10_000, writes: 0 });
  });

  it('does not look at instances that have left the configuration', async () => {
    const world = dispatchWorld();
    await world.due('left', noon);
    expect(await world.tick([])).toEqual([]);
  });
});

describe('instances that nobody has looked at', () => {
  it('begin at once when there is one', async () => {
    const world = dispatchWorld();
    expect(await world.tick(['only'])).toMatchObject([{ instanceIds: ['only'], delaySeconds: 0 }]);
  });

  it.each(['at first', 'after an outage'])('%s are spread over the minute', async (when) => {
    const world = dispatchWorld();
    const all = names(120);
    if (when === 'after an outage') for (const name of all) await world.due(name, noon - 3_600_000);
    const messages = await world.tick(all);
    const perDelay = new Map<number, number>();
    for (const { delaySeconds, instanceIds } of messages)
      perDelay.set(delaySeconds, (perDelay.get(delaySeconds) ?? 0) + instanceIds.length);
    expect(messages.flatMap(({ instanceIds }) => instanceIds).sort()).toEqual(all);
    expect(perDelay.size).toBeGreaterThanOrEqual(12);
    expect(Math.max(...perDelay.values())).toBeLessThanOrEqual(10);
  });
});

describe('dispatch and watch together', () => {
  it('look at every instance once a minute, spread over it', async () => {
    const world = watchWorld();
    const instances = names(24).map((id) => ({ id, name: id }));
    const looks = new Map<string, number[]>();
    for (let tick = 0; tick < 10; tick += 1) {
      // The schedule is not exact either.
      world.clock.now = noon + tick * 60_000 + (tick % 3) * 400;
      const queue: { readonly at: number; readonly instanceIds: readonly string[] }[] = [];
      await dispatch(
        {
          leases: world.leases,
          troubles: troubleStore(world.items),
          measure: measureNothing,
          sendWatch: async (messages) => {
            for (const { body, delaySeconds = 0 } of messages)
              queue.push({
                at: world.clock.now + delaySeconds * 1000,
                instanceIds: readLook(body).instanceIds,
              });
          },
          now: () => world.clock.now,
        },
        instances,
      );
      for (const { at, instanceIds } of queue.sort((a, b) => a.at - b.at)) {
        world.clock.now = at;
        for (const id of instanceIds) {
          const before = world.calls.length;
          await world.look({ id, name: id });
          if (world.calls.length > before) looks.set(id, [...(looks.get(id) ?? []), at]);
        }
      }
    }
    expect(looks.size).toBe(24);
    for (const times of looks.values()) {
      expect(times.length).toBeGreaterThanOrEqual(9);
      const gaps = times.slice(1).map((at, index) => at - (times[index] ?? 0));
      expect(Math.min(...gaps)).toBeGreaterThanOrEqual(59_000);
      // Once it moves to the time of the others.
      expect(Math.max(...gaps)).toBeLessThanOrEqual(76_000);
      expect(Math.max(...gaps.slice(2))).toBeLessThanOrEqual(61_000);
    }
    // At the four times of the grid.
    expect(new Set([...looks.values()].map(([first]) => first)).size).toBeGreaterThanOrEqual(4);
  });
});
