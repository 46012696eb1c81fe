import type { LimiterTime } from './limiter-time.ts';

/*
 * A list of n places is n chains of calls: each call took over the place of one that was at least a window older. So a window
 * holds at most one call of each chain, n in all, whatever the order of the times in the list.
 */

/** The places a call at `time` could take. */
export const placesFreeAt = (
  times: readonly LimiterTime[],
  time: LimiterTime,
  windowMs: number,
): readonly number[] => {
  const free: number[] = [];
  for (const [place, taken] of times.entries()) if (taken <= time - windowMs) free.push(place);
  return free;
};

/** How many places a call at `time` could take. */
export const freePlaces = (times: readonly LimiterTime[], time: LimiterTime, windowMs: number): number => {
  let free = 0;
  for (const taken of times) if (taken <= time - windowMs) free += 1;
  return free;
};

/** Milliseconds until another place comes free; 0 when no place is taken. */
export const untilNextFree = (times: readonly LimiterTime[], time: LimiterTime, windowMs: number): number => {
  let wait = Number.POSITIVE_INFINITY;
  for (const taken of times) if (taken > time - windowMs) wait = Math.min(wait, taken + windowMs - time);
  return Number.isFinite(wait) ? wait : 0;
};

/** How far the newest stored time lies ahead of this clock: at least so much do two clocks differ. 0 when it does not. */
export const clockBehind = (times: readonly LimiterTime[], time: LimiterTime): number => {
  let behind = 0;
  for (const taken of times) behind = Math.max(behind, taken - time);
  return behind;
};
