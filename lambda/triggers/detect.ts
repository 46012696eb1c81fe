/** The decisions of detection: pure, from what was read and how far the instance has been processed. */
import type { Cursor } from './cursor.ts';
import type { Gap } from './gap.ts';
import type { WatchedInstance } from './instance.ts';
import type { FinalTask, JobChanges } from './job-changes.ts';
import type { LostMeasure } from './measures.ts';
import type {
  ObservedDataSource,
  ObservedJob,
  ObservedMeasure,
  ObservedNode,
  ObservedSegment,
} from './observation.ts';
import type { Occurrence } from './occurrence.ts';
import { type Gone, missingNames, readings } from './readings.ts';
import type { Observed, Read } from './trigger-definition.ts';
import { occurrencesIn, type Triggers, tasksCallingFor } from './trigger-set.ts';

export type Needs = Readonly<Record<Read, boolean>>;

/**
 * Which further reads the finished tasks call for.
 * @param sweep everything is read, whatever the job list says
 */
export const needsOf = (triggers: Triggers, tasks: readonly FinalTask[], sweep: boolean): Needs => {
  const needed = (read: Read) => sweep || tasksCallingFor(triggers, read, tasks).length > 0;
  return {
    dataSources: needed('dataSources'),
    segments: needed('segments'),
    measures: needed('measures'),
  };
};

/** What was read in this poll; absent where it was not. */
export interface Reads {
  readonly jobs: readonly ObservedJob[];
  readonly dataSources?: readonly ObservedDataSource[];
  readonly nodes?: readonly ObservedNode[];
  readonly segments?: readonly ObservedSegment[];
  /** Those read one by one with their history, the others as the list has them. */
  readonly measures?: readonly ObservedMeasure[];
  /** Measures that can no longer be followed. */
  readonly lostMeasures?: readonly LostMeasure[];
  /** Names of segments that the source no longer lists and no subscription follows. */
  readonly goneSegments?: readonly string[];
}

/**
 * The reads as the triggers get them: nothing where nothing was read, and no measure that has several values.
 */
export const observedIn = (cursor: Cursor, changes: JobChanges, reads: Reads): Observed => {
  const { jobs, dataSources = [], nodes = [], segments = [], measures = [] } = reads;
  const comparable = measures.filter(({ scalar }) => scalar !== false);
  return { cursor, changes, jobs, dataSources, nodes, segments, measures: comparable };
};

export interface Detection {
  /** Oldest first. */
  readonly occurrences: readonly Occurrence[];
  readonly gaps: readonly Gap[];
  /** To be stored once every occurrence's deliveries are durably queued. */
  readonly cursor: Cursor;
}

/**
 * Turns what was read into occurrences and the cursor behind them.
 * @param now epoch ms of our clock at which the reads began
 */
export const detect = (
  triggers: Triggers,
  instance: WatchedInstance,
  {
    cursor,
    changes,
    reads,
  }: { readonly cursor: Cursor; readonly changes: JobChanges; readonly reads: Reads },
  now: number,
): Detection => {
  const observed = observedIn(cursor, changes, reads);
  const gone: Gone = {
    measures: reads.lostMeasures ?? [],
    segments: reads.goneSegments ?? [],
    dataSources: reads.dataSources ? missingNames(cursor.dataSources, reads.dataSources) : [],
  };
  let next: Cursor = {
    ...cursor,
    jobs: changes.jobs,
    valuesReadAt: reads.segments && reads.measures ? now : cursor.valuesReadAt,
  };
  const gaps = [...changes.gaps];
  for (const reading of Object.values(readings)) {
    next = { ...next, ...reading.after(observed, gone) };
    gaps.push(...reading.gaps(observed));
  }
  return { occurrences: occurrencesIn(triggers, instance, observed), gaps, cursor: next };
};
