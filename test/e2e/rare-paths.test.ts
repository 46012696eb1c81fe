/**
 * What a deployment does seldom, once each with the roles that do it: time ends a paused or a failing subscription, and the
 * instances are in the state table. State: the records are written as weeks of work would have left them.
 */
import { beforeEach, expect, it } from 'vitest';
import { flowOf, type SubscriptionId } from '../../lambda/runtime/ids.ts';
import { dayMs, hourMs, iso, minuteMs } from '../../lambda/runtime/time.ts';
import { pauseStore } from '../../lambda/store/agenda.ts';
import { failureStore } from '../../lambda/store/failures.ts';
import { instanceStore } from '../../lambda/store/instances.ts';
import { flowList, listStore } from '../../lambda/store/lists.ts';
import { subscriptionRecords, subscriptionStore } from '../../lambda/store/subscriptions.ts';
import type { Table } from '../../lambda/store/table.ts';
import { consoleCallers } from './console-callers.ts';
import {
  failDataSource,
  type firstInstance,
  stateTableOf,
  type TestSystem,
  useTestSystem,
} from './test-system.ts';

let system: TestSystem;
let instance: ReturnType<typeof firstInstance>;
let table: Table;
useTestSystem((running, first) => {
  system = running;
  instance = first;
  table = stateTableOf(running);
});
beforeEach(() => system.clock.advance(minuteMs));

const register = async (name: string) => {
  const flow = await system.flowHost.create(name, 'OnDataSourceRefreshFailed', { dataset: instance.id });
  const [, id = ''] = /\/subscriptions\/([^/]+)\//.exec(flow.location ?? '') ?? [];
  return { flow, id: id as SubscriptionId };
};
const callbacksOf = (flow: string) => system.flowHost.callbacks.filter((callback) => callback.flow === flow);
const found = async (id: SubscriptionId) =>
  (await subscriptionRecords(table).find(id)) ?? expect.fail(`${id} is not stored`);

it('ends a subscription that was paused for 30 days', async () => {
  const { flow, id } = await register('paused');
  await flow.switchOff({ unsubscribe: false });
  await failDataSource(system, instance);
  const { body, version } = await found(id);
  expect(body.status.state).toBe('paused');
  const since = iso(system.clock.now() - 31 * dayMs);
  await subscriptionRecords(table).save(id, { ...body, status: { ...body.status, since } }, version);
  await pauseStore(table).add(id, system.clock.now() - dayMs);
  await system.clock.advance(hourMs);
  expect((await found(id)).body.status).toMatchObject({
    state: 'ended',
    reason: expect.stringContaining('was paused for 30 days'),
  });
});

it('ends a subscription whose flow has accepted nothing for a week', async () => {
  const { flow, id } = await register('failing');
  const { generation } = (await found(id)).body;
  const failures = failureStore(table, { now: () => system.clock.now() });
  await failures.save(id, { generation, since: iso(system.clock.now() - 8 * dayMs), count: 2 }, 'absent');
  flow.answerWith({ status: 400, body: { error: { code: 'TriggerInputSchemaMismatch' } }, times: 1 });
  await failDataSource(system, instance);
  expect((await found(id)).body.status).toMatchObject({
    state: 'ended',
    reason: expect.stringContaining('No event was accepted for 8 days'),
  });
});

it('delivers for two people of one flow, forgets a place that was left behind, and the contest', async () => {
  const { flow, id } = await register('contested');
  const subscriptions = subscriptionStore(table);
  const stored = await found(id);
  await subscriptions.save({ ...stored.body, contested: true }, stored);
  const lists = listStore(table);
  const nobody = `${flowOf(id)}.gone` as SubscriptionId;
  await lists.add(flowList(id), nobody, system.clock.now() - dayMs);
  await failDataSource(system, instance);
  expect(callbacksOf(flow.name)).toMatchObject([{ status: 202 }]);
  expect((await found(id)).body).not.toHaveProperty('contested');
  expect(await lists.find(flowList(id), nobody)).toBeUndefined();
});

it('serves the instances of the state table to flows and to the console, and watches them', async () => {
  const instances = instanceStore(table, () => crypto.randomUUID());
  await instances.change([instance.id], (row) => row && { ...row, name: 'By another name' });
  await system.clock.advance(minuteMs);
  const { body } = await system.client.call('ListInstances', {});
  expect(JSON.stringify(body)).toContain('By another name');
  const ask = consoleCallers(system);
  expect(JSON.stringify((await ask('owner', '/datasets')).body)).toContain('By another name');
  expect(await ask('owner', '/dead-letters')).toMatchObject({ status: 200 });
  const { flow } = await register('watched');
  await failDataSource(system, instance);
  expect(callbacksOf(flow.name)).toMatchObject([{ status: 202 }]);
});
