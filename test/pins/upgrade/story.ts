/**
 * A story after which every kind of record lies in the tables and every kind of message in the queues. Played once at 0.1.0 to make
 * test/pins/upgrade.json; what the current program writes when it plays it is compared in form.
 */
import { execFileSync } from 'node:child_process';
import { type AttributeValue, ScanCommand } from '@aws-sdk/client-dynamodb';
import type { InstanceControl, StartedJob } from '../../../local/simulator/index.ts';
import type { StoredMessage } from '../../../local/sqs/queue-state.ts';
import {
  callbackKeyId,
  type HeldDeployment,
  type QueueName,
  queueIds,
  queuesOfTheFirstVersion,
  storyStart,
  type TableName,
  tableIds,
} from './pinned-deployment.ts';

export interface StoryFlow {
  readonly name: string;
  readonly operationId: string;
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly subscriptionId: string;
  /** The address that ends the subscription, as its owner was given it. */
  readonly location: string;
}

export interface SnapshotMessage {
  readonly body: string;
  readonly group: string | null;
  readonly state: StoredMessage['state'];
  /** Epoch ms. */
  readonly visibleAt: number;
  readonly receiveCount: number;
}

/** What a deployment holds, and what is known of it outside. */
export interface Snapshot {
  /** Of the program that wrote it. */
  readonly commit: string;
  /** Epoch ms. */
  readonly takenAt: number;
  /** Of the jobs in Customer Insights that the story has started. */
  readonly jobIds: readonly string[];
  readonly flows: readonly StoryFlow[];
  /** Of callbacks so far. */
  readonly callbacks: readonly {
    readonly flow: string;
    readonly status: number;
    readonly eventId: string;
    readonly deliveryId: string;
  }[];
  /** Base64, by logical id. The keys of a run on one machine protect nothing. */
  readonly keyMaterial: Readonly<Record<string, string>>;
  readonly tables: Readonly<Record<TableName, readonly Readonly<Record<string, AttributeValue>>[]>>;
  readonly queues: Readonly<Record<QueueName, readonly SnapshotMessage[]>>;
}

export const segment = 'HighValueCustomers';
const memberCount = (instance: InstanceControl): number =>
  Number(instance.segments.find(({ name }) => name === segment)?.count);

export const measure = 'TotalRevenue';
export const lateMeasure = 'AverageOrderValue';

const sourceName = ({ dataSources }: InstanceControl): string => dataSources[0]?.name ?? '';
const failSource = (instance: InstanceControl) => [
  instance.refreshDataSource(sourceName(instance), { outcome: 'fail', durationMs: 5_000 }),
];

/** What happens in Customer Insights, in minutes after the start. It says nothing of the deployment that watches. */
const happenings: readonly (readonly [
  minute: number,
  happen: (instance: InstanceControl) => readonly StartedJob[],
])[] = [
  [1, failSource],
  [6, failSource],
  [
    9,
    (instance) => [
      instance.refreshSegment(segment, { growBy: 150, durationMs: 10_000 }),
      instance.refreshMeasure(measure, { value: '7656321.50', durationMs: 10_000 }),
    ],
  ],
  [12, (instance) => [instance.refreshAll({ kind: 'scheduled', durationMs: 20_000 })]],
  [16, (instance) => [instance.refreshUnification({ durationMs: 20_000 })]],
  [
    18,
    (instance) => [
      instance.refreshDataSource(sourceName(instance), { outcome: 'succeed', durationMs: 5_000 }),
    ],
  ],
  [
    24,
    (instance) => [
      ...failSource(instance),
      instance.refreshSegment(segment, { growBy: 200, durationMs: 10_000 }),
    ],
  ],
  [26, (instance) => [instance.refreshUnification({ durationMs: 20_000 })]],
];

/** When the snapshot is taken, minutes after the start. */
export const snapshotMinute = 32;

export const createdItem = {
  table: 'PoS_posPurchases',
  body: {
    item: {
      PurchaseId: 'PINNED_PURCHASE_1',
      LoyaltyId: 'LOYID_000001',
      PurchasedOn: '2046-05-31T16:20:00Z',
      TotalPrice: 49.9,
      ActivityTypeDisplay: 'Store purchase',
    },
    caller: 'Pinned flow',
  },
} as const;

/** Registers a flow as the platform does. */
export const register = async (
  {
    system,
    receiver,
    instance,
  }: {
    readonly system: Pick<HeldDeployment['system'], 'client'>;
    readonly receiver: HeldDeployment['receiver'];
    readonly instance: Pick<InstanceControl, 'id'>;
  },
  name: string,
  operationId: string,
  inputs: Readonly<Record<string, unknown>> = {},
): Promise<StoryFlow> => {
  const { status, headers, body } = await system.client.call(operationId, {
    dataset: instance.id,
    body: { ...inputs, callbackUrl: receiver.callbackUrl(name) },
  });
  const { location } = headers;
  if (status !== 201 || location === undefined)
    throw new Error(`${name} was not registered: ${status} ${JSON.stringify(body)}`);
  return {
    name,
    operationId,
    inputs,
    subscriptionId: /\/subscriptions\/([^/]+)\//.exec(location)?.[1] ?? '',
    location,
  };
};

/** Receives what is visible as often as the queue allows, without handling it: it goes to the dead letters. */
const bury = ({ queue }: HeldDeployment, name: QueueName): void => {
  for (;;) {
    const received = queue(name).receive(10);
    if (received.length === 0) return;
    for (const { receiptHandle } of received) queue(name).changeVisibility(receiptHandle, 0);
  }
};

const itemsOf = async ({ database, tableName }: HeldDeployment, name: TableName) => {
  const { Items = [], LastEvaluatedKey } = await database.send(
    new ScanCommand({ TableName: tableName(name), ConsistentRead: true }),
  );
  if (LastEvaluatedKey) throw new Error(`${name} holds more than one page.`);
  const placeOf = ({ pk, sk, id }: Record<string, AttributeValue>) => `${pk?.S}\n${sk?.S}\n${id?.S}`;
  // What was decided about the weeks before the story is more of the same.
  const isOfBefore = ({ pk, sk }: Record<string, AttributeValue>) =>
    pk?.S?.startsWith('L#') === true && (sk?.S ?? '') < new Date(storyStart).toISOString();
  return Items.filter((item) => !isOfBefore(item)).sort((a, b) => (placeOf(a) < placeOf(b) ? -1 : 1));
};

const messagesOf = ({ queue }: HeldDeployment, name: QueueName): readonly SnapshotMessage[] =>
  queue(name)
    .messages()
    .map(({ body, group = null, state, visibleAtMs, receiveCount }) => ({
      body,
      group,
      state,
      visibleAt: visibleAtMs,
      receiveCount,
    }));

const snapshotOf = async (
  deployment: HeldDeployment,
  keyMaterial: Uint8Array,
  flows: readonly StoryFlow[],
  jobIds: readonly string[],
): Promise<Snapshot> => {
  const tables = await Promise.all(
    (Object.keys(tableIds) as TableName[]).map(
      async (name) => [name, await itemsOf(deployment, name)] as const,
    ),
  );
  return {
    commit: execFileSync('git', ['rev-parse', 'HEAD'], { encoding: 'utf8' }).trim(),
    takenAt: deployment.system.clock.now(),
    jobIds,
    flows,
    callbacks: deployment.receiver.callbacks.map(({ flow, status, payload }) => ({
      flow,
      status,
      eventId: String(payload.eventId),
      deliveryId: String(payload.deliveryId),
    })),
    keyMaterial: { [callbackKeyId]: Buffer.from(keyMaterial).toString('base64') },
    tables: Object.fromEntries(tables) as unknown as Snapshot['tables'],
    queues: Object.fromEntries(
      (Object.keys(queueIds) as QueueName[]).map((name) => [name, messagesOf(deployment, name)]),
    ) as unknown as Snapshot['queues'],
  };
};

export interface Narrator {
  /** Of what has happened so far. The same in every run, or the story is another one. */
  readonly jobIds: readonly string[];
  /** Moves the clock to a minute after the start, and lets happen in Customer Insights what falls into that time. */
  upTo(minute: number): Promise<void>;
}

export const narrator = (deployment: HeldDeployment): Narrator => {
  const left = [...happenings];
  const jobIds: string[] = [];
  return {
    jobIds,
    async upTo(minute) {
      for (let next = left[0]; next && next[0] <= minute; next = left[0]) {
        left.shift();
        await deployment.until(next[0]);
        jobIds.push(...next[1](deployment.instance).map(({ jobId }) => jobId));
      }
      await deployment.until(minute);
    },
  };
};

/** Plays the story to its end; what is in flight then is in flight in the snapshot. */
export const playStory = async (deployment: HeldDeployment, keyMaterial: Uint8Array): Promise<Snapshot> => {
  const { instance, receiver, system, queue } = deployment;
  const { jobIds, upTo } = narrator(deployment);
  const flows: StoryFlow[] = [];
  const add = async (...given: readonly [string, string, Readonly<Record<string, unknown>>?]) => {
    flows.push(await register(deployment, ...given));
  };
  const sample = (name: string) =>
    system.client.call('SendSampleEvent', {
      subscriptionId: flows.find((flow) => flow.name === name)?.subscriptionId,
    });
  const members = memberCount(instance);

  for (const name of queuesOfTheFirstVersion) deployment.consume(name);
  await add('any source', 'OnDataSourceRefreshFailed');
  await add('one source', 'OnDataSourceRefreshFailed', { dataSource: instance.dataSources[0]?.id });
  await add('succeeded', 'OnDataSourceRefreshSucceeded');
  await add('members above', 'OnSegmentThresholdCrossed', {
    segment,
    threshold: members + 100,
    rearmLevel: members + 50,
  });
  await add('members below', 'OnSegmentThresholdCrossed', {
    segment,
    threshold: members + 20,
    direction: 'below',
  });
  await add('members later', 'OnSegmentThresholdCrossed', { segment, threshold: members + 300 });
  await add('revenue', 'OnMeasureThresholdCrossed', { measure, threshold: 7655000.25 });
  await add('full refresh', 'OnFullRefreshCompleted', { outcome: 'any', runs: 'scheduled' });
  await add('unified', 'OnUnificationRefreshCompleted');
  await add('unlucky', 'OnDataSourceRefreshFailed');

  // Its later attempt is never handled, and ends among the dead letters of the retry queue.
  receiver.answerWith('unlucky', [{ status: 503, retryAfterSeconds: 120 }]);
  await upTo(2.5);
  deployment.hold('retry');
  await upTo(5);
  bury(deployment, 'retry');
  deployment.consume('retry');

  await add('switched off', 'OnDataSourceRefreshFailed');
  await add('gone', 'OnDataSourceRefreshFailed');
  await add('throttled', 'OnDataSourceRefreshFailed');
  await add('refusing', 'OnDataSourceRefreshFailed');
  await add('deleted', 'OnDataSourceRefreshFailed');
  await system.client.unsubscribe(flows.pop()?.location ?? '');
  receiver.answerWith('switched off', [{ status: 400, errorCode: 'WorkflowTriggerIsNotEnabled' }]);
  receiver.answerWith('gone', [{ status: 404, errorCode: 'WorkflowNotFound' }]);
  receiver.answerWith('throttled', [
    { status: 429, retryAfterSeconds: 60 },
    { status: 429, retryAfterSeconds: 1_800 },
  ]);
  receiver.answerWith('refusing', [{ status: 400, errorCode: 'TriggerInputSchemaMismatch' }]);
  await upTo(20);

  deployment.hold('watch');
  await upTo(21.5);
  bury(deployment, 'watch');
  deployment.consume('watch');
  await sample('succeeded');
  await upTo(23.5);

  deployment.hold('delivery');
  await sample('succeeded');
  await upTo(29.5);
  deployment.hold('watch');
  // A value that the watch has not seen yet.
  await add('late measure', 'OnMeasureThresholdCrossed', { measure: lateMeasure, threshold: 1_000_000 });
  await upTo(snapshotMinute);
  await system.client.call('GetEntities', { dataset: instance.id });
  const created = { dataset: instance.id, table: createdItem.table };
  await system.client.call('CreateItem', { ...created, body: createdItem.body });
  system.simulator.world.faults.add({ kind: 'status', status: 429, retryAfterSeconds: 90 }, { times: 1 });
  await system.client.call('GetEntities', { dataset: instance.id });

  // A callback is under way when the snapshot is taken.
  const received = queue('delivery').receive(10);
  const underWay = received.find(({ body }) => body.includes('OnUnificationRefreshCompleted'));
  if (!underWay) throw new Error('No delivery of "unified" is in the queue.');
  for (const message of received)
    if (message !== underWay) queue('delivery').changeVisibility(message.receiptHandle, 0);
  const held = receiver.holdNext('unified');
  const attempting = deployment.invokeWith('delivery', underWay);
  const cut = await held;
  const snapshot = await snapshotOf(deployment, keyMaterial, flows, jobIds);
  cut();
  await attempting;
  return snapshot;
};
