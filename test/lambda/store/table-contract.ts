import { describe, expect, it } from 'vitest';
import type { Expected, Item, NewItem, Table, Version } from '../../../lambda/store/table.ts';
import { futureExpiry } from '../times-of-engines.ts';

let partitions = 0;
/** A partition of its own for each test, because an engine's table is shared. */
const newPartition = () => {
  partitions += 1;
  return `P#${process.pid}#${partitions}`;
};

const item = (pk: string, sk: string, over: Partial<NewItem> = {}): NewItem => ({
  pk,
  sk,
  body: '{"v":1}',
  ...over,
});

/** Of no item. */
const unknown = 'unknown' as Version;

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
 *  - a write that finds its own version has written;
 *  - a range holds exactly the items between its bounds, both included, in the order of the keys' bytes, however many there are.
 */
export const tableContract = (tableOf: () => Table): void => {
  describe('single items', () => {
    const written = async (table: Table, next: NewItem, expected: Expected = 'absent') =>
      (await table.swap(next, expected)) ?? expect.fail('somebody else wrote');

    it('are absent until they are written, and come back as they were', async () => {
      const [table, pk] = [tableOf(), newPartition()];
      expect(await table.get({ pk, sk: 'A' })).toBeUndefined();
      const next = item(pk, 'A', {
        body: '{"v":1,"n":12345678901234567890.0123456789}',
        expiresAt: futureExpiry,
      });
      const version = await written(table, next);
      expect(await table.get({ pk, sk: 'A' })).toEqual({ ...next, version });
    });

    it('are created once', async () => {
      const [table, pk] = [tableOf(), newPartition()];
      const version = await written(table, item(pk, 'A'));
      expect(await table.swap(item(pk, 'A'), 'absent')).toBeUndefined();
      expect(await table.get({ pk, sk: 'A' })).toMatchObject({ version });
    });

    it('have another version after each write', async () => {
      const [table, pk] = [tableOf(), newPartition()];
      const versions = new Set<Expected>(['absent']);
      for (let write = 1; write <= 5; write += 1) {
        const last = [...versions].at(-1) ?? 'absent';
        versions.add(await written(table, item(pk, 'A'), last));
        expect(versions.size).toBe(write + 1);
      }
    });

    it('may bear the version of another item', async () => {
      const [table, pk] = [tableOf(), newPartition()];
      const version = await written(table, item(pk, 'A'));
      expect(await table.swap(item(pk, 'B', { version }), 'absent')).toBe(version);
      expect(await table.remove({ pk, sk: 'B' }, version)).toBe('removed');
      expect(await table.get({ pk, sk: 'B' })).toBeUndefined();
    });

    it('that are written again because the answer was lost count as written', async () => {
      const [table, pk] = [tableOf(), newPartition()];
      const [first, second, third] = ['first' as Version, 'second' as Version, 'third' as Version] as const;
      for (const _ of ['sent', 'repeated'])
        expect(await table.swap(item(pk, 'A', { version: first }), 'absent')).toBe(first);
      for (const _ of ['sent', 'repeated'])
        expect(await table.swap(item(pk, 'A', { version: second }), first)).toBe(second);
      expect(await table.swap(item(pk, 'A', { version: third }), first)).toBeUndefined();
    });

    it('are swapped under their version only', async () => {
      const [table, pk] = [tableOf(), newPartition()];
      const first = await written(table, item(pk, 'A', { expiresAt: futureExpiry }));
      expect(await table.swap(item(pk, 'A'), unknown)).toBeUndefined();
      const version = await written(table, item(pk, 'A'), first);
      const stored = await table.get({ pk, sk: 'A' });
      expect(stored).toEqual({ ...item(pk, 'A'), version });
      // The time of expiry went with the item that had it.
      expect(stored).not.toHaveProperty('expiresAt');
    });

    it('that are absent cannot be swapped under a version', async () => {
      const [table, pk] = [tableOf(), newPartition()];
      expect(await table.swap(item(pk, 'A'), unknown)).toBeUndefined();
      expect(await table.get({ pk, sk: 'A' })).toBeUndefined();
    });

    it('are removed under their version only, and by one request only', async () => {
      const [table, pk] = [tableOf(), newPartition()];
      const version = await written(table, item(pk, 'A'));
      expect(await table.remove({ pk, sk: 'A' }, unknown)).toBe(false);
      expect(await table.get({ pk, sk: 'A' })).toBeDefined();
      const many = await Promise.all(
        Array.from({ length: 10 }, () => table.remove({ pk, sk: 'A' }, version)),
      );
      expect(many.filter((removal) => removal === 'removed')).toHaveLength(1);
      expect(many.filter((removal) => removal === 'gone')).toHaveLength(9);
      expect(await table.get({ pk, sk: 'A' })).toBeUndefined();
      expect(await table.remove({ pk, sk: 'A' }, version)).toBe('gone');
    });

    it('swapped by many at once go to exactly one of them', async () => {
      const [table, pk] = [tableOf(), newPartition()];
      const many = Array.from({ length: 20 });
      let expected: Expected = 'absent';
      for (const _ of ['created', 'swapped']) {
        const found: Expected = expected;
        const answers: readonly (Version | undefined)[] = await Promise.all(
          many.map(() => table.swap(item(pk, 'A'), found)),
        );
        const [won, ...more] = answers.filter((version) => version !== undefined);
        expect(more).toEqual([]);
        expected = won ?? expect.fail('nobody won');
        expect(await table.get({ pk, sk: 'A' })).toMatchObject({ version: expected });
      }
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
