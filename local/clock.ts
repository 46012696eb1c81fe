// The one import without `.ts`: workers load this file without a TypeScript loader.
import { clockBytes, readClock, writeFrozen, writeLive } from './clock-worker.mjs';

export { installClock } from './clock-worker.mjs';

/** Where the local run's parts read the time. Milliseconds since the Unix epoch. */
export interface Clock {
  now(): number;
}

interface Timer {
  readonly timeMs: number;
  readonly callback: () => void;
}

/** Node's timers hold at most this delay (2^31 - 1 ms, about 24.8 days); a longer wait is armed again. */
const longestRealDelayMs = 2_147_483_647;

const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/**
 * The time of the whole local run: schedules, queues and workers read it, and `advance` moves it from event
 * to event.
 *
 * - Live: real time plus an offset, which `advance` increases. Frozen: stopped unless advanced.
 * - The time is in shared memory (`shared`), so that workers read it without a message (see
 *   clock-worker.mjs).
 * - Work that a timer sets off must be announced with `begin`, and must not itself wait for a timer of this
 *   clock: `advance` waits for the work before it moves on.
 */
export class LocalClock implements Clock {
  readonly shared: SharedArrayBuffer;
  readonly #mode: 'live' | 'frozen';
  /** Sorted by time, then by order of registration. */
  readonly #timers: Timer[] = [];
  readonly #idleWaiters: (() => void)[] = [];
  #offsetMs = 0;
  #inFlight = 0;
  /** Counts every begin, so that work that began and ended between two looks is seen. */
  #begun = 0;
  #advancing = false;
  #advances: Promise<void> = Promise.resolve();
  #disarm: () => void = () => undefined;

  /** Real time; `advance` jumps ahead of it. */
  static live(): LocalClock {
    return new LocalClock('live', 0);
  }

  /** Stopped at `startMs` (whole ms since the Unix epoch) until advanced. */
  static frozen(startMs: number): LocalClock {
    return new LocalClock('frozen', wholeMs(startMs, 'The start of a frozen clock'));
  }

  private constructor(mode: 'live' | 'frozen', startMs: number) {
    this.#mode = mode;
    this.shared = new SharedArrayBuffer(clockBytes);
    if (mode === 'live') writeLive(this.shared, 0);
    else writeFrozen(this.shared, startMs);
  }

  now(): number {
    return readClock(this.shared, Date.now);
  }

  /**
   * Calls back once, when the time reaches `timeMs`; for a time that has passed, in the next turn of the
   * event loop. Timers of the same time fire in the order of registration. Returns a function that cancels.
   */
  at(timeMs: number, callback: () => void): () => void {
    const timer: Timer = { timeMs, callback };
    const after = this.#timers.findIndex((other) => other.timeMs > timeMs);
    this.#timers.splice(after === -1 ? this.#timers.length : after, 0, timer);
    this.#arm();
    return () => {
      const index = this.#timers.indexOf(timer);
      if (index !== -1) {
        this.#timers.splice(index, 1);
        this.#arm();
      }
    };
  }

  /** Marks work as in flight until the returned function is called (a second call does nothing). */
  begin(): () => void {
    this.#inFlight += 1;
    this.#begun += 1;
    let ended = false;
    return () => {
      if (ended) return;
      ended = true;
      this.#inFlight -= 1;
      if (this.#inFlight === 0) {
        for (const wake of this.#idleWaiters.splice(0)) {
          wake();
        }
      }
    };
  }

  /**
   * Resolves when no work is in flight, none began during one turn of the event loop, and no timer is due.
   */
  async idle(): Promise<void> {
    do {
      await this.#workEnded();
    } while (this.#firstDueBy(this.now()) !== undefined);
  }

  /**
   * Moves the time ahead by `ms`: to each timer on the way in order, running its callback and waiting for the
   * work it set off, then to the target. Overlapping calls run one after the other. Rejects when a callback
   * throws; the time is then that of the callback.
   */
  advance(ms: number): Promise<void> {
    if (wholeMs(ms, 'The time to advance by') < 0)
      throw new RangeError(`The clock only moves ahead: advance by 0 ms or more, not ${ms}.`);
    const run = this.#advances.then(() => this.#advanceTo(this.now() + ms));
    // The chain continues after a failed advance; the failure itself reaches the caller through `run`.
    this.#advances = run.catch(() => undefined);
    return run;
  }

  async #advanceTo(targetMs: number): Promise<void> {
    this.#advancing = true;
    try {
      await this.#workEnded();
      for (let due = this.#firstDueBy(targetMs); due !== undefined; due = this.#firstDueBy(targetMs)) {
        this.#jumpTo(due.timeMs);
        this.#fire(due);
        await this.#workEnded();
      }
      this.#jumpTo(targetMs);
    } finally {
      this.#advancing = false;
      this.#arm();
    }
  }

  /** Never goes back: a timer registered for the past fires at the present. */
  #jumpTo(timeMs: number): void {
    const aheadMs = timeMs - this.now();
    if (aheadMs <= 0) return;
    if (this.#mode === 'live') {
      this.#offsetMs += Math.ceil(aheadMs);
      writeLive(this.shared, this.#offsetMs);
    } else {
      writeFrozen(this.shared, Math.ceil(timeMs));
    }
  }

  async #workEnded(): Promise<void> {
    for (;;) {
      if (this.#inFlight > 0) await new Promise<void>((resolve) => this.#idleWaiters.push(resolve));
      const begun = this.#begun;
      await nextTurn();
      if (this.#inFlight === 0 && this.#begun === begun) return;
    }
  }

  #firstDueBy(timeMs: number): Timer | undefined {
    const first = this.#timers[0];
    return first !== undefined && first.timeMs <= timeMs ? first : undefined;
  }

  #fire(timer: Timer): void {
    this.#timers.splice(this.#timers.indexOf(timer), 1);
    timer.callback();
  }

  /** While an advance runs it fires the timers itself, so that they come one at a time and in order. */
  #arm(): void {
    this.#disarm();
    this.#disarm = () => undefined;
    const first = this.#timers[0];
    if (first === undefined || this.#advancing) return;
    const waitMs = first.timeMs - this.now();
    if (waitMs <= 0) {
      const immediate = setImmediate(() => this.#fireDue());
      this.#disarm = () => clearImmediate(immediate);
    } else if (this.#mode === 'live') {
      const timeout = setTimeout(() => this.#fireDue(), Math.min(waitMs, longestRealDelayMs));
      this.#disarm = () => clearTimeout(timeout);
    }
  }

  #fireDue(): void {
    try {
      const due = this.#firstDueBy(this.now());
      if (due !== undefined) this.#fire(due);
    } finally {
      this.#arm();
    }
  }
}

const wholeMs = (value: number, what: string): number => {
  if (!Number.isSafeInteger(value))
    throw new RangeError(`${what} is a whole number of milliseconds, not ${value}.`);
  return value;
};
