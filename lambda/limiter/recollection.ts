import type { LimiterTime } from './limiter-time.ts';
import { freePlaces } from './window.ts';

/**
 * What a process remembers of one connection: the newest list it has seen, and how many of its writes are under way. Times in a
 * list only grow, so a remembered list never shows fewer free places than there are: where it shows none, the refusal needs no
 * write, and more writes at once than it shows free places would be refused, so they wait for an answer first.
 */
export class Recollection {
  /** Ascending. Undefined until the first answer. */
  #times: readonly LimiterTime[] | undefined;
  #writesUnderWay = 0;
  #waiting: { readonly proceed: () => void; readonly fail: (reason: unknown) => void }[] = [];

  get times(): readonly LimiterTime[] | undefined {
    return this.#times;
  }

  /** Whether one more write could be admitted at this time. A connection never seen gets one write, which may create its list. */
  mayWrite(time: LimiterTime, windowMs: number): boolean {
    const free = this.#times === undefined ? 1 : freePlaces(this.#times, time, windowMs);
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

  /** A store that fails has failed for those who waited as well: each trying in turn would only add up the time-outs. */
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

/** Answers may overtake each other: of two lists of one connection, each place's later time is the newer knowledge. */
const newest = (
  known: readonly LimiterTime[] | undefined,
  seen: readonly LimiterTime[],
): readonly LimiterTime[] => {
  const sorted = isAscending(seen) ? seen : seen.toSorted((a, b) => a - b);
  return known === undefined ? sorted : sorted.map((time, place) => Math.max(time, known[place] ?? time));
};

/** Calls are appended as they come: only those of several processes can be out of order. */
const isAscending = (times: readonly LimiterTime[]): boolean => {
  for (let place = 1; place < times.length; place += 1)
    if ((times[place] ?? 0) < (times[place - 1] ?? 0)) return false;
  return true;
};

/** Recollections of the connections used last; the one unused for longest is forgotten, which costs writes and never exactness. */
export class RecollectionMemory {
  readonly #size: number;
  readonly #byConnection = new Map<string, Recollection>();

  /** @param size Connections, at least 1. */
  constructor(size: number) {
    if (!Number.isInteger(size) || size < 1)
      throw new RangeError(`The limiter's memory is ${size} connections; set a whole number, at least 1.`);
    this.#size = size;
  }

  of(id: string): Recollection {
    const recollection = this.#byConnection.get(id) ?? new Recollection();
    this.#byConnection.delete(id);
    this.#byConnection.set(id, recollection);
    if (this.#byConnection.size > this.#size) {
      const unusedForLongest = this.#byConnection.keys().next();
      if (!unusedForLongest.done) this.#byConnection.delete(unusedForLongest.value);
    }
    return recollection;
  }
}
