import {
  earliest,
  endOf,
  isUnchangeable,
  latest,
  type ObservedJob,
  type ObservedTask,
} from './observation.ts';
import type { SourceTime } from './occurrence.ts';

/** In their order. */
const stages: readonly string[] = ['map', 'match', 'merge'];

/** The tasks of a job that unify: those of map, match and merge that were selected. */
export const unificationTasks = (job: ObservedJob): readonly ObservedTask[] =>
  job.tasks.filter(({ operation }) => stages.includes(operation));

/** A job for one stage runs it and those before it. */
const lastStageOf = (job: ObservedJob) => (stages.includes(job.operation) ? job.operation : 'merge');

/**
 * When unification ended in a job; undefined while it continues, or when the job does not unify.
 *
 * When every stage has succeeded, timed out or was canceled, and the last one is among them, it ended with
 * the last of them, while segments and measures may still be refreshed. When a stage failed or was skipped,
 * Customer Insights may still retry it, and when the last one is not listed, it may still come: then
 * unification ends with the job. What another job that shares a stage makes of it after that no longer moves
 * the end: a second poll finds the same time for the same end.
 */
export const unificationEnd = (job: ObservedJob): SourceTime | undefined => {
  const tasks = unificationTasks(job);
  if (tasks.length === 0) return undefined;
  const complete = tasks.some(({ operation }) => operation === lastStageOf(job));
  const jobEnd = endOf(job);
  if (complete && tasks.every(({ status, endedAt }) => isUnchangeable(status) && endedAt !== undefined))
    return earliest([latest(tasks.map(({ endedAt }) => endedAt)), jobEnd]);
  return jobEnd;
};
