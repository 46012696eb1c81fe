/**
 * A table in virtual time: each request takes its time, uses units, and waits where its partition has none left in this
 * second. Real partitions are split when they are hot; here they are not.
 */
import type { Item, Key, Table } from '../../../lambda/store/table.ts';
import { storedBytes } from '../../lambda/stored-bytes.ts';
import type { Scheduler } from '../scheduler.ts';

/** https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/bp-partition-key-design.html */
export const partitionLimits = { writes: 1_000, reads: 3_000 } as const;

type Kind = keyof typeof partitionLimits;

const itemMs = 4;
const megabyteMs = 40;

/** What a partition did in the second in which it did most. */
export interface Hottest {
  readonly partition: string;
  readonly units: number;
}

export interface TableUse {
  readonly units: Record<Kind, number>;
  readonly hottest: Record<Kind, Hottest>;
  /** Requests that waited for a later second. */
  throttled: number;
}

const writeUnits = (item: Pick<Item, 'pk' | 'sk' | 'body'>): number => Math.ceil(storedBytes(item) / 1_024);
const readUnits = (bytes: number): number => Math.max(1, Math.ceil(bytes / 4_096));

export const pricedTable = (
  table: Table,
  { now, sleep }: Pick<Scheduler, 'now' | 'sleep'>,
): { readonly table: Table; readonly use: TableUse } => {
  const none: Hottest = { partition: '', units: 0 };
  const use: TableUse = {
    units: { writes: 0, reads: 0 },
    hottest: { writes: none, reads: none },
    throttled: 0,
  };
  const seconds = new Map<string, { second: number; units: number }>();

  /** Takes units of a partition, in this second or in a later one. */
  const take = async (kind: Kind, partition: string, units: number): Promise<void> => {
    const name = `${kind} ${partition}`;
    for (;;) {
      const second = Math.floor(now() / 1_000);
      const found = seconds.get(name);
      const taken = found?.second === second ? found.units : 0;
      // One request may be larger than all that is left: it goes first in its second.
      if (taken === 0 || taken + units <= partitionLimits[kind]) {
        seconds.set(name, { second, units: taken + units });
        use.units[kind] += units;
        if (taken + units > use.hottest[kind].units) use.hottest[kind] = { partition, units: taken + units };
        return;
      }
      use.throttled += 1;
      await sleep((second + 1) * 1_000 - now());
    }
  };

  const read = async (key: Key): Promise<Item | undefined> => {
    const found = await table.get(key);
    await take('reads', key.pk, readUnits(found ? storedBytes(found) : 0));
    await sleep(itemMs);
    return found;
  };
  const paged = async (pk: string, items: readonly Item[]): Promise<readonly Item[]> => {
    const bytes = items.reduce((sum, item) => sum + storedBytes(item), 0);
    await take('reads', pk, readUnits(bytes));
    await sleep(itemMs + (bytes / 1_048_576) * megabyteMs);
    return items;
  };
  return {
    use,
    table: {
      get: read,
      async swap(item, expected) {
        await take('writes', item.pk, writeUnits(item));
        await sleep(itemMs);
        return table.swap(item, expected);
      },
      async remove(key, expected) {
        await take('writes', key.pk, 1);
        await sleep(itemMs);
        return table.remove(key, expected);
      },
      async *range(pk, from, to) {
        const items: Item[] = [];
        for await (const item of table.range(pk, from, to)) items.push(item);
        yield* await paged(pk, items);
      },
      last: async (pk, from, to, most) => paged(pk, await table.last(pk, from, to, most)),
    },
  };
};
