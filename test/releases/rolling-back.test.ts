/**
 * One deployment of 0.1.0 is updated to this release, rolled back to 0.1.0 and updated again: the functions are the bundles of
 * both releases, each with the template and the roles of its own. The tests tell one story.
 *
 * State: what lies in tables, queues, keys and secrets. Events: an update to the other release, with messages waiting; an
 * event in Customer Insights; a flow that registers, is saved again or is removed; an operator's command.
 * Invariants: each event reaches each flow that it is due to, once, whichever release has registered the flow, detected the
 * event or makes the attempt; no record or message of one release makes a function of the other one fail; what one release
 * has removed is gone for the other one; and what 0.1.0 ignores goes on where it was once this release is back.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type AttributeValue, PutItemCommand, ScanCommand } from '@aws-sdk/client-dynamodb';
import type { OpenAPIV2 } from 'openapi-types';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { checkConfiguration } from '../../config/check.ts';
import type { FanOut } from '../../lambda/store/fan-outs.ts';
import { type FanOutMessage, troublesMessage } from '../../lambda/store/watch-message.ts';
import { connectorClient } from '../../local/flow-host/connector-client.ts';
import type { PolicyInstance } from '../../local/flow-host/policies.ts';
import { writeOutputs } from '../../local/operator.ts';
import type { InstanceControl } from '../../local/simulator/index.ts';
import { type Synthesised, synthesiseLocally } from '../../local/system.ts';
import { commandOnClock } from '../bin/command-on-clock.ts';
import { pinned } from '../pins/pinned.ts';
import {
  consumedQueues,
  type HeldDeployment,
  localPinnedConfiguration,
  startHeldDeployment,
} from '../pins/upgrade/pinned-deployment.ts';
import { measure, register, type StoryFlow, segment } from '../pins/upgrade/story.ts';
import { asPredecessorNames, predecessor, predecessorIsHere, synthesisePredecessor } from './predecessor.ts';

/** The flow that is told of the troubles of the others. */
const teller = 'teller';

interface Explanation {
  readonly decisions: readonly {
    readonly outcome: string;
    readonly attempts: readonly { readonly status: number | null }[];
  }[];
}

/** Served by command only: it is in no configuration. */
const added = {
  id: '5c1fbb0e-4a5b-4d0a-9f57-2f6f3b7a1c02',
  name: 'Contoso Trade',
  secretName: 'insights-connector/instances/contoso-trade',
};
const world = checkConfiguration(
  {
    ...structuredClone(localPinnedConfiguration),
    instances: [...localPinnedConfiguration.instances, added],
  },
  'the instances that there are',
);

const isHere = predecessorIsHere('an update from the release before, and back');

describe.runIf(isHere)(
  `a deployment of ${predecessor} that is updated, rolled back and updated again`,
  () => {
    const folder = mkdtempSync(join(tmpdir(), 'insights-connector-releases-'));
    let former: Synthesised;
    let current: Synthesised;
    let deployment: HeldDeployment;
    let other: InstanceControl;
    /** Members of the segment at the beginning. */
    let members: number;
    const flows = new Map<string, StoryFlow>();

    beforeAll(async () => {
      former = synthesisePredecessor(join(folder, 'former'), asPredecessorNames(localPinnedConfiguration));
      current = await synthesiseLocally(localPinnedConfiguration, join(folder, 'current'));
      deployment = await startHeldDeployment(former, { configuration: world });
      other = deployment.system.simulator.instances[1] ?? expect.fail('There is one instance only.');
      members = Number(deployment.instance.segments.find(({ name }) => name === segment)?.count);
      for (const name of ['watch', 'delivery', 'retry'] as const) deployment.consume(name);
    });
    afterAll(async () => {
      vi.unstubAllEnvs();
      await deployment?.close();
      rmSync(folder, { recursive: true, force: true });
    });

    const minutes = (count: number) => deployment.system.clock.advance(count * 60_000);
    const client = () => deployment.system.client;
    /** The connector that was imported before the update, and has not been imported again. */
    const formerClient = () =>
      connectorClient({
        definition: pinned('connector/apiDefinition.swagger.json') as OpenAPIV2.Document,
        policies: (
          pinned('connector/apiProperties.json') as {
            properties: { policyTemplateInstances: PolicyInstance[] };
          }
        ).properties.policyTemplateInstances,
        apiUrl: deployment.system.deployment.apiUrl,
        token: () => deployment.system.issuer.userToken({}),
      });

    const save = async (
      name: string,
      operationId: string,
      inputs: Readonly<Record<string, unknown>> = {},
      over: {
        readonly client?: HeldDeployment['system']['client'];
        readonly instance?: InstanceControl;
      } = {},
    ) => {
      const flow = await register(
        {
          system: { client: over.client ?? client() },
          receiver: deployment.receiver,
          instance: over.instance ?? deployment.instance,
        },
        name,
        operationId,
        inputs,
      );
      flows.set(name, flow);
      return flow;
    };
    const flow = (name: string): StoryFlow => flows.get(name) ?? expect.fail(`${name} was never saved.`);

    /** Flows that have accepted something since then, each as often as it did, sorted; without the one that is told of troubles. */
    const acceptedSince = (from: number): readonly string[] =>
      deployment.receiver.callbacks
        .slice(from)
        .flatMap(({ flow: name, status }) => (status === 202 && name !== teller ? [name] : []))
        .sort();
    /** What is accepted within three minutes of something that happens. */
    const acceptedAfter = async (happen: () => unknown): Promise<readonly string[]> => {
      const from = deployment.receiver.callbacks.length;
      await happen();
      await minutes(3);
      return acceptedSince(from);
    };
    const fails = (instance: InstanceControl = deployment.instance) =>
      instance.refreshDataSource(instance.dataSources[0]?.name ?? '', { outcome: 'fail', durationMs: 5_000 });
    const counts = (count: number) =>
      deployment.instance.refreshSegment(segment, { count, durationMs: 5_000 });

    const states = async (): Promise<Readonly<Record<string, string>>> => {
      const { status, body } = await client().call('ListSubscriptions', {});
      expect([status, body]).toEqual([200, body]);
      const { value } = body as unknown as {
        readonly value: readonly { subscriptionId: string; state: string }[];
      };
      const names = new Map([...flows.values()].map(({ name, subscriptionId }) => [subscriptionId, name]));
      return Object.fromEntries(
        value.map(({ subscriptionId, state }) => [names.get(subscriptionId) ?? subscriptionId, state]),
      );
    };

    /** Also in the lines of a function that failed as a whole. */
    const wentWrong = (): readonly string[] =>
      deployment.lines
        .filter(({ stream, text }) => stream === 'platform' || /"level":"(ERROR|CRITICAL)"/.test(text))
        .map(({ functionName, text }) => `${functionName}: ${text.slice(0, 500)}`);

    /** States that the teller was told of. */
    const toldOf = () =>
      deployment.receiver.callbacks
        .flatMap(({ flow: name, payload }) => (name === teller ? [String(payload.state)] : []))
        .sort();

    const command = async (...given: readonly string[]) => {
      const outputs = join(folder, 'outputs.json');
      writeOutputs(deployment.system, outputs);
      vi.stubEnv('INSIGHTS_CONNECTOR_OUTPUTS', outputs);
      const keys = deployment.system.simulator.world.instance(added.id).subscriptionKeys;
      const run = commandOnClock(() => deployment.system.clock, Object.values(keys));
      const ended = await run(...given);
      expect([given, ended]).toEqual([given, { ...ended, code: 0 }]);
      return ended;
    };

    const stored = async (pk: string): Promise<readonly Readonly<Record<string, AttributeValue>>[]> => {
      const { Items = [] } = await deployment.database.send(
        new ScanCommand({ TableName: deployment.tableName('state'), ConsistentRead: true }),
      );
      return Items.filter((item) => item.pk?.S === pk);
    };

    describe('updated', () => {
      it('delivers what 0.1.0 had registered, and what was in flight', async () => {
        const old = { client: formerClient() };
        await save('source', 'OnDataSourceRefreshFailed', {}, old);
        await save('throttled', 'OnDataSourceRefreshFailed', {}, old);
        await save('removed at last', 'OnDataSourceRefreshFailed', {}, old);
        await save(
          'members',
          'OnSegmentThresholdCrossed',
          { segment, threshold: members + 100, rearmLevel: members + 50 },
          old,
        );
        await save('revenue', 'OnMeasureThresholdCrossed', { measure, threshold: 7_655_000.25 }, old);
        await save('unified', 'OnUnificationRefreshCompleted', {}, old);
        deployment.receiver.answerWith('throttled', [{ status: 429, retryAfterSeconds: 900 }]);
        expect(await acceptedAfter(() => fails())).toEqual(['removed at last', 'source']);
        deployment.hold('delivery');
        expect(await acceptedAfter(() => fails())).toEqual([]);

        await deployment.update(current);
        const callbacks = await acceptedAfter(() => {
          for (const name of consumedQueues)
            if (name !== 'watch' && name !== 'retry') deployment.consume(name);
        });
        expect(callbacks).toEqual(['removed at last', 'source', 'throttled']);
        expect(await acceptedAfter(() => minutes(15))).toEqual(['throttled']);
      });

      it('finds new events for them, each once', async () => {
        expect(await acceptedAfter(() => fails())).toEqual(['removed at last', 'source', 'throttled']);
        expect(await acceptedAfter(() => counts(members + 150))).toEqual(['members']);
        const refresh = () => deployment.instance.refreshUnification({ durationMs: 5_000 });
        expect(await acceptedAfter(refresh)).toEqual(['unified']);
        expect(await acceptedAfter(() => client().unsubscribe(flow('removed at last').location))).toEqual([]);
        expect(await states()).not.toHaveProperty('removed at last');
        expect(wentWrong()).toEqual([]);
      });
    });

    /** An event that was being sent to thousands of flows: the other part of them is left. */
    const beingSent: FanOut = {
      occurrence: {
        kind: 'subject',
        trigger: 'OnDataSourceRefreshFailed',
        eventId: 'sent-to-thousands-0001' as FanOut['occurrence']['eventId'],
        occurrence: 'task of the event that is being sent',
        subject: 'a data source',
        finalAt: 0,
        payload: {
          eventId: 'sent-to-thousands-0001',
          trigger: 'OnDataSourceRefreshFailed',
          instanceId: localPinnedConfiguration.instances[0]?.id ?? '',
          instanceName: 'Contoso Retail',
          occurredAt: '2046-06-04T10:00:00.000Z',
          dataSourceId: '00000000-0000-4000-8000-000000000001',
          dataSourceName: 'A data source',
          jobId: '00000000-0000-4000-8000-000000000002',
          status: 'failed',
          error: null,
        } as unknown as FanOut['occurrence']['payload'],
      },
      phase: 'deliver',
      after: null,
      sent: 0,
      movedAt: 0,
    };
    const keepBeingSent = async () => {
      const { instance, database, tableName, system } = deployment;
      const now = system.clock.now();
      const record = { ...beingSent, occurrence: { ...beingSent.occurrence, finalAt: now }, movedAt: now };
      await database.send(
        new PutItemCommand({
          TableName: tableName('state'),
          Item: {
            pk: { S: `C#${instance.id}` },
            sk: { S: `FANOUT#${record.occurrence.eventId}` },
            version: { S: 'of-the-fan-out' },
            body: { S: JSON.stringify({ v: 1, record }) },
          },
        }),
      );
      const { eventId } = record.occurrence;
      const next: FanOutMessage = {
        v: 1,
        instanceIds: [],
        busy: false,
        fanOut: { instanceId: instance.id, eventId },
      };
      deployment.queue('watch').send(JSON.stringify(next));
    };

    /** All flows that follow the failures of the first instance, while their subscriptions are active. */
    const followers = [
      'new source',
      'refusing',
      'removed',
      'saved again',
      'saved twice',
      'source',
      'throttled',
      'waiting',
    ];
    const without = (...names: readonly string[]) => followers.filter((name) => !names.includes(name));

    describe('rolled back', () => {
      beforeAll(async () => {
        for (const name of ['new source', 'paused', 'gone', 'waiting', 'refusing', 'removed'])
          await save(name, 'OnDataSourceRefreshFailed');
        for (const name of ['saved again', 'saved twice']) await save(name, 'OnDataSourceRefreshFailed');
        await save('new members', 'OnSegmentThresholdCrossed', {
          segment,
          threshold: members + 200,
          rearmLevel: members + 160,
        });
        await save('new refresh', 'OnFullRefreshCompleted', { outcome: 'any', runs: 'scheduled' });
        await save(teller, 'OnTriggerTrouble');
        await command('instances', 'pause', deployment.instance.id);
        await command('instances', 'resume', deployment.instance.id);
        await command('instances', 'add', added.id, '--name', added.name);
        await minutes(1);
        await save('elsewhere', 'OnDataSourceRefreshFailed', {}, { instance: other });
        const answers = {
          paused: [{ status: 400, errorCode: 'WorkflowTriggerIsNotEnabled' }],
          gone: [{ status: 404, errorCode: 'WorkflowNotFound' }],
          refusing: [{ status: 400, errorCode: 'TriggerInputSchemaMismatch' }],
          waiting: [60, 1_800].map((retryAfterSeconds) => ({ status: 429, retryAfterSeconds })),
        };
        for (const [name, list] of Object.entries(answers)) deployment.receiver.answerWith(name, list);
      });

      it('begins with what this release writes, of every kind', async () => {
        expect(await acceptedAfter(() => fails())).toEqual(without('refusing', 'waiting'));
        expect(await acceptedAfter(() => counts(members + 250))).toEqual(['new members']);
        expect(await states()).toMatchObject({ paused: 'paused', gone: 'ended', waiting: 'active' });
        expect(toldOf()).toEqual(['ended', 'paused']);
        expect(await command('dead-letters', '--count')).toMatchObject({ out: expect.stringContaining('1') });
        expect(await stored('WATCH')).toEqual([]);
        expect(await stored('INSTANCES')).not.toEqual([]);
        expect(wentWrong()).toEqual([]);
      });

      /** Calls that are left of the limit, after one more. */
      const callsLeft = async () => {
        const { headers } = await client().call('GetEntities', { dataset: deployment.instance.id });
        return Number(/;r=(\d+)/.exec(headers.ratelimit ?? '')?.[1]);
      };

      it('delivers what was in flight, and leaves alone what it does not know', async () => {
        deployment.hold('delivery');
        expect(await acceptedAfter(() => fails())).toEqual([]);
        deployment.hold('watch');
        await keepBeingSent();
        deployment.queue('watch').send(JSON.stringify(troublesMessage));
        const left = await callsLeft();
        await deployment.update(former);
        // The limit goes on where it was.
        expect(await callsLeft()).toBe(left - 1);
        const inFlight = () => {
          deployment.consume('watch');
          deployment.consume('delivery');
        };
        expect(await acceptedAfter(inFlight)).toEqual(followers);
        expect(wentWrong()).toEqual([]);
        for (const name of consumedQueues)
          if (name !== 'retry') expect([name, deployment.queue(name).messages()]).toEqual([name, []]);
        expect(await acceptedAfter(() => minutes(30))).toEqual(['waiting']);
      });

      it('finds new events for the flows of both releases, each once', async () => {
        expect(await acceptedAfter(() => fails())).toEqual(followers);
        expect(await acceptedAfter(() => counts(members + 10))).toEqual([]);
        expect(await acceptedAfter(() => counts(members + 300))).toEqual(['members', 'new members']);
        const refresh = () => deployment.instance.refreshAll({ kind: 'scheduled', durationMs: 5_000 });
        expect(await acceptedAfter(refresh)).toEqual(['new refresh', 'unified']);
        const measured = () =>
          deployment.instance.refreshMeasure(measure, { value: '7656321.50', durationMs: 5_000 });
        expect(await acceptedAfter(measured)).toEqual(['revenue']);
        // Unknown to 0.1.0: it is in the state table only.
        expect(await acceptedAfter(() => fails(other))).toEqual([]);
        expect(wentWrong()).toEqual([]);
      });

      it('lists, explains, registers and removes, by either connector', async () => {
        expect(await states()).toMatchObject({
          ...Object.fromEntries(followers.map((name) => [name, 'active'])),
          paused: 'paused',
          gone: 'ended',
          elsewhere: 'active',
        });
        const { subscriptionId } = flow('new members');
        for (const operation of ['ExplainSubscription', 'ListDeliveries'])
          expect([operation, (await client().call(operation, { subscriptionId })).status]).toEqual([
            operation,
            200,
          ]);
        await save('registered between', 'OnDataSourceRefreshFailed', {}, { client: formerClient() });
        await save('registered between too', 'OnDataSourceRefreshFailed');
        const before = flow('saved again');
        await save('saved again', 'OnDataSourceRefreshFailed');
        await client().unsubscribe(before.location);
        // The platform never heard of the first one: the update was rolled back before the answer.
        await save('saved twice', 'OnDataSourceRefreshFailed');
        await client().unsubscribe(flow('removed').location);
        expect(await states()).not.toHaveProperty('removed');
        expect(await acceptedAfter(() => fails())).toEqual(
          [...without('removed'), 'registered between', 'registered between too', 'saved twice'].sort(),
        );
        expect(wentWrong()).toEqual([]);
      });
    });

    describe('updated again', () => {
      const served = () => [...without('removed'), 'registered between', 'registered between too'].sort();

      it('goes on with what 0.1.0 did not know, and repeats nothing', async () => {
        await deployment.update(current);
        const from = deployment.receiver.callbacks.length;
        for (const name of consumedQueues) if (name.endsWith('DeadLetters')) deployment.consume(name);
        // Within the time after which everything is read, whether anything happens or not.
        await minutes(16);
        const since = deployment.receiver.callbacks.slice(from).filter(({ flow: name }) => name !== teller);
        const byEvent = (id: string | undefined) =>
          since
            .filter(({ payload }) => payload.eventId === id)
            .map(({ flow: name }) => name)
            .sort();
        // Saved again since, it has begun anew.
        expect(byEvent(beingSent.occurrence.eventId)).toEqual(without('removed', 'saved again'));
        expect(
          since
            .filter(({ payload }) => payload.eventId !== beingSent.occurrence.eventId)
            .map(({ flow: name }) => name),
        ).toEqual(['elsewhere']);
        expect(wentWrong()).toEqual([]);
      });

      it('serves what was registered in between, and a flow that is saved has one subscription', async () => {
        expect(await acceptedAfter(() => fails())).toEqual([...served(), 'saved twice'].sort());
        await save('saved twice', 'OnDataSourceRefreshFailed');
        expect(await acceptedAfter(() => fails())).toEqual(served());
        await save('paused', 'OnDataSourceRefreshFailed');
        expect(await acceptedAfter(() => fails())).toEqual([...served(), 'paused'].sort());
        expect(await acceptedAfter(() => counts(members + 10))).toEqual([]);
        expect(await acceptedAfter(() => counts(members + 300))).toEqual(['members', 'new members']);
        expect(await acceptedAfter(() => fails(other))).toEqual(['elsewhere']);
      });

      it('still has the dead letters, the deliveries and the ledger of before', async () => {
        expect(await acceptedAfter(() => command('redrive', '--yes'))).toEqual(['refusing']);
        const { subscriptionId } = flow('new members');
        const explained = await client().call('ExplainSubscription', { subscriptionId });
        const { decisions } = explained.body as unknown as Explanation;
        // Detected by this release, by 0.1.0, and by this release again.
        const fired = decisions.filter(({ outcome }) => outcome === 'fired');
        expect(fired.map(({ attempts }) => attempts.map(({ status }) => status))).toEqual([
          [202],
          [202],
          [202],
        ]);
      });

      it('has sent no event to a flow twice, but where a flow had two subscriptions', () => {
        const sent = deployment.receiver.callbacks
          .filter(({ flow: name, status }) => status === 202 && name !== 'saved twice')
          .map(({ flow: name, payload }) => `${name} ${payload.eventId}`);
        expect(sent.filter((one, index) => sent.indexOf(one) !== index)).toEqual([]);
        const ids = deployment.receiver.callbacks
          .filter(({ status }) => status === 202)
          .map(({ payload }) => payload.deliveryId);
        expect(new Set(ids).size).toBe(ids.length);
      });

      it('ends each subscription by the address that either release has given', async () => {
        for (const { name, location } of flows.values()) {
          const { status } = await client().unsubscribe(location);
          expect([name, status]).toEqual([name, expect.toBeOneOf([200, 204])]);
        }
        expect(await states()).toEqual({});
        expect(wentWrong()).toEqual([]);
      });
    });
  },
);
