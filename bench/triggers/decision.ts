/** What a crossing costs against how many subscriptions there are to the segment. */

import type { Item, Table } from '../../lambda/store/table.ts';
import { countedTable } from '../../test/lambda/counted-table.ts';
import { memoryTable } from '../../test/lambda/memory-table.ts';
import { median } from '../statistics/median.ts';
import { startEngineTable } from './engine-table.ts';
import { createLooks } from './look.ts';
import { writeThresholds } from './subscribers.ts';

const crossed = 10;
const repetitions = 7;

export interface DecisionRow {
  readonly store: string;
  readonly subscriptions: number;
  readonly crossed: number;
  readonly 'store reads': number;
  readonly 'items read': number;
  readonly 'store writes': number;
  readonly 'ms (median)': string;
}

const measure = async (store: string, count: number, table: Table): Promise<DecisionRow> => {
  const counted = countedTable(table);
  let queued = 0;
  const { look } = createLooks(counted.table, async (messages) => {
    queued += messages.length;
  });
  const low = Math.max(0, Math.floor(count / 2) - crossed / 2);
  const high = low + Math.min(crossed, count);
  await look(low);
  await look(high);
  await look(low);
  const times: number[] = [];
  let before = { ...counted.counts };
  let owed = 0;
  for (let repetition = 0; repetition < repetitions; repetition += 1) {
    before = { ...counted.counts };
    queued = 0;
    times.push(await look(high));
    owed = queued;
    const after = { ...counted.counts };
    await look(low);
    Object.assign(before, {
      reads: after.reads - before.reads,
      items: after.items - before.items,
      writes: after.writes - before.writes,
    });
  }
  if (owed !== Math.min(crossed, count)) throw new Error(`${owed} deliveries were queued, not ${crossed}.`);
  return {
    store,
    subscriptions: count,
    crossed: owed,
    'store reads': before.reads,
    'items read': before.items,
    'store writes': before.writes,
    'ms (median)': median(times).toFixed(2),
  };
};

/** @param counts of subscriptions; for the engine, then for the model in memory */
export const decisionRows = async (counts: {
  readonly engine: readonly number[];
  readonly memory: readonly number[];
}): Promise<readonly DecisionRow[]> => {
  const rows: DecisionRow[] = [];
  for (const count of counts.engine) {
    const engine = await startEngineTable(`decision-${count}`);
    try {
      const items: Item[] = [];
      await writeThresholds(count, (item) => {
        items.push(item);
      });
      await engine.load(items);
      rows.push(await measure(engine.engine, count, engine.table));
    } finally {
      await engine.close();
    }
  }
  for (const count of counts.memory) {
    const table = memoryTable();
    await writeThresholds(count, async (item) => {
      await table.swap(item, 'absent');
    });
    rows.push(await measure('memory', count, table));
  }
  return rows;
};
