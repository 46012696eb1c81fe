import type { TriggerId } from '../../connector/contract/index.ts';
import { compareDecimals, type Decimal } from '../runtime/decimal.ts';

export type Direction = 'above' | 'below';
export type Outcome = 'succeeded' | 'failed';

/** What the author of a flow chose beside subject and threshold, each with its default. */
export interface Conditions {
  /** Of a threshold. */
  readonly direction: Direction;
  /** Of a threshold: after it has fired, the value must have been at or beyond this on the other side; null for the threshold itself. */
  readonly rearmLevel: Decimal | null;
  /** Of a completion. */
  readonly outcome: Outcome | 'any';
  /** Of a full refresh. */
  readonly runs: 'all' | 'scheduled';
}

export const defaultConditions: Conditions = {
  direction: 'above',
  rearmLevel: null,
  outcome: 'any',
  runs: 'all',
};

export const sameConditions = (a: Conditions, b: Conditions): boolean =>
  a.direction === b.direction &&
  a.rearmLevel === b.rearmLevel &&
  a.outcome === b.outcome &&
  a.runs === b.runs;

/** Whether a re-arm level lies on the other side of the threshold, or on it. */
export const isBehindThreshold = (threshold: Decimal, direction: Direction, rearmLevel: Decimal): boolean =>
  direction === 'above'
    ? compareDecimals(rearmLevel, threshold) <= 0
    : compareDecimals(rearmLevel, threshold) >= 0;

/** How a refresh ended and who started it, as far as subscriptions distinguish it. */
export interface Completion {
  readonly outcome: Outcome;
  readonly scheduled: boolean;
}

/** Whether a completion is what the author of the flow asked for. */
export const wants = ({ outcome, runs }: Conditions, completion: Completion): boolean =>
  (outcome === 'any' || outcome === completion.outcome) && (runs === 'all' || completion.scheduled);

/** Triggers that follow a value. */
export type ThresholdTrigger = Extract<TriggerId, `${string}ThresholdCrossed`>;
