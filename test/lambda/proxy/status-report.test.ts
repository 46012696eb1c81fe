import { describe, expect, it } from 'vitest';
import { compileAnswerValidators } from '../../../connector/contract/validation.ts';
import { renderJson } from '../../../lambda/runtime/json.ts';
import type { Answered, SeenRequest } from '../customer-insights/fake-upstream.ts';
import { proxyOver, settings } from './fake-instance.ts';

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
            },
            {
              name: 'Loyalty',
              displayName: 'Loyalty',
              status: 'successful',
              updatedAt: null,
              value: null,
              error: null,
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
            },
            {
              name: 'Silver',
              displayName: 'Silver',
              status: 'skipped',
              updatedAt: null,
              value: null,
              error: null,
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
            },
            {
              name: 'search',
              displayName: 'Search index',
              status: 'notStarted',
              updatedAt: null,
              value: null,
              error: null,
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
