import type { Item, Key, Table, TableOptions, Version } from '../../lambda/store/table.ts';

/** Where UTF-16 units are in another order than the bytes of UTF-8. */
const beyondPlainOrder = /[\ud800-\uffff]/;

/** As DynamoDB orders sort keys: by the bytes of their UTF-8, not by the UTF-16 units of JavaScript. */
const byteOrder = (a: string, b: string): number => {
  if (beyondPlainOrder.test(a) || beyondPlainOrder.test(b))
    return Buffer.compare(Buffer.from(a), Buffer.from(b));
  return a < b ? -1 : a > b ? 1 : 0;
};

/** Index of the first key at or behind `from`. */
const firstFrom = (keys: readonly string[], from: string): number => {
  let [low, high] = [0, keys.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (byteOrder(keys[middle] ?? '', from) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
};

/** The state table for tests and simulation; passes the same contract suite as the engines. */
/** What a table gives to its first write, unless told otherwise. */
export const firstVersion = 'version 1' as Version;

const counter = (): (() => string) => {
  let versions = 0;
  return () => {
    versions += 1;
    return `version ${versions}`;
  };
};

export const memoryTable = ({
  newVersion = counter(),
}: Partial<TableOptions> = {}): Table & { readonly items: ReadonlyMap<string, Item> } => {
  const items = new Map<string, Item>();
  /** Sort keys by partition; sorted when a range is asked for, so that writing many stays cheap. */
  const partitions = new Map<string, { keys: string[]; sorted: boolean }>();
  const name = ({ pk, sk }: Key) => JSON.stringify([pk, sk]);
  const write = (item: Item) => {
    const before = items.has(name(item));
    items.set(name(item), item);
    if (before) return;
    const partition = partitions.get(item.pk);
    if (!partition) partitions.set(item.pk, { keys: [item.sk], sorted: true });
    else {
      partition.keys.push(item.sk);
      partition.sorted = false;
    }
  };
  const keysOf = (pk: string): readonly string[] => {
    const partition = partitions.get(pk);
    if (!partition) return [];
    if (!partition.sorted) {
      // A removed key stays until now, and stands twice when it was written again.
      partition.keys = [...new Set(partition.keys)]
        .filter((sk) => items.has(name({ pk, sk })))
        .sort(byteOrder);
      partition.sorted = true;
    }
    return partition.keys;
  };
  const between = (pk: string, from: string, to: string): readonly Item[] => {
    const keys = keysOf(pk);
    const found: Item[] = [];
    for (let index = firstFrom(keys, from); index < keys.length; index += 1) {
      const sk = keys[index] ?? '';
      if (byteOrder(sk, to) > 0) break;
      const item = items.get(name({ pk, sk }));
      if (item) found.push(item);
    }
    return found;
  };
  return {
    items,
    async get(key) {
      return items.get(name(key));
    },
    async swap(item, expected) {
      const stored = items.get(name(item));
      const version = item.version ?? (newVersion() as Version);
      if ((stored?.version ?? 'absent') !== expected)
        return stored?.version === version ? version : undefined;
      write({ ...item, version });
      return version;
    },
    async remove(key, expected) {
      const stored = items.get(name(key));
      if (stored && stored.version !== expected) return false;
      const partition = partitions.get(key.pk);
      if (!items.delete(name(key))) return 'gone';
      if (partition) partition.sorted = false;
      return 'removed';
    },
    async *range(pk, from, to) {
      yield* between(pk, from, to);
    },
    last: async (pk, from, to, most) => between(pk, from, to).slice(-most).reverse(),
  };
};
