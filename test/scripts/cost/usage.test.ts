/**
 * The measured figures of the cost model, compared with what the program does: an item or a line may be smaller than its
 * figure, never larger; numbers of reads and writes are equal.
 */
import { randomBytes } from 'node:crypto';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { instancesPerSecret, keySecrets } from '../../../config/instance-keys.ts';
import { exampleInstanceId } from '../../../connector/contract/example.ts';
import { compileValidators } from '../../../connector/contract/validation.ts';
import { deliverBatch } from '../../../lambda/deliver/deliver-batch.ts';
import { createHttpHandler } from '../../../lambda/http/handler.ts';
import type { Implementations } from '../../../lambda/http/implementations.ts';
import { createLimiter, memoryLimiterStore } from '../../../lambda/limiter/index.ts';
import type { AwsClient } from '../../../lambda/runtime/aws-services.ts';
import { deliveryId, eventId, type FlowId, hashedId, subscriptionId } from '../../../lambda/runtime/ids.ts';
import { logWith } from '../../../lambda/runtime/log.ts';
import { embeddedMetrics } from '../../../lambda/runtime/metrics.ts';
import { logger } from '../../../lambda/runtime/powertools.ts';
import { listedSubscriptionStore } from '../../../lambda/store/listed-subscriptions.ts';
import { callbackCipher } from '../../../lambda/store/sealing-key.ts';
import type { Item } from '../../../lambda/store/table.ts';
import type { accessLogFields } from '../../../lib/http-api.ts';
import { type FigureName, figure } from '../../../scripts/cost/figures.ts';
import { secretBytes } from '../../../scripts/cost/model.ts';
import { batch, deliverWorld, message, queueOfRetries } from '../../lambda/deliver/deliver-world.ts';
import { httpEvent } from '../../lambda/http/events.ts';
import { memoryTable } from '../../lambda/memory-table.ts';
import { segmentSubscription } from '../../lambda/store/example-subscription.ts';
import { itemOverheadBytes, storedBytes } from '../../lambda/stored-bytes.ts';
import { noon, segment } from '../../lambda/subscriptions/world.ts';
import { contoso, watchWorld } from '../../lambda/watch/world.ts';

const guid = '01234567-89ab-cdef-0123-456789abcdef';

/** At most the figure, and not so far below it that the figure says something else. */
const isWithin = (name: FigureName, bytes: number) => {
  expect(bytes, name).toBeLessThanOrEqual(figure(name));
  expect(bytes, name).toBeGreaterThan(figure(name) * 0.85);
};

let written: string[];
beforeEach(() => {
  written = [];
  // What Lambda sets for each invocation.
  vi.stubEnv(
    '_X_AMZN_TRACE_ID',
    'Root=1-67891233-abcdef012345678912345678;Parent=53995c3f42cd8ad8;Sampled=0',
  );
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
});

/** The log of a function as it is deployed, whose lines are kept. */
const keptLog = (service: string) => {
  const log = logger(service);
  const own = (log as unknown as { console: Console }).console;
  for (const level of ['info', 'warn', 'error'] as const)
    vi.spyOn(own, level).mockImplementation((line: string) => {
      written.push(line);
    });
  return log;
};

it('the line that a call logs, with all that the platform sends along', async () => {
  const validators = compileValidators('proxy');
  const now = () => noon;
  const handler = createHttpHandler({
    function: 'proxy',
    validators,
    verifyCaller: async () => ({
      tenantId: guid,
      objectId: guid,
      clientAppId: guid,
      token: 't',
      expiresAt: now() + 1,
    }),
    limiter: createLimiter({
      random: Math.random,
      store: memoryLimiterStore(),
      limit: 100,
      windowMs: 60_000,
      now,
    }),
    implementations: Object.fromEntries(
      Object.keys(validators).map((id) => [id, async () => ({ body: { value: [] } })]),
    ) as unknown as Implementations<'proxy'>,
    logger: keptLog('proxy'),
    now,
  });
  const { statusCode } = await handler(
    httpEvent({
      routeKey: 'GET /v1/datasets/{dataset}/tables/{table}/items',
      path: { dataset: exampleInstanceId, table: 'Customer' },
      requestId: 'JKJaXmPLvHcESHA=',
      headers: {
        // What Power Automate sends with an action.
        'x-ms-client-request-id': guid,
        'x-ms-client-session-id': guid,
        'x-ms-correlation-id': guid,
        'x-ms-tracking-id': guid,
        'x-ms-workflow-id': guid.replaceAll('-', ''),
        'x-ms-workflow-run-id': '08584612345678901234567890123CU01',
        'x-ms-workflow-operation-name': 'Get_items_from_an_entity',
        'x-insights-connector-version': '10.10.10',
        'x-amzn-trace-id': 'Root=1-67891233-abcdef012345678912345678',
      },
    }),
  );
  expect([statusCode, written.length]).toEqual([200, 1]);
  isWithin('proxyLineBytes', Buffer.byteLength(written[0] ?? ''));
});

it('the line of the access log', () => {
  const values: Readonly<Record<keyof typeof accessLogFields, string>> = {
    requestId: 'JKJaXmPLvHcESHA=',
    routeKey: 'GET /v1/datasets/{dataset}/tables/{table}/items',
    status: '200',
    sourceIp: '203.0.113.100',
    responseLatency: '150',
    integrationLatency: '148',
    integrationStatus: '200',
    integrationError: '-',
    authorizerError: '-',
  };
  isWithin('accessLineBytes', Buffer.byteLength(JSON.stringify(values)));
});

const plain = randomBytes(32).toString('base64');
/** Its data keys are as long as those of KMS. */
const kms = (async () => ({
  Plaintext: plain,
  CiphertextBlob: randomBytes(184).toString('base64'),
})) as unknown as AwsClient<'kms'>;
const cipher = callbackCipher(memoryTable(), kms, 'key', () => noon);

/** A subscription whose parts are as long as in a deployment. */
const subscriptionOf = async (name: string) => {
  const id = subscriptionId(hashedId('flow', name) as FlowId, { tenantId: guid, objectId: name });
  const version = '08584612345678901234';
  const trigger = `/triggers/When_a_segment_crosses_a_threshold/versions/${version}/run`;
  const url = `https://prod-01.westeurope.logic.azure.com:443/workflows/${guid.replaceAll('-', '')}${trigger}?api-version=2016-06-01&sp=${encodeURIComponent(trigger)}&sv=1.0&sig=${hashedId(name)}${hashedId(name, name)}`;
  return segmentSubscription(id, {
    principal: { tenantId: guid, objectId: guid, clientAppId: guid },
    generation: hashedId('generation', name),
    callback: await cipher.seal(url, id),
    secretHash: `${hashedId('secret', name)}${hashedId('more', name)}`,
    baseline: { at: noon, occurrences: [eventId(exampleInstanceId, 'trigger', 'subject', 'now')] },
  });
};

const tenSubscriptions = () =>
  Promise.all(Array.from({ length: 10 }, (_, index) => subscriptionOf(`flow ${index}`)));

const itemBytes = (item: Item): number => storedBytes(item) + itemOverheadBytes;

const itemsOf = (items: ReadonlyMap<string, Item>, prefix: string): readonly Item[] =>
  [...items.values()].filter(({ pk }) => pk.startsWith(prefix));

it('ten deliveries of one event', async () => {
  const world = deliverWorld();
  const subscriptions = await tenSubscriptions();
  for (const each of subscriptions) await world.subscriptions.save(each, undefined);
  const event = eventId(exampleInstanceId, 'OnSegmentThresholdCrossed', 'HighValue', 'now');
  const messages = subscriptions.map(({ subscriptionId: id, generation }) => ({
    ...message({ eventId: event, subscriptionId: id, generation }),
    deliveryId: deliveryId(event, id, generation),
  }));
  const { ports, counts } = world.countedPorts();
  const stdout: string[] = [];
  const metrics = embeddedMetrics('deliver', { deployment: { name: 'production' } });
  await deliverBatch(
    { ...ports, cipher, log: logWith(keptLog('deliver'), {}), count: metrics.count },
    batch(messages),
    queueOfRetries,
  );
  vi.spyOn(process.stdout, 'write').mockImplementation((line) => stdout.push(String(line)) > 0);
  metrics.publish();
  vi.restoreAllMocks();
  expect(counts()).toEqual({
    reads: 10 * figure('deliveryReads'),
    writes: 10 * figure('deliveryWrites'),
    items: 0,
    sends: 0,
    posts: 10,
  });
  const records = itemsOf(world.items.items, 'D#');
  expect(records).toHaveLength(10);
  for (const record of records) isWithin('deliveryRecordBytes', itemBytes(record));
  // So that a write is one unit, and the read of a subscription too.
  expect(figure('deliveryRecordBytes')).toBeLessThanOrEqual(1024);
  for (const item of itemsOf(world.items.items, 'S#')) expect(itemBytes(item)).toBeLessThanOrEqual(4096);
  expect([written.length, stdout.length]).toEqual([1, 1]);
  const { deliveries, ...rest } = JSON.parse(written[0] ?? '') as { deliveries: readonly unknown[] };
  isWithin('deliveryLineBytes', Buffer.byteLength(JSON.stringify(deliveries)) / 10);
  isWithin('deliveryBatchLineBytes', Buffer.byteLength(JSON.stringify({ ...rest, deliveries: [] })));
  isWithin('deliverMetricsBytes', Buffer.byteLength(stdout[0] ?? ''));
  // Ten are one request: SQS counts each begun 64 KB.
  expect(Buffer.byteLength(messages.map((each) => JSON.stringify(each)).join(''))).toBeLessThan(64 * 1024);
});

it('a subscription with its entries in lists', async () => {
  const table = memoryTable();
  const store = listedSubscriptionStore(table, { now: () => noon, by: 'owner' });
  await store.save(await subscriptionOf('flow'), undefined);
  isWithin('entryBytes', Math.max(...itemsOf(table.items, 'I#').map(storedBytes)));
  isWithin(
    'subscriptionBytes',
    [...table.items.values()].reduce((sum, item) => sum + itemBytes(item), 0),
  );
});

it('polls, the sweep, and an event for ten flows', async () => {
  const world = watchWorld();
  const minutes = (count: number) => {
    world.clock.now += count * 60_000;
    world.recount();
  };
  world.state.segments = [segment([0, 100])];
  for (const each of await tenSubscriptions())
    await world.subscribe({ ...each, baseline: { at: noon, occurrences: [] } });
  await world.look();
  minutes(1);
  await world.look();
  expect(world.counts).toEqual({ reads: figure('lookReads'), writes: figure('lookWrites') });
  isWithin('leaseBytes', Math.max(...itemsOf(world.items.items, 'WATCH').map(itemBytes)));
  minutes(15);
  await world.look();
  const sweep = { ...world.counts };
  expect(sweep).toEqual({
    reads: figure('lookReads') + figure('sweepReads'),
    writes: figure('lookWrites') + figure('sweepWrites'),
  });
  world.state.segments = [segment([0, 100], [20, 2_000])];
  minutes(15);
  // The process of the poll before knows that the event is not recorded.
  await world.look(contoso, false, { leftWhole: new Map() });
  expect(world.deliveries).toHaveLength(10);
  expect(world.counts).toEqual({
    reads: sweep.reads + figure('eventReads'),
    writes: sweep.writes + figure('eventWrites'),
  });
});

it('the metrics of a run of dispatch', () => {
  const stdout: string[] = [];
  const metrics = embeddedMetrics('dispatch', { deployment: { name: 'production' } });
  metrics.measure('WatchLag', 12.345);
  vi.spyOn(process.stdout, 'write').mockImplementation((line) => stdout.push(String(line)) > 0);
  metrics.publish();
  isWithin('dispatchMetricsBytes', Buffer.byteLength(stdout[0] ?? ''));
});

it('the keys of an instance in a secret that instances share', () => {
  const instances = Array.from({ length: 100 }, (_, index) => ({
    id: guid.replace('0', String(index % 10)).slice(0, -2) + String(index).padStart(2, '0'),
    secretName: 'keys',
  }));
  const key = '0123456789abcdef'.repeat(2);
  const { keys } = keySecrets(instances, () => ({ primary: key, secondary: key }));
  expect(instancesPerSecret * figure('keyBytes')).toBeLessThanOrEqual(secretBytes);
  isWithin('keyBytes', Buffer.byteLength(JSON.stringify(keys)) / instances.length);
});
