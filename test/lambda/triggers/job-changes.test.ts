import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { baselineOfJobs, baselineOfValue, isAfter } from '../../../lambda/triggers/baseline.ts';
import { emptyCursor, horizonMs, type JobCursor, lateVisibilityMs } from '../../../lambda/triggers/cursor.ts';
import { jobChangesSince, reachesBack } from '../../../lambda/triggers/job-changes.ts';
import type { ObservedJob } from '../../../lambda/triggers/observation.ts';
import { day, decimal, job, look, minute, running, second, stage, start, task } from './example.ts';

/*
 * State: the newest job seen, the jobs still open with what of them has been handled, the newest jobs closed.
 * Events: looks at job lists: jobs appear (some late), run, end; old ones drop out of the list.
 * Invariants:
 *  - whatever ends is found exactly once, in whichever look it is first seen as final;
 *  - what is remembered does not grow with what has happened;
 *  - a list that does not reach back to what was worked off last is a gap, reported once.
 */

const empty = emptyCursor.jobs;
const numbered = (index: number, over: Partial<ObservedJob> = {}): ObservedJob => {
  const submittedAt = start + index * minute;
  const endedAt = submittedAt + 30 * second;
  return job({
    jobId: `job ${index}`,
    submittedAt,
    endedAt,
    tasks: [task({ taskId: `task ${index}`, endedAt })],
    ...over,
  });
};
const ended = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, index) => numbered(to - 1 - index));
const idsOf = ({ tasks }: ReturnType<typeof jobChangesSince>) => tasks.map((found) => found.task.taskId);

describe('what is remembered', () => {
  it('is of jobs that ended only the newest, for those that become visible late', () => {
    let cursor: JobCursor = empty;
    for (let hour = 1; hour <= 100; hour += 1) {
      const list = ended(Math.max(0, hour * 60 - 50), hour * 60);
      cursor = jobChangesSince(cursor, list).jobs;
    }
    expect(cursor.open).toEqual({});
    expect(Object.keys(cursor.closed).length).toBeLessThanOrEqual(lateVisibilityMs / minute);
  });

  it('is of a job that runs what has been handled of it, until it has ended', () => {
    const tasks = [stage('ingestion', 'successful', 1), stage('map', 'running')];
    const { jobs } = jobChangesSince(empty, [job({ operation: 'all', ...running, tasks })]);
    expect(jobs.open[job().jobId]?.marks).toEqual(['ingestion task']);
    const over = job({ operation: 'all', tasks: [tasks[0] ?? task(), stage('map', 'successful', 2)] });
    expect(jobChangesSince(jobs, [over]).jobs).toMatchObject({ open: {}, closed: { [job().jobId]: start } });
  });

  it('is of a canceled job whose task another job still needs that it has ended', () => {
    const shared = stage('ingestion', 'running');
    const canceled = job({ operation: 'all', status: 'aborted', tasks: [shared] });
    const other = job({ jobId: 'other', ...running, tasks: [shared] });
    const first = jobChangesSince(empty, [canceled, other]);
    expect(first.fullRefreshes).toHaveLength(1);
    expect(first.jobs.open[canceled.jobId]?.marks).toEqual(['end']);
    const failed = { ...shared, status: 'failed', endedAt: start + minute };
    const again = jobChangesSince(first.jobs, [
      { ...canceled, tasks: [failed] },
      { ...other, status: 'failed', endedAt: start + minute, tasks: [failed] },
    ]);
    expect(again.fullRefreshes).toEqual([]);
    expect(idsOf(again)).toEqual(['ingestion task']);
    expect(again.jobs.open).toEqual({});
  });
});

describe('a job that becomes visible late', () => {
  const known = jobChangesSince(empty, ended(0, 10)).jobs;

  it('is worked off', () => {
    const late = numbered(3, { jobId: 'late', tasks: [task({ taskId: 'late task' })] });
    expect(idsOf(jobChangesSince(known, [late, ...ended(0, 10)]))).toEqual(['late task']);
  });

  it('is taken for an old one when it is later than hours', () => {
    const newest = start + 9 * minute;
    const late = numbered(3, { jobId: 'late', submittedAt: newest - lateVisibilityMs });
    expect(jobChangesSince(known, [late, ...ended(0, 10)]).tasks).toEqual([]);
  });
});

describe('a job list', () => {
  const known = jobChangesSince(empty, ended(0, 10)).jobs;

  it('reaches back when it holds what was worked off last', () => {
    expect(reachesBack(empty, ended(100, 110))).toBe(true);
    expect(reachesBack(known, ended(9, 12))).toBe(true);
    expect(reachesBack(known, ended(10, 60))).toBe(false);
    expect(reachesBack(known, [])).toBe(true);
  });

  it('reaches back when it holds the oldest job that is not over, too', () => {
    const open = jobChangesSince(empty, [numbered(5), numbered(2, running)]).jobs;
    expect(reachesBack(open, ended(3, 20))).toBe(false);
    expect(reachesBack(open, ended(2, 20))).toBe(true);
  });

  it('that does not is a gap, reported once; what it does hold is worked off', () => {
    const after = jobChangesSince(known, ended(30, 80));
    expect(after.tasks).toHaveLength(50);
    expect(after.gaps).toMatchObject([{ kind: 'jobs', from: start + 9 * minute, to: start + 30 * minute }]);
    expect(jobChangesSince(after.jobs, ended(31, 81)).gaps).toEqual([]);
  });

  it('that has left an open job behind gives it up', () => {
    const open = jobChangesSince(empty, [numbered(5), numbered(2, running)]).jobs;
    const after = jobChangesSince(open, ended(4, 60));
    expect(after.gaps).toMatchObject([{ from: start + 2 * minute, to: start + 4 * minute }]);
    expect(after.jobs.open).toEqual({});
  });

  it('whose jobs ended before the horizon is a gap, but not at the first look', () => {
    const recent = numbered(1, {
      jobId: 'recent',
      submittedAt: start + horizonMs + day,
      ...running,
      tasks: [],
    });
    const list = [recent, numbered(20), numbered(9)];
    expect(jobChangesSince(empty, list).gaps).toEqual([]);
    expect(jobChangesSince(known, list).gaps).toMatchObject([
      { kind: 'jobs', to: start + 20 * minute + 30 * second },
    ]);
  });

  it('with jobs whose times are missing is worked off all the same, once', () => {
    const timeless = numbered(1, { submittedAt: undefined });
    const first = jobChangesSince(known, [timeless, ...ended(0, 10)]);
    expect(jobChangesSince(first.jobs, [timeless, ...ended(0, 10)]).tasks).toEqual([]);
  });
});

describe('however looks fall', () => {
  it('everything that ends is found exactly once', () => {
    const course = fc.record({
      submitted: fc.integer({ min: 0, max: 600 }),
      lasts: fc.integer({ min: 1, max: 400 }),
      operation: fc.constantFrom('all', 'ingestion', 'merge'),
      fails: fc.boolean(),
      visibleAfter: fc.integer({ min: 0, max: 120 }),
    });
    fc.assert(
      fc.property(
        fc.array(course, { minLength: 1, maxLength: 12 }),
        fc.array(fc.integer({ min: 1, max: 90 }), { maxLength: 40 }),
        (courses, waits) => {
          const at = (time: number): readonly ObservedJob[] =>
            courses.flatMap(({ submitted, lasts, operation, fails, visibleAfter }, index) => {
              if (time < submitted + visibleAfter) return [];
              const over = time >= submitted + lasts;
              const failing = fails && time >= submitted + lasts / 2;
              const status = over ? (fails ? 'failed' : 'successful') : failing ? 'failed' : 'running';
              const endedAt = over || failing ? start + (submitted + lasts) * second : undefined;
              const tasks = [operation === 'ingestion' ? 'ingestion' : 'merge'].map((kind) =>
                task({ taskId: `task ${index}`, operation: kind, status, endedAt }),
              );
              return [
                job({
                  jobId: `job ${index}`,
                  operation,
                  status: over ? status : 'running',
                  submittedAt: start + submitted * second,
                  endedAt: over ? start + (submitted + lasts) * second : undefined,
                  tasks,
                }),
              ];
            });
          let cursor: JobCursor = empty;
          const found: string[] = [];
          let time = 0;
          for (const wait of [...waits, 2_000, 2_000]) {
            time += wait;
            const changes = jobChangesSince(cursor, at(time));
            expect(changes.gaps).toEqual([]);
            found.push(
              ...changes.tasks.map((each) => each.task.taskId),
              ...changes.fullRefreshes.map((end) => `full ${end.job.jobId}`),
              ...changes.unifications.map((end) => `unification ${end.job.jobId}`),
            );
            cursor = changes.jobs;
          }
          const expected = courses.flatMap(({ operation }, index) => [
            `task ${index}`,
            ...(operation === 'all' ? [`full job ${index}`] : []),
            ...(operation === 'ingestion' ? [] : [`unification job ${index}`]),
          ]);
          expect(found.sort()).toEqual(expected.sort());
          expect(cursor.open).toEqual({});
        },
      ),
      { numRuns: 500 },
    );
  });
});

describe('a baseline', () => {
  it('has seen what had ended, and nothing else', () => {
    const later = job({ jobId: 'later', ...running, tasks: [task({ taskId: 'later' })] });
    const baseline = baselineOfJobs([job(), later]);
    const [seen] = look(emptyCursor, { jobs: [job()] }).occurrences;
    const over = { ...later, status: 'failed', endedAt: start + 2 * second };
    const found = look(emptyCursor, { jobs: [job(), over] }).occurrences;
    const after = found.find(({ occurrence }) => occurrence === 'later');
    expect(seen && isAfter(seen, baseline)).toBe(false);
    // Final in the very millisecond of the baseline, but not visible when it was read.
    expect(after && isAfter(after, baseline)).toBe(true);
  });

  it('has seen unification that was over while its job still ran, not the end of that job', () => {
    const tasks = [
      stage('map', 'successful', 1),
      stage('match', 'successful', 2),
      stage('merge', 'successful', 3),
    ];
    const going = job({ operation: 'all', ...running, tasks: [...tasks, stage('segmentation', 'running')] });
    const baseline = baselineOfJobs([going]);
    const over = { ...going, status: 'successful', endedAt: start + 9 * second, tasks };
    const found = look(emptyCursor, { jobs: [over] }).occurrences;
    expect(found.map((each) => [each.trigger, isAfter(each, baseline)])).toEqual([
      ['OnUnificationRefreshCompleted', false],
      ['OnFullRefreshCompleted', true],
    ]);
  });

  it('of an empty list has seen nothing', () => {
    const [occurrence] = look(emptyCursor, { jobs: [job()] }).occurrences;
    expect(occurrence && isAfter(occurrence, baselineOfJobs([]))).toBe(true);
  });

  it('of a value has seen its last evaluation, under the id that detection gives it', () => {
    const baseline = baselineOfValue({ at: start, value: decimal(1), runId: 'run' });
    expect(isAfter({ finalAt: start, occurrence: 'run' }, baseline)).toBe(false);
    expect(isAfter({ finalAt: start + 1, occurrence: 'next' }, baseline)).toBe(true);
    expect(baselineOfValue(undefined)).toEqual({ at: 0, occurrences: [] });
  });
});
