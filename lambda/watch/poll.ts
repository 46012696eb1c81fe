import { recordsWithoutOccurrence } from '../ledger/poll-records.ts';
import { dayMs, hourMs } from '../runtime/time.ts';
import type { FoundStartingValue } from '../store/cursors.ts';
import { StoreUnavailable } from '../store/table.ts';
import {
  believedUntil,
  type Cursor,
  horizonMs,
  isBegun,
  type SeenValue,
  withStartingValues,
} from '../triggers/cursor.ts';
import { detect, observedIn, type Reads } from '../triggers/detect.ts';
import { seenAfter } from '../triggers/evaluations.ts';
import { believedReads, cursorUntilNow, newlyReported } from '../triggers/future-times.ts';
import type { Gap } from '../triggers/gap.ts';
import type { WatchedInstance } from '../triggers/instance.ts';
import { jobChangesSince } from '../triggers/job-changes.ts';
import { earliest, type ObservedSegment } from '../triggers/observation.ts';
import type { JobList } from '../triggers/source.ts';
import { triggersReading } from '../triggers/trigger-set.ts';
import { noteAbsentSegments } from './absent-segments.ts';
import { reportClockFault } from './clock-fault.ts';
import { handleOccurrences, type Look } from './handle-occurrences.ts';
import { pauseSubscriptionsOf } from './pause-lost.ts';
import type { WatchPorts } from './ports.ts';
import { jobsSince, readFurther } from './read-source.ts';
import { reportGaps } from './report-gaps.ts';

/** Evaluations that the source no longer keeps, of a time in which the instance was not polled. */
const evaluationGap = (readAt: number | null, now: number): readonly Gap[] =>
  readAt === null || now - readAt <= horizonMs
    ? []
    : [
        {
          kind: 'evaluations',
          from: readAt,
          to: now - horizonMs,
          reason: `The instance was not polled for more than ${horizonMs / dayMs} days, and evaluations are not kept longer.`,
        },
      ];

/** Keeps measures that seemed lost but have been registered for since: the next poll asks for them again. */
const stillFollowing = (next: Cursor, { measures }: Cursor, names: readonly string[]): Cursor => ({
  ...next,
  measures: {
    ...next.measures,
    ...Object.fromEntries(
      names.flatMap((name) => {
        const seen = measures[name];
        return seen ? [[name, seen]] : [];
      }),
    ),
  },
});

/** With what is kept only while there is something: most cursors have neither. */
const remembering = (
  { ahead: _, absentSegments: __, withheld: ___, ...next }: Cursor,
  ahead: readonly string[],
  absentSegments: Readonly<Record<string, number>>,
): Cursor => ({
  ...next,
  ...(ahead.length > 0 && { ahead }),
  ...(Object.keys(absentSegments).length > 0 && { absentSegments }),
});

/** A message rarely waits longer for a free function, ms. A poll that it asks for later takes the time for earlier. */
const longestWayMs = hourMs;

/**
 * The time by which dates of the source are judged, epoch ms. A host whose clock is hours ahead would believe any
 * date of the next hours, and what really happens would seem to be old, for as long as only such hosts look. The
 * queue's clock bounds it. A time that is earlier than the true one is safe: later dates wait for the next poll.
 */
const believedNow = ({ now, askedAt }: WatchPorts): number =>
  askedAt === undefined ? now() : Math.min(now(), askedAt + longestWayMs);

/** Whether an occurrence is of a measure that no subscription followed when it was read. */
const unfollowedIn = ({ triggers }: WatchPorts, { measures = [] }: Reads): Look['isUnfollowed'] => {
  const ofMeasures = triggersReading(triggers, 'measures');
  const names = new Set(measures.flatMap(({ name, unfollowed }) => (unfollowed ? [name] : [])));
  return ({ trigger, subject }) => names.has(subject) && ofMeasures.includes(trigger);
};

/** How often a poll starts again because flows were registered while it was reading the source. */
const tries = 5;

const sameValues = (a: readonly FoundStartingValue[], b: readonly FoundStartingValue[]) =>
  a.length === b.length && a.every(({ version }, index) => version === b[index]?.version);

/**
 * Whether what was read is another with a registration that was not there when it was read: where a segment gets its
 * first value, which the registration may have found before, and where a measure gets one, because the list has less of a
 * measure than what is read of a followed one.
 */
const mayHaveMissed = (cursor: Cursor, { segments = [], measures = [] }: Reads): boolean => {
  const moves = (seen: SeenValue | undefined, { evaluations }: Pick<ObservedSegment, 'evaluations'>) =>
    seenAfter(seen, evaluations) !== seen;
  return (
    measures.some((measure) => moves(cursor.measures[measure.name], measure)) ||
    segments.some((segment) => {
      const seen = cursor.segments[segment.name];
      return !isBegun(seen) && moves(seen, segment);
    })
  );
};

/**
 * How far the instance was processed, and what the source says now. A registration between the two has
 * promised its flow that nothing will be missed, but its value is not in this cursor: then everything is read
 * once more, where it may be another then.
 */
const readAll = async (ports: WatchPorts, instance: WatchedInstance, newest: JobList, sweep: boolean) => {
  const { cursors } = ports;
  for (let attempt = 0; attempt < tries; attempt += 1) {
    const now = believedNow(ports);
    const { cursor: found, version, starting, beginning, ...state } = await cursors.pollState(instance.id);
    const { cursor: stored, gaps } = cursorUntilNow(found, now);
    const cursor = withStartingValues(
      stored,
      starting.map(({ body }) => body),
    );
    const readAt =
      earliest([stored.valuesReadAt ?? undefined, ...starting.map(({ body }) => body.readAt)]) ?? null;
    // Needed only until a look has met a job.
    const start = cursor.jobs.seenUntil === 0 ? beginning() : undefined;
    const { jobs, cut } = await jobsSince(ports, instance.id, cursor, newest, start);
    const changes = jobChangesSince(cursor.jobs, jobs, { believedUntil: believedUntil(now), start, cut });
    const measured = starting.filter(({ body }) => body.kind === 'measure');
    const registering = new Set(measured.map(({ body }) => body.name));
    const further = await readFurther(ports, instance.id, cursor, changes, {
      readAt,
      sweep,
      now,
      registering,
    });
    const { reads, future } = believedReads({ jobs, ...further }, believedUntil(now));
    if (!mayHaveMissed(cursor, reads) || sameValues(starting, await cursors.startingValues(instance.id)))
      return { now, cursor, version, starting, ...state, readAt, changes, reads, future, gaps };
  }
  throw new StoreUnavailable('Flows are registered faster than the instance can be polled.');
};

/**
 * Handles what a job list and the reads it calls for say has happened since the cursor. In this order:
 * each occurrence's deliveries queued and then recorded, other records written, subscriptions to lost measures
 * paused, cursor moved; a crash anywhere repeats what was not recorded, with the same ids.
 * @param newest the newest jobs, already read
 */
export const poll = async (
  ports: WatchPorts,
  instance: WatchedInstance,
  newest: JobList,
  { sweep, followsWhole }: Pick<Look, 'sweep' | 'followsWhole'>,
): Promise<'all handled' | 'some left'> => {
  const { cursors, ledger } = ports;
  const state = await readAll(ports, instance, newest, sweep);
  const { now, cursor, version, starting, absent, fanOuts, readAt, changes, reads, future } = state;
  const detection = detect(ports.triggers, instance, { cursor, changes, reads }, now);
  const { withheld } = cursor;
  const withholding = withheld ? { ...ports, withheld: withheld.reason } : ports;
  const look = { sweep, followsWhole, fanOuts, isUnfollowed: unfollowedIn(ports, reads) };
  const handled = await handleOccurrences(withholding, instance, detection.occurrences, look);
  if (handled === 'some left') return 'some left';

  const { fresh, ahead } = newlyReported(cursor, future, reads);
  const gaps = [
    ...state.gaps,
    ...detection.gaps,
    ...(withheld
      ? [{ kind: 'set aside' as const, from: withheld.since, to: now, reason: withheld.reason }]
      : []),
    ...fresh.flatMap(({ gap }) => gap ?? []),
    ...(reads.segments && reads.measures ? evaluationGap(readAt, now) : []),
  ];
  const presence = reads.segments
    ? await noteAbsentSegments(ports, instance, { cursor, written: absent }, reads.segments, now)
    : { absent: cursor.absentSegments ?? {}, records: [] };
  await ledger.record(instance.id, [
    ...recordsWithoutOccurrence(ports.triggers, observedIn(cursor, changes, reads), gaps),
    ...presence.records,
  ]);
  reportGaps(ports, instance, gaps);
  for (const { at, reason } of fresh) reportClockFault(ports, instance.id, at, reason);
  const registeredSince: string[] = [];
  for (const lost of reads.lostMeasures ?? [])
    if ((await pauseSubscriptionsOf(ports, instance, lost, now)) === 'some registered since')
      registeredSince.push(lost.name);
  const next = stillFollowing(remembering(detection.cursor, ahead, presence.absent), cursor, registeredSince);
  if (await cursors.save(instance.id, next, version)) await cursors.forget(starting);
  // It has found all of this too, and more.
  else ports.log.info('another watch got further', { instanceId: instance.id });
  return 'all handled';
};
