/** One admitted call: when it was made in true time, and the time its process's clock gave it. */
export interface AuditedCall {
  readonly trueTime: number;
  readonly clockTime: number;
}

export interface AuditResult {
  readonly admitted: number;
  readonly refused: number;
  /** Calls admitted although the limit was already reached within the window, by the clocks' times and by true time. */
  readonly overAdmittedByClock: number;
  readonly overAdmitted: number;
  /** How much shorter than the window the shortest span with limit + 1 calls was, in true milliseconds. */
  readonly windowShortfallMs: number;
  /** Calls refused although fewer than the limit had been admitted within the window, by the clocks' times and by true time. */
  readonly falselyRefusedByClock: number;
  readonly falselyRefused: number;
  /** How much longer than the window one has to look back, at the worst refusal, to find as many calls as the limit. */
  readonly refusalExcessMs: number;
}

/** Judges a limiter from outside, after the fact: from the calls it admitted and the moments at which it refused. */
export class AdmissionAudit {
  readonly #limit: number;
  readonly #windowMs: number;
  readonly #skewMs: number;
  readonly #admitted: AuditedCall[] = [];
  readonly #refused: AuditedCall[] = [];

  /** @param skewMs Largest difference between two clocks: a call may carry a time so much later than that of a refusal after it. */
  constructor(limit: number, windowMs: number, skewMs: number) {
    this.#limit = limit;
    this.#windowMs = windowMs;
    this.#skewMs = skewMs;
  }

  admitted(call: AuditedCall): void {
    this.#admitted.push(call);
  }

  refused(at: AuditedCall): void {
    this.#refused.push(at);
  }

  result(): AuditResult {
    const clockTimes = this.#admitted.map((call) => call.clockTime).sort(ascending);
    const trueTimes = this.#admitted.map((call) => call.trueTime).sort(ascending);
    const over = this.#crowded(trueTimes);
    // Before the time of the call that fills the limit, counted back from the refusal, there has to be no whole window.
    const lookBack = (times: readonly number[], from: number) =>
      from - (times[countUpTo(times, from) - this.#limit] ?? -Infinity);
    const byTrueTime = this.#refused
      .map((at) => lookBack(trueTimes, at.trueTime) - this.#windowMs)
      .filter((excess) => excess >= 0);
    const byClock = this.#refused.filter(
      (at) => lookBack(clockTimes, at.clockTime + this.#skewMs) - this.#skewMs >= this.#windowMs,
    );
    return {
      admitted: this.#admitted.length,
      refused: this.#refused.length,
      overAdmittedByClock: this.#crowded(clockTimes).calls,
      overAdmitted: over.calls,
      windowShortfallMs: over.shortfallMs,
      falselyRefusedByClock: byClock.length,
      falselyRefused: byTrueTime.length,
      refusalExcessMs: byTrueTime.reduce((worst, excess) => Math.max(worst, excess), 0),
    };
  }

  #crowded(sorted: readonly number[]): { readonly calls: number; readonly shortfallMs: number } {
    let calls = 0;
    let shortfallMs = 0;
    for (const [index, time] of sorted.entries()) {
      const earlier = sorted[index - this.#limit];
      if (earlier === undefined || time - earlier >= this.#windowMs) continue;
      calls += 1;
      shortfallMs = Math.max(shortfallMs, this.#windowMs - (time - earlier));
    }
    return { calls, shortfallMs };
  }
}

const ascending = (a: number, b: number) => a - b;

/** How many of the sorted times are at or before `time`. */
const countUpTo = (sorted: readonly number[], time: number): number => {
  let from = 0;
  let to = sorted.length;
  while (from < to) {
    const middle = (from + to) >>> 1;
    if ((sorted[middle] ?? time) <= time) from = middle + 1;
    else to = middle;
  }
  return from;
};
