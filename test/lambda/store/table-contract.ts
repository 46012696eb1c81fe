import { describe, expect, it } from 'vitest';
import type { Item, Table } from '../../../lambda/store/table.ts';

let partitions = 0;
/** A partition of its own for each test, because an engine's table is shared. */
const newPartition = () => {
  partitions += 1;
  return `P#${process.pid}#${partitions}`;
};

const item = (pk: string, sk: string, over: Partial<Item> = {}): Item => ({
  pk,
  sk,
  version: 'v1',
  body: '{"v":1}',
  ...over,
});

const collect = async (items: AsyncIterable<Item>): Promise<readonly Item[]> => {
  const found: Item[] = [];
  for await (const each of items) found.push(each);
  return found;
};

/*
 * State: the items of one partition, each with a version.
 * Events: get, swap, remove, range, also many at once.
 * Invariants:
 *  - a write that expects another version changes nothing and says so; of several that expect the same, one wins;
 *  - a range holds exactly the items between its bounds, both included, in the order of the keys' bytes, however many there are.
 */
export const tableContract = (tableOf: () => Table): void => {
  describe('single items', () => {
    it('are absent until they are written, and come back as they were', async () => {
      const [table, pk] = [tableOf(), newPartition()];
      expect(await table.get({ pk, sk: 'A' })).toBeUndefined();
      const written = item(pk, 'A', {
        body: '{"v":1,"n":12345678901234567890.0123456789}',
        expiresAt: 1_800_000_000,
      });
      expect(await table.swap(written, 'absent')).toBe(true);
      expect(await table.get({ pk, sk: 'A' })).toEqual(written);
    });

    it('are created once', async () => {
      const [table, pk] = [tableOf(), newPartition()];
      await table.swap(item(pk, 'A'), 'absent');
      expect(await table.swap(item(pk, 'A', { version: 'v2' }), 'absent')).toBe(false);
      expect(await table.get({ pk, sk: 'A' })).toMatchObject({ version: 'v1' });
    });

    it('that are written again because the answer was lost count as written', async () => {
      const [table, pk] = [tableOf(), newPartition()];
      for (const _ of ['first', 'repeated']) expect(await table.swap(item(pk, 'A'), 'absent')).toBe(true);
      for (const _ of ['first', 'repeated'])
        expect(await table.swap(item(pk, 'A', { version: 'v2' }), 'v1')).toBe(true);
      expect(await table.swap(item(pk, 'A', { version: 'v3' }), 'v1')).toBe(false);
    });

    it('are swapped under their version only', async () => {
      const [table, pk] = [tableOf(), newPartition()];
      await table.swap(item(pk, 'A', { expiresAt: 1_800_000_000 }), 'absent');
      expect(await table.swap(item(pk, 'A', { version: 'v3' }), 'v2')).toBe(false);
      expect(await table.swap(item(pk, 'A', { version: 'v2' }), 'v1')).toBe(true);
      const stored = await table.get({ pk, sk: 'A' });
      expect(stored).toEqual(item(pk, 'A', { version: 'v2' }));
      // The time of expiry went with the item that had it.
      expect(stored).not.toHaveProperty('expiresAt');
    });

    it('that are absent cannot be swapped under a version', async () => {
      const [table, pk] = [tableOf(), newPartition()];
      expect(await table.swap(item(pk, 'A'), 'v0')).toBe(false);
      expect(await table.get({ pk, sk: 'A' })).toBeUndefined();
    });

    it('are removed under their version only; one that is gone already counts as removed', async () => {
      const [table, pk] = [tableOf(), newPartition()];
      await table.swap(item(pk, 'A'), 'absent');
      expect(await table.remove({ pk, sk: 'A' }, 'v0')).toBe(false);
      expect(await table.get({ pk, sk: 'A' })).toBeDefined();
      expect(await table.remove({ pk, sk: 'A' }, 'v1')).toBe(true);
      expect(await table.get({ pk, sk: 'A' })).toBeUndefined();
      expect(await table.remove({ pk, sk: 'A' }, 'v1')).toBe(true);
    });

    it('swapped by many at once go to exactly one of them', async () => {
      const [table, pk] = [tableOf(), newPartition()];
      const attempt = (expected: string) => async (_: unknown, index: number) =>
        (await table.swap(item(pk, 'A', { version: `${expected}-${index}` }), expected)) ? index : undefined;
      const many = Array.from({ length: 20 });
      const created = (await Promise.all(many.map(attempt('absent')))).filter((index) => index !== undefined);
      expect(created).toHaveLength(1);
      const version = `absent-${created[0]}`;
      const swapped = (await Promise.all(many.map(attempt(version)))).filter((index) => index !== undefined);
      expect(swapped).toHaveLength(1);
      expect(await table.get({ pk, sk: 'A' })).toMatchObject({ version: `${version}-${swapped[0]}` });
    });
  });

  describe('a range', () => {
    const keys = async (table: Table, pk: string, from: string, to: string) =>
      (await collect(table.range(pk, from, to))).map(({ sk }) => sk);

    it('includes its bounds and nothing of another partition', async () => {
      const [table, pk] = [tableOf(), newPartition()];
      await Promise.all(['A', 'B', 'C', 'D'].map((sk) => table.swap(item(pk, sk), 'absent')));
      await table.swap(item(`${pk}x`, 'B'), 'absent');
      expect(await keys(table, pk, 'B', 'C')).toEqual(['B', 'C']);
      expect(await keys(table, pk, 'E', 'F')).toEqual([]);
      expect(await keys(table, newPartition(), 'A', 'Z')).toEqual([]);
    });

    it('is in the order of bytes, for base64url ids and beyond ASCII', async () => {
      const [table, pk] = [tableOf(), newPartition()];
      const ordered = [
        'E##',
        'E#-a',
        'E#0',
        'E#9',
        'E#A',
        'E#Z',
        'E#_',
        'E#a',
        'E#z',
        'E#zz',
        'E#~',
        'E#é',
        'E#\uff5e',
        'E#😀',
      ];
      await Promise.all(ordered.toReversed().map((sk) => table.swap(item(pk, sk), 'absent')));
      expect(await keys(table, pk, 'E#', 'E#\u{10ffff}')).toEqual(ordered);
      // Every base64url id lies between "E#" and "E#~".
      expect(await keys(table, pk, 'E#', 'E#~')).toEqual(ordered.slice(0, 11));
    });

    it('of more than a megabyte comes whole and in order', async () => {
      const [table, pk] = [tableOf(), newPartition()];
      const all = Array.from({ length: 24 }, (_, index) => `K#${String(index).padStart(3, '0')}`);
      const body = JSON.stringify({ v: 1, record: 'x'.repeat(100_000) });
      await Promise.all(all.map((sk) => table.swap(item(pk, sk, { body }), 'absent')));
      const found = await collect(table.range(pk, 'K#001', 'K#022'));
      expect(found.map(({ sk }) => sk)).toEqual(all.slice(1, 23));
      expect(new Set(found.map((each) => each.body))).toEqual(new Set([body]));
    });

    it('is read from its end, as far as wanted', async () => {
      const [table, pk] = [tableOf(), newPartition()];
      await Promise.all(['A', 'B', 'C', 'D', 'E'].map((sk) => table.swap(item(pk, sk), 'absent')));
      await table.swap(item(`${pk}x`, 'D'), 'absent');
      const last = async (from: string, to: string, most: number) =>
        (await table.last(pk, from, to, most)).map(({ sk }) => sk);
      expect(await last('B', 'D', 2)).toEqual(['D', 'C']);
      expect(await last('B', 'D', 9)).toEqual(['D', 'C', 'B']);
      expect(await last('F', 'G', 1)).toEqual([]);
      expect(await table.last(newPartition(), 'A', 'Z', 1)).toEqual([]);
    });

    it('of more than a megabyte is read from its end too', async () => {
      const [table, pk] = [tableOf(), newPartition()];
      const all = Array.from({ length: 15 }, (_, index) => `K#${String(index).padStart(3, '0')}`);
      const body = JSON.stringify({ v: 1, record: 'x'.repeat(100_000) });
      await Promise.all(all.map((sk) => table.swap(item(pk, sk, { body }), 'absent')));
      const found = await table.last(pk, 'K#', 'K#~', 13);
      expect(found.map(({ sk }) => sk)).toEqual(all.toReversed().slice(0, 13));
    });

    it('sees what was written just before it', async () => {
      const [table, pk] = [tableOf(), newPartition()];
      for (let index = 0; index < 10; index += 1) {
        await table.swap(item(pk, `K#${index}`), 'absent');
        expect(await keys(table, pk, 'K#', 'K#~')).toHaveLength(index + 1);
      }
    });
  });
};
