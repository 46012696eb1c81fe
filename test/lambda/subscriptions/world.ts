/** What the subscriptions function works with, but in memory and without chance. */
import { createHash } from 'node:crypto';
import { expect } from 'vitest';
import { exampleConfiguration } from '../../../config/example.ts';
import type { CallbackCipher } from '../../../lambda/callback/sealed-url.ts';
import type { CallContext } from '../../../lambda/http/implementations.ts';
import type { Caller } from '../../../lambda/identity/caller.ts';
import { createLimiter, memoryLimiterStore, memoryPlaceCounters } from '../../../lambda/limiter/index.ts';
import { deadlineIn } from '../../../lambda/runtime/deadline.ts';
import { logWith } from '../../../lambda/runtime/log.ts';
import { countNothing } from '../../../lambda/runtime/metrics.ts';
import { pauseStore, troubleStore } from '../../../lambda/store/agenda.ts';
import { auditStore } from '../../../lambda/store/audit-records.ts';
import { cursorStore } from '../../../lambda/store/cursors.ts';
import { deliveryStore } from '../../../lambda/store/deliveries.ts';
import type { DeliveryMessage } from '../../../lambda/store/delivery-message.ts';
import { readMessage } from '../../../lambda/store/delivery-message-reader.ts';
import { ledgerStore } from '../../../lambda/store/ledger.ts';
import { withLists } from '../../../lambda/store/listed-subscriptions.ts';
import { listStore } from '../../../lambda/store/lists.ts';
import { type SubscriptionStore, subscriptionStore } from '../../../lambda/store/subscriptions.ts';
import type { Table } from '../../../lambda/store/table.ts';
import { subscriptionImplementations } from '../../../lambda/subscriptions/implementations.ts';
import { refusalMemory } from '../../../lambda/subscriptions/limits.ts';
import type { SubscriptionPorts } from '../../../lambda/subscriptions/service.ts';
import type {
  ObservedDataSource,
  ObservedJob,
  ObservedMeasure,
  ObservedNode,
  ObservedSegment,
} from '../../../lambda/triggers/observation.ts';
import { triggers } from '../../../lambda/triggers/registry.ts';
import { jobListLengths, type Source } from '../../../lambda/triggers/source.ts';
import { recordedLog } from '../http/recorded-log.ts';
import { memoryTable } from '../memory-table.ts';
import { decimal } from '../store/example-subscription.ts';

export const instanceId = exampleConfiguration.instances[0]?.id ?? expect.fail('the example has no instance');
export const noon = Date.UTC(2026, 0, 10, 12);

/** Seals by adding the subscription; opens only for the same one. */
export const plainCipher: CallbackCipher = {
  seal: async (url, subscription) => ({ dataKey: 'key', sealed: `${subscription} ${url}` }),
  async open({ sealed }, subscription) {
    const [owner, url] = sealed.split(' ');
    if (owner !== subscription || url === undefined) throw new Error('Sealed for another subscription.');
    return url;
  },
};

/** What Customer Insights would answer; a test changes it as it goes. */
export interface SourceState {
  jobs: readonly ObservedJob[];
  dataSources: readonly ObservedDataSource[];
  segments: readonly ObservedSegment[];
  measures: readonly ObservedMeasure[];
  /** Segments as they are without their history. */
  latest?: readonly ObservedSegment[];
  /** None when absent. */
  nodes?: readonly ObservedNode[];
}

export const shop: ObservedDataSource = {
  dataSourceId: 'd0000000-0000-4000-8000-000000000001',
  name: 'WebShop',
  displayName: 'Web shop',
};

/** @param evaluations minutes after noon and values */
export const segment = (
  ...evaluations: readonly (readonly [minute: number, value: number | string])[]
): ObservedSegment => ({
  name: 'HighValue',
  displayName: 'High value',
  evaluations: evaluations.map(([minute, value]) => ({ at: noon + minute * 60_000, value: decimal(value) })),
});

export const endedJob = (taskId: string, minute: number): ObservedJob => ({
  jobId: `b3b2a1f0-0000-4000-8000-0000000000${String(minute + 10).padStart(2, '0')}`,
  operation: 'ingestion',
  submissionKind: 'ondemand',
  status: 'failed',
  submittedAt: noon + (minute - 1) * 60_000,
  endedAt: noon + minute * 60_000,
  tasks: [
    {
      taskId,
      operation: 'ingestion',
      status: 'failed',
      objectName: shop.displayName,
      endedAt: noon + minute * 60_000,
      errorCode: 'E1',
      errorMessage: 'No access.',
    },
  ],
});

export const sourceOf = (state: SourceState): Source => ({
  jobs: async (_, top = jobListLengths[0]) => state.jobs.slice(0, top),
  dataSources: async () => state.dataSources,
  segments: async (_, historyDays) => (historyDays === 0 ? (state.latest ?? state.segments) : state.segments),
  measures: async () => state.measures,
  measure: async (_, name) => state.measures.find((measure) => measure.name === name),
  nodes: async () => state.nodes ?? [],
});

export const callbackUrl = (workflow: string, version = 1) =>
  `https://prod-01.westeurope.logic.azure.com/workflows/${workflow}/triggers/manual/versions/${version}/run?sig=secret`;

export interface Registered {
  readonly subscriptionId: string;
  readonly secret: string;
  readonly location: string;
}

export const registeredOf = (headers: Readonly<Record<string, string>> | undefined): Registered => {
  const location = headers?.Location ?? expect.fail('no Location');
  const match = /\/v1\/subscriptions\/([^/]+)\/([^/]+)$/.exec(location);
  return { subscriptionId: match?.[1] ?? '', secret: match?.[2] ?? '', location };
};

const callOf = (log: CallContext['log']) => ({
  deadline: deadlineIn(1_000),
  correlationId: 'call',
  requestHost: 'api.example.org',
  log,
});

/** @param table stands between the function and the items, for schedules and crashes */
export const subscriptionsWorld = (source: Partial<SourceState> = {}) => {
  const state: SourceState = {
    jobs: [],
    dataSources: [shop],
    segments: [segment([0, 100])],
    measures: [],
    ...source,
  };
  const items = memoryTable();
  const clock = { now: noon };
  let secrets = 0;
  const { log, text, lines } = recordedLog();
  const sent: DeliveryMessage[] = [];
  const newSecret = () => {
    secrets += 1;
    return `unguessable-${secrets}-${createHash('sha256').update(String(secrets)).digest('hex').slice(0, 8)}`;
  };
  const now = () => clock.now;
  // Always whole: their own races are tested apart.
  const lists = listStore(items);
  const counters = memoryPlaceCounters();
  const registrationLists = memoryLimiterStore();
  const portsOn = (table: Table, over: Partial<SubscriptionPorts> = {}): SubscriptionPorts => ({
    triggers,
    settings: exampleConfiguration,
    store: withLists(
      subscriptionStore(table),
      { lists, pauses: pauseStore(items), troubles: troubleStore(items), audit: auditStore(items) },
      { now, by: 'owner', releasePlace: counters.release },
    ),
    counters,
    refusals: refusalMemory(now),
    lists,
    cursors: cursorStore(table),
    registrations: createLimiter({
      store: registrationLists,
      counted: 'registrations',
      limit: 100,
      windowMs: 60_000,
      now,
      random: () => 0,
    }),
    deliveries: deliveryStore(table),
    ledger: ledgerStore(table, { now }),
    count: countNothing,
    sendDelivery: async (messages) => {
      sent.push(...messages.map(({ body }) => readMessage(body)));
    },
    cipher: plainCipher,
    sourceOf: () => sourceOf(state),
    now,
    newSecret,
    ...over,
  });
  const caller = {
    tenantId: 'tenant',
    objectId: 'user',
    clientAppId: 'connector',
    token: 'token',
    expiresAt: noon + 3_600_000,
  };
  const call = callOf(logWith(log, {}));
  const on = (table: Table, over?: Partial<SubscriptionPorts>) => {
    const implementations = subscriptionImplementations(portsOn(table, over));
    const context: CallContext = { ...call, caller };
    const watchSourceAs = async (
      who: Caller,
      workflow: string,
      dataSource?: string,
      more: Pick<CallContext, 'workflowName'> = {},
    ) => {
      const { body, headers } = await implementations.OnDataSourceRefreshFailed(
        {
          path: { dataset: instanceId },
          query: {},
          body: { callbackUrl: callbackUrl(workflow), ...(dataSource !== undefined && { dataSource }) },
        },
        { ...call, ...more, caller: who },
      );
      return { ...registeredOf(headers), body };
    };
    return {
      watchSegment: async (
        workflow: string,
        threshold: number,
        more: { readonly segment?: string; readonly version?: number } = {},
      ) => {
        const { body, headers } = await implementations.OnSegmentThresholdCrossed(
          {
            path: { dataset: instanceId },
            query: {},
            body: {
              callbackUrl: callbackUrl(workflow, more.version),
              segment: more.segment ?? 'HighValue',
              threshold,
            },
          },
          context,
        );
        return { ...registeredOf(headers), body };
      },
      /** The operations of another person. */
      as: (objectId: string) => ({ ...call, caller: { ...caller, objectId } }),
      watchSource: (workflow: string, dataSource?: string, more?: Pick<CallContext, 'workflowName'>) =>
        watchSourceAs(caller, workflow, dataSource, more),
      watchSourceAs,
      remove: ({ subscriptionId, secret }: Pick<Registered, 'subscriptionId' | 'secret'>) =>
        implementations.DeleteSubscription(
          { path: { subscriptionId, secret }, query: {}, body: null },
          { ...call, caller: null },
        ),
      implementations,
      context,
    };
  };
  return {
    state,
    items,
    clock,
    sent,
    lists,
    counters,
    /** The subscriptions and their entries, without the lists they stand in. */
    subscriptionItems: () => [...items.items.values()].filter(({ pk }) => /^[SI]#/.test(pk)).length,
    lines,
    logText: text,
    on,
    store: subscriptionStore(items) as SubscriptionStore,
    ...on(items),
  };
};
