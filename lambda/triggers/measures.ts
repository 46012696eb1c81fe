/** Which measures of a list call for more, pure. */
import type { Cursor, SeenValue } from './cursor.ts';
import { seenAfter } from './evaluations.ts';
import type { ObservedMeasure } from './observation.ts';

/**
 * Whether a measure has been evaluated since the value seen last, as far as a list tells. The list may lack
 * the value, and several evaluations may lie between, so the measure itself has to be read for the steps.
 */
export const hasNewEvaluation = (seen: SeenValue | undefined, listed: ObservedMeasure): boolean => {
  if (!seen) return false;
  if (listed.lastRunId !== undefined && seen.runId !== undefined) return listed.lastRunId !== seen.runId;
  const last = listed.evaluations.at(-1);
  // Without ids and times the list says nothing.
  return last === undefined || last.at > seen.at;
};

/** A measure that is gone or has more than one value now. */
export interface LostMeasure {
  readonly name: string;
  /** A sentence for its subscribers; null when it has none, so the measure itself was not read. */
  readonly reason: string | null;
}

/** Measures followed so far that the list no longer shows as scalar. */
export const missingMeasures = (
  { measures: followed }: Pick<Cursor, 'measures'>,
  listed: readonly ObservedMeasure[],
): readonly string[] =>
  Object.keys(followed).filter((name) => {
    const measure = listed.find((candidate) => candidate.name === name);
    return measure === undefined || measure.scalar === false;
  });

/** Why a measure can no longer be compared with a threshold; undefined while it can. */
export const measureLoss = (name: string, measure: ObservedMeasure | undefined): string | undefined => {
  if (measure === undefined) return `The measure "${name}" does not exist. Choose another measure.`;
  return measure.scalar === false
    ? `The measure "${measure.displayName}" has a dimension, so it has no single value. Choose a business measure without a dimension.`
    : undefined;
};

/** The values followed, once these measures have been processed. */
export const followedAfter = (
  followed: Cursor['measures'],
  measures: readonly ObservedMeasure[],
  lost: readonly LostMeasure[],
): Cursor['measures'] => {
  const next = { ...followed };
  for (const measure of measures) {
    if (measure.scalar === false || (measure.scalar === undefined && !followed[measure.name])) continue;
    // A scalar without a value is followed too: so its first value can be told from a later one.
    next[measure.name] = seenAfter(followed[measure.name], measure.evaluations) ??
      followed[measure.name] ?? { at: 0, value: null };
  }
  for (const { name } of lost) delete next[name];
  return next;
};
