/** A deployment of the pinned configuration on this machine whose queues are consumed only when they are told to be. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { checkConfiguration } from '../../../config/check.ts';
import { LocalClock } from '../../../local/clock.ts';
import type { InstanceControl } from '../../../local/simulator/index.ts';
import type { LocalQueue } from '../../../local/sqs/local-queue.ts';
import {
  type LocalSystem,
  type LocalSystemOptions,
  type Synthesised,
  startLocalSystem,
  synthesiseLocally,
} from '../../../local/system.ts';
import { startEventSource } from '../../../local/template/event-source.ts';
import type { LogLine } from '../../../local/template/functions.ts';
import type { Template } from '../../../local/template/template.ts';
import { pinnedConfiguration } from '../pinned.ts';
import { type Receiver, startReceiver } from './receiver.ts';

/** A Monday morning. Far ahead, for an engine with a real sweep removes what has expired by the real clock. */
export const storyStart = Date.UTC(2046, 5, 4, 10, 0, 0);

/** Logical ids, which test/pins/template.json holds too. */
export const queueIds = {
  watch: 'QueuesWatchQueue5131006E',
  delivery: 'QueuesDeliveryQueueAD22072F',
  retry: 'QueuesRetryQueue7832649F',
  watchDeadLetters: 'QueuesWatchDeadLettersFA39F76C',
  deliveryDeadLetters: 'QueuesDeliveryDeadLetters3CA7EDB2',
  retryDeadLetters: 'QueuesRetryDeadLettersC68B32F9',
} as const;
export const tableIds = {
  state: 'StorageStateTable08B675A0',
  limiter: 'StorageLimiterTable11C9A2E3',
} as const;
export const callbackKeyId = 'CallbackKey3A79EB98';

export type QueueName = keyof typeof queueIds;
export type TableName = keyof typeof tableIds;
/** 0.1.0 left dead letters where they were. */
export const queuesOfTheFirstVersion: readonly QueueName[] = ['watch', 'delivery', 'retry'];
export const consumedQueues = Object.keys(queueIds) as readonly QueueName[];

export interface HeldDeployment {
  readonly system: LocalSystem;
  readonly receiver: Receiver;
  readonly instance: InstanceControl;
  readonly database: DynamoDBClient;
  readonly lines: readonly LogLine[];
  queue(name: QueueName): LocalQueue;
  tableName(name: TableName): string;
  /** Lets the function work on the queue from now on. */
  consume(name: QueueName): void;
  /** Leaves what comes in the queue. Only while nothing is in work. */
  hold(name: QueueName): void;
  /** Invokes the queue's function with one message, beside any consumer. */
  invokeWith(name: QueueName, message: { readonly body: string }): Promise<void>;
  /** Deploys another release over this one; queues that were consumed are consumed by it, as far as it consumes them. */
  update(release: Synthesised): Promise<void>;
  /** Moves the clock to so many minutes after the start. */
  until(minute: number): Promise<void>;
  close(): Promise<void>;
}

const withoutConsumers = (template: Template): Template => ({
  ...template,
  Resources: Object.fromEntries(
    Object.entries(template.Resources).map(([id, resource]) => [
      id,
      resource.Type === 'AWS::Lambda::EventSourceMapping'
        ? { ...resource, Properties: { ...resource.Properties, Enabled: false } }
        : resource,
    ]),
  ),
});

const environmentsOfFunction = 4;

/** The pinned configuration, for a run on this machine. */
export const localPinnedConfiguration = checkConfiguration(
  { ...structuredClone(pinnedConfiguration), callbacks: { allowLoopback: true } },
  'the configuration of the pins',
);

/** @param keyMaterial of the callback key, 32 bytes */
export const startPinnedDeployment = async (keyMaterial: Uint8Array): Promise<HeldDeployment> => {
  const directory = await mkdtemp(join(tmpdir(), 'insights-connector-pins-'));
  const removed = () => rm(directory, { recursive: true, force: true });
  try {
    const release = await synthesiseLocally(localPinnedConfiguration, directory);
    const deployment = await startHeldDeployment(release, { keyMaterial: { [callbackKeyId]: keyMaterial } });
    return { ...deployment, close: () => deployment.close().finally(removed) };
  } catch (error) {
    await removed();
    throw error;
  }
};

/** @param options `configuration` of the world around it: the pinned one by default */
export const startHeldDeployment = async (
  release: Synthesised,
  options: Pick<LocalSystemOptions, 'configuration' | 'keyMaterial'> = {},
): Promise<HeldDeployment> => {
  const clock = LocalClock.frozen(storyStart);
  const receiver = await startReceiver();
  const lines: LogLine[] = [];
  const system = await startLocalSystem({
    configuration: localPinnedConfiguration,
    ...options,
    clock,
    synthesised: { ...release, template: withoutConsumers(release.template) },
    log: (line) => lines.push(line),
    customers: 500,
    activities: 2_000,
  });
  const { deployment } = system;
  const database = new DynamoDBClient({
    endpoint: deployment.endpoints.AWS_ENDPOINT_URL_DYNAMODB ?? '',
    region: 'eu-west-1',
    credentials: deployment.credentials,
  });
  const queue = (name: QueueName) => deployment.queue(queueIds[name]);
  const mappingIn = (name: QueueName) =>
    deployment.model.mappings.find(({ queueName }) => queueName === queue(name).name);
  const mappingOf = (name: QueueName) => {
    const mapping = mappingIn(name);
    if (!mapping) throw new Error(`No function consumes ${queueIds[name]}.`);
    return { ...mapping, enabled: true };
  };
  const consumers = new Map<QueueName, { stop(): void }>();
  const [instance] = system.simulator.instances;
  if (!instance) throw new Error('The pinned configuration lists no instance.');

  const consume = (name: QueueName) => {
    const source = startEventSource({
      model: mappingOf(name),
      queue: queue(name),
      clock,
      region: 'eu-west-1',
      environments: environmentsOfFunction,
      invoke: (functionName, event) => deployment.invoke(functionName, event),
    });
    consumers.set(name, source);
  };
  const hold = (name: QueueName) => {
    consumers.get(name)?.stop();
    consumers.delete(name);
  };

  return {
    system,
    receiver,
    instance,
    database,
    lines,
    queue,
    tableName: (name) => deployment.tableName(tableIds[name]),
    consume,
    hold,
    async update({ template, assets }) {
      const consumed = [...consumers.keys()];
      for (const name of consumed) hold(name);
      await deployment.update({
        template: withoutConsumers(template),
        assetDirectory: (key) => assets.get(key),
      });
      for (const name of consumed) if (mappingIn(name)) consume(name);
    },
    async invokeWith(name, { body }) {
      await deployment.invoke(mappingOf(name).functionName, {
        Records: [{ messageId: 'by-hand', body, attributes: { ApproximateReceiveCount: '1' } }],
      });
    },
    until: (minute) => clock.advance(storyStart + minute * 60_000 - clock.now()),
    async close() {
      for (const consumer of consumers.values()) consumer.stop();
      database.destroy();
      await system.close();
      await receiver.close();
    },
  };
};
