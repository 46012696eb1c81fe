/** The figures of the cost model are those of the local run: the requests of its functions, counted where IAM allows them. */
import { expect, it } from 'vitest';
import type { SubscriptionId } from '../../lambda/runtime/ids.ts';
import { minuteMs } from '../../lambda/runtime/time.ts';
import { subscriptionStore } from '../../lambda/store/subscriptions.ts';
import { keyMade, keyRead } from '../../scripts/cost/data-keys.ts';
import { figure } from '../../scripts/cost/figures.ts';
import { requestsOfDispatch, requestsOfLook } from '../../scripts/cost/quotas.ts';
import {
  failDataSource,
  type firstInstance,
  leaveSealingKey,
  startTestSystem,
  stateTableOf,
  type TestSystem,
  useTestSystem,
} from './test-system.ts';

let system: TestSystem;
let instance: ReturnType<typeof firstInstance>;
useTestSystem((started, first) => {
  system = started;
  instance = first;
});

/** Requests of each function, by action, while something happens. */
const requestsDuring = async (happens: () => Promise<unknown>, { deployment } = system) => {
  const before = new Map(deployment.access?.calls);
  await happens();
  const found: Record<string, Record<string, number>> = {};
  for (const [call, count] of deployment.access?.calls ?? []) {
    const [user = '', action = ''] = call.split(' ');
    const name = user.replace(/Function[0-9A-F]{8}$/, '').toLowerCase();
    const more = count - (before.get(call) ?? 0);
    if (more > 0) found[name] = { ...found[name], [action.replace(/^.*:/, '')]: more };
  }
  return found;
};

const sum = (requests: Readonly<Record<string, number>> = {}, ...actions: readonly string[]): number =>
  actions.reduce((total, action) => total + (requests[action] ?? 0), 0);
const reads = ['GetItem', 'BatchGetItem', 'Query'];
const writes = ['PutItem', 'UpdateItem', 'DeleteItem'];
const ofKeys = ['GenerateDataKey', 'Encrypt', 'Decrypt'];

it('polls at which nothing happens', async () => {
  // Beyond the first sweep, and what is done once an hour.
  await system.clock.advance(20 * minuteMs);
  const minutes = 5;
  const { watch, dispatch, ...others } = await requestsDuring(() => system.clock.advance(minutes * minuteMs));
  expect(system.configuration.instances).toHaveLength(1);
  expect(watch).toEqual({
    // A request counts once for each table.
    BatchGetItem: minutes * requestsOfLook.tablesRead,
    PutItem: minutes * requestsOfLook.writes,
    GetSecretValue: 1,
  });
  expect(figure('lookWrites')).toBe(requestsOfLook.writes);
  expect(dispatch).toEqual({
    GetItem: minutes * requestsOfDispatch.gets,
    Query: minutes * requestsOfDispatch.queries,
    SendMessage: minutes,
  });
  expect(others).toEqual({});
});

const locations: (string | undefined)[] = [];
const register = async (name: string, { flowHost } = system) => {
  const { location } = await flowHost.create(name, 'OnDataSourceRefreshFailed', { dataset: instance.id });
  locations.push(location);
};

it('a registration: most at the first one of a person in a process', async () => {
  const { subscriptions: first } = await requestsDuring(() => register('first'));
  // It makes the key that seals callback URLs too.
  expect([sum(first, ...reads), sum(first, ...writes)]).toEqual([
    figure('registrationReads') + (keyRead.dynamoDbReadUnit ?? 0),
    figure('registrationWrites') + (keyMade.dynamoDbWriteUnit ?? 0),
  ]);
  expect(sum(first, ...ofKeys)).toBe((keyRead.kmsRequest ?? 0) + (keyMade.kmsRequest ?? 0));
  const { subscriptions: second } = await requestsDuring(() => register('second'));
  expect(sum(second, ...reads)).toBeLessThanOrEqual(sum(first, ...reads));
  expect(sum(second, ...writes)).toBeLessThanOrEqual(sum(first, ...writes));
  expect(sum(second, ...writes)).toBeGreaterThan(0);
  expect(sum(second, ...ofKeys)).toBe(0);
  const store = subscriptionStore(stateTableOf(system));
  const dataKeys = locations.map(
    async (location) =>
      (await store.find(/\/subscriptions\/([^/]+)\//.exec(location ?? '')?.[1] as SubscriptionId))?.body
        .callback.dataKey,
  );
  const [one, other] = await Promise.all(dataKeys);
  expect(one).toMatch(/^[\w+/=]{100,}$/);
  expect(other, 'a key that processes decrypt once for both').toBe(one);
});

it('a registration in a process that finds the key', async () => {
  const second = await startTestSystem();
  try {
    await leaveSealingKey(second, second.clock);
    const { subscriptions } = await requestsDuring(() => register('alone', second), second);
    expect([sum(subscriptions, ...reads), sum(subscriptions, ...writes)]).toEqual([
      figure('registrationReads') + (keyRead.dynamoDbReadUnit ?? 0),
      figure('registrationWrites'),
    ]);
    expect(sum(subscriptions, ...ofKeys)).toBe(keyRead.kmsRequest);
    expect(sum(subscriptions, 'Decrypt')).toBe(1);
  } finally {
    await second.close();
  }
});

it('an event for two flows', async () => {
  const { deliver } = await requestsDuring(() => failDataSource(system, instance));
  const flows = 2;
  expect(system.flowHost.callbacks).toHaveLength(flows);
  expect(sum(deliver, ...writes)).toBe(flows * figure('deliveryWrites'));
  // Those of one batch are read together, in one request.
  expect(sum(deliver, ...reads)).toBeLessThanOrEqual(flows * figure('deliveryReads'));
  expect(sum(deliver, ...reads)).toBeGreaterThan(0);
  // Once in each process that delivers.
  expect(sum(deliver, 'Decrypt')).toBeLessThanOrEqual(flows);
  expect(sum(deliver, 'Decrypt')).toBeGreaterThan(0);
});
