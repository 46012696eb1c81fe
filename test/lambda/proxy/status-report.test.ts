import { describe, expect, it } from 'vitest';
import { compileAnswerValidators } from '../../../connector/contract/validation.ts';
import { renderJson } from '../../../lambda/runtime/json.ts';
import type { Answered, SeenRequest } from '../customer-insights/fake-upstream.ts';
import { ownership, proxyOver, settings } from './fake-instance.ts';

const { id: dataset } = settings.instances[0];
const checks = compileAnswerValidators();

const sources = [
  {
    dataSourceMetadata: {
      dataSourceId: 'd1',
      name: 'PoS',
      friendlyName: 'Point of <sale> & more',
      refreshState: 'updateFailed',
      lastRefresh: '2026-03-01T00:00:00Z',
    },
  },
  { dataSourceMetadata: { dataSourceId: 'd2', name: 'Loyalty', refreshState: 'Updated' } },
];
const nodes = [
  {
    operationType: 'Ingestion',
    identifier: 'D1',
    taskStatus: 'failed',
    endTimestamp: '2026-03-02T01:00:00Z',
    ciError: { message: 'the "source" closed' },
  },
  { operationType: 'merge', identifier: 'merge', friendlyName: 'Merge', taskStatus: 'successful' },
  { operationType: 'search', identifier: 'search', friendlyName: 'Search index' },
  { operationType: 'segmentation', identifier: 'Gold', taskStatus: 'successful' },
];
const segments = [
  {
    name: 'Gold',
    evaluationStatus: {
      jobStatus: 'CompletedSuccess',
      entityCount: 1234567,
      evaluationDate: '2026-03-02T02:00:00Z',
    },
  },
  { name: 'Silver', state: 'inactive' },
];
const measures = [
  {
    name: 'Revenue',
    definition: { kind: 'entity', isScalar: true },
    latestEvaluation: { state: 'completed', endTime: '2026-03-02T03:00:00Z' },
    output: { values: { r: '12345678901234567890.25' } },
  },
];

const answer = ({ path }: SeenRequest): Answered => {
  if (path.endsWith('/manage/datasources')) return { body: sources };
  if (path.endsWith('/workflows/main/status')) return { body: nodes };
  if (path.endsWith('/manage/segments')) return { body: segments };
  if (path.endsWith('/manage/measures')) return { body: measures };
  return { status: 404, body: '' };
};

type ReportType = Parameters<ReturnType<typeof proxyOver>['SendStatusReport']>[0]['query']['reportType'];
const request = (reportType: ReportType) => ({ path: { dataset }, query: { reportType }, body: null });

describe('the status report in sections', () => {
  it('holds everything, failures first, with values and errors', async () => {
    const proxy = proxyOver(answer);
    const { body } = await proxy.SendStatusReportV2(request('all'), proxy.context);
    expect(JSON.parse(renderJson(body).replace('12345678901234567890.25', '"exact"'))).toEqual({
      instanceName: 'Contoso Retail',
      generatedAt: '2026-03-02T08:00:00.000Z',
      healthy: false,
      failed: 1,
      sections: [
        {
          section: 'dataSources',
          title: 'Data sources',
          total: 2,
          failed: 1,
          entries: [
            {
              name: 'PoS',
              displayName: 'Point of <sale> & more',
              status: 'failed',
              updatedAt: '2026-03-02T01:00:00Z',
              value: null,
              error: 'the "source" closed',
              ...ownership('/datasources/d1'),
            },
            {
              name: 'Loyalty',
              displayName: 'Loyalty',
              status: 'successful',
              updatedAt: null,
              value: null,
              error: null,
              ...ownership('/datasources/d2'),
            },
          ],
        },
        {
          section: 'segments',
          title: 'Segments',
          total: 2,
          failed: 0,
          entries: [
            {
              name: 'Gold',
              displayName: 'Gold',
              status: 'successful',
              updatedAt: '2026-03-02T02:00:00Z',
              value: 1234567,
              error: null,
              ...ownership('/segments/Gold'),
            },
            {
              name: 'Silver',
              displayName: 'Silver',
              status: 'skipped',
              updatedAt: null,
              value: null,
              error: null,
              ...ownership('/segments/Silver'),
            },
          ],
        },
        {
          section: 'measures',
          title: 'Measures',
          total: 1,
          failed: 0,
          entries: [
            {
              name: 'Revenue',
              displayName: 'Revenue',
              status: 'successful',
              updatedAt: '2026-03-02T03:00:00Z',
              value: 'exact',
              error: null,
              ...ownership('/measures/Revenue'),
            },
          ],
        },
        {
          section: 'system',
          title: 'System processes',
          total: 2,
          failed: 0,
          entries: [
            {
              name: 'merge',
              displayName: 'Merge',
              status: 'successful',
              updatedAt: null,
              value: null,
              error: null,
              ...ownership(),
            },
            {
              name: 'search',
              displayName: 'Search index',
              status: 'notStarted',
              updatedAt: null,
              value: null,
              error: null,
              ...ownership(),
            },
          ],
        },
      ],
    });
    expect(proxy.seen).toHaveLength(4);
  });

  it.each<[ReportType, number]>([
    ['dataSources', 2],
    ['segments', 1],
    ['measures', 1],
    ['system', 1],
  ])('of %s asks for nothing else', async (reportType, calls) => {
    const proxy = proxyOver(answer);
    const { body } = await proxy.SendStatusReportV2(request(reportType), proxy.context);
    expect(body.sections.map(({ section }) => section)).toEqual([reportType]);
    expect(proxy.seen).toHaveLength(calls);
    if (reportType !== 'measures') expect(checks.SendStatusReportV2.response?.(body)).toBe(true);
  });

  it('fails as a whole when a part of it cannot be read', async () => {
    const proxy = proxyOver((asked) =>
      asked.path.endsWith('/manage/segments') ? { status: 403 } : answer(asked),
    );
    await expect(proxy.SendStatusReportV2(request('all'), proxy.context)).rejects.toMatchObject({
      code: 'UpstreamForbidden',
    });
  });
});

describe('the status report as a text', () => {
  it('has a subject that tells the outcome and a body in HTML in which names are only names', async () => {
    const proxy = proxyOver(answer);
    const { body } = await proxy.SendStatusReport(request('all'), proxy.context);
    expect(body.subject).toBe('Customer Insights Contoso Retail: 1 failed');
    expect(body.healthy).toBe(false);
    expect(body.body).toContain('Point of &lt;sale&gt; &amp; more');
    expect(body.body).toContain('the &quot;source&quot; closed');
    expect(body.body).toContain('As of 2026-03-02 08:00 UTC.');
    expect(body.body).toContain('12,345,678,901,234,567,890.25');
    expect(body.body).toContain('1,234,567');
    expect(body.body.match(/<(\w+)/g)?.length).toBe(body.body.match(/<\/(\w+)/g)?.length);
    expect(checks.SendStatusReport.response?.(body)).toBe(true);
  });

  it('says when everything is in order', async () => {
    const proxy = proxyOver(answer);
    const { body } = await proxy.SendStatusReport(request('segments'), proxy.context);
    expect([body.subject, body.healthy]).toEqual([
      'Customer Insights Contoso Retail: everything in order',
      true,
    ]);
  });
});

/*
 * State: an object's present run, and the runs that ended before, of which only the job list tells.
 * Events: a run fails; the next one begins, and ends.
 * Invariants: the last run that ended decides whether the instance is healthy; a run that follows a failure has a state of
 * its own; without anything under way no job list is read.
 */
describe('a data source that is refreshed again', () => {
  const refreshing = {
    dataSourceMetadata: {
      dataSourceId: 'd1',
      name: 'PoS',
      friendlyName: 'Point of sale',
      refreshState: 'Updating',
      lastRefresh: '2026-03-01T00:00:00Z',
    },
  };
  const task = (taskStatus: string, hour: string | undefined) => ({
    taskId: `${taskStatus} ${hour}`,
    operationType: 'Ingestion',
    friendlyName: 'Point of sale',
    taskStatus,
    ...(hour !== undefined && { endTimestamp: `2026-03-02T${hour}:00:00Z` }),
    ...(taskStatus === 'Failed' && { ciError: { message: 'No access.' } }),
  });
  const report = async (...tasks: readonly ReturnType<typeof task>[]) => {
    const proxy = proxyOver(({ path }) => {
      if (path.endsWith('/manage/datasources')) return { body: [refreshing] };
      if (path.endsWith('/workflows/main/status')) return { body: [] };
      if (path.includes('/workflows/main/jobs'))
        return { body: tasks.map((each, index) => ({ jobId: `j${index}`, tasks: [each] })) };
      return { status: 404, body: '' };
    });
    const { body: sections } = await proxy.SendStatusReportV2(request('dataSources'), proxy.context);
    const { body: text } = await proxy.SendStatusReport(request('dataSources'), proxy.context);
    expect(checks.SendStatusReportV2.response?.(sections)).toBe(true);
    return { sections, text };
  };

  it('after a failure is not in order until the run has ended', async () => {
    const { sections, text } = await report(
      task('Running', undefined),
      task('Failed', '05'),
      task('Successful', '04'),
    );
    expect(sections).toMatchObject({ healthy: false, failed: 1 });
    expect(sections.sections[0]?.entries).toMatchObject([
      { status: 'retrying', error: 'No access.', updatedAt: '2026-03-02T05:00:00Z' },
    ]);
    expect(text.healthy).toBe(false);
    expect(text.subject).toBe('Customer Insights Contoso Retail: 1 failed, 1 of them refreshing again');
    expect(text.body).toContain('Refreshing again after a failure');
  });

  it('after a success is in order, also when an older run failed or a later one was canceled', async () => {
    const { sections } = await report(
      task('Running', undefined),
      task('Aborted', '06'),
      task('Successful', '05'),
      task('Failed', '04'),
    );
    expect(sections).toMatchObject({ healthy: true, failed: 0 });
    expect(sections.sections[0]?.entries).toMatchObject([{ status: 'running' }]);
  });

  it('after a cancellation is as the run before the cancellation left it', async () => {
    const { sections } = await report(task('Aborted', '06'), task('TimedOut', '05'));
    expect(sections).toMatchObject({ healthy: false, failed: 1 });
  });
});
