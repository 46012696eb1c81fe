/** What doctor says of an instance, from its answers alone; and that a record of them holds nothing but what is allowed. */
import { describe, expect, it } from 'vitest';
import { behavioursSeen, judge, readAnswers, recordOf } from '../../../bin/operator/doctor/assumptions.ts';
import { behaviourSpecs } from '../../../local/simulator/behaviours.ts';

const at = (minute: number): string => new Date(Date.UTC(2026, 5, 1, 10, minute)).toISOString();
const job = (minute: number, more: object = {}) => ({
  jobId: `job-${minute}`,
  jobStatus: 'successful',
  submittedTimestamp: at(minute),
  ...more,
});
const judged = (answers: Parameters<typeof judge>[0]) =>
  Object.fromEntries(judge(answers).map(({ name, judgement, seen }) => [name, [judgement, seen]]));

describe('assumptions', () => {
  it('are all listed, and unseen where nothing was answered', () => {
    const found = judge({});
    expect(found.map(({ name }) => name)).toEqual(Object.keys(behaviourSpecs));
    expect(new Set(found.map(({ judgement }) => judgement))).toEqual(new Set(['unseen']));
  });

  it.each([
    ['jobOrder', { jobs: [job(3), job(2), job(1)] }, ['confirmed', 'newestFirst']],
    ['jobOrder', { jobs: [job(1), job(2), job(3)] }, ['contradicted', 'oldestFirst']],
    ['jobOrder', { jobs: [job(2), job(3), job(1)] }, ['contradicted', 'scrambled']],
    ['jobOrder', { jobs: [job(1)] }, ['unseen', null]],
    ['enumCasing', { jobs: [job(1, { jobStatus: 'Successful' })] }, ['contradicted', 'PascalCase']],
    [
      'jobsDefaultTop',
      {
        jobs: Array.from({ length: 20 }, (_, n) => job(n)),
        manyJobs: Array.from({ length: 30 }, (_, n) => job(n)),
      },
      ['contradicted', '20'],
    ],
    [
      'retryingJob',
      {
        manyJobs: [
          job(1, { jobStatus: 'failed', tasks: [{ taskStatus: 'failed' }, { taskStatus: 'queued' }] }),
        ],
      },
      ['contradicted', 'failed'],
    ],
    [
      'permanentFailure',
      { manyJobs: [job(1, { tasks: [{ taskStatus: 'timedOut' }] })] },
      ['contradicted', 'timedOut'],
    ],
    [
      'cancelledTask',
      { manyJobs: [job(1, { tasks: [{ taskStatus: 'aborted' }] })] },
      ['confirmed', 'aborted'],
    ],
    ['nullNamedInstances', { instances: [{ instanceId: 'a' }] }, ['contradicted', 'absent']],
    ['measureListOutput', { measures: [{ definition: { isScalar: true } }] }, ['contradicted', 'false']],
    ['nextLink', { page: { value: [], '@odata.nextLink': 'x' } }, ['contradicted', 'true']],
    ['pageCap', { largePage: { value: Array.from({ length: 500 }, () => ({})) } }, ['contradicted', '500']],
  ] as const)('%s from %o', (name, answers, expected) => {
    expect(judged(answers as Parameters<typeof judge>[0])[name]).toEqual(expected);
  });

  it('say which reads were refused, and why, and are judged by the others', async () => {
    const { answers, notRead } = await readAnswers(async (path) => {
      if (path === '') throw new Error('The answer has status 403.');
      if (path.startsWith('/data/')) throw new TypeError('fetch failed', { cause: new Error('ECONNRESET') });
      return path === '/workflows/main/jobs' ? [job(3), job(2)] : [];
    });
    expect(notRead).toEqual([
      { path: '/instances', reason: 'The answer has status 403.' },
      { path: '/data/Customer', reason: 'fetch failed ECONNRESET' },
      { path: '/data/Customer?$top=1000&$count=true', reason: 'fetch failed ECONNRESET' },
    ]);
    expect(Object.keys(answers)).not.toContain('page');
    expect(judged(answers)).toMatchObject({
      jobOrder: ['confirmed', 'newestFirst'],
      pageSize: ['unseen', null],
    });
  });

  it('that are contradicted become switches of the simulator', () => {
    const found = judge({ jobs: [job(1), job(2)], page: { value: [], '@odata.nextLink': 'x' } });
    expect(behavioursSeen(found)).toEqual({ jobOrder: 'oldestFirst', nextLink: true });
  });
});

describe('a record', () => {
  it('holds states, times and numbers; ids masked, texts by their length, rows by their number', () => {
    const answers = {
      jobs: [
        job(1, {
          friendlyName: 'Secret shop',
          tasks: [{ taskId: 'job-1', taskStatus: 'failed', ciError: { message: 'Anna Smith' } }],
        }),
      ],
      segments: [
        { name: 'VIP of Contoso', evaluationStatus: { entityCount: 12, jobStatus: 'CompletedSuccess' } },
      ],
      dataSources: [
        { dataSourceMetadata: { dataSourceId: 'd-1', state: 'a state that is a sentence about Contoso' } },
      ],
      page: { value: [{ FullName: 'Anna Smith', Email: 'anna@contoso.com' }], '@odata.count': 1 },
      measures: [
        {
          name: 'Revenue of Contoso',
          definition: { kind: 'entity', dimensions: [{ field: 'Contoso' }] },
          output: { values: { x: '1' } },
        },
      ],
    };
    const record = recordOf(answers, (id) => `masked:${id.length}`);
    const text = JSON.stringify(record);
    for (const word of ['Anna', 'Contoso', 'contoso', 'Secret', 'job-1', 'd-1', 'FullName'])
      expect(text).not.toContain(word);
    expect(record).toMatchObject({
      jobs: [
        {
          jobId: 'masked:5',
          jobStatus: 'successful',
          submittedTimestamp: at(1),
          friendlyName: '<text of 11>',
        },
      ],
      segments: [{ evaluationStatus: { entityCount: 12, jobStatus: 'CompletedSuccess' } }],
      page: { rows: 1, count: 1 },
    });
  });
});
