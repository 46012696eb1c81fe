/** The threshold of a subscription, and how a request gives it. */
import { compareDecimals, type Decimal, toDecimal } from '../runtime/decimal.ts';
import { requestInvalid } from '../runtime/invalid-request.ts';
import { type Conditions, type Direction, defaultConditions } from './conditions.ts';

export type { Direction } from './conditions.ts';

export interface Threshold {
  readonly threshold: Decimal;
  readonly direction: Direction;
  /**
   * After a firing the value must have been at or beyond this on the other side; null for the threshold
   * itself.
   */
  readonly rearmLevel: Decimal | null;
}

/** The threshold of a subscription; null where it has none. */
export const thresholdOf = ({
  threshold,
  conditions: { direction, rearmLevel } = defaultConditions,
}: {
  readonly threshold: Decimal | null;
  readonly conditions?: Conditions;
}): Threshold | null => (threshold === null ? null : { threshold, direction, rearmLevel });

/** As a registration's body and the preview's query give it. */
export interface RequestedThreshold {
  readonly threshold: number;
  readonly direction?: Direction;
  readonly rearmLevel?: number;
}

/** Numbers of a request that a double does not hold: parameter → the digits that were sent. */
export type ExactNumbers = Readonly<Record<string, string>>;

const exactly = (parameter: string, value: number, exactNumbers: ExactNumbers | undefined): Decimal => {
  const decimal = toDecimal(exactNumbers?.[parameter] ?? value);
  if (decimal === undefined)
    throw requestInvalid([
      {
        parameter,
        problem: 'cannot be held exactly',
        allowed: 'numbers of at most 38 significant digits with an exponent from -130 to 125',
      },
    ]);
  return decimal;
};

/** Whether a re-arm level lies on the other side of the threshold, or on it. */
export const isBehindThreshold = (threshold: Decimal, direction: Direction, rearmLevel: Decimal): boolean =>
  direction === 'above'
    ? compareDecimals(rearmLevel, threshold) <= 0
    : compareDecimals(rearmLevel, threshold) >= 0;

/**
 * Reads the threshold of a request with every digit that was sent.
 * @throws ApiError RequestInvalid for a number that cannot be held exactly, or a re-arm level that would
 * never be reached
 */
export const readThreshold = (
  { threshold: sent, direction = defaultConditions.direction, rearmLevel: sentLevel }: RequestedThreshold,
  exactNumbers: ExactNumbers | undefined,
): Threshold => {
  const threshold = exactly('threshold', sent, exactNumbers);
  const level = sentLevel === undefined ? null : exactly('rearmLevel', sentLevel, exactNumbers);
  if (level !== null && !isBehindThreshold(threshold, direction, level))
    throw requestInvalid([
      {
        parameter: 'rearmLevel',
        problem: 'is on the wrong side of the threshold, so the flow would run once and then never again',
        allowed: `at ${direction === 'above' ? 'most' : 'least'} ${threshold} for the direction ${direction}`,
      },
    ]);
  // A level at the threshold itself changes nothing.
  return { threshold, direction, rearmLevel: level === threshold ? null : level };
};
