import type { OperationById, TriggerId } from '../../connector/contract/index.ts';
import type { NotificationOf } from '../../connector/contract/operation.ts';
import type { Decimal } from '../runtime/decimal.ts';

export type Direction = 'above' | 'below';
export type Outcome = 'succeeded' | 'failed';

/** What the author of a flow chose beside subject and threshold, each with its default. */
export interface Conditions {
  /** Of a threshold. */
  readonly direction: Direction;
  /**
   * Of a threshold: after a firing, the value must have been at or beyond this on the other side; null for
   * the threshold itself.
   */
  readonly rearmLevel: Decimal | null;
  /** Of a completion. */
  readonly outcome: Outcome | 'any';
  /** Of a full refresh. */
  readonly runs: 'all' | 'scheduled';
  /** Of a trigger's trouble: also when it works again. */
  readonly recoveries?: boolean;
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
  a.runs === b.runs &&
  a.recoveries === b.recoveries;

/** What a registration asks for, as it is stored. */
export interface TriggerInputs {
  /** Segment name, data source id …; null for any. */
  readonly subject: string | null;
  /** For triggers that compare a value. */
  readonly threshold: Decimal | null;
  /** The defaults when absent. */
  readonly conditions?: Conditions;
}

/** How a refresh ended and who started it, as far as subscriptions distinguish it. */
export interface Completion {
  readonly outcome: Outcome;
  readonly scheduled: boolean;
}

/** Triggers whose notification tells of a threshold: they follow a value. */
export type ThresholdTrigger = {
  [Id in TriggerId]: 'threshold' extends keyof NotificationOf<OperationById<Id>> ? Id : never;
}[TriggerId];
