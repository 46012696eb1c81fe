/** The window of a connection: the times of its last calls, one in each slot of a list. */
import { wholeSeconds } from '../runtime/time.ts';

/**
 * 2026-01-01T00:00:00Z in Unix milliseconds. Times are stored relative to it: two digits less in each of the
 * list's slots.
 */
export const limiterEpoch = Date.UTC(2026, 0, 1);

/**
 * A slot no call has taken yet holds this time: before any clock, and one significant digit, so it takes
 * little room.
 */
export const neverTaken = -1e15;

/** Milliseconds since {@link limiterEpoch}. */
export type LimiterTime = number;

/** @throws RangeError when the clock gives no usable time: a limit cannot be counted without one. */
export const toLimiterTime = (unixMs: number): LimiterTime => {
  const time = Math.floor(unixMs) - limiterEpoch;
  if (!Number.isSafeInteger(time) || time <= neverTaken)
    throw new RangeError(`The clock reads ${unixMs}; it has to give milliseconds since the Unix epoch.`);
  return time;
};

/** Unix seconds, rounded up. */
export const unixSeconds = (time: LimiterTime): number => wholeSeconds(time + limiterEpoch);

/*
 * A list of n slots is n chains of calls: each call took over the slot of one that was at least a window
 * older. So a window holds at most one call of each chain, n in all, in any order of the times in the list.
 */

/** The slots a call at `time` could take. */
export const freeSlots = (
  times: readonly LimiterTime[],
  time: LimiterTime,
  windowMs: number,
): readonly number[] => {
  const free: number[] = [];
  for (const [slot, taken] of times.entries()) if (taken <= time - windowMs) free.push(slot);
  return free;
};

/** How many slots a call at `time` could take. */
export const countFreeSlots = (
  times: readonly LimiterTime[],
  time: LimiterTime,
  windowMs: number,
): number => {
  let free = 0;
  for (const taken of times) if (taken <= time - windowMs) free += 1;
  return free;
};

/** Milliseconds until another slot comes free; 0 when no slot is taken. */
export const untilNextFree = (times: readonly LimiterTime[], time: LimiterTime, windowMs: number): number => {
  let wait = Number.POSITIVE_INFINITY;
  for (const taken of times) if (taken > time - windowMs) wait = Math.min(wait, taken + windowMs - time);
  return Number.isFinite(wait) ? wait : 0;
};

/**
 * How far the newest stored time is ahead of this clock, which is the least that two clocks differ by; 0 when
 * it is not.
 */
export const clockBehind = (times: readonly LimiterTime[], time: LimiterTime): number => {
  let behind = 0;
  for (const taken of times) behind = Math.max(behind, taken - time);
  return behind;
};
