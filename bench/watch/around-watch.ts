/** What the function `watch` finds around it: sign-in, Customer Insights, table with subscriptions, and queues. */
import type { Item } from '../../lambda/store/table.ts';
import { LocalClock } from '../../local/clock.ts';
import { startSqs } from '../../local/sqs/server.ts';
import { type CountingProxy, countingProxy } from '../delivery/counting-proxy.ts';
import { startSignIn } from '../proxy/directory.ts';
import { writeInstanceRows } from '../proxy/instance-of-benchmarks.ts';
import { type Part, startPart } from '../proxy/part.ts';
import { type EngineTable, startEngineTable } from '../triggers/engine-table.ts';
import { writeThresholds } from '../triggers/subscribers.ts';
import type { SourceInput } from './polled-instance.ts';
import type { WatchWorkerInput } from './polling-process.ts';

const stateTable = 'state';
const limiterTable = 'limiter';

/** What one build has of its own: another build would go on where its last poll left off. */
export interface WatchPlace {
  readonly source: Part;
  /** @param counted past the proxies that count: only for counting */
  readonly startWorker: (counted?: boolean) => Promise<Part>;
  /** Deliveries queued since the last time. */
  readonly takeDeliveries: () => number;
  /** Requests of a counted worker since the last time, by operation. */
  readonly takeCounts: () => ReadonlyMap<string, number>;
}

export interface WatchSurroundings {
  readonly engine: string;
  /** In the order of the builds. */
  readonly places: readonly WatchPlace[];
  readonly close: () => Promise<void>;
}

/** Writes the same subscriptions into each of the tables. */
const loadThresholds = async (tables: readonly EngineTable[], subscriptions: number): Promise<void> => {
  let items: Item[] = [];
  const load = async () => {
    for (const { load: loadInto } of tables) await loadInto(items);
    items = [];
  };
  await writeThresholds(subscriptions, async (item) => {
    if (items.push(item) === 10_000) await load();
  });
  await load();
};

/**
 * @param directories of the function `watch`, one for each build
 * @param at epoch ms before the first poll
 */
export const startWatchSurroundings = async (
  directories: readonly string[],
  { subscriptions, at }: { readonly subscriptions: number; readonly at: number },
): Promise<WatchSurroundings> => {
  const clock = LocalClock.live();
  const [signIn, sqs] = await Promise.all([startSignIn(clock), startSqs({ clock })]);
  const tables: EngineTable[] = [];
  for (const _ of directories) tables.push(await startEngineTable(stateTable));
  for (const { addLimiterTable, table } of tables) {
    await addLimiterTable(limiterTable);
    await writeInstanceRows(table);
  }
  await loadThresholds(tables, subscriptions);
  const sources: Part[] = [];
  const proxies: CountingProxy[] = [];

  const placeOf = async (directory: string, table: EngineTable, index: number): Promise<WatchPlace> => {
    const sourceInput: SourceInput = { instanceId: signIn.instanceId, at };
    const source = await startPart('../watch/polled-instance.ts', sourceInput);
    sources.push(source);
    const [delivery, watch] = ['delivery', 'watch'].map((name) => `${name}-${index}`);
    if (delivery === undefined || watch === undefined) throw new Error('Two queues are needed.');
    for (const name of [delivery, watch]) sqs.createQueue(name);
    const direct = [
      table.url,
      sqs.url,
      signIn.environment.AWS_ENDPOINT_URL_SECRETS_MANAGER ?? '',
      source.url,
    ];
    const counters = await Promise.all(direct.map(countingProxy));
    proxies.push(...counters);
    return {
      source,
      startWorker: (counted = false) => {
        const [database, queues, secrets, customerInsights] = counted
          ? counters.map(({ url }) => url)
          : direct;
        const input: WatchWorkerInput = { directory, instanceId: signIn.instanceId };
        return startPart('../watch/polling-process.ts', input, {
          ...signIn.environment,
          STATE_TABLE: stateTable,
          LIMITER_TABLE: limiterTable,
          // The AWS SDK calls the host of the queue.
          DELIVERY_QUEUE_URL: sqs.queueUrl(delivery).replace(sqs.url, queues ?? ''),
          WATCH_QUEUE_URL: sqs.queueUrl(watch).replace(sqs.url, queues ?? ''),
          CUSTOMER_INSIGHTS_URL: `${customerInsights}/v1`,
          AWS_ENDPOINT_URL_DYNAMODB: database ?? '',
          AWS_ENDPOINT_URL_SQS: queues ?? '',
          AWS_ENDPOINT_URL_SECRETS_MANAGER: secrets ?? '',
        });
      },
      takeDeliveries: () => {
        const queue = sqs.queue(delivery);
        const { visible } = queue.counts();
        queue.purge();
        return visible;
      },
      takeCounts: () => new Map(counters.flatMap((counter) => [...counter.take()])),
    };
  };
  const places: WatchPlace[] = [];
  for (const [index, table] of tables.entries())
    places.push(await placeOf(directories[index] ?? '', table, index));
  return {
    engine: tables[0]?.engine ?? 'none',
    places,
    async close() {
      for (const source of sources) await source.stop();
      await Promise.all(proxies.map((proxy) => proxy.close()));
      await Promise.all(tables.map((table) => table.close()));
      await sqs.close();
      await signIn.close();
    },
  };
};
