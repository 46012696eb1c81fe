import { ApiError } from './errors.ts';

/** Milliseconds that a whole call may take: token, limit, upstream and a retry. The platform gives up at 30 s. */
export const CALL_DEADLINE_MS = 25_000;

/** One time limit for everything that a call does: real elapsed time, whatever the wall clock does meanwhile. */
export interface Deadline {
  /** Aborts when time is up. */
  readonly signal: AbortSignal;
}

export interface RunningDeadline extends Deadline {
  /** The work is done: time is never up any more. */
  end(): void;
}

/** A timer of its own, and not AbortSignal.timeout, which keeps every signal until its time is up, however early the work is done. */
export function deadlineIn(milliseconds: number): RunningDeadline {
  const controller = new AbortController();
  const timeUp = setTimeout(() => controller.abort(timeoutError()), milliseconds);
  // Work that nobody waits for does not keep the process alive.
  timeUp.unref();
  return { signal: controller.signal, end: () => clearTimeout(timeUp) };
}

/** As AbortSignal.timeout gives it. */
export const timeoutError = (): DOMException =>
  new DOMException('The operation was aborted due to timeout', 'TimeoutError');

export const deadlineExceeded = (): ApiError<'DeadlineExceeded'> =>
  new ApiError(
    'DeadlineExceeded',
    `The call took longer than ${CALL_DEADLINE_MS / 1_000} seconds and was given up. Ask for fewer rows or columns at once, or try again later.`,
  );

/** Settles as `work` does, or rejects with DeadlineExceeded when time is up first. */
export async function withinDeadline<Result>(deadline: Deadline, work: Promise<Result>): Promise<Result> {
  const { signal } = deadline;
  if (signal.aborted) {
    work.catch(() => undefined);
    throw deadlineExceeded();
  }
  let onAbort: () => void = () => undefined;
  const timeUp = new Promise<never>((_, reject) => {
    onAbort = () => reject(deadlineExceeded());
    signal.addEventListener('abort', onAbort, { once: true });
  });
  try {
    return await Promise.race([work, timeUp]);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}
