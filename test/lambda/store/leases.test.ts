import { describe, expect, it } from 'vitest';
import { shardCount, shardOf } from '../../../lambda/store/instances.ts';
import { type Lease, leaseStore, mostUrgent, newLease } from '../../../lambda/store/leases.ts';
import { recordStore } from '../../../lambda/store/record-store.ts';
import { chanceOf } from '../../simulation/chance.ts';
import { countedTable } from '../counted-table.ts';
import { memoryTable } from '../memory-table.ts';

/*
 * State: of each instance no lease, one in the partition of all (an earlier version wrote it), one in its shard, or both.
 * Events: this version finds and saves; an earlier version, which knows the partition of all alone, finds and saves: in an
 * update both run for a while, and after going back the earlier one runs alone; a process dies between two writes.
 * Invariants:
 *  - of two processes of this version that have found the same, one saves;
 *  - the lease of an earlier version is used until this one has saved, and never afterwards;
 *  - whatever the order, each version can take the lease of every instance, so every instance is polled.
 */

const ids = Array.from({ length: 64 }, (_, index) => `instance-${index}`);
const leaseOf = (dueAt: number): Lease => ({ ...newLease, dueAt });

const worlds = () => {
  const items = memoryTable();
  return {
    items,
    leases: leaseStore(items),
    /** 0.1.0 */
    earlier: recordStore<string, Lease>(items, {
      kind: 'lease',
      schemaVersion: 1,
      key: (id) => ({ pk: 'WATCH', sk: id }),
    }),
    partitions: () => new Set([...items.items.values()].map(({ pk }) => pk)),
  };
};

describe('the leases', () => {
  it('lie in the shards of their instances', async () => {
    const { leases, partitions } = worlds();
    for (const [at, id] of ids.entries()) await leases.save(id, leaseOf(at), 'absent');
    expect(partitions()).toEqual(new Set(ids.map((id) => `WATCH#${shardOf(id)}`)));
    expect(new Map(await leases.all())).toEqual(new Map(ids.map((id, at) => [id, leaseOf(at)])));
  });

  it('are read of the wanted shards alone, and of all', async () => {
    const { items } = worlds();
    const { table, counts } = countedTable(items);
    const counted = leaseStore(table);
    await counted.all(['instance-1']);
    expect(counts.reads).toBe(2);
    await counted.all();
    expect(counts.reads).toBe(2 + shardCount + 1);
  });

  it('of an earlier version are used, move with the next save, and leave nothing behind', async () => {
    const { leases, earlier, items } = worlds();
    await earlier.save('a', leaseOf(5), 'absent');
    const found = await leases.find('a');
    expect(found?.body).toEqual(leaseOf(5));
    expect(await leases.all(['a'])).toEqual(new Map([['a', leaseOf(5)]]));
    // Another process has found the same, and is late.
    expect(await leases.save('a', leaseOf(6), found?.version ?? 'absent')).toBeDefined();
    expect(await leases.save('a', leaseOf(7), found?.version ?? 'absent')).toBeUndefined();
    expect([...items.items.values()].map(({ pk }) => pk)).toEqual([`WATCH#${shardOf('a')}`]);
    expect((await leases.find('a'))?.body).toEqual(leaseOf(6));
  });

  it('are found in the shard when a process died before it removed the earlier one', async () => {
    const { leases, earlier, items } = worlds();
    await earlier.save('a', leaseOf(5), 'absent');
    const dying = leaseStore({
      ...items,
      remove: async () => {
        throw new Error('killed');
      },
    });
    await expect(dying.save('a', leaseOf(6), 'absent')).rejects.toThrow('killed');
    expect((await leases.find('a'))?.body).toEqual(leaseOf(6));
    expect(await leases.all()).toEqual(new Map([['a', leaseOf(6)]]));
  });

  it.each(Array.from({ length: 20 }, (_, seed) => seed))(
    'can be taken by either version in whatever order both run: seed %i',
    async (seed) => {
      const { leases, earlier } = worlds();
      const chance = chanceOf(seed, 1);
      for (let step = 0; step < 200; step += 1) {
        const id = chance.pick(ids.slice(0, 5));
        if (chance.happens(0.5)) {
          const found = await leases.find(id);
          expect(await leases.save(id, leaseOf(step), found?.version ?? 'absent')).toBeDefined();
          expect((await leases.find(id))?.body.dueAt).toBe(step);
          expect((await leases.all([id])).get(id)?.dueAt).toBe(step);
        } else {
          expect(await earlier.save(id, leaseOf(step), await earlier.versionOf(id))).toBeDefined();
          expect((await earlier.find(id))?.body.dueAt).toBe(step);
        }
      }
    },
  );
});

describe('of many instances', () => {
  it('those are shown that failed most or have waited longest, a paused one has not waited', () => {
    const now = 1_000_000;
    const leases = new Map<string, Lease>([
      ['sound', leaseOf(now + 1)],
      ['late', leaseOf(now - 60_000)],
      ['later', leaseOf(now - 90_000)],
      ['failing', { ...leaseOf(now + 1), failures: 3 }],
      ['paused', leaseOf(now - 900_000)],
    ]);
    const paused = { id: 'paused', pausedAt: '2026-06-01T12:00:00Z' };
    const all = [{ id: 'sound' }, { id: 'new' }, paused, { id: 'late' }, { id: 'failing' }, { id: 'later' }];
    expect(mostUrgent(all, leases, now, 3).map(({ id }) => id)).toEqual(['failing', 'later', 'late']);
    expect(mostUrgent(all, leases, now, 6)).toEqual(all);
  });
});
