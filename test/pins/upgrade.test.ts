/**
 * What 0.1.0 has stored and sent is worked off by the program as it is now. The tests tell one story: each goes on where the one
 * before has stopped.
 */
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { localAccount } from '../../local/aws/account.ts';
import { writeOutputs } from '../../local/operator.ts';
import { makeCustomResources } from '../../local/template/custom-resources.ts';
import { commandOnClock } from '../bin/command-on-clock.ts';
import { pinned } from './pinned.ts';
import { formsOf } from './upgrade/forms.ts';
import { loadSnapshot } from './upgrade/load-snapshot.ts';
import {
  callbackKeyId,
  consumedQueues,
  type HeldDeployment,
  startPinnedDeployment,
} from './upgrade/pinned-deployment.ts';
import {
  createdItem,
  lateMeasure,
  narrator,
  playStory,
  register,
  type Snapshot,
  type StoryFlow,
  segment,
  snapshotMinute,
} from './upgrade/story.ts';

const stored = pinned('upgrade.json') as Snapshot;
const keyMaterial = Buffer.from(stored.keyMaterial[callbackKeyId] ?? '', 'base64');
const folder = mkdtempSync(join(tmpdir(), 'insights-connector-upgrade-'));

let deployment: HeldDeployment;

const flowNamed = (name: string): StoryFlow =>
  stored.flows.find((flow) => flow.name === name) ?? expect.fail(`the story has no flow ${name}`);

/** Before the story. */
const members = Number(flowNamed('members above').inputs.threshold) - 100;

interface Details {
  readonly subscriptionId: string;
  readonly state: string;
}
interface DeliveryDetails {
  readonly deliveryId: string;
  readonly origin: string;
  readonly state: string;
  readonly attempts: readonly { readonly status: number | null }[];
}
interface Explanation {
  readonly decisions: readonly { readonly outcome: string; readonly eventId: string | null }[];
}

const answered = async <Body>(operationId: string, values: Record<string, unknown> = {}): Promise<Body> => {
  const { status, body } = await deployment.system.client.call(operationId, values);
  expect([operationId, status, body]).toEqual([operationId, expect.toBeOneOf([200, 202]), body]);
  return body as unknown as Body;
};

const listed = async (): Promise<ReadonlyMap<string, string>> =>
  new Map(
    (await answered<{ value: readonly Details[] }>('ListSubscriptions')).value.map(
      ({ subscriptionId, state }) => [subscriptionId, state],
    ),
  );

const deliveriesOf = async (name: string): Promise<readonly DeliveryDetails[]> =>
  (
    await answered<{ value: readonly DeliveryDetails[] }>('ListDeliveries', {
      subscriptionId: flowNamed(name).subscriptionId,
    })
  ).value;

/** Callbacks that the flow has accepted since the upgrade. */
const accepted = (name: string) =>
  deployment.receiver.callbacks.filter(({ flow, status }) => flow === name && status === 202);
const acceptedIds = (name: string) => accepted(name).map(({ payload }) => payload.deliveryId);

/** Deliveries that messages of a queue of the snapshot are about. */
const inQueue = (name: keyof Snapshot['queues'], flow: string): readonly string[] =>
  stored.queues[name].flatMap(({ body }) => {
    const message = JSON.parse(body) as { readonly subscriptionId?: string; readonly deliveryId?: string };
    return message.subscriptionId === flowNamed(flow).subscriptionId && message.deliveryId !== undefined
      ? [message.deliveryId]
      : [];
  });

const command = commandOnClock(() => deployment.system.clock);

const minutes = (count: number) => deployment.system.clock.advance(count * 60_000);

beforeAll(async () => {
  deployment = await startPinnedDeployment(keyMaterial);
  const story = narrator(deployment);
  await story.upTo(snapshotMinute);
  // The same Customer Insights as the one that the snapshot tells of, or nothing below means anything.
  expect(story.jobIds).toEqual(stored.jobIds);
  expect(deployment.system.clock.now()).toBe(stored.takenAt);
  await answered('CreateItem', {
    dataset: deployment.instance.id,
    table: createdItem.table,
    body: createdItem.body,
  });
  await loadSnapshot(deployment, stored);
  // As CloudFormation does in the update: 0.1.0 had no rows of instances.
  const { model, invoke } = deployment.system.deployment;
  await makeCustomResources(model.customResources, [], { account: localAccount, newId: randomUUID, invoke });
  const outputs = join(folder, 'outputs.json');
  writeOutputs(deployment.system, outputs);
  vi.stubEnv('INSIGHTS_CONNECTOR_OUTPUTS', outputs);
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await deployment.close();
  rmSync(folder, { recursive: true, force: true });
});

/** The first data source fails to refresh, and time passes until every flow has been called. */
const failDataSource = async () => {
  deployment.instance.refreshDataSource(deployment.instance.dataSources[0]?.name ?? '', {
    outcome: 'fail',
    durationMs: 5_000,
  });
  await minutes(3);
};

describe('right after the upgrade', () => {
  it('a pause that the source has asked for holds, and the calls before it count', async () => {
    // What this process has itself heard of the source before the upgrade is forgotten within seconds.
    await deployment.system.clock.advance(20_000);
    const before = deployment.system.simulator.requests.entries.length;
    const { status, headers } = await deployment.system.client.call('GetEntities', {
      dataset: deployment.instance.id,
    });
    // Three calls of the story and this one.
    expect([status, headers.ratelimit]).toEqual([429, '"connection";r=96;t=40']);
    expect(deployment.system.simulator.requests.entries.length).toBe(before);
  });

  it('all subscriptions are listed, in the state they had', async () => {
    expect(await listed()).toEqual(
      new Map(
        stored.flows.map(({ name, subscriptionId }) => [
          subscriptionId,
          name === 'switched off' ? 'paused' : name === 'gone' ? 'ended' : 'active',
        ]),
      ),
    );
  });

  it('why still tells what was decided before', async () => {
    const { subscriptionId } = flowNamed('members above');
    const fired = stored.callbacks.find(({ flow }) => flow === 'members above');
    const { decisions } = await answered<Explanation>('ExplainSubscription', { subscriptionId });
    expect(decisions.filter(({ outcome }) => outcome === 'fired').map(({ eventId }) => eventId)).toEqual([
      fired?.eventId,
    ]);
    const why = await command('why', `--subscription=${subscriptionId}`);
    expect(why).toMatchObject({ code: 0, errors: '', out: expect.stringMatching(/ {2}fired {6}.*accepted/) });
  });
});

describe('messages in flight', () => {
  beforeAll(async () => {
    for (const name of consumedQueues) deployment.consume(name);
    await minutes(1);
  });

  it.each(['any source', 'one source', 'throttled', 'unlucky', 'refusing', 'members later', 'succeeded'])(
    'the first attempt for "%s" is made',
    (name) => {
      const waiting = inQueue('delivery', name);
      expect(waiting).toHaveLength(1);
      expect(acceptedIds(name)).toEqual(waiting);
    },
  );

  it('the value of a crossing is the one that was detected', () => {
    expect(accepted('members later').map(({ payload }) => payload)).toMatchObject([
      {
        previousValue: members + 150,
        currentValue: members + 350,
        threshold: members + 300,
        direction: 'above',
      },
    ]);
  });

  it('an attempt that was under way is made again when its lease is over', async () => {
    expect(acceptedIds('unified')).toEqual([]);
    await minutes(10);
    expect(acceptedIds('unified')).toEqual(inQueue('delivery', 'unified'));
  });

  it('a delivery that waits for its next attempt counts on', async () => {
    const [waiting] = inQueue('retry', 'throttled');
    expect(acceptedIds('throttled')).toContain(waiting);
    expect((await deliveriesOf('throttled')).find(({ deliveryId }) => deliveryId === waiting)).toMatchObject({
      state: 'delivered',
      attempts: [{ status: 429 }, { status: 429 }, { status: 202 }],
    });
  });

  it('dead letters can be sent again', async () => {
    expect(await command('redrive')).toMatchObject({ code: 0, out: expect.stringContaining('Sent 2 again') });
    await minutes(1);
    expect(acceptedIds('refusing')).toEqual(
      expect.arrayContaining([...inQueue('deliveryDeadLetters', 'refusing')]),
    );
    expect(acceptedIds('unlucky')).toEqual(
      expect.arrayContaining([...inQueue('retryDeadLetters', 'unlucky')]),
    );
    expect((await deliveriesOf('refusing')).map(({ state }) => state)).toEqual(['delivered', 'delivered']);
  });
});

describe('detection', () => {
  it('goes on from the old cursor, and rearms what had fired', async () => {
    deployment.instance.refreshSegment(segment, { count: members + 10, durationMs: 10_000 });
    await minutes(3);
    expect(accepted('members below').map(({ payload }) => payload)).toMatchObject([
      {
        previousValue: members + 350,
        currentValue: members + 10,
        threshold: members + 20,
        direction: 'below',
      },
    ]);
    deployment.instance.refreshSegment(segment, { count: members + 200, durationMs: 10_000 });
    await minutes(3);
    expect(accepted('members above').map(({ payload }) => payload)).toMatchObject([
      {
        previousValue: members + 10,
        currentValue: members + 200,
        threshold: members + 100,
        direction: 'above',
      },
    ]);
  });

  it('takes over the value that a registration had found', async () => {
    deployment.instance.refreshMeasure(lateMeasure, { value: '1500000.5', durationMs: 10_000 });
    await minutes(3);
    expect(accepted('late measure').map(({ payload }) => payload)).toMatchObject([
      { previousValue: 125.9375, currentValue: 1500000.5, threshold: 1000000 },
    ]);
  });

  it('finds new events for old subscriptions, but for those that are stopped', async () => {
    const before = accepted('any source').length;
    await failDataSource();
    expect(accepted('any source')).toHaveLength(before + 1);
    expect(accepted('switched off')).toEqual([]);
    expect(accepted('gone')).toEqual([]);
  });

  it('repeats nothing that was delivered, and delivers nothing twice', () => {
    const all = deployment.receiver.callbacks
      .filter(({ status }) => status === 202)
      .map(({ payload }) => payload.deliveryId);
    expect(new Set(all).size).toBe(all.length);
    const before = stored.callbacks
      .filter(({ status }) => status === 202)
      .map(({ deliveryId }) => deliveryId);
    expect(all.filter((id) => before.includes(String(id)))).toEqual([]);
  });
});

describe('what was given out before', () => {
  it('a row that was sent before is known when it is sent again', async () => {
    const call = { dataset: deployment.instance.id, table: createdItem.table, body: createdItem.body };
    expect((await deployment.system.client.call('CreateItem', call)).status).toBe(202);
    const changed = { ...createdItem.body, item: { ...createdItem.body.item, TotalPrice: 50 } };
    expect((await deployment.system.client.call('CreateItem', { ...call, body: changed })).status).toBe(409);
  });

  it('a flow that was switched off is resumed by its registration', async () => {
    const again = await register(deployment, 'switched off', 'OnDataSourceRefreshFailed');
    expect(again.subscriptionId).toBe(flowNamed('switched off').subscriptionId);
    expect((await listed()).get(again.subscriptionId)).toBe('active');
  });

  it('the address that ends a subscription works, and no other', async () => {
    const { client } = deployment.system;
    const resumed = flowNamed('switched off').subscriptionId;
    for (const { name, subscriptionId, location } of stored.flows) {
      const wrong = `${location.slice(0, -1)}${location.endsWith('A') ? 'B' : 'A'}`;
      await client.unsubscribe(wrong);
      expect([name, (await listed()).has(subscriptionId)]).toEqual([name, true]);
      const { status } = await client.unsubscribe(location);
      expect([name, status]).toEqual([name, expect.toBeOneOf([200, 204])]);
      // It was registered anew since, with an address of its own.
      expect([name, (await listed()).has(subscriptionId)]).toEqual([name, subscriptionId === resumed]);
    }
  });

  it('nothing is left for a flow that has ended its subscription', async () => {
    const before = deployment.receiver.callbacks.length;
    await failDataSource();
    expect(deployment.receiver.callbacks.slice(before).map(({ flow }) => flow)).toEqual(['switched off']);
  });
});

/**
 * Changed by hand since 0.1.0: leases are in `WATCH#<shard>` and no longer in `WATCH`. A lease says when an instance is polled
 * next, and nothing of what was detected. test/lambda/store/leases.test.ts shows that those of 0.1.0 are used, and that 0.1.0
 * makes new ones where it is deployed again.
 */
describe('the same story, told by the program as it is now', () => {
  it('leaves records, messages, log lines and metrics of the same form, and may add others', async () => {
    const other = await startPinnedDeployment(keyMaterial);
    try {
      const snapshot = await playStory(other, keyMaterial);
      expect(formsOf(snapshot, other.lines)).toMatchObject(pinned('forms.json') as object);
    } finally {
      await other.close();
    }
  });
});
