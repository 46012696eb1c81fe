import type { ObservedJob } from './observation.ts';
import { isTerminal } from './observation.ts';
import type { Occurrence, SourceTime } from './occurrence.ts';

/**
 * What had already happened when a subscription was registered, in the source's own time, so that clocks need not agree:
 * what became final at or before `at` is older than the subscription.
 */
export interface Baseline {
  readonly at: SourceTime;
  /** Occurrences final exactly at `at` that were already visible: the source's times may be whole seconds. */
  readonly occurrences: readonly string[];
}

/** Nothing had happened yet. */
export const emptyBaseline: Baseline = { at: 0, occurrences: [] };

/** Baseline of a subscription to ended tasks, from the job list read before it is confirmed. */
export const baselineOfJobs = (jobs: readonly ObservedJob[]): Baseline => {
  const ended = jobs.flatMap((job) => {
    const tasks = job.tasks.flatMap((task) =>
      isTerminal(task.status) &&
      task.endedAt !== undefined &&
      (isTerminal(job.status) || task.status === 'timedout')
        ? [{ id: task.taskId, at: task.endedAt }]
        : [],
    );
    // A task becomes final with its job, so the job's end counts for each of its tasks.
    return isTerminal(job.status) && job.endedAt !== undefined
      ? [...tasks, ...job.tasks.map((task) => ({ id: task.taskId, at: job.endedAt ?? 0 }))]
      : tasks;
  });
  const at = Math.max(0, ...ended.map((entry) => entry.at));
  return {
    at,
    occurrences: [...new Set(ended.filter((entry) => entry.at === at).map(({ id }) => id))].sort(),
  };
};

/** Whether an occurrence is owed to a subscription with this baseline. */
export const isAfter = (
  { finalAt, occurrence }: Pick<Occurrence, 'finalAt' | 'occurrence'>,
  baseline: Baseline,
): boolean =>
  finalAt > baseline.at || (finalAt === baseline.at && !baseline.occurrences.includes(occurrence));
