import { describe, expect, it } from 'vitest';
import { instant } from '../../../lambda/customer-insights/fields.ts';
import type {
  CustomerInsightsClient,
  JobInfo,
  MeasureMetadata,
  NodeInfo,
  SegmentMetadata,
} from '../../../lambda/customer-insights/index.ts';
import { isScalarMeasure } from '../../../lambda/customer-insights/index.ts';
import { observe } from '../../../lambda/customer-insights/observe.ts';
import { observedMeasure } from '../../../lambda/customer-insights/observe-measures.ts';
import { ConnectorError } from '../../../lambda/runtime/errors.ts';

const at = (minute: number) => new Date(Date.UTC(2026, 0, 10, 12, minute)).toISOString();
const ms = (minute: number) => Date.parse(at(minute));

const source = (client: Partial<CustomerInsightsClient>) => observe(client as CustomerInsightsClient);

describe('jobs', () => {
  it('come newest first with words in lower case, and leave out what has no id', async () => {
    const jobs: readonly JobInfo[] = [
      { jobId: 'old', submittedTimestamp: at(1), jobStatus: 'Successful', operationType: 'all' },
      {},
      {
        jobId: 'new',
        submittedTimestamp: at(2),
        endTimestamp: at(9),
        jobStatus: 'TimedOut',
        operationType: 'Ingestion',
        jobSubmissionKind: 'OnDemand',
        tasks: [
          {
            taskId: 't',
            operationType: 'Ingestion',
            taskStatus: 'Failed',
            friendlyName: 'Shop',
            submittedTimestamp: at(2),
            endTimestamp: at(8),
            ciErrors: [{ errorCode: 'E1', message: 'No access.' }],
          },
          { operationType: 'map' },
        ],
      },
    ];
    const asked: unknown[] = [];
    const listJobs: CustomerInsightsClient['listJobs'] = async (_, query) => {
      asked.push(query);
      return jobs;
    };
    const observed = await source({ listJobs }).jobs('i');
    expect(observed.map(({ jobId }) => jobId)).toEqual(['new', 'old']);
    expect(observed[0]).toEqual({
      jobId: 'new',
      operation: 'ingestion',
      submissionKind: 'ondemand',
      status: 'timedout',
      submittedAt: ms(2),
      endedAt: ms(9),
      tasks: [
        {
          taskId: 't',
          operation: 'ingestion',
          status: 'failed',
          objectName: 'Shop',
          submittedAt: ms(2),
          endedAt: ms(8),
          errorCode: 'E1',
          errorMessage: 'No access.',
        },
      ],
    });
    await source({ listJobs }).jobs('i', 200);
    expect(asked).toEqual([
      { top: 50, includeTasks: true },
      { top: 200, includeTasks: true },
    ]);
  });
});

describe('nodes', () => {
  it('leave out what carries no identifier', async () => {
    const nodes: readonly NodeInfo[] = [
      { operationType: 'Ingestion' },
      {
        operationType: 'Ingestion',
        identifier: 'd',
        friendlyName: 'Shop',
        jobIds: ['j'],
        taskStatus: 'Failed',
      },
    ];
    expect(await source({ getWorkflowStatus: async () => nodes }).nodes('i')).toEqual([
      {
        operation: 'ingestion',
        identifier: 'd',
        objectName: 'Shop',
        jobIds: ['j'],
        status: 'failed',
        endedAt: undefined,
      },
    ]);
  });
});

describe('segments', () => {
  const decimal = (value: string) => value as NonNullable<SegmentMetadata['evaluationStatus']>['entityCount'];
  const evaluation = (minute: number, count: string | undefined, jobStatus = 'CompletedSuccess') => {
    const entityCount = count === undefined ? undefined : decimal(count);
    return { jobStatus, evaluationDate: at(minute), ...(entityCount !== undefined && { entityCount }) };
  };

  it.each(['CompletedFailure', 'Cancelled', 'Interrupted', 'NotQualified', 'Running', 'Queued', 'None'])(
    'keep the last success when the latest evaluation is %s, whatever count it shows',
    async (status) => {
      const segment: SegmentMetadata = {
        name: 'A',
        evaluationStatus: evaluation(5, '0', status),
        evaluationStatusHistory: [evaluation(2, '7'), evaluation(1, '3'), evaluation(4, undefined)],
      };
      const [observed] = await source({ listSegments: async () => [segment] }).segments('i', 1);
      expect(observed).toEqual({
        name: 'A',
        displayName: 'A',
        evaluations: [
          { at: ms(1), value: '3' },
          { at: ms(2), value: '7' },
        ],
      });
    },
  );
});

describe('whether a measure is scalar', () => {
  it.each([
    [true, { kind: 'entity', type: 'structured', isScalar: true }],
    [true, { kind: 'Entity', type: 'Manual', isScalar: false, isManualQueryScalar: true }],
    [false, { kind: 'entity', type: 'structured', isScalar: false, isManualQueryScalar: true }],
    [false, { kind: 'entity', isScalar: false }],
    [false, { kind: 'attribute', isScalar: true }],
    [undefined, { kind: 'entity' }],
    [undefined, undefined],
  ])('is %s for %j', (expected, definition) => {
    expect(isScalarMeasure(definition ? { definition } : {})).toBe(expected);
  });
});

describe('a measure', () => {
  const completed = (endMinute: number, run: string) => ({
    state: 'Completed',
    endTime: at(endMinute),
    lastSuccessfulRunId: run,
  });
  const output = (startMinute: number | undefined, ...values: readonly string[]) => ({
    values: Object.fromEntries(values.map((value, index) => [`v${index}`, value])),
    ...(startMinute !== undefined && { evaluationTime: at(startMinute) }),
  });
  const scalar: MeasureMetadata = { name: 'M', displayName: 'Measure', definition: { isScalar: true } };
  const alone = (over: MeasureMetadata) => observedMeasure({ ...scalar, ...over }, true)[0] ?? expect.fail();
  const listed = (over: MeasureMetadata) =>
    observedMeasure({ ...scalar, ...over }, false)[0] ?? expect.fail();

  it('has each value with the evaluation that began before it ended', () => {
    const measure = alone({
      latestEvaluation: completed(30, 'r3'),
      output: output(28, '3.5'),
      evaluationHistory: [
        completed(20, 'r2'),
        completed(10, 'r1'),
        { state: 'failed', endTime: at(25), lastSuccessfulRunId: 'r2' },
        completed(30, 'r3'),
      ],
      outputHistory: [output(18, '2'), output(8, '1'), output(28, '3.5')],
    });
    expect(measure).toMatchObject({ name: 'M', displayName: 'Measure', scalar: true, lastRunId: 'r3' });
    expect(measure.evaluations).toEqual([
      { at: ms(8), value: '1', runId: 'r1', endedAt: ms(10) },
      { at: ms(18), value: '2', runId: 'r2', endedAt: ms(20) },
      { at: ms(28), value: '3.5', runId: 'r3', endedAt: ms(30) },
    ]);
  });

  it('whose newest value is not there yet does not lend its run to an older value', () => {
    const history = [completed(10, 'r1'), completed(20, 'r2')];
    const measure = alone({
      latestEvaluation: completed(30, 'r3'),
      output: output(18, '2'),
      evaluationHistory: history,
      outputHistory: [output(8, '1'), output(18, '2')],
    });
    expect(measure.evaluations.map(({ runId }) => runId)).toEqual(['r1', 'r2']);
    expect(measure.lastRunId).toBe('r3');
  });

  it('whose evaluation is not listed is known by its time', () => {
    const measure = alone({
      outputHistory: [output(8, '1'), output(18, '2')],
      evaluationHistory: [completed(20, 'r2')],
    });
    expect(measure.evaluations).toEqual([
      { at: ms(8), value: '1' },
      { at: ms(18), value: '2', runId: 'r2', endedAt: ms(20) },
    ]);
  });

  it('evaluated in no time at all has its own run', () => {
    const measure = alone({
      outputHistory: [output(10, '1'), output(20, '2')],
      evaluationHistory: [completed(10, 'r1'), completed(20, 'r2')],
    });
    expect(measure.evaluations.map(({ runId }) => runId)).toEqual(['r1', 'r2']);
  });

  it('in a list names no run, for its value may belong to the one before', () => {
    const measure = listed({ latestEvaluation: completed(30, 'r3'), output: output(18, '2') });
    expect(measure).toMatchObject({ lastRunId: 'r3', evaluations: [{ at: ms(18), value: '2' }] });
    expect(measure.evaluations[0]).not.toHaveProperty('runId');
  });

  it('may lack its value in a list, or the time of it', () => {
    expect(listed({ latestEvaluation: completed(30, 'r3') }).evaluations).toEqual([]);
    expect(
      listed({ latestEvaluation: completed(30, 'r3'), output: output(undefined, '2') }).evaluations,
    ).toEqual([{ at: ms(30), value: '2' }]);
  });

  it('with several values has none', () => {
    expect(alone({ output: output(8, '1', '2') }).evaluations).toEqual([]);
  });

  it('keeps 38 digits and says which value has more', () => {
    const most = '12345678901234567890.123456789012345678';
    const measure = alone({ outputHistory: [output(8, most), output(18, `${most}9`), output(28, 'many')] });
    expect(measure.evaluations).toEqual([{ at: ms(8), value: most }]);
    expect(measure.unreadable).toEqual([ms(18), ms(28)]);
  });

  it('that does not exist is undefined; any other refusal is an error', async () => {
    const refuse = (code: 'UpstreamNotFound' | 'UpstreamForbidden') =>
      source({ getMeasure: () => Promise.reject(new ConnectorError(code, 'No.')) }).measure('i', 'M', 1);
    expect(await refuse('UpstreamNotFound')).toBeUndefined();
    await expect(refuse('UpstreamForbidden')).rejects.toThrow('No.');
  });
});

it.each([
  ['2026-01-10T12:00:00', '2026-01-10T12:00:00Z'],
  ['2026-01-10T12:00:00.1234567', '2026-01-10T12:00:00.1234567Z'],
  ['2026-01-10T12:00:00Z', '2026-01-10T12:00:00Z'],
  ['2026-01-10T12:00:00+02:00', '2026-01-10T12:00:00+02:00'],
  ['yesterday', undefined],
])('a time of the source is in UTC where it names no zone: %s', (sent, read) => {
  expect(instant(sent)).toBe(read);
});
