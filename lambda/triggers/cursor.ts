import type { Decimal } from '../runtime/decimal.ts';
import { dayMs, hourMs, minuteMs } from '../runtime/time.ts';
import type { SourceTime } from './occurrence.ts';

/** A job that has not been processed to its end. */
export interface OpenJob {
  readonly submittedAt: SourceTime;
  /** What of it has been handled: ids of its tasks, {@link unificationMark}, {@link endMark}. */
  readonly marks: readonly string[];
}

export const unificationMark = 'unification';
export const endMark = 'end';

/** How far the job list has been processed. */
export interface JobCursor {
  /** Submission of the newest job ever seen; 0 before the first poll. */
  readonly seenUntil: SourceTime;
  readonly open: Readonly<Record<string, OpenJob>>;
  /** Jobs processed to their end → submission; only the newest, see {@link lateVisibilityMs}. */
  readonly closed: Readonly<Record<string, SourceTime>>;
  /**
   * Listed tasks that were final without success → when: a job that seemed to have ended may still be retried,
   * and its success is an event. The newest {@link failuresKept}; absent when there are none.
   */
  readonly failed?: Readonly<Record<string, SourceTime>>;
}

/** So that many failures do not make the cursor grow: some 15 KB. */
export const failuresKept = 300;

/** The last evaluation of a segment or measure that was processed. */
export interface SeenValue {
  /** 0 when there was none. */
  readonly at: SourceTime;
  /** Null when the value was not read, or there was none. */
  readonly value: Decimal | null;
  /** The source's id of this evaluation, where it has one. */
  readonly runId?: string;
  /** A registration has found that there was none: later registrations do not move the beginning. */
  readonly unevaluated?: true;
}

/**
 * How far an instance has been processed. It moves only after every delivery of what was found is durably
 * queued; a watch that repeats itself finds the same occurrences with the same ids.
 */
export interface Cursor {
  readonly jobs: JobCursor;
  /** By name. */
  readonly segments: Readonly<Record<string, SeenValue>>;
  readonly measures: Readonly<Record<string, SeenValue>>;
  /** Data source id → its last refresh, as it says itself. */
  readonly dataSources: Readonly<Record<string, SourceTime>>;
  /** Epoch ms of our clock: when the values were last read; null before. */
  readonly valuesReadAt: number | null;
  /** What was reported to be dated in the future, while the source says so: each is reported once. */
  readonly ahead?: readonly string[];
  /** Followed segments that the source does not list → since when, epoch ms of our clock. */
  readonly absentSegments?: Readonly<Record<string, number>>;
  /**
   * What the next look finds is recorded and not sent: the table was restored, and deliveries of the time since were
   * lost with what would keep them from being sent again.
   */
  readonly withheld?: Withheld;
}

export interface Withheld {
  /** Epoch ms of our clock: the last look at everything that the table knows of. */
  readonly since: number;
  /** A sentence. */
  readonly reason: string;
}

/**
 * Where detection of an instance begins: the registration that read its job list first. Kept for ever; it
 * counts only until a look has met a job.
 */
export interface DetectionStart {
  /** Submission of the oldest job that the first look must reach back to; 0 where no job was listed. */
  readonly jobsFrom: SourceTime;
  /** Epoch ms of our clock. */
  readonly at: number;
}

export const emptyCursor: Cursor = {
  jobs: { seenUntil: 0, open: {}, closed: {} },
  segments: {},
  measures: {},
  dataSources: {},
  valuesReadAt: null,
};

/**
 * How far back detection goes, in ms: what became final earlier is not replayed but reported as a gap. As
 * long as the source keeps evaluations.
 */
export const horizonMs = 30 * dayMs;

/**
 * The clock of the source may differ from ours by this, ms; what is dated later moves no state. Clocks of both sides are
 * set by the network and agree to seconds.
 */
export const clockDifferenceMs = 15 * minuteMs;

/** The latest time of the source that is believed. @param now epoch ms of our clock */
export const believedUntil = (now: number): SourceTime => now + clockDifferenceMs;

/**
 * A job may become visible this much later than jobs that were submitted after it, ms. Jobs processed are
 * remembered for as long; older ones that are not open are known to be processed by their age alone.
 */
export const lateVisibilityMs = 6 * hourMs;

/**
 * A value that a registration found before any poll had read its subject: the first step is measured from it.
 */
export interface StartingValue extends SeenValue {
  readonly kind: 'segment' | 'measure';
  readonly name: string;
  /** Epoch ms of our clock. */
  readonly readAt: number;
}

/** Whether the first step of a segment or measure is measured from here, whatever a registration finds. */
export const isBegun = (seen: SeenValue | undefined): boolean =>
  seen !== undefined && (seen.value !== null || seen.unevaluated === true);

/**
 * The cursor with the values of registrations whose subject no poll has read yet, or only without its value.
 */
export const withStartingValues = (cursor: Cursor, values: readonly StartingValue[]): Cursor => {
  const merged = { segment: { ...cursor.segments }, measure: { ...cursor.measures } };
  for (const { kind, name, at, value, runId } of values) {
    const known = merged[kind][name];
    if (isBegun(known) || (known && known.at > at)) continue;
    merged[kind][name] = {
      at,
      value,
      ...(runId !== undefined && { runId }),
      ...(value === null && { unevaluated: true }),
    };
  }
  return { ...cursor, segments: merged.segment, measures: merged.measure };
};
