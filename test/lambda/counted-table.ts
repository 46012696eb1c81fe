import type { Item, Table, Version } from '../../lambda/store/table.ts';

export interface TableCounts {
  /** Reads of one item, and pages of ranges as far as they were consumed. */
  reads: number;
  /** Items that ranges gave. */
  items: number;
  writes: number;
}

/** A table that counts its requests. */
export const countedTable = (table: Table): { readonly table: Table; readonly counts: TableCounts } => {
  const counts: TableCounts = { reads: 0, items: 0, writes: 0 };
  return {
    counts,
    table: {
      get(key) {
        counts.reads += 1;
        return table.get(key);
      },
      swap(item, expected) {
        counts.writes += 1;
        return table.swap(item, expected);
      },
      remove(key, expected) {
        counts.writes += 1;
        return table.remove(key, expected);
      },
      async *range(pk, from, to) {
        counts.reads += 1;
        for await (const item of table.range(pk, from, to)) {
          counts.items += 1;
          yield item;
        }
      },
      last(pk, from, to, most) {
        counts.reads += 1;
        return table.last(pk, from, to, most);
      },
    },
  };
};

/**
 * Keeps nothing but the last item, and hands on all: so that they can be loaded elsewhere in large batches.
 */
export const passingTable = (pass: (item: Item) => void): Table => {
  let last: Item | undefined;
  let versions = 0;
  return {
    get: async ({ pk, sk }) => (last?.pk === pk && last.sk === sk ? last : undefined),
    async swap(item) {
      versions += 1;
      last = { ...item, version: item.version ?? (`version ${versions}` as Version) };
      pass(last);
      return last.version;
    },
    remove: async () => 'removed' as const,
    async *range() {
      // Nothing is kept.
    },
    last: async () => [],
  };
};
