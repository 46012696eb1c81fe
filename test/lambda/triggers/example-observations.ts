/** Things that Customer Insights tells, for tests of detection. */
import { expect } from 'vitest';
import { type Decimal, toDecimal } from '../../../lambda/runtime/decimal.ts';
import { type Cursor, emptyCursor } from '../../../lambda/triggers/cursor.ts';
import { type Detection, detect, type Reads } from '../../../lambda/triggers/detect.ts';
import { jobChangesSince } from '../../../lambda/triggers/job-changes.ts';
import type {
  ObservedDataSource,
  ObservedEvaluation,
  ObservedJob,
  ObservedMeasure,
  ObservedSegment,
  ObservedTask,
} from '../../../lambda/triggers/observation.ts';
import { triggers } from '../../../lambda/triggers/registry.ts';

export const instance = { id: '5c1fbb0e-4a5b-4d0a-9f57-2f6f3b7a1c01', name: 'Contoso' };
export const start = Date.UTC(2026, 0, 10);
export const second = 1_000;
export const minute = 60 * second;
export const day = 24 * 60 * minute;

export const decimal = (value: string | number): Decimal =>
  toDecimal(value) ?? expect.fail(`${value} is not a decimal`);

export const task = (over: Partial<ObservedTask> = {}): ObservedTask => ({
  taskId: 'task-1',
  operation: 'ingestion',
  status: 'failed',
  objectName: 'Web shop',
  submittedAt: start,
  endedAt: start + second,
  errorCode: undefined,
  errorMessage: undefined,
  ...over,
});

export const job = (over: Partial<ObservedJob> = {}): ObservedJob => ({
  jobId: 'b3b2a1f0-0000-4000-8000-000000000001',
  operation: 'ingestion',
  submissionKind: 'ondemand',
  status: 'failed',
  submittedAt: start,
  endedAt: start + 2 * second,
  tasks: [task()],
  ...over,
});

export const running = { status: 'running', endedAt: undefined } as const;

/** A task of a stage, ended `at` seconds after the start unless it runs. */
export const stage = (operation: string, status: string, at?: number): ObservedTask =>
  task({
    taskId: `${operation} task`,
    operation,
    status,
    objectName: operation,
    endedAt: at === undefined ? undefined : start + at * second,
  });

export const shop: ObservedDataSource = {
  dataSourceId: 'd0000000-0000-4000-8000-000000000001',
  name: 'WebShop',
  displayName: 'Web shop',
};

/** Minutes after the start, and values. */
type Points = readonly (readonly [minute: number, value: number | string])[];

export const evaluations = (...all: Points): readonly ObservedEvaluation[] =>
  all.map(([at, value]) => ({ at: start + at * minute, value: decimal(value) }));

export const segment = (...all: Points): ObservedSegment => ({
  name: 'HighValue',
  displayName: 'High value',
  evaluations: evaluations(...all),
});

export const measure = (over: Partial<ObservedMeasure> = {}): ObservedMeasure => ({
  name: 'Revenue',
  displayName: 'Total revenue',
  scalar: true,
  lastRunId: undefined,
  evaluations: [],
  unreadable: [],
  ...over,
});

/** One look, from the job list to the cursor behind it. */
export const look = (cursor: Cursor, reads: Partial<Reads>): Detection => {
  const jobs = reads.jobs ?? [];
  const changes = jobChangesSince(cursor.jobs, jobs);
  return detect(
    triggers,
    instance,
    { cursor, changes, reads: { dataSources: [shop], ...reads, jobs } },
    start,
  );
};

/** Looks one after the other; what all of them found. */
export const looks = (...all: readonly Partial<Reads>[]) => {
  let cursor = emptyCursor;
  const occurrences = all.flatMap((reads) => {
    const detection = look(cursor, reads);
    cursor = detection.cursor;
    return detection.occurrences;
  });
  return { occurrences, cursor };
};
