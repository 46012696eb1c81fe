import { describe, expect, it } from 'vitest';
import { languageOf } from '../../../connector/texts/language.ts';
import { checkFlow } from '../../../flows/checks/check-flow.ts';
import {
  action,
  call,
  type EventOf,
  type FlowSource,
  inLanguage,
  type ParametersOf,
} from '../../../flows/definitions/authoring.ts';
import { recipients } from '../../../flows/definitions/flow-settings.ts';
import { flowTexts } from '../../../flows/definitions/flow-texts.ts';
import { flowSources } from '../../../flows/definitions/index.ts';
import { mailOnSegmentThreshold } from '../../../flows/definitions/mail-on-segment-threshold.ts';
import { mailOnTriggerTrouble } from '../../../flows/definitions/mail-on-trigger-trouble.ts';
import { reportOnRefreshSucceeded } from '../../../flows/definitions/report-on-refresh-succeeded.ts';
import { segmentAfterUnification } from '../../../flows/definitions/segment-after-unification.ts';
import { stagesOnFullRefresh } from '../../../flows/definitions/stages-on-full-refresh.ts';
import { teamsOnMeasureBelow } from '../../../flows/definitions/teams-on-measure-below.ts';
import { teamsOnRefreshFailed } from '../../../flows/definitions/teams-on-refresh-failed.ts';
import type { Value, ValueObject } from '../../../flows/expressions/values.ts';
import { checkSources, flowDefinitionOf } from '../../../flows/packages/check-sources.ts';
import { ownConnector } from '../../../flows/packages/own-connector.ts';
import { virtualClock } from '../../../flows/runner/clock.ts';
import { noMocks, readMocks } from '../../../flows/runner/connectors/mocks.ts';
import { outlookInbox } from '../../../flows/runner/connectors/outlook.ts';
import { teamsInbox } from '../../../flows/runner/connectors/teams.ts';
import { prepareFlow } from '../../../flows/runner/flow.ts';
import { countedGuids, recordOf, startMs } from '../runner/harness.ts';

const own = ownConnector();

const host = (mocks?: unknown) => {
  const teams = teamsInbox();
  const outlook = outlookInbox();
  return {
    teams,
    outlook,
    parts: {
      workflowId: 'flow-1',
      clock: virtualClock(startMs),
      newGuid: countedGuids(),
      random: () => 0.5,
      connectors: [own, teams, outlook],
      mocks: mocks === undefined ? noMocks : readMocks(mocks, 'the mocks'),
    },
  };
};

const common: ValueObject = {
  eventId: 'e1',
  deliveryId: 'd1',
  instanceId: '5c1fbb0e-4a5b-4d0a-9f57-2f6f3b7a1c01',
  instanceName: 'Contoso & Sons',
  occurredAt: '2026-06-01T10:00:22.000Z',
};

const refreshed: ValueObject = {
  ...common,
  ownerEmail: 'data.team@contoso.example',
  link: 'https://insights.example.com/',
  dataSourceName: 'E-commerce <shop>',
  jobId: 'cc9177d4-e356-47b8-b138-49ccd2e99e8d',
  endedAt: '2026-06-01T10:00:22.000Z',
};

const failure: ValueObject = {
  ...refreshed,
  trigger: 'OnDataSourceRefreshFailed',
  status: 'failed',
  errorCode: 'closed',
  errorMessage: 'The source closed the connection.',
};

const crossing: ValueObject = {
  ...common,
  trigger: 'OnSegmentThresholdCrossed',
  segmentName: 'HighValueCustomers',
  segmentDisplayName: 'High value customers',
  previousValue: 2480,
  currentValue: 12520,
  threshold: 2505,
  direction: 'above',
};

const completion = (outcome: 'succeeded' | 'failed', stages: Value): ValueObject => ({
  ...common,
  trigger: 'x',
  jobId: 'cc9177d4-e356-47b8-b138-49ccd2e99e8d',
  outcome,
  status: outcome === 'failed' ? 'failed' : 'successful',
  startedBy: 'scheduled',
  endedAt: '2026-06-01T10:00:22.000Z',
  stageCount: 3,
  successfulCount: 1,
  failedCount: 1,
  skippedCount: 1,
  canceledCount: 0,
  stages,
});

const runFlow = async (source: FlowSource, body: Value, mocks?: unknown) => {
  const given = host(mocks);
  const result = await prepareFlow(flowDefinitionOf(source)).fire(body, given.parts);
  const [run] = result.fired ? result.runs : [];
  if (run === undefined) throw new Error('There was no run.');
  return { run, ...given };
};

describe('the definitions', () => {
  it('fit the contract', () => {
    expect(() => checkSources(flowSources, own)).not.toThrow();
  });

  it('have one flow for each trigger of the connector', () => {
    const covered = new Set(flowSources.map(({ trigger }) => trigger.operationId));
    expect([...covered].sort()).toEqual(own.operationIds.filter((id) => own.operation(id)?.isTrigger).sort());
  });

  it('have ids, names and action names that can be files and labels', () => {
    for (const { id, name, description } of flowSources) {
      expect(id).toMatch(/^[a-z-]+$/);
      expect(name.length).toBeLessThanOrEqual(80);
      expect(description).toMatch(/\.$/);
    }
  });

  it('do not compile with names that the contract does not have', () => {
    // @ts-expect-error no such parameter
    const unknown: ParametersOf<'OnDataSourceRefreshFailed'> = { dataset: 'x', 'body/source': 'x' };
    // @ts-expect-error a threshold is needed
    const incomplete: ParametersOf<'OnSegmentThresholdCrossed'> = { dataset: 'x', 'body/segment': 's' };
    // @ts-expect-error no such target
    const noTarget: ParametersOf<'Refresh'> = { dataset: 'x', 'body/target': 'everything' };
    // @ts-expect-error the callback URL is the platform's
    const callback: ParametersOf<'OnDataSourceRefreshFailed'> = { dataset: 'x', 'body/callbackUrl': 'x' };
    const tokens = (event: EventOf<'OnDataSourceRefreshFailed'>) => [
      // @ts-expect-error no such token
      event('dataSource'),
      // @ts-expect-error no such output
      action('R', 'SendStatusReport', { dataset: 'x', reportType: 'all' }).output('title'),
    ];
    expect([unknown, incomplete, noTarget, callback, tokens]).toHaveLength(5);
  });

  it('do not build when an expression names what is not there', () => {
    const source: FlowSource = {
      ...reportOnRefreshSucceeded,
      steps: [
        {
          name: 'Mail',
          kind: {
            use: {
              api: 'outlook',
              operationId: 'SendEmailV2',
              parameters: {
                'emailMessage/To': 'a@example.com',
                'emailMessage/Subject': call('nope', 'x'),
                'emailMessage/Body': {
                  render: () => ({ as: 'expression', code: "triggerBody()?['dataSourceNam']" }),
                },
              },
            },
          },
        },
      ],
    };
    expect(() => checkSources([source], own)).toThrow(/Did you mean 'dataSourceName'\?/);
    expect(() => checkSources([source], own)).toThrow(/'nope' is not defined/);
    expect(
      checkFlow(flowDefinitionOf(stagesOnFullRefresh), { connectors: [own], described: [own] }).map(
        ({ problem }) => problem,
      ),
    ).toEqual([]);
  });
});

describe('their runs', () => {
  it('a failed refresh is posted to Teams, markup made harmless', async () => {
    const { run, teams } = await runFlow(teamsOnRefreshFailed, failure);
    expect(run.status).toBe('Succeeded');
    expect(teams.messages.map(({ parameters }) => parameters['body/messageBody'])).toEqual([
      '<p><strong>E-commerce &lt;shop></strong> could not be refreshed in Contoso &amp; Sons.</p><p>The source closed the connection.</p><p>Error code: closed<br>Ended: 2026-06-01 10:00 UTC<br>Owner: data.team@contoso.example<br>Job: cc9177d4-e356-47b8-b138-49ccd2e99e8d</p><p><a href="https://insights.example.com/">Open in Customer Insights</a></p>',
    ]);
  });

  it('without a reason, an end or a code the message says so', async () => {
    const { errorCode: _code, errorMessage: _message, endedAt: _end, ...bare } = failure;
    const { run, teams } = await runFlow(teamsOnRefreshFailed, bare);
    expect(run.status).toBe('Succeeded');
    expect(String(teams.messages[0]?.parameters['body/messageBody'])).toContain('gives no reason');
  });

  it('a crossing is mailed to the configured addresses', async () => {
    const { run, outlook } = await runFlow(mailOnSegmentThreshold, crossing);
    expect(run.status).toBe('Succeeded');
    expect(outlook.messages.map(({ parameters }) => parameters)).toEqual([
      {
        'emailMessage/To': recipients.example,
        'emailMessage/Subject': 'High value customers now has 12,520 members',
        'emailMessage/Body':
          '<p>The segment <strong>High value customers</strong> in Contoso &amp; Sons has grown from 2,480 to 12,520 members.</p><p>The threshold is 2,505; it was crossed at 2026-06-01 10:00 UTC.</p>',
        'emailMessage/Importance': 'Normal',
      },
    ]);
  });

  it('a crossing is mailed to the owner, with a link, where the event names one', async () => {
    const link = 'https://insights.example.com/segments/HighValueCustomers';
    const owned = { ...crossing, ownerEmail: 'maria@contoso.example', link };
    const { run, outlook } = await runFlow(mailOnSegmentThreshold, owned);
    expect(run.status).toBe('Succeeded');
    const [parameters] = outlook.messages.map((message) => message.parameters);
    expect(parameters?.['emailMessage/To']).toBe('maria@contoso.example');
    expect(parameters?.['emailMessage/Body']).toContain(
      `<p><a href="${link}">Open in Customer Insights</a></p>`,
    );
  });

  it.each([
    ['nb', 'High value customers har nå 12\u00a0520 medlemmer', 'krysset 01.06.2026 10:00 UTC'],
    ['de', 'High value customers hat jetzt 12.520 Mitglieder', 'am 01.06.2026 10:00 UTC überschritten'],
  ] as const)('a crossing is mailed in %s with its numbers and dates', async (locale, subject, time) => {
    const translated = inLanguage(mailOnSegmentThreshold, languageOf(locale, flowTexts));
    const { run, outlook } = await runFlow(translated, crossing);
    expect(run.status).toBe('Succeeded');
    const [parameters] = outlook.messages.map((message) => message.parameters);
    expect(parameters?.['emailMessage/Subject']).toBe(subject);
    expect(parameters?.['emailMessage/Body']).toContain(time);
  });

  it('a success mails the status report', async () => {
    const report = {
      subject: 'All is well',
      body: '<p>Fine</p>',
      healthy: true,
      generatedAt: '2026-06-01T10:00:00Z',
    };
    const { run, outlook } = await runFlow(
      reportOnRefreshSucceeded,
      { ...refreshed, trigger: 'OnDataSourceRefreshSucceeded', status: 'successful' },
      { actions: { Get_the_status_report: { body: report } } },
    );
    expect(run.status).toBe('Succeeded');
    expect(outlook.messages[0]?.parameters['emailMessage/Subject']).toBe(
      'E-commerce <shop> was refreshed: All is well',
    );
    expect(outlook.messages[0]?.parameters['emailMessage/Body']).toBe('<p>Fine</p>');
  });

  it('the stages that did not succeed are a table', async () => {
    const { run, outlook } = await runFlow(
      stagesOnFullRefresh,
      completion('failed', [
        {
          operation: 'ingestion',
          name: 'E-commerce',
          status: 'failed',
          endedAt: '2026-06-01T10:00:00Z',
          errorMessage: 'a < b',
        },
        { operation: 'match', status: 'skipped' },
        { operation: 'merge', status: 'successful' },
      ]),
    );
    expect(run.status).toBe('Succeeded');
    expect(outlook.messages[0]?.parameters['emailMessage/Subject']).toBe(
      'Full refresh of Contoso & Sons: 1 of 3 stages failed',
    );
    expect(String(outlook.messages[0]?.parameters['emailMessage/Body'])).toContain(
      '<tbody><tr><td>ingestion E-commerce</td><td>failed</td><td>2026-06-01T10:00:00Z</td><td>a &lt; b</td></tr><tr><td>match </td><td>skipped</td><td></td><td></td></tr></tbody>',
    );
  });

  const job = (isFinished: boolean): ValueObject => ({
    statusCode: 200,
    body: {
      jobId: 'cc9177d4-e356-47b8-b138-49ccd2e99e8d',
      status: isFinished ? 'successful' : 'running',
      isFinished,
    },
  });

  it('a segment is refreshed after unification, and its end awaited', async () => {
    const { run, teams } = await runFlow(segmentAfterUnification, completion('succeeded', []), {
      actions: { Refresh_the_segment: job(false), Get_its_status: [job(false), job(false), job(true)] },
    });
    expect(run.status).toBe('Succeeded');
    expect(recordOf(run, 'Until_it_has_ended').iterations?.length).toBe(3);
    expect(Date.parse(run.endTime) - Date.parse(run.startTime)).toBe(6 * 60_000);
    expect(String(teams.messages[0]?.parameters['body/messageBody'])).toContain('was refreshed: successful.');
  });

  it('a segment that was deleted fails the run, with what the API says', async () => {
    const { run, teams } = await runFlow(segmentAfterUnification, completion('succeeded', []), {
      actions: {
        Refresh_the_segment: {
          statusCode: 404,
          body: { error: { code: 'NotFound', message: 'There is no segment HighValueCustomers.' } },
        },
      },
    });
    expect(run.status).toBe('Failed');
    expect(recordOf(run, 'Refresh_the_segment').error?.message).toBe(
      'There is no segment HighValueCustomers.',
    );
    expect(teams.messages).toEqual([]);
  });

  it('a throttled API is asked again after as long as it says', async () => {
    const { run } = await runFlow(segmentAfterUnification, completion('succeeded', []), {
      actions: {
        Refresh_the_segment: [{ statusCode: 429, headers: { 'Retry-After': '60' } }, job(false)],
        Get_its_status: job(true),
      },
    });
    expect(run.status).toBe('Succeeded');
    const refresh = recordOf(run, 'Refresh_the_segment');
    expect(refresh.retryHistory?.map(({ code }) => code)).toEqual(['TooManyRequests']);
    expect(Date.parse(refresh.endTime) - Date.parse(refresh.startTime)).toBe(60_000);
  });

  it('Teams that fails for good fails the run', async () => {
    const given = host();
    given.teams.answerWith([{ statusCode: 503, headers: {}, body: null }]);
    const result = await prepareFlow(flowDefinitionOf(teamsOnRefreshFailed)).fire(failure, given.parts);
    const [run] = result.fired ? result.runs : [];
    expect(run?.status).toBe('Failed');
    expect(run && recordOf(run, 'Post_the_failure').retryHistory?.length).toBe(8);
  });

  it('a measure below its threshold is posted, with its trigger set to direction and reset level', async () => {
    const { run, teams } = await runFlow(teamsOnMeasureBelow, {
      ...common,
      trigger: 'OnMeasureThresholdCrossed',
      measureName: 'TotalRevenue',
      measureDisplayName: 'Total revenue',
      previousValue: 8100000.5,
      currentValue: 7999999.25,
      threshold: 8000000,
      direction: 'below',
    });
    expect(run.status).toBe('Succeeded');
    expect(String(teams.messages[0]?.parameters['body/messageBody'])).toContain(
      'fell from 8,100,000.5 to 7,999,999.25, below 8,000,000.',
    );
    expect(teamsOnMeasureBelow.trigger.parameters['body/direction']).toBe('below');
    expect(Object.keys(teamsOnMeasureBelow.trigger.parameters)).toContain('body/rearmLevel');
  });

  const trouble: ValueObject = {
    ...common,
    trigger: 'OnTriggerTrouble',
    label: 'E-commerce <shop>: refresh fails permanently (Contoso & Sons)',
    flowName: 'Failed refreshes',
    state: 'paused',
    reason: 'Power Automate says that the flow is switched off or deleted.',
    whatToDo: 'Turn the flow on.',
    since: '2026-06-01T10:00:22.000Z',
    troubledTrigger: 'OnDataSourceRefreshFailed',
    subscriptionId: 's1',
    ownerId: 'o1',
  };

  it('a trigger that was paused is mailed, with what to do', async () => {
    const { run, outlook } = await runFlow(mailOnTriggerTrouble, trouble);
    expect(run.status).toBe('Succeeded');
    expect(outlook.messages[0]?.parameters).toMatchObject({
      'emailMessage/To': recipients.example,
      'emailMessage/Subject':
        'Customer Insights trigger is paused: E-commerce <shop>: refresh fails permanently (Contoso & Sons)',
      'emailMessage/Body':
        '<p>The trigger <strong>E-commerce &lt;shop>: refresh fails permanently (Contoso &amp; Sons)</strong> of the flow Failed refreshes is paused, since 2026-06-01 10:00 UTC.</p><p>Power Automate says that the flow is switched off or deleted.</p><p>Turn the flow on.</p>',
    });
    expect(mailOnTriggerTrouble.trigger.parameters).toEqual({ 'body/report': 'troubleAndRecovery' });
  });

  it.each([
    ['ended', 'nb', 'Customer Insights-utløseren er avsluttet: '],
    ['failing', 'de', 'Customer Insights-Trigger ist fehlerhaft: '],
    ['working', 'de', 'Customer Insights-Trigger funktioniert wieder: '],
  ] as const)(
    'a trigger that is %s is mailed in %s, also without the name of its flow',
    async (state, locale, subject) => {
      const { flowName: _, ...unnamed } = trouble;
      const translated = inLanguage(mailOnTriggerTrouble, languageOf(locale, flowTexts));
      const { run, outlook } = await runFlow(translated, { ...unnamed, state });
      expect(run.status).toBe('Succeeded');
      expect(String(outlook.messages[0]?.parameters['emailMessage/Subject'])).toContain(subject);
      expect(String(outlook.messages[0]?.parameters['emailMessage/Body'])).toContain(
        locale === 'nb' ? 'ukjent' : 'unbekannt',
      );
    },
  );

  it('a thousand events of the Teams flow are a thousand messages', async () => {
    const given = host();
    const prepared = prepareFlow(flowDefinitionOf(teamsOnRefreshFailed));
    for (let index = 0; index < 1_000; index += 1)
      await prepared.fire({ ...failure, eventId: `e${index}` }, given.parts);
    expect(given.teams.messages.length).toBe(1_000);
  });
});
