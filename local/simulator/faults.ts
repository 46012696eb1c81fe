export type FaultKind =
  /** An error status; 429 carries Retry-After. */
  | {
      readonly kind: 'status';
      readonly status: 429 | 500 | 503;
      readonly retryAfterSeconds?: number | undefined;
    }
  /** A late answer, in real milliseconds. */
  | { readonly kind: 'slow'; readonly delayMs: number }
  /** The connection is cut without an answer. */
  | { readonly kind: 'reset' };

export interface FaultScope {
  /** Operation id, such as `Get-all-segments`; absent = every operation. */
  readonly operation?: string | undefined;
  readonly instanceId?: string | undefined;
  /** How many requests it hits; absent = no bound. */
  readonly times?: number | undefined;
  /** Clock time (ms) until which it holds; absent = no bound. */
  readonly until?: number | undefined;
  /** The request takes effect and only its answer is lost: the outcome is open to the caller. */
  readonly afterEffect?: boolean | undefined;
}

export type Fault = FaultKind & FaultScope & { readonly id: string };

export interface FaultSubject {
  readonly operation: string;
  readonly instanceId: string | undefined;
  /** Whether the operation declares 429 (only writes of rows do). */
  readonly declaresThrottling: boolean;
}

/** The faults in force, oldest first; the first that fits a request decides. */
export class Faults {
  #active: { readonly fault: Fault; left: number }[] = [];
  #count = 0;

  get active(): readonly Fault[] {
    return this.#active.map(({ fault }) => fault);
  }

  add(kind: FaultKind, scope: FaultScope = {}): Fault {
    this.#count += 1;
    const fault: Fault = { ...kind, ...scope, id: `fault-${this.#count}` };
    this.#active.push({ fault, left: scope.times ?? Number.POSITIVE_INFINITY });
    return fault;
  }

  clear(id?: string): void {
    this.#active = id === undefined ? [] : this.#active.filter(({ fault }) => fault.id !== id);
  }

  /** Uses up one hit of the fault that decides this request. */
  take(subject: FaultSubject, now: number, throttleUndeclared: boolean): Fault | undefined {
    this.#active = this.#active.filter(({ fault, left }) => left > 0 && now < (fault.until ?? Infinity));
    const entry = this.#active.find(({ fault }) => {
      const fits = (fault.operation ?? subject.operation) === subject.operation;
      const here = (fault.instanceId ?? subject.instanceId) === subject.instanceId;
      const throttles = fault.kind === 'status' && fault.status === 429;
      return fits && here && (!throttles || throttleUndeclared || subject.declaresThrottling);
    });
    if (entry === undefined) return undefined;
    entry.left -= 1;
    return entry.fault;
  }
}
