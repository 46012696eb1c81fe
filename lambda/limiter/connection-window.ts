import type { LimiterTime } from './window.ts';
import { countFreeSlots } from './window.ts';

/**
 * What a process knows of one connection: the newest list it has seen, and how many of its writes are under
 * way. Times in a list only grow, so a known list never shows fewer free slots than there are. Where it shows
 * none, the refusal needs no write. More writes at once than it shows free slots would be refused, so they
 * wait for an answer first.
 */
export class ConnectionWindow {
  /** Ascending. Undefined until the first answer. */
  #times: readonly LimiterTime[] | undefined;
  #writesUnderWay = 0;
  #waiting: { readonly proceed: () => void; readonly fail: (reason: unknown) => void }[] = [];

  get times(): readonly LimiterTime[] | undefined {
    return this.#times;
  }

  /**
   * Whether one more write could be admitted at this time. A connection never seen gets one write, which may
   * create its list.
   */
  mayWrite(time: LimiterTime, windowMs: number): boolean {
    const free = this.#times === undefined ? 1 : countFreeSlots(this.#times, time, windowMs);
    return this.#writesUnderWay < free;
  }

  /** Resolves when a write has been answered; rejects with its error when it failed. */
  nextAnswer(): Promise<void> {
    return new Promise((proceed, fail) => {
      this.#waiting.push({ proceed, fail });
    });
  }

  beginWrite(): void {
    this.#writesUnderWay += 1;
  }

  endWrite(times: readonly LimiterTime[]): void {
    this.#writesUnderWay -= 1;
    this.#times = newest(this.#times, times);
    for (const { proceed } of this.#takeWaiting()) proceed();
  }

  /**
   * A failure of the store is one for the calls that waited as well: if each tried in turn, their time-outs
   * would add up.
   */
  failWrite(reason: unknown): void {
    this.#writesUnderWay -= 1;
    for (const { fail } of this.#takeWaiting()) fail(reason);
  }

  #takeWaiting() {
    const waiting = this.#waiting;
    this.#waiting = [];
    return waiting;
  }
}

/**
 * Answers may overtake each other: of two lists of one connection, each slot's later time is the newer
 * knowledge.
 */
const newest = (
  known: readonly LimiterTime[] | undefined,
  seen: readonly LimiterTime[],
): readonly LimiterTime[] => {
  const sorted = isAscending(seen) ? seen : seen.toSorted((a, b) => a - b);
  return known === undefined ? sorted : sorted.map((time, slot) => Math.max(time, known[slot] ?? time));
};

/** Calls are appended as they come: only those of several processes can be out of order. */
const isAscending = (times: readonly LimiterTime[]): boolean => {
  for (let slot = 1; slot < times.length; slot += 1)
    if ((times[slot] ?? 0) < (times[slot - 1] ?? 0)) return false;
  return true;
};
