/**
 * What the source dates in the future, pure. Its times order everything, so a single one that is years ahead
 * would make all that follows seem old. Jobs have ids: they are told at once and move no time. Evaluations
 * have only their time: they are set aside until it has come.
 */

import { iso } from '../runtime/time.ts';
import type { Cursor, SeenValue } from './cursor.ts';
import { lateVisibilityMs } from './cursor.ts';
import type { Reads } from './detect.ts';
import type { Gap } from './gap.ts';
import type { ObservedEvaluation } from './observation.ts';
import type { SourceTime } from './occurrence.ts';

/** Something that is dated later than is believed. */
export interface FutureTime {
  /** Names it for as long as the source says so. */
  readonly key: string;
  readonly at: SourceTime;
  /** A sentence. */
  readonly reason: string;
  /** Present where it is set aside: what happened then is not told until its time has come. */
  readonly gap?: Gap;
}

export interface Believed {
  /** The reads without what is set aside. */
  readonly reads: Reads;
  readonly future: readonly FutureTime[];
}

interface Valued {
  readonly name: string;
  readonly evaluations: readonly ObservedEvaluation[];
}

const withoutFuture = <Subject extends Valued>(
  kind: 'segment' | 'measure',
  subjects: readonly Subject[],
  believed: SourceTime,
): { readonly subjects: readonly Subject[]; readonly future: readonly FutureTime[] } => {
  const future: FutureTime[] = [];
  const kept = subjects.map((subject) => {
    const { name, evaluations } = subject;
    if (evaluations.every(({ at }) => at <= believed)) return subject;
    for (const { at } of evaluations)
      if (at > believed) {
        const reason = `An evaluation of the ${kind} "${name}" is dated in the future (${iso(at)}); it is set aside until then.`;
        const gap: Gap = { kind: 'value', subject: name, from: at, to: at, reason };
        future.push({ key: `${kind} ${name} ${at}`, at, reason, gap });
      }
    return { ...subject, evaluations: evaluations.filter(({ at }) => at <= believed) };
  });
  return { subjects: kept, future };
};

const futureJobs = ({ jobs }: Reads, believed: SourceTime): readonly FutureTime[] =>
  jobs.flatMap(({ jobId, submittedAt = 0, endedAt = 0, tasks }) => {
    const at = Math.max(submittedAt, endedAt, ...tasks.map((task) => task.endedAt ?? 0));
    return at > believed
      ? [
          {
            key: `job ${jobId}`,
            at,
            reason: `The job ${jobId} is dated in the future (${iso(at)}); the position in the list does not move to it.`,
          },
        ]
      : [];
  });

/** @param believed the latest time of the source that is believed */
export const believedReads = (reads: Reads, believed: SourceTime): Believed => {
  const segments = withoutFuture('segment', reads.segments ?? [], believed);
  const measures = withoutFuture('measure', reads.measures ?? [], believed);
  const future = [...futureJobs(reads, believed), ...segments.future, ...measures.future];
  return {
    reads: {
      ...reads,
      ...(reads.segments && { segments: segments.subjects }),
      ...(reads.measures && { measures: measures.subjects }),
      ...(reads.dataSources && {
        dataSources: reads.dataSources.map((source) =>
          (source.lastRefresh ?? 0) > believed ? { ...source, lastRefresh: undefined } : source,
        ),
      }),
    },
    future,
  };
};

/** Those not reported before, and what the cursor keeps so that each is reported once. */
export const newlyReported = (
  { ahead = [] }: Pick<Cursor, 'ahead'>,
  future: readonly FutureTime[],
  { segments, measures }: Pick<Reads, 'segments' | 'measures'>,
): { readonly fresh: readonly FutureTime[]; readonly ahead: readonly string[] } => {
  const unread = [...(segments ? [] : ['segment ']), ...(measures ? [] : ['measure '])];
  const kept = ahead.filter((key) => unread.some((prefix) => key.startsWith(prefix)));
  return {
    fresh: future.filter(({ key }) => !ahead.includes(key)),
    ahead: [...new Set([...kept, ...future.map(({ key }) => key)])].sort(),
  };
};

/**
 * A stored time so far ahead that jobs would seem to be old: a host whose own clock was hours ahead has believed a date
 * of the source, and it moved a state. Not sooner, because a host whose clock is behind asks the same.
 */
const isImpossible = (at: SourceTime, now: number) => at > now + lateVisibilityMs;

const valuesUntil = (
  values: Readonly<Record<string, SeenValue>>,
  now: number,
): Readonly<Record<string, SeenValue>> =>
  Object.values(values).some(({ at }) => isImpossible(at, now))
    ? Object.fromEntries(
        Object.entries(values).map(([name, seen]) => [
          name,
          isImpossible(seen.at, now) ? { ...seen, at: now } : seen,
        ]),
      )
    : values;

/**
 * A cursor that has followed the source into the future, brought back to now, with the gap that this leaves:
 * what it has passed over in the meantime cannot be told.
 */
export const cursorUntilNow = (
  cursor: Cursor,
  now: number,
): { readonly cursor: Cursor; readonly gaps: readonly Gap[] } => {
  const { jobs, segments, measures, dataSources } = cursor;
  const times = [
    jobs.seenUntil,
    ...Object.values(segments).map(({ at }) => at),
    ...Object.values(measures).map(({ at }) => at),
  ];
  if (!times.some((at) => isImpossible(at, now))) return { cursor, gaps: [] };
  const believable = [...times, ...Object.values(jobs.closed)].filter((at) => at > 0 && at <= now);
  const gap: Gap = {
    kind: 'jobs',
    from: Math.max(0, ...believable) || now,
    to: now,
    reason: 'The position had moved to a future date of Customer Insights, so later events seemed to be old.',
  };
  return {
    gaps: [gap],
    cursor: {
      ...cursor,
      jobs: { ...jobs, seenUntil: Math.min(jobs.seenUntil, now) },
      segments: valuesUntil(segments, now),
      measures: valuesUntil(measures, now),
      dataSources: Object.fromEntries(Object.entries(dataSources).filter(([, at]) => !isImpossible(at, now))),
    },
  };
};
