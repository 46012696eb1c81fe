/** What a job list says happened since the cursor, pure. */
import { dayMs } from '../runtime/time.ts';
import {
  type DetectionStart,
  endMark,
  failuresKept,
  horizonMs,
  type JobCursor,
  lateVisibilityMs,
  type OpenJob,
  unificationMark,
} from './cursor.ts';
import type { Gap } from './gap.ts';
import { isMissed, neededBackTo, oldestOf } from './job-list-reach.ts';
import {
  endOf,
  isTerminal,
  isUnchangeable,
  latest,
  type ObservedJob,
  type ObservedTask,
  submissionOf,
} from './observation.ts';
import type { SourceTime } from './occurrence.ts';
import { unificationEnd } from './unification.ts';

export { reachesBack } from './job-list-reach.ts';

/** A task that can no longer change, with the job it is reported under. */
export interface FinalTask {
  readonly task: ObservedTask;
  readonly jobId: string;
  /** Every listed job that contains it. */
  readonly jobIds: readonly string[];
  readonly finalAt: SourceTime;
  /** When it was final without success before: its job seemed to have ended, and was retried anyway. */
  readonly failedAt?: SourceTime;
}

/** A refresh of several things that is over. */
export interface JobEnd {
  readonly job: ObservedJob;
  readonly finalAt: SourceTime;
}

export interface JobChanges {
  /** Oldest first, as the two lists below. */
  readonly tasks: readonly FinalTask[];
  readonly fullRefreshes: readonly JobEnd[];
  readonly unifications: readonly JobEnd[];
  readonly gaps: readonly Gap[];
  /** The cursor behind them. */
  readonly jobs: JobCursor;
}

const byTime = (a: { readonly finalAt: SourceTime }, b: { readonly finalAt: SourceTime }) =>
  a.finalAt - b.finalAt;

/** Whether a job has been processed to its end. */
const isWorkedOff = (cursor: JobCursor, job: ObservedJob): boolean => {
  if (cursor.closed[job.jobId] !== undefined) return true;
  const submittedAt = submissionOf(job);
  return (
    cursor.open[job.jobId] === undefined &&
    submittedAt !== undefined &&
    submittedAt <= cursor.seenUntil - lateVisibilityMs
  );
};

/** What a job list is judged by beside the cursor. */
export interface JobListContext {
  /** The latest time of the source that is believed. Absent: any. */
  readonly believedUntil?: SourceTime;
  /** Of the instance; absent without a registration for its jobs. */
  readonly start?: DetectionStart | undefined;
  /** Fewer jobs were asked for than were wanted, because the answer would have been too large. */
  readonly cut?: boolean;
}

interface TaskInJobs {
  readonly task: ObservedTask;
  readonly parents: readonly ObservedJob[];
}

/** Every task with the listed jobs that contain it, the first submitted one first. */
const tasksWithJobs = (jobs: readonly ObservedJob[]): ReadonlyMap<string, TaskInJobs> => {
  const byTaskId = new Map<string, { task: ObservedTask; parents: ObservedJob[] }>();
  const oldestFirst = [...jobs].sort((a, b) => (submissionOf(a) ?? 0) - (submissionOf(b) ?? 0));
  for (const job of oldestFirst)
    for (const task of job.tasks) {
      const known = byTaskId.get(task.taskId);
      if (known) known.parents.push(job);
      else byTaskId.set(task.taskId, { task, parents: [job] });
    }
  return byTaskId;
};

const isOver = ({ parents }: TaskInJobs) => parents.every((job) => isTerminal(job.status));

/**
 * When a task became final; undefined while it can still change. Customer Insights retries what has failed by
 * itself and has no status for "will be retried", so a failed or skipped task is final only when every listed
 * job that contains it has ended. A success, a time-out and a cancellation are final at once, however long
 * the rest of the job takes.
 */
const finalTime = (byTaskId: TaskInJobs): SourceTime | undefined => {
  const { task, parents } = byTaskId;
  if (isUnchangeable(task.status) && task.endedAt !== undefined) return task.endedAt;
  return isTerminal(task.status) && isOver(byTaskId)
    ? latest([task.endedAt, ...parents.map(endOf)])
    : undefined;
};

const finalTasks = (
  cursor: JobCursor,
  byTaskId: ReadonlyMap<string, TaskInJobs>,
  workedOff: ReadonlySet<ObservedJob>,
): readonly FinalTask[] => {
  const isHandled = ({ task, parents }: TaskInJobs) =>
    parents.some((job) => workedOff.has(job) || cursor.open[job.jobId]?.marks.includes(task.taskId));
  const found: FinalTask[] = [];
  for (const each of byTaskId.values()) {
    const { task, parents } = each;
    const failedAt = task.status === 'successful' ? cursor.failed?.[task.taskId] : undefined;
    if (failedAt === undefined && isHandled(each)) continue;
    const [first] = parents;
    const finalAt = finalTime(each);
    if (first !== undefined && finalAt !== undefined)
      found.push({
        task,
        jobId: first.jobId,
        jobIds: parents.map(({ jobId }) => jobId),
        finalAt,
        ...(failedAt !== undefined && { failedAt }),
      });
  }
  return found;
};

/** Tasks that are final without success, or were and are being retried. */
const failedAfter = (
  { failed: before = {} }: JobCursor,
  byTaskId: ReadonlyMap<string, TaskInJobs>,
): Pick<JobCursor, 'failed'> => {
  const failed: (readonly [string, SourceTime])[] = [];
  for (const each of byTaskId.values()) {
    const { taskId, status } = each.task;
    if (isUnchangeable(status)) continue;
    const at = before[taskId] ?? (isTerminal(status) ? finalTime(each) : undefined);
    if (at !== undefined) failed.push([taskId, at]);
  }
  const newest = failed.sort(([, a], [, b]) => b - a).slice(0, failuresKept);
  return newest.length === 0 ? {} : { failed: Object.fromEntries(newest) };
};

/** Ends of jobs that carry no mark yet. */
const newEnds = (
  cursor: JobCursor,
  live: readonly ObservedJob[],
  mark: string,
  finalTimeOf: (job: ObservedJob) => SourceTime | undefined,
): readonly JobEnd[] =>
  live.flatMap((job) => {
    const finalAt = finalTimeOf(job);
    return finalAt === undefined || cursor.open[job.jobId]?.marks.includes(mark) ? [] : [{ job, finalAt }];
  });

/** The cursor once everything found has been handled. */
const advanced = (
  cursor: JobCursor,
  jobs: readonly ObservedJob[],
  byTaskId: ReadonlyMap<string, TaskInJobs>,
  {
    workedOff,
    oldest,
    believed,
  }: {
    readonly workedOff: ReadonlySet<ObservedJob>;
    readonly oldest: SourceTime | undefined;
    readonly believed: SourceTime;
  },
): JobCursor => {
  // A job of the far future moves nothing: later jobs would seem to be older than what was processed.
  const submissions = jobs.map(submissionOf).filter((at) => at !== undefined && at <= believed);
  const seenUntil = latest([cursor.seenUntil, ...submissions]) ?? 0;
  const listed = new Set(jobs.map(({ jobId }) => jobId));
  const open: Record<string, OpenJob> = {};
  const closed: Record<string, SourceTime> = {};
  const close = (jobId: string, submittedAt: SourceTime) => {
    if (submittedAt > seenUntil - lateVisibilityMs) closed[jobId] = submittedAt;
  };
  for (const [jobId, submittedAt] of Object.entries(cursor.closed)) close(jobId, submittedAt);
  // A job that the list should reach and no longer contains stays open until the list has left it behind.
  for (const [jobId, job] of Object.entries(cursor.open))
    if (!listed.has(jobId) && (oldest === undefined || job.submittedAt >= oldest)) open[jobId] = job;
  for (const job of jobs) {
    const submittedAt = Math.min(submissionOf(job) ?? seenUntil, believed);
    if (workedOff.has(job)) {
      // Its age would not tell that it was processed, so it is remembered for as long as it is listed.
      if (submittedAt === believed) close(job.jobId, believed);
      continue;
    }
    const tasks = job.tasks.flatMap(({ taskId }) => byTaskId.get(taskId) ?? []);
    if (endOf(job) !== undefined && tasks.every(isOver)) {
      close(job.jobId, submittedAt);
      continue;
    }
    const marks = [
      ...tasks.filter((task) => finalTime(task) !== undefined).map(({ task }) => task.taskId),
      ...(unificationEnd(job) !== undefined ? [unificationMark] : []),
      ...(endOf(job) !== undefined ? [endMark] : []),
    ];
    open[job.jobId] = { submittedAt, marks };
  }
  return {
    seenUntil,
    ...failedAfter(cursor, byTaskId),
    open,
    closed,
  };
};

/** What happened since the cursor. */
export const jobChangesSince = (
  cursor: JobCursor,
  jobs: readonly ObservedJob[],
  { believedUntil = Number.POSITIVE_INFINITY, start, cut = false }: JobListContext = {},
): JobChanges => {
  const byTaskId = tasksWithJobs(jobs);
  const workedOff = new Set(jobs.filter((job) => isWorkedOff(cursor, job)));
  const live = jobs.filter((job) => !workedOff.has(job));
  const oldest = oldestOf(jobs);
  const times = jobs.flatMap((job) => [job.submittedAt, job.endedAt]);
  const newest = latest(times.filter((at) => at !== undefined && at <= believedUntil)) ?? 0;
  const horizon = newest - horizonMs;
  const needed = neededBackTo(cursor, start);
  // What ended before the first registration is due to no subscription.
  const promisedFrom = cursor.seenUntil === 0 ? (needed?.from ?? Number.POSITIVE_INFINITY) : 0;
  const beyond: SourceTime[] = [];
  const within = <Found extends { readonly finalAt: SourceTime }>(found: readonly Found[]) =>
    found
      .filter(({ finalAt }) => {
        if (finalAt <= horizon && finalAt > promisedFrom) beyond.push(finalAt);
        return finalAt > horizon;
      })
      .sort(byTime);
  const tasks = within(finalTasks(cursor, byTaskId, workedOff));
  const unifications = within(newEnds(cursor, live, unificationMark, unificationEnd));
  const fullRefreshes = within(
    newEnds(
      cursor,
      live.filter(({ operation }) => operation === 'all'),
      endMark,
      endOf,
    ),
  );
  const gaps: Gap[] = [];
  if (needed !== undefined && oldest !== undefined && isMissed(needed, oldest, { jobs, cut }))
    gaps.push({
      kind: 'jobs',
      from: Math.min(needed.from, oldest),
      to: oldest,
      reason: `The oldest of ${jobs.length} jobs listed is newer than the last processed job.${cut ? ' A longer list is too large for one response.' : ''}`,
    });
  if (beyond.length > 0)
    gaps.push({
      kind: 'jobs',
      from: Math.min(...beyond),
      to: Math.max(...beyond),
      reason: `${beyond.length} ends of jobs and tasks lie more than ${horizonMs / dayMs} days back.`,
    });
  const next = advanced(cursor, jobs, byTaskId, { workedOff, oldest, believed: believedUntil });
  return { tasks, fullRefreshes, unifications, gaps, jobs: next };
};

/** How far back the first look must reach, for a registration that has read this job list. */
export const detectionStart = (
  jobs: readonly ObservedJob[],
  at: number,
  believedUntil: SourceTime,
): DetectionStart => {
  const { jobs: seen } = jobChangesSince({ seenUntil: 0, open: {}, closed: {} }, jobs, { believedUntil });
  return { jobsFrom: neededBackTo(seen, undefined)?.jobsFrom ?? 0, at };
};
