/**
 * What each read of a poll is besides the triggers made of it, pure: its part of the cursor, and the gaps
 * that it shows.
 */
import { minuteMs } from '../runtime/time.ts';
import type { Cursor } from './cursor.ts';
import { seenAfter, unreadableValues } from './evaluations.ts';
import type { Gap } from './gap.ts';
import { followedAfter, type LostMeasure } from './measures.ts';
import type { ObservedDataSource, ObservedJob } from './observation.ts';
import type { SourceTime } from './occurrence.ts';
import type { Observed, Read } from './trigger-definition.ts';

/** The last refresh that a source tells of and the end of the task that did it may differ by this, ms. */
const refreshToleranceMs = 15 * minuteMs;

/**
 * Refreshes that a source says it had and no listed task accounts for: their events, if any, are missing.
 * @param seen last refreshes known before; a source that is missing here is read for the first time
 */
export const unexplainedRefreshes = (
  seen: Readonly<Record<string, SourceTime>>,
  sources: readonly ObservedDataSource[],
  jobs: readonly ObservedJob[],
): readonly Gap[] => {
  const tasks = jobs.flatMap((job) => job.tasks).filter(({ operation }) => operation === 'ingestion');
  return sources.flatMap(({ dataSourceId, name, displayName, lastRefresh }) => {
    const before = seen[dataSourceId];
    if (before === undefined || lastRefresh === undefined || lastRefresh <= before) return [];
    const accounted = tasks.some(
      (task) =>
        (task.objectName === displayName || task.objectName === name) &&
        (task.endedAt === undefined || task.endedAt >= lastRefresh - refreshToleranceMs),
    );
    return accounted
      ? []
      : [
          {
            kind: 'data source',
            subject: dataSourceId,
            from: before,
            to: lastRefresh,
            reason: `The data source "${displayName}" was refreshed, but no job that did it is listed.`,
          },
        ];
  });
};

const dataSourcesAfter = (
  seen: Cursor['dataSources'],
  sources: readonly ObservedDataSource[],
): Cursor['dataSources'] => ({
  ...seen,
  ...Object.fromEntries(
    sources.flatMap(({ dataSourceId, lastRefresh }) =>
      lastRefresh === undefined || lastRefresh < (seen[dataSourceId] ?? 0)
        ? []
        : [[dataSourceId, lastRefresh]],
    ),
  ),
});

const segmentsAfter = ({ cursor, segments }: Observed): Cursor['segments'] => {
  const next = { ...cursor.segments };
  for (const { name, evaluations } of segments) {
    const after = seenAfter(next[name], evaluations);
    if (after) next[name] = after;
  }
  return next;
};

interface Reading {
  readonly gaps: (observed: Observed) => readonly Gap[];
  /** Its part of the cursor once everything observed has been handled. */
  readonly after: (observed: Observed, lostMeasures: readonly LostMeasure[]) => Partial<Cursor>;
}

export const readings: Readonly<Record<Read, Reading>> = {
  dataSources: {
    gaps: ({ cursor, dataSources, jobs }) => unexplainedRefreshes(cursor.dataSources, dataSources, jobs),
    after: ({ cursor, dataSources }) => ({ dataSources: dataSourcesAfter(cursor.dataSources, dataSources) }),
  },
  segments: { gaps: () => [], after: (observed) => ({ segments: segmentsAfter(observed) }) },
  measures: {
    gaps: ({ cursor, measures }) => unreadableValues(cursor.measures, measures),
    after: ({ cursor, measures }, lost) => ({ measures: followedAfter(cursor.measures, measures, lost) }),
  },
};
