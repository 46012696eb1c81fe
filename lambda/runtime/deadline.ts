import { ConnectorError } from './errors.ts';
import { secondMs, timeoutError } from './time.ts';

/**
 * Milliseconds that a whole call may take: token, limit, upstream and a retry. The platform gives up at 30 s.
 */
export const callDeadlineMs = 25 * secondMs;

/** One time limit for everything that a call does: elapsed real time, independent of the wall clock. */
export interface Deadline {
  /** Aborts when time is up. */
  readonly signal: AbortSignal;
}

export interface RunningDeadline extends Deadline {
  /** The work is done: the deadline no longer applies. */
  end(): void;
}

/**
 * A timer of its own, and not AbortSignal.timeout, which keeps every signal until its time is up, however
 * early the work is done.
 */
export const deadlineIn = (milliseconds: number): RunningDeadline => {
  const controller = new AbortController();
  const timeUp = setTimeout(() => controller.abort(timeoutError()), milliseconds);
  // The timer alone must not keep the process alive.
  timeUp.unref();
  return { signal: controller.signal, end: () => clearTimeout(timeUp) };
};

export const deadlineExceeded = (): ConnectorError<'DeadlineExceeded'> =>
  new ConnectorError(
    'DeadlineExceeded',
    `The call took longer than ${callDeadlineMs / secondMs} seconds and was stopped. Ask for fewer rows or columns at once, or try again later.`,
  );

/**
 * What work is raced against that may not keep to its signal.
 * @returns a promise that rejects with the signal's reason
 */
export const rejectsWhenAborted = (signal: AbortSignal): Promise<never> => {
  const aborted = new Promise<never>((_, reject) => {
    const abort = () => reject(signal.reason as Error);
    if (signal.aborted) abort();
    else signal.addEventListener('abort', abort, { once: true });
  });
  // It may reject after the work has settled.
  aborted.catch(() => undefined);
  return aborted;
};

/** What each deadline's work is raced against: one promise for all of it. */
const timesUp = new WeakMap<AbortSignal, Promise<never>>();

const timeUpOf = (signal: AbortSignal): Promise<never> => {
  const known = timesUp.get(signal);
  if (known !== undefined) return known;
  const timeUp = new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(deadlineExceeded()), { once: true });
  });
  // The promise may reject while no work is raced against it.
  timeUp.catch(() => undefined);
  timesUp.set(signal, timeUp);
  return timeUp;
};

/** Settles as `work` does, or rejects with DeadlineExceeded when time is up first. */
export const withinDeadline = async <Result>(
  { signal }: Deadline,
  work: Promise<Result>,
): Promise<Result> => {
  if (signal.aborted) {
    work.catch(() => undefined);
    throw deadlineExceeded();
  }
  return Promise.race([work, timeUpOf(signal)]);
};
