/**
 * The system under test as it would be deployed: the real domain code behind simulated functions, queues,
 * table and keys.
 */

import { createHash } from 'node:crypto';
import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { exampleConfiguration } from '../../config/example.ts';
import type { Configuration } from '../../config/schema.ts';
import type { TriggerId } from '../../connector/contract/index.ts';
import { createCallbackOpener, createCallbackSealer } from '../../lambda/callback/sealed-url.ts';
import { observe } from '../../lambda/customer-insights/observe.ts';
import { type DeadLetterPorts, keepLetter } from '../../lambda/dead-letters/keep-letter.ts';
import type { DeliverPorts } from '../../lambda/deliver/deliver.ts';
import { deliverBatch } from '../../lambda/deliver/deliver-batch.ts';
import { deliverStores } from '../../lambda/deliver/deliver-stores.ts';
import { type DispatchPorts, dispatch } from '../../lambda/dispatch/dispatch.ts';
import { functionFacts, type QueueName } from '../../lambda/functions.ts';
import type { CallContext } from '../../lambda/http/implementations.ts';
import {
  createLimiter,
  memoryLimiterStore,
  memoryPlaceCounters,
  type PlaceCounters,
} from '../../lambda/limiter/index.ts';
import type { AwsClient } from '../../lambda/runtime/aws-services.ts';
import type { SubscriptionId } from '../../lambda/runtime/ids.ts';
import type { CallLog } from '../../lambda/runtime/log.ts';
import { countNothing, measureNothing } from '../../lambda/runtime/metrics.ts';
import { forEachMessage, sentAtOf } from '../../lambda/runtime/queue-batch.ts';
import { troubleStore } from '../../lambda/store/agenda.ts';
import { cursorStore } from '../../lambda/store/cursors.ts';
import { deadLetterStore } from '../../lambda/store/dead-letters.ts';
import { deliveryStore } from '../../lambda/store/deliveries.ts';
import { fanOutStore } from '../../lambda/store/fan-outs.ts';
import { instanceRegistry } from '../../lambda/store/instance-registry.ts';
import { type ConfiguredInstance, type InstanceRow, instanceStore } from '../../lambda/store/instances.ts';
import { leaseStore } from '../../lambda/store/leases.ts';
import { ledgerStore } from '../../lambda/store/ledger.ts';
import { listedSubscriptionStore } from '../../lambda/store/listed-subscriptions.ts';
import { listStore } from '../../lambda/store/lists.ts';
import { rearmStateStore } from '../../lambda/store/rearm-states.ts';
import { setAside } from '../../lambda/store/record-store.ts';
import { sharedSealingKey } from '../../lambda/store/sealing-key.ts';
import type { Table } from '../../lambda/store/table.ts';
import { readWatchMessage } from '../../lambda/store/watch-message.ts';
import { subscriptionImplementations } from '../../lambda/subscriptions/implementations.ts';
import { refusalMemory, releaseOf } from '../../lambda/subscriptions/limits.ts';
import type { SubscriptionPorts } from '../../lambda/subscriptions/service.ts';
import { triggers } from '../../lambda/triggers/registry.ts';
import type { Pace } from '../../lambda/watch/pace.ts';
import { sourceFailure } from '../../lambda/watch/source-failure.ts';
import type { WatchPorts } from '../../lambda/watch/watch.ts';
import { workOff } from '../../lambda/watch/work-off.ts';
import { memoryTable } from '../lambda/memory-table.ts';
import { type FlowEndpoint, postFrom, type Receipt } from './callback-receiver.ts';
import { countersFrom } from './faulty-counters.ts';
import { type OnWrite, tableFrom } from './faulty-table.ts';
import { connectQueue, createFunction, type Outcome, sourceArn } from './function-pool.ts';
import type { Host, Surroundings } from './host.ts';
import { createQueue, type MessageQueue, sendFrom } from './message-queue.ts';
import { owner, type PersonSeam } from './people.ts';
import { clientFrom } from './source-api.ts';
import type { InstanceWorld } from './source-world.ts';

/** Where a test may put another part in: only to plant a fault that the simulation has to find. */
export interface Seams {
  readonly table?: (table: Table) => Table;
  readonly watch?: (ports: WatchPorts, host: Host) => WatchPorts;
  readonly deliver?: (ports: DeliverPorts, host: Host) => DeliverPorts;
  readonly subscriptions?: (ports: SubscriptionPorts, host: Host) => SubscriptionPorts;
  readonly letters?: (ports: DeadLetterPorts, host: Host) => DeadLetterPorts;
  /** Of the operator's command about a person. */
  readonly person?: PersonSeam;
  /** What the functions know of the instances. */
  readonly instances?: (served: readonly InstanceRow[]) => readonly InstanceRow[];
  /** In the place of the deletion. */
  readonly remove?: (ports: SubscriptionPorts, subscriptionId: SubscriptionId) => Promise<void>;
}

/** What a person asks about subscriptions. */
export type OwnerRead = 'ListSubscriptions' | 'ListDeliveries' | 'ExplainSubscription';

export interface HttpCall {
  /** "delete" is the platform's DELETE of a Location. */
  readonly operation: TriggerId | 'delete' | OwnerRead;
  readonly path: Readonly<Record<string, string>>;
  readonly body: Readonly<Record<string, unknown>> | null;
  /** Who calls; the flows' owner unless told otherwise. */
  readonly objectId?: string;
  /** Their app roles. */
  readonly roles?: readonly string[];
}

export interface HttpAnswer {
  readonly status: number;
  readonly location: string | undefined;
  readonly body?: unknown;
}

export interface Observers {
  readonly onWrite: OnWrite;
  readonly onReceipt: (receipt: Receipt) => void;
  readonly onQueued: (queue: string, body: string) => void;
  readonly onLog: (host: Host, line: string) => void;
  /** A host begins an invocation with this label. */
  readonly onInvoke: (host: Host, label: string) => void;
}

export interface Deployment {
  readonly http: (call: HttpCall, label: string) => Promise<Outcome<HttpAnswer>>;
  /** The schedule's tick, once a minute. */
  readonly tick: () => void;
  readonly table: ReturnType<typeof memoryTable>;
  /** As a host reaches it. */
  readonly tableOf: (host: Host) => Table;
  /** Those of the configuration. */
  readonly configured: readonly ConfiguredInstance[];
  readonly counters: PlaceCounters;
  readonly queues: Readonly<Record<QueueName, MessageQueue>>;
  /** By the queue that gave them up. */
  readonly deadLetters: Readonly<Record<QueueName, MessageQueue>>;
}

const queueNames: readonly QueueName[] = ['watch', 'delivery', 'retry'];
const deadLettersOf = (name: QueueName) => `${name} dead letters`;

const timeLimit = (name: keyof typeof functionFacts) => functionFacts[name].timeoutSeconds * 1000;

interface KeyRequest {
  readonly EncryptionContext: Readonly<Record<string, string>>;
  readonly CiphertextBlob?: string;
  readonly Plaintext?: string;
}

/** A key service that writes the context before a key, and gives the key back for the same context alone. */
const keysFrom = (host: Host): AwsClient<'kms'> =>
  ((operation: string, { EncryptionContext, CiphertextBlob = '', Plaintext }: KeyRequest) =>
    host.call({
      port: 'keys',
      what: operation,
      effect: async () => {
        const context = `${JSON.stringify(EncryptionContext)} `;
        if (operation === 'Decrypt') {
          if (!CiphertextBlob.startsWith(context)) throw new Error('InvalidCiphertextException');
          return { Plaintext: CiphertextBlob.slice(context.length) };
        }
        const plain = Plaintext ?? createHash('sha256').update(host.unguessable()).digest('base64');
        return { Plaintext: plain, CiphertextBlob: context + plain };
      },
      failure: () => new Error('KMSInternalException'),
    })) as AwsClient<'kms'>;

export interface DeploymentOptions {
  readonly surroundings: Surroundings;
  readonly instances: readonly InstanceWorld[];
  readonly flows: ReadonlyMap<string, FlowEndpoint>;
  readonly observers: Observers;
  readonly seams: Seams;
  readonly sourceAway: (instanceId: string) => boolean;
  readonly tableAway: () => boolean;
  /** Whether looks at an instance are refused, though registrations are not. */
  readonly looksRefused: (instanceId: string) => boolean;
  /** Whether the source refuses this person. */
  readonly isRevoked: (objectId: string) => boolean;
  /** The functions read the instances from the table, where an operator changes them; else they are told. */
  readonly inTable: boolean;
  /** A host of the watch reads an instance. */
  readonly onLook?: ((host: string, instanceId: string) => void) | undefined;
  /** Whether the configuration holds an instance at this moment. */
  readonly isServed: (instanceId: string) => boolean;
  /** How much a look and a message do at a time. */
  readonly pace: Pace;
}

/** An error in a log without its stack, which no two builds have alike. */
const brief = (error: unknown): string =>
  typeof error === 'object' && error !== null && 'message' in error ? ` ${String(error.message)}` : '';

const never = new AbortController().signal;

const caller = {
  ...owner,
  clientAppId: 'connector',
  token: 'token',
  expiresAt: Number.MAX_SAFE_INTEGER,
};

export const deploy = ({
  surroundings,
  instances,
  flows,
  observers,
  seams,
  sourceAway,
  tableAway,
  looksRefused,
  isRevoked,
  isServed,
  inTable,
  onLook,
  pace,
}: DeploymentOptions): Deployment => {
  const settings: Configuration = {
    ...exampleConfiguration,
    instances: instances.map(({ id, name }) => ({ id, name, secretName: 'a/secret' })),
  };
  const table = memoryTable();
  /** As the custom resource of the stack does. */
  const rowsWritten = inTable
    ? instanceStore(table, () => 'deployed').addAbsent(settings.instances)
    : undefined;
  const placeCounters = memoryPlaceCounters();
  const registrationLists = memoryLimiterStore();
  const logOf = (host: Host): CallLog => {
    const line =
      (level: string) =>
      (message: string, { error, ...keys }: Readonly<Record<string, unknown>> = {}) =>
        observers.onLog(host, `${level} ${message} ${JSON.stringify(keys)}${brief(error)}`);
    return { info: line('info'), warn: line('warn'), error: line('error') };
  };
  const deadLetterQueue = (name: QueueName) =>
    createQueue(
      deadLettersOf(name),
      { visibilityMs: 6 * timeLimit('dead-letters'), maximumReceives: Number.POSITIVE_INFINITY },
      surroundings,
      (body) => observers.onQueued('dead letters', body),
    );
  const deadLetters = {
    watch: deadLetterQueue('watch'),
    delivery: deadLetterQueue('delivery'),
    retry: deadLetterQueue('retry'),
  };
  const queue = (name: QueueName, consumer: 'watch' | 'deliver') =>
    createQueue(
      name,
      { visibilityMs: 6 * timeLimit(consumer), maximumReceives: 5, deadLetters: deadLetters[name] },
      surroundings,
      (body) => observers.onQueued(name, body),
    );
  const queues = {
    watch: queue('watch', 'watch'),
    delivery: queue('delivery', 'deliver'),
    retry: queue('retry', 'deliver'),
  };
  const tableOf = (host: Host) => {
    const onUnreadable = setAside(logOf(host), countNothing);
    const own = tableFrom(host, { ...table, onUnreadable }, surroundings, tableAway, observers.onWrite);
    return seams.table?.(own) ?? own;
  };
  const sourceOf = (host: Host, away = sourceAway) =>
    observe(clientFrom(host, instances, surroundings, away));
  const send = (host: Host, to: Pick<MessageQueue, 'name' | 'put'>) => sendFrom(host, to, surroundings);
  const common = (host: Host) => ({
    now: host.now,
    random: surroundings.chance.random,
    log: logOf(host),
    count: countNothing,
  });

  /** A handler that is given the instances that are served, as the functions know them. */
  const withInstances = <Given, Result>(
    host: Host,
    handle: (served: readonly InstanceRow[], given: Given) => Promise<Result>,
  ): ((given: Given) => Promise<Result>) => {
    const served = (instances: readonly InstanceRow[]) =>
      (seams.instances?.(instances) ?? instances).filter(({ id }) => isServed(id));
    if (!inTable) return (given) => handle(served(settings.instances), given);
    const registry = instanceRegistry(tableOf(host), settings, {
      newVersion: host.unguessable,
      now: host.now,
      covered: (what) => logOf(host).warn(what),
    });
    return async (given) => {
      await rowsWritten;
      await registry.refresh();
      return handle(served(registry.settings.instances), given);
    };
  };

  const dispatching = createFunction<null, number>(
    'dispatch',
    timeLimit('dispatch'),
    surroundings,
    (host) => {
      const ports: DispatchPorts = {
        leases: leaseStore(tableOf(host)),
        troubles: troubleStore(tableOf(host)),
        measure: measureNothing,
        sendWatch: send(host, queues.watch),
        now: host.now,
      };
      return withInstances(host, (served) => dispatch(ports, served));
    },
  );

  const watching = createFunction<SQSEvent, SQSBatchResponse>(
    'watch',
    timeLimit('watch'),
    surroundings,
    (host) => {
      const own = tableOf(host);
      const ports: WatchPorts = {
        ...common(host),
        triggers,
        source: sourceOf(host, (id) => {
          onLook?.(host.name, id);
          return sourceAway(id) || looksRefused(id);
        }),
        leases: leaseStore(own),
        cursors: cursorStore(own),
        fanOuts: fanOutStore(own),
        rearmStates: rearmStateStore(own),
        deliveries: deliveryStore(own),
        troubles: troubleStore(own),
        ledger: ledgerStore(own, { now: host.now }),
        subscriptions: listedSubscriptionStore(own, { now: host.now, by: host.name }),
        sendDelivery: send(host, queues.delivery),
        sendWatch: send(host, queues.watch),
        sourceFailure,
        leftWhole: new Map(),
        pace,
      };
      const used = seams.watch?.(ports, host) ?? ports;
      return withInstances(host, (served, event) =>
        forEachMessage(event, ports.log, (body, record) =>
          workOff(() => ({ ...used, askedAt: sentAtOf(record) }), served, readWatchMessage(body)),
        ),
      );
    },
  );

  const delivering = createFunction<SQSEvent, SQSBatchResponse>(
    'deliver',
    timeLimit('deliver'),
    surroundings,
    (host) => {
      const own = tableOf(host);
      const ports: DeliverPorts = {
        ...common(host),
        subscriptions: listedSubscriptionStore(own, { now: host.now, by: host.name }),
        ...deliverStores(own, { now: host.now }),
        cipher: createCallbackOpener(keysFrom(host), 'key', host.now),
        post: postFrom(host, flows, surroundings, observers.onReceipt),
        rules: settings.callbacks,
        sendRetry: send(host, queues.retry),
        sendDeadLetter: send(host, deadLetters.delivery),
      };
      const used = seams.deliver?.(ports, host) ?? ports;
      return (event) => deliverBatch(used, event, queues.retry.name);
    },
  );

  const keeping = createFunction<SQSEvent, SQSBatchResponse>(
    'dead-letters',
    timeLimit('dead-letters'),
    surroundings,
    (host) => {
      const ports: DeadLetterPorts = {
        ...common(host),
        letters: deadLetterStore(tableOf(host)),
        queues: Object.fromEntries(queueNames.map((name) => [sourceArn(deadLettersOf(name)), name])),
      };
      const used = seams.letters?.(ports, host) ?? ports;
      return (event) => forEachMessage(event, ports.log, (_, record) => keepLetter(used, record));
    },
  );

  const serving = createFunction<HttpCall, HttpAnswer>(
    'subscriptions',
    timeLimit('subscriptions'),
    surroundings,
    (host) => {
      const own = tableOf(host);
      const counters = countersFrom(host, placeCounters);
      const ports: SubscriptionPorts = {
        triggers,
        count: countNothing,
        settings,
        store: listedSubscriptionStore(own, {
          now: host.now,
          by: 'owner',
          releasePlace: releaseOf(counters, logOf(host)),
        }),
        counters,
        refusals: refusalMemory(host.now),
        lists: listStore(own),
        cursors: cursorStore(own),
        registrations: createLimiter({
          store: registrationLists,
          counted: 'registrations',
          limit: settings.registrations.calls,
          windowMs: settings.registrations.windowSeconds * 1000,
          now: host.now,
          random: surroundings.chance.random,
        }),
        deliveries: deliveryStore(own),
        ledger: ledgerStore(own, { now: host.now }),
        sendDelivery: send(host, queues.delivery),
        cipher: createCallbackSealer(sharedSealingKey(own, keysFrom(host), 'key', host.now)),
        sourceOf: ({ caller: { objectId } }) => sourceOf(host, (id) => sourceAway(id) || isRevoked(objectId)),
        now: host.now,
        newSecret: host.unguessable,
      };
      const implementations = subscriptionImplementations(seams.subscriptions?.(ports, host) ?? ports);
      const any = {
        deadline: { signal: never, remainingMs: () => 25_000 },
        correlationId: 'call',
        requestHost: 'api.example.org',
        log: logOf(host),
      };
      return async ({ operation, path, body, objectId = owner.objectId, roles = [] }) => {
        const context: CallContext = { ...any, caller: { ...caller, objectId, roles } };
        if (operation === 'delete') {
          const { subscriptionId = '', secret = '' } = path;
          if (seams.remove) {
            await seams.remove(ports, subscriptionId as SubscriptionId);
            return { status: 204, location: undefined };
          }
          await implementations.DeleteSubscription(
            { path: { subscriptionId, secret }, query: {}, body: null },
            { ...any, caller: null },
          );
          return { status: 204, location: undefined };
        }
        // The bodies differ from trigger to trigger; each kind of the simulation writes its own.
        const implementation = implementations[operation] as (
          request: unknown,
          context: CallContext,
        ) => Promise<{ readonly headers?: Readonly<Record<string, string>>; readonly body: unknown }>;
        const answer = await implementation({ path, query: {}, body }, context);
        return { status: 201, location: answer.headers?.Location, body: answer.body };
      };
    },
    (host, label) => observers.onInvoke(host, label ?? ''),
  );

  connectQueue(queues.watch, watching, { batchSize: 1, concurrency: 10 }, surroundings);
  connectQueue(queues.delivery, delivering, { batchSize: 10, concurrency: 20 }, surroundings);
  connectQueue(queues.retry, delivering, { batchSize: 10, concurrency: 5 }, surroundings);
  for (const name of queueNames)
    connectQueue(deadLetters[name], keeping, { batchSize: 10, concurrency: 2 }, surroundings);
  return {
    http: (call, label) => serving.invoke(call, label),
    tick: () => void dispatching.invoke(null),
    table,
    tableOf,
    configured: settings.instances,
    counters: placeCounters,
    queues,
    deadLetters,
  };
};
