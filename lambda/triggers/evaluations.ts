/** Values of segments and measures, pure: every step from one successful evaluation to the next. */

import { compareDecimals, type Decimal } from '../runtime/decimal.ts';
import { iso } from '../runtime/time.ts';
import type { SeenValue } from './cursor.ts';
import type { Gap } from './gap.ts';
import type { ObservedEvaluation, ObservedMeasure } from './observation.ts';

export interface EvaluationStep {
  readonly previous: Decimal;
  readonly current: ObservedEvaluation;
}

/** The pairs of an evaluation later than the one seen last with the value before it, oldest first. */
const pairsSince = (
  seen: SeenValue | undefined,
  evaluations: readonly ObservedEvaluation[],
): readonly EvaluationStep[] => {
  if (!seen) return [];
  const later = evaluations.filter(({ at }) => at > seen.at);
  let previous = seen.value ?? evaluations.findLast(({ at }) => at <= seen.at)?.value;
  return later.flatMap((current) => {
    const before = previous;
    previous = current.value;
    return before === undefined ? [] : [{ previous: before, current }];
  });
};

const isChange = ({ previous, current }: EvaluationStep) => compareDecimals(previous, current.value) !== 0;

/**
 * The steps since the value seen last, in order, so that nothing between two polls is lost. A subject that no
 * poll has met has none: its first evaluation only sets the state.
 */
export const stepsSince = (
  seen: SeenValue | undefined,
  evaluations: readonly ObservedEvaluation[],
): readonly EvaluationStep[] => pairsSince(seen, evaluations).filter(isChange);

/** What is seen once these evaluations have been processed. */
export const seenAfter = (
  seen: SeenValue | undefined,
  evaluations: readonly ObservedEvaluation[],
): SeenValue | undefined => {
  const last = evaluations.at(-1);
  if (!last || (seen && (last.at < seen.at || (last.at === seen.at && seen.value !== null)))) return seen;
  return { at: last.at, value: last.value, ...(last.runId !== undefined && { runId: last.runId }) };
};

/** Evaluations since the one seen last whose value is the one before. */
export const unchangedSince = (
  seen: SeenValue | undefined,
  evaluations: readonly ObservedEvaluation[],
): readonly ObservedEvaluation[] =>
  pairsSince(seen, evaluations).flatMap((pair) => (isChange(pair) ? [] : [pair.current]));

/** The source's id of an evaluation; where it has none, its time. */
export const evaluationId = ({ runId, at }: ObservedEvaluation): string => runId ?? iso(at);

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
        reason: `The value of the measure "${name}" is not a number of at most 38 digits; its state is kept.`,
      })),
  );
