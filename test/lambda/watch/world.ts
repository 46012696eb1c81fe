/** What the watch works with, but in memory and without chance; counts what is asked of the source and of the store. */

import { expect } from 'vitest';
import { logWith } from '../../../lambda/runtime/log.ts';
import type { MetricName } from '../../../lambda/runtime/metrics.ts';
import { checkMessageSize, type Outgoing } from '../../../lambda/runtime/queue.ts';
import { troubleStore } from '../../../lambda/store/agenda.ts';
import { cursorStore } from '../../../lambda/store/cursors.ts';
import { deliveryStore } from '../../../lambda/store/deliveries.ts';
import type { DeliveryMessage } from '../../../lambda/store/delivery-message.ts';
import { readMessage } from '../../../lambda/store/delivery-message-reader.ts';
import { fanOutStore } from '../../../lambda/store/fan-outs.ts';
import { leaseStore } from '../../../lambda/store/leases.ts';
import { ledgerStore } from '../../../lambda/store/ledger.ts';
import { rearmStateStore } from '../../../lambda/store/rearm-states.ts';
import { setAside } from '../../../lambda/store/record-store.ts';
import { type Subscription, subscriptionStore } from '../../../lambda/store/subscriptions.ts';
import type { Table, Version } from '../../../lambda/store/table.ts';
import {
  type FanOutMessage,
  readWatchMessage,
  type WatchMessage,
} from '../../../lambda/store/watch-message.ts';
import { triggers } from '../../../lambda/triggers/registry.ts';
import { jobListLengths, type Source } from '../../../lambda/triggers/source.ts';
import { pace } from '../../../lambda/watch/pace.ts';
import { type WatchPorts, watchInstance } from '../../../lambda/watch/watch.ts';
import { recordedLog } from '../http/recorded-log.ts';
import { memoryTable } from '../memory-table.ts';
import { instanceId } from '../store/example-subscription.ts';
import { type Step, steppedTable } from '../store/schedules.ts';
import { noon, type SourceState, shop, sourceOf } from '../subscriptions/world.ts';

export const contoso = { id: instanceId, name: 'Contoso' };
export const fabrikam = { id: 'fab00000-0000-4000-8000-000000000002', name: 'Fabrikam' };

/** What the source throws when it fails. */
export class SourceDown extends Error {
  override readonly name = 'SourceDown';
  readonly retryAfterMs: number;

  constructor(retryAfterMs = 0) {
    super('Customer Insights does not answer.');
    this.retryAfterMs = retryAfterMs;
  }
}

const free: Step = async () => undefined;

/** What a watch keeps in the table. */
export const watchStores = (table: Table, now: () => number) => ({
  leases: leaseStore(table),
  cursors: cursorStore(table),
  fanOuts: fanOutStore(table),
  subscriptions: subscriptionStore(table),
  rearmStates: rearmStateStore(table),
  deliveries: deliveryStore(table),
  troubles: troubleStore(table),
  ledger: ledgerStore(table, { now }),
});

export const watchWorld = () => {
  const counted: Partial<Record<MetricName, number>> = {};
  const count = (metric: MetricName, value = 1) => {
    counted[metric] = (counted[metric] ?? 0) + value;
  };
  const items = memoryTable();
  const state: SourceState = { jobs: [], dataSources: [shop], segments: [], measures: [] };
  const clock = { now: noon };
  const calls: string[] = [];
  const counts = { writes: 0, reads: 0 };
  const deliveries: DeliveryMessage[] = [];
  const watchMessages: { readonly message: WatchMessage; readonly delaySeconds: number }[] = [];
  /** Messages for the next part of an event's deliveries. */
  const parts: FanOutMessage[] = [];
  /** Instance → what its source throws. */
  const failures = new Map<string, Error>();
  const { log, lines } = recordedLog();

  const onUnreadable = setAside(logWith(log, {}), count);
  const table: Table = { ...items, onUnreadable };
  const countedTable = (table: Table): Table => ({
    onUnreadable,
    get: (key) => {
      counts.reads += 1;
      return table.get(key);
    },
    swap: (item, expected) => {
      counts.writes += 1;
      return table.swap(item, expected);
    },
    remove: (key, expected) => {
      counts.writes += 1;
      return table.remove(key, expected);
    },
    range: (pk, from, to) => {
      counts.reads += 1;
      return table.range(pk, from, to);
    },
    last: (pk, from, to, most) => {
      counts.reads += 1;
      return table.last(pk, from, to, most);
    },
  });

  const observed = (step: Step): Source => {
    const source = sourceOf(state);
    const called = async (name: string, id: string) => {
      await step();
      calls.push(name);
      const failure = failures.get(id);
      if (failure) throw failure;
    };
    return {
      async jobs(id, top) {
        await called(top === undefined || top === jobListLengths[0] ? 'jobs' : `${top} jobs`, id);
        return source.jobs(id, top);
      },
      async dataSources(id) {
        await called('dataSources', id);
        return source.dataSources(id);
      },
      async segments(id, historyDays) {
        await called(`segments of ${historyDays} days`, id);
        return source.segments(id, historyDays);
      },
      async measures(id) {
        await called('measures', id);
        return source.measures(id);
      },
      async measure(id, name, historyDays) {
        await called(`measure ${name} of ${historyDays} days`, id);
        return source.measure(id, name, historyDays);
      },
      async nodes(id) {
        await called('nodes', id);
        return source.nodes(id);
      },
    };
  };

  const leftWhole = new Map<string, Version>();

  const portsOn = (step: Step, over: Partial<WatchPorts> = {}): WatchPorts => {
    const table = { ...steppedTable(countedTable(items), step), onUnreadable };
    const stores = watchStores(table, () => clock.now);
    return {
      triggers,
      source: observed(step),
      ...stores,
      cursors: {
        ...stores.cursors,
        save(id, cursor, expected) {
          // A store may keep what was saved in the place of what would be read.
          expect(JSON.parse(JSON.stringify(cursor))).toStrictEqual(cursor);
          return stores.cursors.save(id, cursor, expected);
        },
      },
      async sendDelivery(messages: readonly Outgoing[]) {
        await step();
        messages.forEach(checkMessageSize);
        deliveries.push(...messages.map(({ body }) => readMessage(body)));
      },
      async sendWatch(messages: readonly Outgoing[]) {
        await step();
        for (const { body, delaySeconds = 0 } of messages) {
          const message = readWatchMessage(body);
          if ('fanOut' in message) parts.push(message);
          else if ('troubles' in message) expect.fail('a look asks for troubles');
          else watchMessages.push({ message, delaySeconds });
        }
      },
      sourceFailure: (error) =>
        error instanceof SourceDown ? { retryAfterMs: error.retryAfterMs } : undefined,
      leftWhole,
      pace,
      now: () => clock.now,
      random: () => 0.5,
      log: logWith(log, {}),
      count,
      ...over,
    };
  };

  return {
    items,
    /** The same, with a report of what cannot be read. */
    table,
    /** What was counted, by metric. */
    metrics: counted,
    state,
    clock,
    calls,
    counts,
    deliveries,
    watchMessages,
    parts,
    fanOuts: fanOutStore(items),
    portsOn,
    failures,
    lines,
    leases: leaseStore(items),
    cursors: cursorStore(items),
    async subscribe(subscription: Subscription) {
      const store = subscriptionStore(items);
      const { subscriptionId } = subscription;
      return store.save(subscription, await store.find(subscriptionId));
    },
    look: (instance = contoso, busy = false, over?: Partial<WatchPorts>) =>
      watchInstance(portsOn(free, over), instance, busy),
    /** With a step before each call to the outside. */
    process: (step: Step, instance = contoso, busy = false) => watchInstance(portsOn(step), instance, busy),
    /** Forgets what was counted so far. */
    recount() {
      calls.length = 0;
      counts.writes = 0;
      counts.reads = 0;
    },
    dueAt: async (id = instanceId) => (await leaseStore(items).find(id))?.body.dueAt,
  };
};

export type WatchWorld = ReturnType<typeof watchWorld>;
