/** The decisions of detection: pure, from what was read and how far the instance has been worked off. */
import { completionOccurrences } from './completions.ts';
import type { Cursor } from './cursor.ts';
import { dataSourceOccurrences, dataSourceTasks, unexplainedRefreshes } from './data-sources.ts';
import type { Findings } from './findings.ts';
import type { Gap } from './gap.ts';
import type { WatchedInstance } from './instance.ts';
import { followedAfter, type LostMeasure } from './measures.ts';
import type {
  ObservedDataSource,
  ObservedJob,
  ObservedMeasure,
  ObservedNode,
  ObservedSegment,
} from './observation.ts';
import type { Occurrence } from './occurrence.ts';
import { measureOccurrences, seenAfter, segmentOccurrences, unreadableValues } from './values.ts';

const measureOperations: readonly string[] = ['measures', 'attributemeasures', 'entitymeasures'];

/** Which further reads the findings call for. */
export interface Needs {
  readonly dataSources: boolean;
  readonly segments: boolean;
  readonly measures: boolean;
}

/** @param sweep everything is read, whatever the job list says */
export const needsOf = (findings: Pick<Findings, 'tasks'>, sweep: boolean): Needs => {
  const evaluated = (...operations: readonly string[]) =>
    findings.tasks.some(({ task }) => task.status === 'successful' && operations.includes(task.operation));
  return {
    dataSources: sweep || dataSourceTasks(findings).length > 0,
    segments: sweep || evaluated('segmentation'),
    measures: sweep || evaluated(...measureOperations),
  };
};

/** What was read in this look; absent where it was not. */
export interface Reads {
  readonly jobs: readonly ObservedJob[];
  readonly dataSources?: readonly ObservedDataSource[];
  readonly nodes?: readonly ObservedNode[];
  readonly segments?: readonly ObservedSegment[];
  /** Those read one by one with their history, the others as the list has them. */
  readonly measures?: readonly ObservedMeasure[];
  /** Measures that are not followed any more. */
  readonly lostMeasures?: readonly LostMeasure[];
}

export interface Detection {
  /** Oldest first. */
  readonly occurrences: readonly Occurrence[];
  readonly gaps: readonly Gap[];
  /** To be stored once every occurrence's deliveries are durably queued. */
  readonly cursor: Cursor;
}

const segmentsAfter = (
  seen: Cursor['segments'],
  segments: readonly ObservedSegment[],
): Cursor['segments'] => {
  const next = { ...seen };
  for (const { name, evaluations } of segments) {
    const after = seenAfter(seen[name], evaluations);
    if (after) next[name] = after;
  }
  return next;
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

/**
 * Turns what was read into occurrences and the cursor behind them.
 * @param now epoch ms of our clock at which the reads began
 */
export const detect = (
  instance: WatchedInstance,
  cursor: Cursor,
  findings: Findings,
  reads: Reads,
  now: number,
): Detection => {
  const { jobs, dataSources = [], nodes = [], segments = [], measures = [], lostMeasures = [] } = reads;
  const comparable = measures.filter(({ scalar }) => scalar !== false);
  const occurrences: Occurrence[] = [
    ...dataSourceOccurrences(instance, findings, dataSources, nodes),
    ...completionOccurrences(instance, findings),
    ...segmentOccurrences(instance, cursor.segments, segments),
    ...measureOccurrences(instance, cursor.measures, comparable),
  ].sort((a, b) => a.finalAt - b.finalAt || (a.eventId < b.eventId ? -1 : 1));
  return {
    occurrences,
    gaps: [
      ...findings.gaps,
      ...unexplainedRefreshes(cursor.dataSources, dataSources, jobs),
      ...unreadableValues(cursor.measures, comparable),
    ],
    cursor: {
      jobs: findings.jobs,
      segments: segmentsAfter(cursor.segments, segments),
      measures: followedAfter(cursor.measures, comparable, lostMeasures),
      dataSources: dataSourcesAfter(cursor.dataSources, dataSources),
      valuesReadAt: reads.segments && reads.measures ? now : cursor.valuesReadAt,
    },
  };
};
