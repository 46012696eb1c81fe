import { emptyCursor } from './cursor.ts';
import { evaluationId } from './evaluations.ts';
import { jobChangesSince } from './job-changes.ts';
import type { ObservedEvaluation, ObservedJob } from './observation.ts';
import type { Occurrence, SourceTime } from './occurrence.ts';

/**
 * What had already happened when a subscription was registered, in the source's own time, so that clocks need
 * not agree: what became final at or before `at` is older than the subscription.
 */
export interface Baseline {
  readonly at: SourceTime;
  /** Occurrences final exactly at `at` that were already visible: the source's times may be whole seconds. */
  readonly occurrences: readonly string[];
  /** Occurrences that were visible and dated in the future, which the time alone would take for later ones. */
  readonly ahead?: Readonly<Record<string, SourceTime>>;
}

/** Nothing had happened yet. */
export const emptyBaseline: Baseline = { at: 0, occurrences: [] };

/**
 * Baseline of a subscription to ends of jobs and tasks, from the job list read before it is confirmed.
 * @param believedUntil the latest time of the source that is believed
 */
export const baselineOfJobs = (
  jobs: readonly ObservedJob[],
  believedUntil = Number.POSITIVE_INFINITY,
): Baseline => {
  const { tasks, unifications, fullRefreshes } = jobChangesSince(emptyCursor.jobs, jobs, {
    believedUntil,
  });
  const final = [
    ...tasks.map(({ task, finalAt }) => ({ id: task.taskId, at: finalAt })),
    ...[...unifications, ...fullRefreshes].map(({ job, finalAt }) => ({ id: job.jobId, at: finalAt })),
  ];
  const ahead = final.filter((entry) => entry.at > believedUntil);
  const at = Math.max(0, ...final.filter((entry) => entry.at <= believedUntil).map((entry) => entry.at));
  return {
    at,
    occurrences: [...new Set(final.filter((entry) => entry.at === at).map(({ id }) => id))].sort(),
    ...(ahead.length > 0 && { ahead: Object.fromEntries(ahead.map((entry) => [entry.id, entry.at])) }),
  };
};

/** Baseline of a subscription to values, from the last successful evaluation read before it is confirmed. */
export const baselineOfValue = (last: ObservedEvaluation | undefined): Baseline =>
  last ? { at: last.at, occurrences: [evaluationId(last)] } : emptyBaseline;

/** Whether an occurrence is owed to a subscription with this baseline. */
export const isAfter = (
  { finalAt, occurrence }: Pick<Occurrence, 'finalAt' | 'occurrence'>,
  baseline: Baseline,
): boolean =>
  (finalAt > baseline.at && baseline.ahead?.[occurrence] !== finalAt) ||
  (finalAt === baseline.at && !baseline.occurrences.includes(occurrence));
