import { describe, expect, it } from 'vitest';
import { instanceRegistry, instancesFreshMs } from '../../../lambda/store/instance-registry.ts';
import {
  type ConfiguredInstance,
  type InstanceRow,
  instanceStore,
  servedInstances,
  shardCount,
  shardOf,
} from '../../../lambda/store/instances.ts';
import { StoreUnavailable, type Table } from '../../../lambda/store/table.ts';
import { chanceOf } from '../../simulation/chance.ts';
import { countedTable } from '../counted-table.ts';
import { firstVersion, memoryTable } from '../memory-table.ts';
import { noon } from '../subscriptions/world.ts';

/*
 * State: the rows of instances, each absent, served, paused or removed; the head, absent or with a mark for each shard
 * that has rows; in each process what it has read, and when.
 * Events: a deployment adds the rows that are absent; a command adds, renames, pauses, resumes or removes one, or dies
 * between the row and the head, or is repeated; a process begins, and is called; the table does not answer.
 * Invariants:
 *  - served are the instances of the rows, a removed one not;
 *  - a deployment changes no row that is there, a removed one neither;
 *  - a call shows every change that ended 30 s before it or earlier, and nothing that was at no time in the rows;
 *  - a call within 30 s of the read before costs no read, and a later one a single read where nothing has changed;
 *  - what was read is used for an hour while the table does not answer; a process that has read nothing refuses, as it
 *    does while the table has no rows.
 */

const instance = (number: number): ConfiguredInstance => ({
  id: `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`,
  name: `Instance ${number}`,
  secretName: `keys-${number}`,
});
const [one, two, three] = [instance(1), instance(2), instance(3)] as const;

const world = () => {
  const items = memoryTable();
  const clock = { now: noon };
  let marks = 0;
  const newVersion = () => {
    marks += 1;
    return `mark ${marks}`;
  };
  const faults = { down: false };
  const covered: string[] = [];
  const failing: Table = {
    ...items,
    get: (key) => {
      if (faults.down) throw new StoreUnavailable('The table does not answer.');
      return items.get(key);
    },
  };
  return {
    items,
    clock,
    faults,
    covered,
    newVersion,
    store: instanceStore(items, newVersion),
    /** A process of a function. */
    process() {
      const { table, counts } = countedTable(failing);
      const { refresh, settings } = instanceRegistry(
        table,
        { other: 'setting' },
        { newVersion, now: () => clock.now, covered: (what) => covered.push(what) },
      );
      return {
        counts,
        settings,
        /** @returns the names that a call sees */
        async call() {
          await refresh();
          return settings.instances.map(({ name }) => name);
        },
      };
    },
  };
};

const rename = (name: string) => (row: InstanceRow | undefined) => row && { ...row, name };

describe('the instances that are served', () => {
  it('are those of the rows but the removed ones', async () => {
    const { store, clock, process } = world();
    await store.addAbsent([one, three]);
    const { call, settings } = process();
    expect(settings.instances).toEqual([]);
    expect(await call()).toEqual(['Instance 1', 'Instance 3']);
    await store.addAbsent([two]);
    clock.now += instancesFreshMs;
    expect(await call()).toEqual(['Instance 1', 'Instance 2', 'Instance 3']);
    await store.change([two.id], (row) => row && { ...row, removedAt: '2026-06-01T12:00:00Z' });
    clock.now += instancesFreshMs;
    expect(await call()).toEqual(['Instance 1', 'Instance 3']);
    expect(settings.other).toBe('setting');
    expect(await process().call()).toEqual(['Instance 1', 'Instance 3']);
  });

  it('are refused, and not none, while the table has no rows', async () => {
    const { store, clock, process } = world();
    const { call } = process();
    await expect(call()).rejects.toThrow(StoreUnavailable);
    await expect(call()).rejects.toThrow('no rows of instances');
    await store.addAbsent([one]);
    clock.now += 1;
    expect(await call()).toEqual(['Instance 1']);
  });

  it('are the same list until they change', async () => {
    const { store, clock, process } = world();
    await store.addAbsent([one, two]);
    const { call, settings } = process();
    await call();
    const before = settings.instances;
    clock.now += instancesFreshMs;
    await call();
    expect(settings.instances).toBe(before);
    await store.change([two.id], rename('Renamed'));
    clock.now += instancesFreshMs;
    await call();
    expect(settings.instances.map(({ name }) => name)).toEqual(['Instance 1', 'Renamed']);
  });

  it('are found by the process that comes after a command which died before it told anybody, once it is repeated', async () => {
    const { items, store, clock, process, newVersion } = world();
    await store.addAbsent([one]);
    const { call } = process();
    await call();
    const dying = instanceStore(
      {
        ...items,
        swap: async (item, expected) => {
          if (item.sk === 'HEAD') throw new StoreUnavailable('The command was killed.');
          return items.swap(item, expected);
        },
      },
      newVersion,
    );
    const pause = (row: InstanceRow | undefined) =>
      row?.pausedAt === undefined ? row && { ...row, name: 'Paused', pausedAt: 'now' } : undefined;
    await expect(dying.change([one.id], pause)).rejects.toThrow('killed');
    clock.now += instancesFreshMs;
    expect(await call()).toEqual(['Instance 1']);
    await store.change([one.id], pause);
    clock.now += instancesFreshMs;
    expect(await call()).toEqual(['Paused']);
  });
});

describe('a deployment', () => {
  it('writes the rows that are absent, and changes none', async () => {
    const { store } = world();
    expect(await store.addAbsent([one, two])).toEqual([one.id, two.id]);
    await store.change([one.id], rename('Renamed'));
    await store.change([two.id], (row) => row && { ...row, removedAt: '2026-06-01T12:00:00Z' });
    expect(await store.addAbsent([one, { ...two, id: two.id.toUpperCase() }, three])).toEqual([three.id]);
    expect(servedInstances(await store.list())).toEqual([{ ...one, name: 'Renamed' }, three]);
  });
});

describe('the cost of a call', () => {
  it('is no read within 30 s, one read when nothing has changed, and the changed shards otherwise', async () => {
    const { store, clock, process } = world();
    const many = Array.from({ length: 1_000 }, (_, index) => instance(index));
    await store.addAbsent(many);
    const { call, counts } = process();
    await call();
    expect(counts).toEqual({ reads: 1 + shardCount, items: 1_000, writes: 0 });
    for (let calls = 0; calls < 100; calls += 1) await call();
    clock.now += instancesFreshMs - 1;
    await call();
    expect(counts.reads).toBe(1 + shardCount);
    clock.now += 1;
    await Promise.all([call(), call(), call()]);
    expect(counts).toEqual({ reads: 2 + shardCount, items: 1_000, writes: 0 });
    await store.change([one.id], rename('Renamed'));
    clock.now += instancesFreshMs;
    await call();
    const inShard = many.filter(({ id }) => shardOf(id) === shardOf(one.id)).length;
    expect(counts).toEqual({ reads: 4 + shardCount, items: 1_000 + inShard, writes: 0 });
  });

  it('follows the shards that have rows, not those that there may be', async () => {
    const { store, process } = world();
    await store.addAbsent([one]);
    const { call, counts } = process();
    await call();
    expect(counts.reads).toBe(2);
  });

  it('is spread evenly over the shards', () => {
    const sizes = new Map<string, number>();
    for (let index = 0; index < 10_000; index += 1) {
      const shard = shardOf(instance(index).id);
      sizes.set(shard, (sizes.get(shard) ?? 0) + 1);
    }
    expect(sizes.size).toBe(shardCount);
    expect(Math.max(...sizes.values())).toBeLessThan((10_000 / shardCount) * 1.25);
  });
});

describe('a table that does not answer', () => {
  it('leaves a process what it has read, for an hour, and says so', async () => {
    const { store, clock, faults, covered, process } = world();
    await store.addAbsent([two]);
    const { call } = process();
    await call();
    faults.down = true;
    clock.now += 59 * 60_000;
    expect(await call()).toEqual(['Instance 2']);
    expect(covered).toHaveLength(1);
    clock.now += 60_000;
    await expect(call()).rejects.toThrow('does not answer');
    faults.down = false;
    expect(await call()).toEqual(['Instance 2']);
  });

  it('refuses the calls of a process that has read nothing, instead of serving what may have been removed', async () => {
    const { faults, process } = world();
    faults.down = true;
    await expect(process().call()).rejects.toThrow(StoreUnavailable);
  });
});

describe('rows of a newer version', () => {
  it('are left out, and the others are served', async () => {
    const { items, store, newVersion } = world();
    await store.addAbsent([one, two]);
    const found = [...items.items.values()].find(({ sk }) => sk === two.id) ?? expect.fail('no row');
    await items.swap({ ...found, body: '{"v":2,"record":{}}', version: firstVersion }, found.version);
    const reasons: string[] = [];
    const onUnreadable = (_: unknown, { message }: Error) => reasons.push(message);
    expect(servedInstances(await instanceStore({ ...items, onUnreadable }, newVersion).list())).toEqual([
      one,
    ]);
    expect(reasons.join()).toContain('Deploy the newer one');
  });
});

describe('random commands, deployments and processes', () => {
  it.each(Array.from({ length: 50 }, (_, seed) => seed))('keep the invariants: seed %i', async (seed) => {
    const { clock, store, process } = world();
    const chance = chanceOf(seed, 0);
    const all = Array.from({ length: 12 }, (_, index) => instance(index));
    await store.addAbsent(all.slice(0, 4));
    /** What the rows say, since when. */
    const history: { readonly from: number; readonly served: string }[] = [];
    const remember = async () => {
      const served = servedInstances(await store.list());
      history.push({ from: clock.now, served: JSON.stringify(served.map(({ name }) => name)) });
    };
    await remember();
    const processes = [process(), process(), process()];
    for (let step = 0; step < 60; step += 1) {
      clock.now += chance.whole(0, 40_000);
      const chosen = chance.pick(all);
      const kind = chance.whole(0, 5);
      if (kind === 0) await store.addAbsent([chosen]);
      if (kind === 1)
        await store.change(
          [chosen.id],
          (row) => row && { ...row, removedAt: new Date(clock.now).toISOString() },
        );
      if (kind === 2) await store.change([chosen.id], () => ({ ...chosen, name: `Added ${step}` }));
      if (kind < 3) await remember();
      if (kind === 3) processes[chance.whole(0, 2)] = process();
      if (kind > 3) {
        const seen = JSON.stringify(await chance.pick(processes).call());
        // A state ends with the next one; it may be shown for 30 s more.
        const shown = history.findLastIndex(({ served }) => served === seen);
        expect(shown).toBeGreaterThanOrEqual(0);
        const end = history[shown + 1]?.from ?? Number.POSITIVE_INFINITY;
        expect(clock.now - end).toBeLessThan(instancesFreshMs);
      }
    }
  });
});
