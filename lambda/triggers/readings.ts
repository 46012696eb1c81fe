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
            reason: `The data source "${displayName}" was refreshed, but no listed job refreshed it.`,
          },
        ];
  });
};

/**
 * What detection forgets, so that the cursor holds what there is now and not all that ever was: an instance may make
 * and delete segments every day for years.
 */
export interface Gone {
  readonly measures: readonly LostMeasure[];
  readonly segments: readonly string[];
  /** Ids. */
  readonly dataSources: readonly string[];
}

/** Names that were seen and are not listed. */
export const missingNames = (
  seen: Readonly<Record<string, unknown>>,
  listed: readonly ({ readonly dataSourceId: string } | { readonly name: string })[],
): readonly string[] => {
  const names = new Set(listed.map((each) => ('dataSourceId' in each ? each.dataSourceId : each.name)));
  return Object.keys(seen).filter((name) => !names.has(name));
};

const without = <Value>(seen: Readonly<Record<string, Value>>, names: readonly string[]) => {
  const forgotten = new Set(names);
  return Object.fromEntries(Object.entries(seen).filter(([name]) => !forgotten.has(name)));
};

const dataSourcesAfter = (
  seen: Cursor['dataSources'],
  sources: readonly ObservedDataSource[],
  gone: readonly string[],
): Cursor['dataSources'] => ({
  ...without(seen, gone),
  ...Object.fromEntries(
    sources.flatMap(({ dataSourceId, lastRefresh }) =>
      lastRefresh === undefined || lastRefresh < (seen[dataSourceId] ?? 0)
        ? []
        : [[dataSourceId, lastRefresh]],
    ),
  ),
});

const segmentsAfter = ({ cursor, segments }: Observed, gone: readonly string[]): Cursor['segments'] => {
  const next = { ...without(cursor.segments, gone) };
  for (const { name, evaluations } of segments) {
    const after = seenAfter(next[name], evaluations);
    if (after) next[name] = after;
  }
  return next;
};

interface Reading {
  readonly gaps: (observed: Observed) => readonly Gap[];
  /** Its part of the cursor once everything observed has been handled. */
  readonly after: (observed: Observed, gone: Gone) => Partial<Cursor>;
}

export const readings: Readonly<Record<Read, Reading>> = {
  dataSources: {
    gaps: ({ cursor, dataSources, jobs }) => unexplainedRefreshes(cursor.dataSources, dataSources, jobs),
    after: ({ cursor, dataSources }, gone) => ({
      dataSources: dataSourcesAfter(cursor.dataSources, dataSources, gone.dataSources),
    }),
  },
  segments: {
    gaps: () => [],
    after: (observed, gone) => ({ segments: segmentsAfter(observed, gone.segments) }),
  },
  measures: {
    gaps: ({ cursor, measures }) => unreadableValues(cursor.measures, measures),
    after: ({ cursor, measures }, gone) => ({
      measures: followedAfter(cursor.measures, measures, gone.measures),
    }),
  },
};
