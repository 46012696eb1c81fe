/**
 * How long it takes to queue one event for all its subscriptions, and what an idle look costs whatever their
 * number.
 */
import { awsClient } from '../../lambda/runtime/aws-client.ts';
import { sqs as protocol } from '../../lambda/runtime/aws-services.ts';
import { type Send, sqsSend } from '../../lambda/runtime/queue.ts';
import type { Item, Table } from '../../lambda/store/table.ts';
import { LocalClock } from '../../local/clock.ts';
import { startSqs } from '../../local/sqs/server.ts';
import { countedTable } from '../../test/lambda/counted-table.ts';
import { localPlace } from '../../test/lambda/local-place.ts';
import { memoryTable } from '../../test/lambda/memory-table.ts';
import { startEngineTable } from './engine-table.ts';
import { createLooks } from './look.ts';
import { writeEntries } from './subscribers.ts';

/** Subscriptions to the refreshes of any data source. */
const subscribers = async (count: number): Promise<readonly Item[]> => {
  const items: Item[] = [];
  await writeEntries(
    count,
    () => ({ trigger: 'OnDataSourceRefreshSucceeded', subject: null, threshold: null }),
    (item) => {
      items.push(item);
    },
  );
  return items;
};

const queueAll = async (table: Table, count: number, send: Send): Promise<number> => {
  let queued = 0;
  const { look, lookAtRefresh } = createLooks(table, async (messages) => {
    await send(messages);
    queued += messages.length;
  });
  await look();
  const ms = await lookAtRefresh();
  if (queued !== count) throw new Error(`${queued} deliveries were queued, not ${count}.`);
  return ms;
};

export interface FanOutRow {
  readonly store: string;
  readonly queue: string;
  readonly subscriptions: number;
  readonly 'ms to queue all': string;
  readonly 'deliveries/s': number;
}

export const fanOutRows = async (count: number): Promise<readonly FanOutRow[]> => {
  const engine = await startEngineTable('fan-out');
  const sqs = await startSqs({ clock: LocalClock.live() });
  const client = awsClient(protocol, localPlace(sqs.url));
  try {
    sqs.createQueue('delivery');
    const items = await subscribers(count);
    await engine.load(items);
    const inMemory = memoryTable();
    for (const item of items) await inMemory.swap(item, 'absent');
    const row = async (store: string, queue: string, table: Table, send: Send): Promise<FanOutRow> => {
      const ms = await queueAll(table, count, send);
      return {
        store,
        queue,
        subscriptions: count,
        'ms to queue all': ms.toFixed(0),
        'deliveries/s': Math.round(count / (ms / 1000)),
      };
    };
    return [
      await row('memory', 'counted only', inMemory, async () => undefined),
      await row(engine.engine, 'SQS on loopback', engine.table, sqsSend(client, sqs.queueUrl('delivery'))),
    ];
  } finally {
    await sqs.close();
    await engine.close();
  }
};

export interface IdleRow {
  readonly subscriptions: number;
  readonly 'upstream calls / cycle': number;
  readonly 'store writes / cycle': number;
  readonly 'store reads / cycle': number;
}

/** Looks in which nothing has happened, between two sweeps. */
export const idleRows = async (counts: readonly number[]): Promise<readonly IdleRow[]> => {
  const rows: IdleRow[] = [];
  const cycles = 10;
  for (const count of counts) {
    const table = memoryTable();
    for (const item of await subscribers(count)) await table.swap(item, 'absent');
    const { table: counted, counts: store } = countedTable(table);
    const { look, upstreamCalls } = createLooks(counted, async () => undefined);
    await look(1);
    const before = { ...store, upstream: upstreamCalls() };
    for (let cycle = 0; cycle < cycles; cycle += 1) await look();
    rows.push({
      subscriptions: count,
      'upstream calls / cycle': (upstreamCalls() - before.upstream) / cycles,
      'store writes / cycle': (store.writes - before.writes) / cycles,
      'store reads / cycle': (store.reads - before.reads) / cycles,
    });
  }
  return rows;
};
