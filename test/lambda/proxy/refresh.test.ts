import { describe, expect, it } from 'vitest';
import { compileAnswerValidators } from '../../../connector/contract/validation.ts';
import { sameRefreshMs } from '../../../lambda/proxy/refresh.ts';
import type { Answered, SeenRequest } from '../customer-insights/fake-upstream.ts';
import { proxyOver, settings } from './fake-instance.ts';

const { id: dataset } = settings.instances[0];
const checks = compileAnswerValidators();
const now = Date.parse('2026-03-02T08:00:00Z');
const ids = ['aaaaaaaa-0000-4000-8000-000000000001', 'aaaaaaaa-0000-4000-8000-000000000002'] as const;

type Body = Parameters<ReturnType<typeof proxyOver>['Refresh']>[0]['body'];

const job = (more: object = {}) => ({
  jobId: ids[0],
  jobStatus: 'running',
  jobSubmissionKind: 'onDemand',
  operationType: 'segmentation',
  idList: ['Gold'],
  submittedTimestamp: new Date(now - 60_000).toISOString(),
  ...more,
});

const over = (jobs: readonly object[], submitted: Answered = { body: job({ jobId: ids[1] }) }) =>
  proxyOver(({ method }: SeenRequest) => (method === 'GET' ? { body: jobs } : submitted));

const start = (proxy: ReturnType<typeof over>, body: Body) =>
  proxy.Refresh({ path: { dataset }, query: {}, body }, proxy.context);

const submissions = (proxy: ReturnType<typeof over>) =>
  proxy.seen.filter(({ method }) => method === 'POST').map(({ query }) => Object.fromEntries(query));

describe('a refresh', () => {
  it.each<[Body, object]>([
    [
      { target: 'dataSource', dataSource: ids[0] },
      { operationType: 'ingestion', identifiers: ids[0] },
    ],
    [
      { target: 'segment', segment: ' Gold ' },
      { operationType: 'segmentation', identifiers: 'Gold' },
    ],
    [
      { target: 'measure', measure: 'Revenue' },
      { operationType: 'measures', identifiers: 'Revenue' },
    ],
    [
      { target: 'segment', object: ' Gold ' },
      { operationType: 'segmentation', identifiers: 'Gold' },
    ],
    // The input that a connector of before sends gives way to the new one.
    [
      { target: 'segment', object: 'Silver', segment: 'Gold' },
      { operationType: 'segmentation', identifiers: 'Silver' },
    ],
    [{ target: 'all', segment: '', object: '' }, { operationType: 'all' }],
  ])('of %j submits a job and returns it', async (body, expected) => {
    const proxy = over([]);
    const { body: started } = await start(proxy, body);
    expect(submissions(proxy)).toEqual([{ ...expected, forceRunRequested: 'true' }]);
    expect(started).toEqual({
      jobId: ids[1],
      status: 'running',
      isFinished: false,
      isSuccessful: false,
      operation: 'segmentation',
      subjects: ['Gold'],
      submittedBy: 'onDemand',
      submittedAt: '2026-03-02T07:59:00.000Z',
      endedAt: null,
      alreadyUnderWay: false,
    });
    expect(checks.Refresh.response?.(started)).toBe(true);
  });

  it('that is under way is returned instead of a second one', async () => {
    const jobs = [
      job({ jobId: ids[1], submittedTimestamp: new Date(now - 120_000).toISOString() }),
      job({ operationType: 'Segmentation', jobStatus: 'Queued' }),
    ];
    const proxy = over(jobs);
    const { body } = await start(proxy, { target: 'segment', segment: 'Gold' });
    expect(body).toMatchObject({ jobId: ids[0], status: 'queued', alreadyUnderWay: true });
    expect(submissions(proxy)).toEqual([]);
  });

  it.each([
    ['has ended', job({ jobStatus: 'successful' })],
    ['is of something else', job({ idList: ['Silver'] })],
    ['is of more', job({ idList: ['Gold', 'Silver'] })],
    ['is of all of its kind', job({ idList: [] })],
    ['is of another kind', job({ operationType: 'measures' })],
    ['was submitted too long ago', job({ submittedTimestamp: new Date(now - sameRefreshMs).toISOString() })],
    ['does not say when it was submitted', job({ submittedTimestamp: null })],
  ])('is started although a job %s', async (_, other) => {
    const proxy = over([other]);
    const { body } = await start(proxy, { target: 'segment', segment: 'Gold' });
    expect(body).toMatchObject({ jobId: ids[1], alreadyUnderWay: false });
  });

  it('of everything is the same as a scheduled one that is under way', async () => {
    const proxy = over([job({ operationType: 'all', idList: null, jobSubmissionKind: 'scheduled' })]);
    const { body } = await start(proxy, { target: 'all' });
    expect(body).toMatchObject({ jobId: ids[0], submittedBy: 'scheduled', alreadyUnderWay: true });
  });

  it.each<[Body, RegExp]>([
    [{ target: 'segment' }, /"object" is missing/],
    [{ target: 'segment', object: ' ' }, /"object" is missing/],
    [{ target: 'all', object: 'Gold' }, /"object" does not belong to the target all/],
    [{ target: 'segment', object: 'Gold', measure: 'Revenue' }, /"measure" does not belong/],
    [
      { target: 'segment', measure: 'Revenue', segment: 'Gold' },
      /"measure" does not belong to the target segment/,
    ],
    [{ target: 'all', dataSource: ids[0] }, /"dataSource" does not belong to the target all/],
  ])('of %j is refused', async (body, message) => {
    const proxy = over([]);
    const error = await start(proxy, body).catch((caught: unknown) => caught);
    expect(error).toMatchObject({ code: 'RequestInvalid', message: expect.stringMatching(message) });
    expect(proxy.seen).toHaveLength(0);
  });

  it.each<[Body, string]>([
    [{ target: 'dataSource', dataSource: 'x' }, 'DataSourceUnknown'],
    [{ target: 'segment', segment: 'x' }, 'SegmentUnknown'],
    [{ target: 'measure', measure: 'a,b' }, 'MeasureUnknown'],
  ])('of %j, which is not there, is a 404', async (body, code) => {
    const proxy = over([], { status: 404, body: '' });
    await expect(start(proxy, body)).rejects.toMatchObject({ code, status: 404 });
  });

  it('whose outcome is not known is not repeated by itself', async () => {
    const proxy = over([], { status: 500, body: '' });
    await expect(start(proxy, { target: 'all' })).rejects.toMatchObject({ code: 'UpstreamFailed' });
    expect(submissions(proxy)).toHaveLength(1);
  });
});

describe('the status of a refresh', () => {
  const ask = (proxy: ReturnType<typeof over>, jobId: string) =>
    proxy.GetRefreshStatus({ path: { dataset, jobId }, query: {}, body: null }, proxy.context);

  it('holds the tasks, failed ones first', async () => {
    const proxy = proxyOver(() => ({
      body: job({
        jobStatus: 'Failed',
        operationType: 'all',
        endTimestamp: '2026-03-02T07:59:30Z',
        tasks: [
          { taskStatus: 'successful', operationType: 'ingestion', friendlyName: 'PoS', endTimestamp: null },
          {
            taskStatus: 'timedOut',
            operationType: 'segmentation',
            friendlyName: 'Gold',
            endTimestamp: '2026-03-02T07:59:20Z',
            ciErrors: [{ errorCode: 'E1', message: 'took too long' }],
          },
          { taskStatus: 'skipped', operationType: 'export' },
        ],
      }),
    }));
    const { body } = await ask(proxy, ids[0]);
    expect(body).toMatchObject({
      status: 'failed',
      isFinished: true,
      isSuccessful: false,
      endedAt: '2026-03-02T07:59:30Z',
      failedTasks: 1,
    });
    expect(body.tasks.map(({ name, status, errorCode }) => [name, status, errorCode])).toEqual([
      ['Gold', 'timedOut', 'E1'],
      ['export', 'skipped', null],
      ['PoS', 'successful', null],
    ]);
    expect(checks.GetRefreshStatus.response?.(body)).toBe(true);
    expect(proxy.seen[0]?.query.get('includeTasks')).toBe('true');
  });

  it('of a job that is not there is a 404', async () => {
    const proxy = proxyOver(() => ({ status: 404, body: '' }));
    for (const jobId of [ids[0], '../status'])
      await expect(ask(proxy, jobId)).rejects.toMatchObject({ code: 'JobUnknown', status: 404 });
    expect(proxy.seen).toHaveLength(1);
  });
});

describe('the drop-down of the object', () => {
  it.each([
    [
      'dataSource',
      [
        { dataSourceMetadata: { dataSourceId: 'd2', friendlyName: 'b' } },
        { dataSourceMetadata: { dataSourceId: 'd1', name: 'a' } },
        {},
      ],
      ['d1 a', 'd2 b'],
    ],
    [
      'segment',
      [{ name: 'Gold', friendlyName: 'Our best' }, { name: 'All' }, { friendlyName: 'nameless' }],
      ['All All', 'Gold Our best'],
    ],
    ['measure', [{ name: 'Revenue', displayName: 'Total' }], ['Revenue Total']],
    ['all', [], []],
  ] as const)('lists what there is for the target %s', async (target, source, expected) => {
    const proxy = proxyOver(() => ({ body: source }));
    const request = { path: { dataset, target }, query: {}, body: null };
    const { body } = await proxy.ListObjects(request, proxy.context);
    expect(body.value.map(({ object, displayName }) => `${object} ${displayName}`)).toEqual(expected);
    expect(checks.ListObjects.response?.(body)).toBe(true);
    expect(proxy.seen).toHaveLength(target === 'all' ? 0 : 1);
  });
});
