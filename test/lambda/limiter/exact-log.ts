/** The limit by definition: keeps the time of every admitted call and counts those in the window. The model limiters are checked against. */
export interface ExactLog {
  /** Unix milliseconds, which must not decrease. */
  call(now: number): ExactAnswer;
}

export type ExactAnswer =
  | { readonly admitted: true; readonly remaining: number; readonly resetMs: number }
  | { readonly admitted: false; readonly retryAfterMs: number };

export const exactLog = (limit: number, windowMs: number): ExactLog => {
  let admitted: number[] = [];
  return {
    call(now) {
      // A window is half open: a call exactly one window later does not share one with the first.
      admitted = admitted.filter((time) => time > now - windowMs);
      const untilOldestLeaves = () => (admitted[0] ?? now) + windowMs - now;
      if (admitted.length >= limit) return { admitted: false, retryAfterMs: untilOldestLeaves() };
      admitted.push(now);
      return { admitted: true, remaining: limit - admitted.length, resetMs: untilOldestLeaves() };
    },
  };
};
