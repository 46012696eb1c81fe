/**
 * Thresholds and values, pure. The store answers the same for all subscriptions of a subject at once, by the range of thresholds
 * that a step has crossed.
 */

import { compareDecimals, type Decimal } from '../runtime/decimal.ts';
import type { Direction } from './conditions.ts';

/** Whether a value went across a threshold in the direction wanted: on the threshold is neither above nor below. */
export const crosses = (
  previous: Decimal,
  current: Decimal,
  threshold: Decimal,
  direction: Direction,
): boolean => {
  const [before, after] = [compareDecimals(previous, threshold), compareDecimals(current, threshold)];
  return direction === 'above' ? before <= 0 && after > 0 : before >= 0 && after < 0;
};

/** Whether a value is at the re-arm level or beyond it, on the other side of the threshold. */
export const reachesRearmLevel = (rearmLevel: Decimal, direction: Direction, value: Decimal): boolean =>
  direction === 'above' ? compareDecimals(value, rearmLevel) <= 0 : compareDecimals(value, rearmLevel) >= 0;
