/**
 * The delivered flows in the whole system: registered through the generated definition, called by real
 * events, acting on the real API.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { flowSources } from '../../flows/definitions/index.ts';
import type { Inbox } from '../../flows/runner/connectors/inbox.ts';
import { outlookInbox } from '../../flows/runner/connectors/outlook.ts';
import { teamsInbox } from '../../flows/runner/connectors/teams.ts';
import { messageText } from '../../flows/runner/message-text.ts';
import { type HostedFlow, hostFlow } from '../../local/flow-host/hosted-flow.ts';
import { firstInstance, startTestSystem, type TestSystem } from './test-system.ts';

const minute = 60_000;
let system: TestSystem;
let instance: ReturnType<typeof firstInstance>;
let teams: Inbox;
let outlook: Inbox;
const hosted = new Map<string, HostedFlow>();

const segment = 'HighValueCustomers';

const count = (): number => Number(instance.world.segments.find(({ name }) => name === segment)?.count);

beforeAll(async () => {
  system = await startTestSystem();
  instance = firstInstance(system);
  teams = teamsInbox();
  outlook = outlookInbox();
  for (const source of flowSources)
    hosted.set(
      source.id,
      await hostFlow({
        flowHost: system.flowHost,
        client: system.client,
        // What a flow waits for passes when the test moves the clock.
        clock: {
          now: () => system.clock.now(),
          wait: (ms) => new Promise((passed) => system.clock.at(system.clock.now() + ms, passed)),
        },
        source,
        values: {
          InstanceId: instance.id,
          Segment: segment,
          SegmentThreshold: count() + 10,
          SegmentToRefresh: segment,
        },
        inboxes: [teams, outlook],
        onStopped: (error) => {
          throw error;
        },
      }),
    );
});
afterAll(() => system.close());

const flow = (id: string): HostedFlow => {
  const found = hosted.get(id);
  if (found === undefined) throw new Error(`There is no flow ${id}.`);
  return found;
};

/** Moves the clock until the flow has run so often. */
const untilRun = async (id: string, runs: number): Promise<void> => {
  for (let passed = 0; passed < 60 && flow(id).runs.length < runs; passed += 1) {
    await system.clock.advance(minute);
    // A run goes on in turns of the event loop and over HTTP, which no clock moves.
    for (let turn = 0; turn < 50 && flow(id).runs.length < runs; turn += 1)
      await new Promise((next) => setImmediate(next));
  }
  expect(flow(id).runs.map(({ status }) => status)).toHaveLength(runs);
};

const bodyOf = ({ messages }: Inbox, key: string): string => String(messages.at(-1)?.parameters[key]);

describe('the delivered flows', () => {
  it('a failed refresh becomes a message in Teams', async () => {
    const [source] = instance.world.dataSources;
    instance.world.refreshDataSource(source?.name ?? '', { outcome: 'fail', durationMs: 20_000 });
    await untilRun('teams-on-refresh-failed', 1);
    expect(flow('teams-on-refresh-failed').runs[0]?.status).toBe('Succeeded');
    expect(messageText(bodyOf(teams, 'body/messageBody'))[0]).toBe(
      `${source?.friendlyName} could not be refreshed in ${instance.name}.`,
    );
  });

  it('a success asks the API for the status report and mails it', async () => {
    const [, source] = instance.world.dataSources;
    instance.world.refreshDataSource(source?.name ?? '', { outcome: 'succeed', durationMs: 20_000 });
    await untilRun('report-on-refresh-succeeded', 1);
    const [run] = flow('report-on-refresh-succeeded').runs;
    expect(run?.actions.map(({ name, status }) => `${name}:${status}`)).toEqual([
      'Get_the_status_report:Succeeded',
      'Mail_the_report:Succeeded',
    ]);
    expect(bodyOf(outlook, 'emailMessage/Subject')).toContain(`${source?.friendlyName} was refreshed: `);
  });

  it('a segment that crosses its threshold becomes an e-mail', async () => {
    instance.world.refreshSegment(segment, { count: count() + 50, durationMs: 10_000 });
    await untilRun('mail-on-segment-threshold', 1);
    expect(flow('mail-on-segment-threshold').runs[0]?.status).toBe('Succeeded');
    // The owner of the segment in the simulator.
    expect(bodyOf(outlook, 'emailMessage/To')).toBe('maria.olsen@contoso.example');
  });

  it('a full refresh that ended badly becomes a table of its stages', async () => {
    instance.world.refreshAll({ durationMs: 10_000, outcomes: { eCommerce: 'fail' } });
    await untilRun('stages-on-full-refresh', 1);
    const [run] = flow('stages-on-full-refresh').runs;
    expect(run?.actions.map(({ name, status }) => `${name}:${status}`)).toEqual([
      'Stages_that_did_not_succeed:Succeeded',
      'Table_of_stages:Succeeded',
      'Mail_the_stages:Succeeded',
    ]);
    const mail = outlook.messages.find(({ parameters }) =>
      String(parameters['emailMessage/Subject']).startsWith(`Full refresh of ${instance.name}`),
    );
    expect(String(mail?.parameters['emailMessage/Body'])).toContain('<tr><td>ingestion ');
  });

  it('a unification starts a refresh of the segment, and its end is awaited', async () => {
    instance.world.refreshUnification({ durationMs: 20_000 });
    await untilRun('segment-after-unification', 1);
    const [run] = flow('segment-after-unification').runs;
    expect(run?.status).toBe('Succeeded');
    expect(bodyOf(teams, 'body/messageBody')).toContain('was refreshed: successful.');
  });

  it('a measure that falls becomes a message', async () => {
    instance.world.refreshMeasure('TotalRevenue', { value: '9000000.00', durationMs: 5_000 });
    await system.clock.advance(5 * minute);
    instance.world.refreshMeasure('TotalRevenue', { value: '7000000.00', durationMs: 5_000 });
    await untilRun('teams-on-measure-below', 1);
    expect(bodyOf(teams, 'body/messageBody')).toContain('fell from 9,000,000 to 7,000,000, below 8,000,000.');
  });

  it('a trigger that was paused becomes an e-mail', async () => {
    const other = await system.flowHost.create('turned off', 'OnDataSourceRefreshFailed', {
      dataset: instance.id,
    });
    await other.switchOff({ unsubscribe: false });
    const [source] = instance.world.dataSources;
    instance.world.refreshDataSource(source?.name ?? '', { outcome: 'fail', durationMs: 20_000 });
    await untilRun('mail-on-trigger-trouble', 1);
    expect(flow('mail-on-trigger-trouble').runs[0]?.status).toBe('Succeeded');
    expect(bodyOf(outlook, 'emailMessage/Subject')).toBe(
      `Customer Insights trigger is paused: any data source: refresh fails permanently (${instance.name})`,
    );
  });

  it('a segment that was deleted fails the run with what the API says', async () => {
    const before = flow('segment-after-unification').runs.length;
    instance.world.removeSegment(segment);
    instance.world.refreshUnification({ durationMs: 20_000 });
    await untilRun('segment-after-unification', before + 1);
    const run = flow('segment-after-unification').runs.at(-1);
    expect(run?.status).toBe('Failed');
    expect(run?.actions[0]?.code).toBe('NotFound');
  });
});
