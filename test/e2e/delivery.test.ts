import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { operatorOutputNames } from '../../config/operator-outputs.ts';
import { awsClient } from '../../lambda/runtime/aws-client.ts';
import * as protocols from '../../lambda/runtime/aws-services.ts';
import type { SubscriptionId } from '../../lambda/runtime/ids.ts';
import { sqsSend } from '../../lambda/runtime/queue.ts';
import { queued } from '../../lambda/store/delivery-message.ts';
import { subscriptionStore } from '../../lambda/store/subscriptions.ts';
import { sampleMessage } from '../../lambda/subscriptions/sample.ts';
import { triggers } from '../../lambda/triggers/registry.ts';
import { localServices, writeOutputs } from '../../local/operator.ts';
import { commandOnClock } from '../bin/command-on-clock.ts';

import {
  failDataSource,
  firstInstance,
  send,
  startTestSystem,
  stateTableOf,
  type TestSystem,
  testStart,
} from './test-system.ts';

const minute = 60_000;
const since = new Date(testStart - 60 * minute).toISOString();
const folder = mkdtempSync(join(tmpdir(), 'insights-connector-delivery-'));
let system: TestSystem;
let instance: ReturnType<typeof firstInstance>;

beforeAll(async () => {
  system = await startTestSystem();
  instance = firstInstance(system);
  const outputs = join(folder, 'outputs.json');
  writeOutputs(system, outputs);
  vi.stubEnv('INSIGHTS_CONNECTOR_OUTPUTS', outputs);
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await system.close();
  rmSync(folder, { recursive: true, force: true });
});

interface Details {
  readonly subscriptionId: string;
  readonly label: string;
  readonly state: string;
  readonly reason: string;
  readonly threshold: number | null;
  readonly lastDelivery: string | null;
  readonly lastEventAt: string | null;
}
interface Explanation {
  readonly summary: string;
  readonly decisions: readonly {
    readonly outcome: string;
    readonly sentence: string;
    readonly attempts: readonly { readonly status: number | null }[];
  }[];
}
interface DeliveryDetails {
  readonly deliveryId: string;
  readonly origin: string;
  readonly state: string;
  readonly attempts: readonly { readonly status: number | null }[];
}

const called = async <Body>(operationId: string, values: Record<string, unknown> = {}): Promise<Body> => {
  const { status, body } = await system.client.call(operationId, values);
  expect([operationId, status, body]).toEqual([operationId, expect.toBeOneOf([200, 202]), body]);
  return body as unknown as Body;
};

const own = async (): Promise<readonly Details[]> =>
  (await called<{ value: readonly Details[] }>('ListSubscriptions')).value;

const subscriptionOf = async (location: string | undefined): Promise<Details> => {
  const id = /\/subscriptions\/([^/]+)\//.exec(location ?? '')?.[1];
  return (
    (await own()).find(({ subscriptionId }) => subscriptionId === id) ?? expect.fail(`${id} is not listed`)
  );
};

const explanationOf = ({ subscriptionId }: Details) =>
  called<Explanation>('ExplainSubscription', { subscriptionId, since });
const deliveriesOf = async ({ subscriptionId }: Details) =>
  (await called<{ value: readonly DeliveryDetails[] }>('ListDeliveries', { subscriptionId, since })).value;

const callbacksOf = (flow: string) => system.flowHost.callbacks.filter((callback) => callback.flow === flow);

const command = commandOnClock(() => system.clock);

const fail = () => failDataSource(system, instance);
const grow = async (count: number) => {
  instance.world.refreshSegment('HighValueCustomers', { count, durationMs: 10_000 });
  await system.clock.advance(5 * minute);
};
const members = (): number =>
  Number(instance.world.segments.find(({ name }) => name === 'HighValueCustomers')?.count);

describe('the owner of a subscription', () => {
  it('sees why it fired and why not, and every attempt', async () => {
    const threshold = members() + 100;
    const flow = await system.flowHost.create('explained', 'OnSegmentThresholdCrossed', {
      dataset: instance.id,
      segment: 'HighValueCustomers',
      threshold,
    });
    flow.answerWith({ status: 503, times: 1 });
    await grow(threshold - 50);
    await grow(threshold);
    await grow(threshold + 1);
    await system.clock.advance(10 * minute);
    await grow(threshold + 20);
    const subscription = await subscriptionOf(flow.location);
    expect(subscription).toMatchObject({ state: 'active', threshold, lastDelivery: 'delivered' });
    expect(subscription.label).toContain('High value customers');
    const { decisions, summary } = await explanationOf(subscription);
    expect(summary).toContain('rises above');
    expect(decisions.map(({ outcome }) => outcome).slice(0, 4)).toEqual([
      'notFired',
      'fired',
      'notFired',
      'notFired',
    ]);
    const sentences = decisions.map(({ sentence }) => sentence.replaceAll(',', ''));
    expect(sentences[0]).toContain(`already above the threshold (${threshold})`);
    expect(sentences[1]).toMatch(
      new RegExp(`went from ${threshold} to ${threshold + 1}.*accepted.*2 attempts`),
    );
    expect(sentences[2]).toContain('exactly at the threshold');
    expect(sentences[3]).toContain(`not above the threshold (${threshold})`);
    expect(decisions[1]?.attempts.map(({ status }) => status)).toEqual([503, 202]);
    expect((await deliveriesOf(subscription)).map(({ state, origin }) => [state, origin])).toEqual([
      ['delivered', 'event'],
    ]);

    const why = await command('why', subscription.subscriptionId, '--since', since);
    expect(why).toMatchObject({ code: 0, errors: '' });
    expect(why.out).toMatch(/ {2}fired {6}.*accepted it at 2026-06-01 /);
    expect(why.out).toMatch(/ {2}not fired {2}.*exactly at the threshold/);
    const history = await command('why', subscription.subscriptionId, '--since', since, '--deliveries');
    expect(history.out).toMatch(/503 {2}the platform reported a server error\n.*202 {2}accepted/);
  });

  it('gets a sample that its schema describes, clearly marked', async () => {
    for (const [trigger, inputs] of [
      ['OnDataSourceRefreshFailed', {}],
      ['OnDataSourceRefreshSucceeded', {}],
      ['OnSegmentThresholdCrossed', { segment: 'HighValueCustomers', threshold: 0.5 }],
      ['OnFullRefreshCompleted', {}],
      ['OnUnificationRefreshCompleted', {}],
    ] as const) {
      const name = `sample of ${trigger}`;
      const flow = await system.flowHost.create(name, trigger, { dataset: instance.id, ...inputs });
      const subscription = await subscriptionOf(flow.location);
      const { eventId, deliveryId } = await called<{ eventId: string; deliveryId: string }>(
        'SendSampleEvent',
        { subscriptionId: subscription.subscriptionId },
      );
      await system.clock.advance(1_000);
      expect(eventId).toMatch(/^sample-/);
      expect(
        callbacksOf(name).map(({ status, payload }) => [status, payload.eventId, payload.deliveryId]),
      ).toEqual([[202, eventId, deliveryId]]);
      expect(callbacksOf(name)[0]?.headers['x-insights-origin']).toBe('sample');
      expect((await deliveriesOf(subscription)).map(({ origin }) => origin)).toEqual(['sample']);
      await flow.delete();
    }
  });

  it('is nobody else', async () => {
    const [mine] = await own();
    const path = `/v1/subscriptions/${mine?.subscriptionId}`;
    const other = await system.issuer.userToken({ user: 'omar.operator@contoso.example' });
    expect((await send(system, 'GET', '/v1/subscriptions', { token: other })).body).toEqual({ value: [] });
    for (const [method, suffix] of [
      ['GET', '/explanation'],
      ['GET', '/deliveries'],
      ['POST', '/sample-event'],
      ['DELETE', ''],
    ] as const) {
      const { status, body } = await send(system, method, path + suffix, { token: other });
      expect([status, body]).toMatchObject([404, { error: { code: 'SubscriptionUnknown' } }]);
    }
    expect(await own()).toContainEqual(mine);
  });

  it('never sees a callback URL', async () => {
    const text = JSON.stringify([await own(), await explanationOf((await own())[0] ?? expect.fail('none'))]);
    expect(text).not.toMatch(/sig=|https?:/);
  });

  it('removes what a flow has left behind', async () => {
    const flow = await system.flowHost.create('left behind', 'OnDataSourceRefreshFailed', {
      dataset: instance.id,
    });
    const { subscriptionId } = await subscriptionOf(flow.location);
    await called('RemoveSubscription', { subscriptionId });
    expect((await own()).map((each) => each.subscriptionId)).not.toContain(subscriptionId);
    await fail();
    expect(callbacksOf('left behind')).toEqual([]);
  });
});

describe('a flow that is switched off', () => {
  it('gets nothing that happens meanwhile, not even later, until an operator replays it', async () => {
    const flow = await system.flowHost.create('paused', 'OnDataSourceRefreshFailed', {
      dataset: instance.id,
    });
    await flow.switchOff({ unsubscribe: false });
    await fail();
    const paused = (await own()).find(({ state }) => state === 'paused') ?? expect.fail('none is paused');
    expect(paused.reason).toMatch(/switched off/);
    await fail();
    const { decisions } = await explanationOf(paused);
    expect(decisions[0]).toMatchObject({
      outcome: 'notFired',
      sentence: expect.stringMatching(/Not sent: the subscription has been paused since .*switched off/),
    });
    const sample = await system.client.call('SendSampleEvent', { subscriptionId: paused.subscriptionId });
    expect(sample).toMatchObject({ status: 409, body: { error: { code: 'SubscriptionNotActive' } } });
    const early = await command('replay', '--subscription', paused.subscriptionId, '--since', since);
    expect(early).toMatchObject({ code: 1, errors: expect.stringContaining('is paused') });

    await flow.switchOn();
    await system.clock.advance(20 * minute);
    expect(callbacksOf('paused').filter(({ status }) => status === 202)).toEqual([]);

    const asked = ['replay', '--subscription', paused.subscriptionId, '--since', since];
    const dry = await command(...asked, '--dry-run');
    const events = Number(/Would send (\d+) events/.exec(dry.out)?.[1]);
    expect(events).toBeGreaterThanOrEqual(2);
    expect(callbacksOf('paused').filter(({ status }) => status === 202)).toEqual([]);
    for (let time = 0; time < 2; time += 1)
      expect((await command(...asked, '--id', 'after the pause')).code).toBe(0);
    await system.clock.advance(minute);
    const accepted = callbacksOf('paused').filter(({ status }) => status === 202);
    // The same name sends nothing twice.
    expect(accepted).toHaveLength(events);
    for (const { payload } of accepted) expect(payload.deliveryId).toMatch(/^replay-/);
  });
});

describe('a dead letter', () => {
  it('is listed, stays in a dry run, and is delivered once it is sent again', async () => {
    const flow = await system.flowHost.create('older definition', 'OnDataSourceRefreshFailed', {
      dataset: instance.id,
    });
    flow.answerWith({
      status: 400,
      body: { error: { code: 'TriggerInputSchemaMismatch', message: 'No.' } },
      times: 1,
    });
    await fail();
    const subscription = await subscriptionOf(flow.location);
    expect(await deliveriesOf(subscription)).toMatchObject([{ state: 'dead' }]);
    // Its record is written by a function of its own.
    await system.clock.advance(minute);
    const about = ['--subscription', subscription.subscriptionId];
    expect(await command('dead-letters', ...about)).toMatchObject({
      code: 0,
      out: expect.stringMatching(
        new RegExp(
          `OnDataSourceRefreshFailed of .* to ${subscription.subscriptionId}\\nDead letters: 1 delivery, 0`,
        ),
      ),
    });
    const asked = ['redrive', ...about];
    const dry = await command(...asked, '--dry-run');
    expect(dry).toMatchObject({ code: 0, out: expect.stringContaining('Would send 1 again') });
    expect(await command(...asked)).toMatchObject({ code: 0, out: expect.stringContaining('Sent 1 again') });
    await system.clock.advance(minute);
    expect(callbacksOf('older definition').map(({ status }) => status)).toEqual([400, 202]);
    expect(new Set(callbacksOf('older definition').map(({ payload }) => payload.deliveryId)).size).toBe(1);
    expect(await deliveriesOf(subscription)).toMatchObject([{ state: 'delivered' }]);
    expect(await command(...asked)).toMatchObject({ code: 0, out: expect.stringContaining('Sent 0 again') });
  });
});

describe('a person whose flow has a backlog', () => {
  it('does not keep another waiting behind it', async () => {
    const { outputs } = system.deployment;
    const { sqs, region } = localServices(system.deployment);
    const local = { region, credentials: system.deployment.credentials };
    const store = subscriptionStore(stateTableOf(system));
    const found = async (name: string) => {
      const flow = await system.flowHost.create(name, 'OnDataSourceRefreshSucceeded', {
        dataset: instance.id,
      });
      const { subscriptionId } = await subscriptionOf(flow.location);
      return (await store.find(subscriptionId as SubscriptionId))?.body ?? expect.fail('not stored');
    };
    const [loud, quiet] = [await found('loud'), await found('quiet')];
    const deliver = sqsSend(
      awsClient(protocols.sqs, { ...local, endpoint: sqs }),
      outputs[operatorOutputNames.deliveryQueue] ?? '',
    );
    const backlog = Array.from({ length: 300 }, (_, index) =>
      sampleMessage(triggers, loud, { name: 'Contoso' }, `loud-${index}`, system.clock.now()),
    );
    await deliver([
      ...backlog.map(queued),
      // As if it were another person's.
      {
        ...queued(sampleMessage(triggers, quiet, { name: 'Contoso' }, 'quiet', system.clock.now())),
        group: 'another-person',
      },
    ]);
    await system.clock.advance(minute);
    const order = system.flowHost.callbacks
      .filter(({ flow }) => flow === 'loud' || flow === 'quiet')
      .map(({ flow }) => flow);
    expect(order).toHaveLength(301);
    expect(order.indexOf('quiet')).toBeLessThan(150);
  });
});

describe('the commands of the operator', () => {
  it('say what is wrong without a stack trace', async () => {
    expect(await command('why', 'nobody')).toMatchObject({
      code: 1,
      errors: expect.stringMatching(/There is no subscription "nobody"/),
    });
    // An id may begin with a dash.
    expect(await command('why', '--subscription=-nobody')).toMatchObject({
      code: 1,
      errors: expect.stringMatching(/There is no subscription "-nobody"/),
    });
    expect(await command('why')).toMatchObject({ code: 2 });
    expect(await command('why', 'nobody', '--since', 'yesterday')).toMatchObject({
      code: 2,
      errors: expect.stringMatching(/2026-06-01T10:00:00Z/),
    });
    expect(await command('replay', '--since', '1h')).toMatchObject({ code: 2 });
    expect(await command('why', 'x', '--outputs', join(folder, 'absent.json'))).toMatchObject({
      code: 1,
      errors: expect.stringMatching(/cdk deploy --outputs-file/),
    });
  });

  const outputsFile = (name: string, content: object): string => {
    writeFileSync(join(folder, name), JSON.stringify(content));
    return join(folder, name);
  };

  it('say how to reach AWS, or the local run, when it does not answer', async () => {
    const nobody = 'http://127.0.0.1:9';
    const { outputs } = system.deployment;
    const ended = outputsFile('ended.json', {
      Stack: outputs,
      LocalServices: { region: 'eu-west-1', dynamoDb: nobody, sqs: nobody, accessKeyId: 'operator.ended' },
    });
    const local = await command('why', 'x', '--outputs', ended);
    expect(local).toMatchObject({
      code: 1,
      errors: expect.stringMatching(
        /The request to the local run of .*ended\.json failed.*If the run has ended, start another/s,
      ),
    });
    for (const [name, value] of Object.entries({
      AWS_ENDPOINT_URL_DYNAMODB: nobody,
      AWS_REGION: 'eu-west-1',
      AWS_ACCESS_KEY_ID: 'test',
      AWS_SECRET_ACCESS_KEY: 'test',
    }))
      vi.stubEnv(name, value);
    const deployed = await command('why', 'x', '--outputs', outputsFile('aws.json', { Stack: outputs }));
    expect(deployed).toMatchObject({
      code: 1,
      errors: expect.stringMatching(/AWS request failed.*AWS_REGION/s),
    });
    for (const { errors } of [local, deployed]) expect(errors).not.toMatch(/^\s+at /m);
  });

  it('work on the local run of the file, whatever the environment says of AWS', async () => {
    vi.stubEnv('AWS_ENDPOINT_URL_DYNAMODB', 'http://127.0.0.1:9');
    vi.stubEnv('AWS_ENDPOINT_URL', 'http://127.0.0.1:9');
    expect(await command('why', 'nobody')).toMatchObject({
      code: 1,
      errors: expect.stringMatching(/There is no subscription "nobody"/),
    });
  });

  it('refuse a file that leaves open which deployment is meant', async () => {
    const { outputs } = system.deployment;
    for (const [content, message] of [
      [
        { Production: outputs, Staging: outputs },
        /Production and Staging each have the output StateTableName/,
      ],
      [{ Stack: outputs, LocalServices: { dynamoDb: 'x' } }, /LocalServices does not contain the addresses/],
      [{}, /the output StateTableName is missing/],
    ] as const)
      expect(await command('why', 'x', '--outputs', outputsFile('open.json', content))).toMatchObject({
        code: 1,
        errors: expect.stringMatching(message),
      });
  });
});
