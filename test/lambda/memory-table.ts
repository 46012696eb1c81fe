import type { Item, Key, Table } from '../../lambda/store/table.ts';

/** As DynamoDB orders sort keys: by the bytes of their UTF-8, not by the UTF-16 units of JavaScript. */
const byteOrder = (a: string, b: string): number => Buffer.compare(Buffer.from(a), Buffer.from(b));

/** The state table for tests and simulation; passes the same contract suite as the engines. */
export const memoryTable = (): Table & { readonly items: ReadonlyMap<string, Item> } => {
  const items = new Map<string, Item>();
  const name = ({ pk, sk }: Key) => JSON.stringify([pk, sk]);
  return {
    items,
    async get(key) {
      return items.get(name(key));
    },
    async swap(item, expected) {
      const stored = items.get(name(item));
      if ((stored?.version ?? 'absent') !== expected) return false;
      items.set(name(item), item);
      return true;
    },
    async remove(key, expected) {
      const stored = items.get(name(key));
      if (stored && stored.version !== expected) return false;
      items.delete(name(key));
      return true;
    },
    async *range(pk, from, to) {
      const found = [...items.values()].filter(
        (item) => item.pk === pk && byteOrder(item.sk, from) >= 0 && byteOrder(item.sk, to) <= 0,
      );
      yield* found.sort((a, b) => byteOrder(a.sk, b.sk));
    },
  };
};
