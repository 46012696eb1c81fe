/** Looks at one instance as the watch function makes them, with a source in memory. */

import { countNothing } from '../../lambda/runtime/metrics.ts';
import type { Send } from '../../lambda/runtime/queue.ts';
import { minuteMs } from '../../lambda/runtime/time.ts';
import { troubleStore } from '../../lambda/store/agenda.ts';
import { cursorStore } from '../../lambda/store/cursors.ts';
import { deliveryStore } from '../../lambda/store/deliveries.ts';
import { fanOutStore } from '../../lambda/store/fan-outs.ts';
import { leaseStore } from '../../lambda/store/leases.ts';
import { ledgerStore } from '../../lambda/store/ledger.ts';
import { rearmStateStore } from '../../lambda/store/rearm-states.ts';
import { subscriptionStore } from '../../lambda/store/subscriptions.ts';
import type { Table } from '../../lambda/store/table.ts';
import { readWatchMessage, type WatchQueueMessage } from '../../lambda/store/watch-message.ts';
import type { ObservedEvaluation, ObservedJob } from '../../lambda/triggers/observation.ts';
import { triggers } from '../../lambda/triggers/registry.ts';
import type { Source } from '../../lambda/triggers/source.ts';
import { pace } from '../../lambda/watch/pace.ts';
import { type WatchPorts, watchInstance } from '../../lambda/watch/watch.ts';
import { workOff } from '../../lambda/watch/work-off.ts';
import { noLog } from './quiet.ts';
import { decimalOf, instance, segmentName } from './subscribers.ts';

const start = Date.UTC(2026, 2, 1);

/** The job that made an evaluation of the segment, or refreshed a data source. */
const endedJob = (index: number, operation: 'segmentation' | 'ingestion', at: number): ObservedJob => ({
  jobId: `job-${index}`,
  operation,
  submissionKind: 'scheduled',
  status: 'successful',
  submittedAt: at - minuteMs,
  endedAt: at,
  tasks: [
    {
      taskId: `task-${index}`,
      operation,
      status: 'successful',
      objectName: operation === 'ingestion' ? 'Web shop' : segmentName,
      submittedAt: at - minuteMs,
      endedAt: at,
      errorCode: undefined,
      errorMessage: undefined,
    },
  ],
});

export interface Looks {
  /** A new evaluation of the segment, or nothing new; then one look. Resolves to its duration, ms. */
  readonly look: (value?: number) => Promise<number>;
  /** A refreshed data source, then one look. */
  readonly lookAtRefresh: () => Promise<number>;
  readonly upstreamCalls: () => number;
}

/** @param sendDelivery takes each delivery that is due */
export const createLooks = (table: Table, sendDelivery: Send): Looks => {
  const jobs: ObservedJob[] = [];
  const evaluations: ObservedEvaluation[] = [];
  let calls = 0;
  let now = start;
  const answer = async <Value>(value: Value): Promise<Value> => {
    calls += 1;
    return value;
  };
  const source: Source = {
    jobs: () => answer([...jobs]),
    dataSources: () => answer([{ dataSourceId: 'd-1', name: 'WebShop', displayName: 'Web shop' }]),
    segments: () => answer([{ name: segmentName, displayName: 'High value', evaluations: [...evaluations] }]),
    measures: () => answer([]),
    measure: () => answer(undefined),
    nodes: () => answer([]),
  };
  const waiting: WatchQueueMessage[] = [];
  const ports: WatchPorts = {
    triggers,
    source,
    leases: leaseStore(table),
    cursors: cursorStore(table),
    subscriptions: subscriptionStore(table),
    fanOuts: fanOutStore(table),
    rearmStates: rearmStateStore(table),
    deliveries: deliveryStore(table),
    troubles: troubleStore(table),
    ledger: ledgerStore(table, { now: () => now }),
    leftWhole: new Map(),
    sendDelivery,
    async sendWatch(messages) {
      waiting.push(...messages.map(({ body }) => readWatchMessage(body)));
    },
    sourceFailure: () => undefined,
    pace,
    now: () => now,
    random: () => 0.5,
    log: noLog,
    count: countNothing,
  };
  const look = async () => {
    now += minuteMs;
    const begun = performance.now();
    await watchInstance(ports, instance, false);
    // An event to many subscriptions continues in messages of its own; looks again are not part of this one.
    for (let message = waiting.shift(); message; message = waiting.shift())
      if ('fanOut' in message) await workOff(() => ports, [instance], message);
    return performance.now() - begun;
  };
  const end = (operation: 'segmentation' | 'ingestion') => {
    jobs.unshift(endedJob(jobs.length + 1, operation, now));
    // As many as the source lists.
    jobs.splice(50);
  };
  return {
    look(value) {
      if (value !== undefined) {
        evaluations.push({ at: now, value: decimalOf(value) });
        end('segmentation');
      }
      return look();
    },
    lookAtRefresh() {
      end('ingestion');
      return look();
    },
    upstreamCalls: () => calls,
  };
};
