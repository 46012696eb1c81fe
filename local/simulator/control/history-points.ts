import type { TaskOutcome } from '../workflow/types.ts';

/** One evaluation of the past; `at` in ms on the simulator's clock. */
export interface HistoryPoint {
  readonly at: number;
  readonly outcome?: TaskOutcome | undefined;
}

/**
 * @throws RangeError when a point is not after the one before it (the first: after `last`) or is in the
 *   future.
 */
export const historyOf = <P extends HistoryPoint>(
  points: readonly P[],
  last: number,
  now: number,
): readonly { readonly at: number; readonly point: P }[] => {
  let previous = last;
  return points.map((point) => {
    if (!(point.at > previous) || point.at > now)
      throw new RangeError(
        `an evaluation at ${point.at} must lie after ${previous} (the one before it) and not after now (${now})`,
      );
    previous = point.at;
    return { at: point.at, point };
  });
};
