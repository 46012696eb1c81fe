import { describe, expect, it } from 'vitest';
import { baselineOfJobs, isAfter } from '../../../lambda/triggers/baseline.ts';
import { type Cursor, emptyCursor, horizonMs } from '../../../lambda/triggers/cursor.ts';
import { toDecimal } from '../../../lambda/triggers/decimal.ts';
import { detect, findNews, type Reads } from '../../../lambda/triggers/detect.ts';
import type { ObservedJob, ObservedSegment, ObservedTask } from '../../../lambda/triggers/observation.ts';

/*
 * State: the cursor (tasks handled, last evaluation of each segment worked off).
 * Events: a look at the job list, with the data sources and segments that it called for.
 * Invariants:
 *  - a failure is reported once, and only when nothing can change it any more;
 *  - every step between two successful evaluations is reported once, in order, however many lie between two looks;
 *  - the same occurrence has the same event id in every look that finds it;
 *  - what a baseline has seen is not after it, and everything that becomes final later is.
 */

const instance = { id: '5c1fbb0e-4a5b-4d0a-9f57-2f6f3b7a1c01', name: 'Contoso' };
const start = Date.UTC(2026, 0, 10);

const task = (over: Partial<ObservedTask> = {}): ObservedTask => ({
  taskId: 'task-1',
  operation: 'ingestion',
  status: 'failed',
  objectName: 'Web shop',
  endedAt: start + 1_000,
  errorCode: undefined,
  errorMessage: undefined,
  ...over,
});

const job = (over: Partial<ObservedJob> = {}): ObservedJob => ({
  jobId: 'b3b2a1f0-0000-4000-8000-000000000001',
  operation: 'ingestion',
  submissionKind: 'ondemand',
  status: 'failed',
  submittedAt: start,
  endedAt: start + 2_000,
  tasks: [task()],
  ...over,
});

const shop = {
  dataSourceId: 'd0000000-0000-4000-8000-000000000001',
  name: 'WebShop',
  displayName: 'Web shop',
};

const segment = (...values: readonly (readonly [minute: number, value: number])[]): ObservedSegment => ({
  name: 'HighValue',
  displayName: 'High value',
  evaluations: values.map(([minute, value]) => ({
    at: start + minute * 60_000,
    value: toDecimal(value) ?? expect.fail(),
  })),
});

const look = (cursor: Cursor, reads: Partial<Reads>) => {
  const jobs = reads.jobs ?? [];
  return detect(instance, cursor, findNews(cursor, jobs), { dataSources: [shop], ...reads, jobs });
};

describe('failures of a data source', () => {
  it('are silent while the job still runs, for the product retries by itself', () => {
    const running = job({ status: 'running', endedAt: undefined });
    expect(look(emptyCursor, { jobs: [running] }).occurrences).toEqual([]);
  });

  it('are reported once when the job has ended, with the time at which they became final', () => {
    const first = look(emptyCursor, { jobs: [job()] });
    expect(first.occurrences).toHaveLength(1);
    expect(first.occurrences[0]).toMatchObject({
      kind: 'subject',
      trigger: 'OnDataSourceRefreshFailed',
      subject: shop.dataSourceId,
      finalAt: start + 2_000,
      payload: {
        dataSourceName: 'Web shop',
        status: 'failed',
        occurredAt: new Date(start + 2_000).toISOString(),
      },
    });
    expect(look(first.cursor, { jobs: [job()] }).occurrences).toEqual([]);
  });

  it('that a retry healed are no failures', () => {
    const running = job({ status: 'running', endedAt: undefined });
    const { cursor } = look(emptyCursor, { jobs: [running] });
    const healed = job({ status: 'successful', tasks: [task({ status: 'successful' })] });
    expect(look(cursor, { jobs: [healed] }).occurrences).toEqual([]);
  });

  it('by time-out are final at once', () => {
    const running = job({ status: 'running', endedAt: undefined, tasks: [task({ status: 'timedout' })] });
    expect(look(emptyCursor, { jobs: [running] }).occurrences).toMatchObject([
      { finalAt: start + 1_000, payload: { status: 'timedOut' } },
    ]);
  });

  it('of a task shared by two jobs wait for both, and are reported once', () => {
    const other = job({
      jobId: 'b3b2a1f0-0000-4000-8000-000000000002',
      status: 'running',
      endedAt: undefined,
    });
    const waiting = look(emptyCursor, { jobs: [job(), other] });
    expect(waiting.occurrences).toEqual([]);
    const ended = { ...other, status: 'failed', endedAt: start + 9_000 };
    expect(look(waiting.cursor, { jobs: [job(), ended] }).occurrences).toHaveLength(1);
  });

  it.each(['skipped', 'aborted', 'deleted', 'successful'])('do not include %s', (status) => {
    expect(look(emptyCursor, { jobs: [job({ status, tasks: [task({ status })] })] }).occurrences).toEqual([]);
  });

  it('have the same event id whoever finds them', () => {
    const [a] = look(emptyCursor, { jobs: [job()] }).occurrences;
    const [b] = look(emptyCursor, { jobs: [job(), job({ jobId: 'other', tasks: [] })] }).occurrences;
    expect(a?.eventId).toBe(b?.eventId);
  });

  it('of a source whose display name is not unique are not pinned on the wrong one', () => {
    const twin = { ...shop, dataSourceId: 'd0000000-0000-4000-8000-000000000002', name: 'WebShop2' };
    const { occurrences } = look(emptyCursor, { jobs: [job()], dataSources: [shop, twin] });
    expect(occurrences[0]?.payload).not.toHaveProperty('dataSourceId');
  });

  it('older than the horizon are not replayed', () => {
    const old = job();
    const recent = job({
      jobId: 'recent',
      submittedAt: start + horizonMs + 10_000,
      endedAt: undefined,
      tasks: [],
    });
    expect(look(emptyCursor, { jobs: [old, recent] }).occurrences).toEqual([]);
  });
});

describe('steps of a segment', () => {
  it('do not include the first evaluation ever seen', () => {
    const { occurrences, cursor } = look(emptyCursor, { segments: [segment([1, 100])] });
    expect(occurrences).toEqual([]);
    expect(cursor.segments).toEqual({ HighValue: { at: start + 60_000, value: '100' } });
  });

  it('include every one between two looks: up and down again is two', () => {
    const { cursor } = look(emptyCursor, { segments: [segment([1, 100])] });
    const { occurrences } = look(cursor, { segments: [segment([1, 100], [2, 300], [3, 50])] });
    expect(occurrences).toMatchObject([
      { previous: '100', current: '300', finalAt: start + 120_000 },
      { previous: '300', current: '50', finalAt: start + 180_000 },
    ]);
  });

  it('begin at the last value worked off, also when the history no longer lists it', () => {
    const { cursor } = look(emptyCursor, { segments: [segment([1, 100])] });
    expect(look(cursor, { segments: [segment([5, 200])] }).occurrences).toMatchObject([
      { previous: '100', current: '200' },
    ]);
  });

  it('are found once', () => {
    const { cursor } = look(emptyCursor, { segments: [segment([1, 100], [2, 200])] });
    expect(look(cursor, { segments: [segment([1, 100], [2, 200])] }).occurrences).toEqual([]);
  });

  it('that change nothing are none', () => {
    const { cursor } = look(emptyCursor, { segments: [segment([1, 100])] });
    expect(look(cursor, { segments: [segment([1, 100], [2, 100])] }).occurrences).toEqual([]);
  });

  it('keep the cursor when the segment is missing from one answer', () => {
    const { cursor } = look(emptyCursor, { segments: [segment([1, 100])] });
    const away = look(cursor, { segments: [] });
    expect(look(away.cursor, { segments: [segment([1, 100], [2, 200])] }).occurrences).toHaveLength(1);
  });
});

describe('further reads', () => {
  it('are called for only by what happened', () => {
    expect(findNews(emptyCursor, [])).toMatchObject({ readDataSources: false, readSegments: false });
    expect(findNews(emptyCursor, [job()])).toMatchObject({ readDataSources: true, readSegments: false });
  });

  it('of segments come as soon as one is evaluated, while the job around it still runs', () => {
    const tasks = [task({ operation: 'segmentation', status: 'successful' })];
    const running = job({ status: 'running', endedAt: undefined, tasks });
    expect(findNews(emptyCursor, [running])).toMatchObject({ readSegments: true });
  });
});

describe('a baseline', () => {
  it('has seen what had ended, and nothing else', () => {
    const running = job({
      jobId: 'later',
      status: 'running',
      endedAt: undefined,
      tasks: [task({ taskId: 'later' })],
    });
    const baseline = baselineOfJobs([job(), running]);
    const [seen] = look(emptyCursor, { jobs: [job()] }).occurrences;
    const ended = { ...running, status: 'failed', endedAt: start + 2_000 };
    const found = look(emptyCursor, { jobs: [job(), ended] }).occurrences;
    const after = found.find(({ occurrence }) => occurrence === 'later');
    expect(seen && isAfter(seen, baseline)).toBe(false);
    // Final in the very millisecond of the baseline, but not visible when it was read.
    expect(after && isAfter(after, baseline)).toBe(true);
  });

  it('of an empty list has seen nothing', () => {
    const [occurrence] = look(emptyCursor, { jobs: [job()] }).occurrences;
    expect(occurrence && isAfter(occurrence, baselineOfJobs([]))).toBe(true);
  });
});
