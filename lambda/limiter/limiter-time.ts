/** 2026-01-01T00:00:00Z in Unix milliseconds. Times are stored relative to it: two digits less in each of the list's places. */
export const limiterEpoch = Date.UTC(2026, 0, 1);

/** A place no call has taken yet holds this time: before any clock, and one significant digit, so it takes little room. */
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
export const unixSeconds = (time: LimiterTime): number => Math.ceil((time + limiterEpoch) / 1_000);
