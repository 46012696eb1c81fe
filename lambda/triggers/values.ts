/** Values of segments and measures, pure: every step from one successful evaluation to the next. */

import { compareDecimals, type Decimal } from '../runtime/decimal.ts';
import { eventId } from '../runtime/ids.ts';
import type { SeenValue } from './cursor.ts';
import type { Gap } from './gap.ts';
import { instantOf, iso, type WatchedInstance } from './instance.ts';
import type { ObservedEvaluation, ObservedMeasure, ObservedSegment } from './observation.ts';
import type { ValueOccurrence } from './occurrence.ts';

interface ValueStep {
  readonly previous: Decimal;
  readonly current: ObservedEvaluation;
}

/**
 * The steps since the value seen last, in order, so that nothing between two looks is lost. A subject that no look has met has
 * none: its first evaluation only sets the state.
 */
export const stepsSince = (
  seen: SeenValue | undefined,
  evaluations: readonly ObservedEvaluation[],
): readonly ValueStep[] => {
  if (!seen) return [];
  const later = evaluations.filter(({ at }) => at > seen.at);
  let previous = seen.value ?? evaluations.findLast(({ at }) => at <= seen.at)?.value;
  return later.flatMap((current) => {
    const before = previous;
    previous = current.value;
    return before === undefined || compareDecimals(before, current.value) === 0
      ? []
      : [{ previous: before, current }];
  });
};

/** What is seen once these evaluations have been worked off. */
export const seenAfter = (
  seen: SeenValue | undefined,
  evaluations: readonly ObservedEvaluation[],
): SeenValue | undefined => {
  const last = evaluations.at(-1);
  if (!last || (seen && (last.at < seen.at || (last.at === seen.at && seen.value !== null)))) return seen;
  return { at: last.at, value: last.value, ...(last.runId !== undefined && { runId: last.runId }) };
};

/** The source's id of an evaluation; where it has none, its time. */
export const evaluationId = ({ runId, at }: ObservedEvaluation): string => runId ?? iso(at);

export const segmentOccurrences = (
  instance: WatchedInstance,
  seen: Readonly<Record<string, SeenValue>>,
  segments: readonly ObservedSegment[],
): readonly ValueOccurrence[] =>
  segments.flatMap((segment) =>
    stepsSince(seen[segment.name], segment.evaluations).map(({ previous, current }) => {
      const at = iso(current.at);
      const trigger = 'OnSegmentThresholdCrossed';
      const id = eventId(instance.id, trigger, segment.name, at);
      return {
        kind: 'value',
        trigger,
        eventId: id,
        occurrence: at,
        subject: segment.name,
        finalAt: current.at,
        previous,
        current: current.value,
        payload: {
          eventId: id,
          trigger,
          instanceId: instance.id,
          instanceName: instance.name,
          occurredAt: at,
          segmentName: segment.name,
          segmentDisplayName: segment.displayName,
        },
      };
    }),
  );

export const measureOccurrences = (
  instance: WatchedInstance,
  seen: Readonly<Record<string, SeenValue>>,
  measures: readonly ObservedMeasure[],
): readonly ValueOccurrence[] =>
  measures.flatMap((measure) =>
    stepsSince(seen[measure.name], measure.evaluations).map(({ previous, current }) => {
      const occurrence = evaluationId(current);
      const trigger = 'OnMeasureThresholdCrossed';
      const id = eventId(instance.id, trigger, measure.name, occurrence);
      return {
        kind: 'value',
        trigger,
        eventId: id,
        occurrence,
        subject: measure.name,
        finalAt: current.at,
        previous,
        current: current.value,
        payload: {
          eventId: id,
          trigger,
          instanceId: instance.id,
          instanceName: instance.name,
          occurredAt: iso(current.endedAt ?? current.at),
          measureName: measure.name,
          measureDisplayName: measure.displayName,
          ...(current.runId !== undefined && { runId: current.runId }),
          ...instantOf('startedAt', current.endedAt === undefined ? undefined : current.at),
        },
      };
    }),
  );

/** Evaluations since the one seen last whose value cannot be held. */
export const unreadableValues = (
  seen: Readonly<Record<string, SeenValue>>,
  measures: readonly ObservedMeasure[],
): readonly Gap[] =>
  measures.flatMap(({ name, unreadable }) =>
    unreadable
      .filter((at) => at > (seen[name]?.at ?? Number.POSITIVE_INFINITY))
      .map((at) => ({
        kind: 'value' as const,
        subject: name,
        from: at,
        to: at,
        reason: `The value of the measure "${name}" is no number of at most 38 digits; its state is kept.`,
      })),
  );
