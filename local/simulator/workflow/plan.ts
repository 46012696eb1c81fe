import type { RunStatus, Step, TaskPlan } from './types.ts';

export interface StatusNames {
  readonly permanentFailure: 'failed' | 'timedOut';
  readonly cancelled: 'aborted' | 'deleted';
}

const terminal: ReadonlySet<RunStatus> = new Set([
  'failed',
  'timedOut',
  'aborted',
  'deleted',
  'successful',
  'skipped',
]);

export const isTerminal = (status: RunStatus): boolean => terminal.has(status);

/**
 * The course of a task from its submission (ms) to its end. `readyAt` is when everything it waits for has
 * ended. Retries divide the duration evenly into run, pause, run, …: a failed status that is not the last
 * step is one that the product is still retrying.
 */
export const courseOf = (
  plan: TaskPlan,
  submittedAt: number,
  readyAt: number,
  names: StatusNames,
): readonly Step[] => {
  const queued: Step = { at: submittedAt, status: 'queued' };
  if (plan.outcome === 'skip') return [queued, { at: readyAt, status: 'skipped' }];
  const start = readyAt + plan.queueMs;
  const end = start + plan.durationMs;
  const running: Step = { at: start, status: 'running' };
  switch (plan.outcome) {
    case 'succeed':
      return [queued, running, { at: end, status: 'successful' }];
    case 'timeOut':
      return [queued, running, { at: end, status: 'timedOut', error: plan.error }];
    case 'cancel':
      return [queued, running, { at: end, status: names.cancelled }];
    case 'fail':
    case 'retryThenSucceed': {
      const retries = plan.outcome === 'retryThenSucceed' ? Math.max(1, plan.retries) : plan.retries;
      const failed = plan.outcome === 'fail';
      const last: Step = failed
        ? { at: end, status: names.permanentFailure, error: plan.error }
        : { at: end, status: 'successful' };
      return [queued, running, ...retrySteps(plan, start, retries), last];
    }
  }
};

const retrySteps = (plan: TaskPlan, start: number, retries: number): readonly Step[] => {
  const part = plan.durationMs / (2 * retries + 1);
  return Array.from({ length: retries }, (_, retry): readonly Step[] => [
    { at: start + Math.round(part * (2 * retry + 1)), status: 'failed', error: plan.error },
    { at: start + Math.round(part * (2 * retry + 2)), status: 'running' },
  ]).flat();
};

/** The course up to `at`, ended there by a cancel. Unchanged when it had already ended. */
export const cancelled = (steps: readonly Step[], at: number, names: StatusNames): readonly Step[] => {
  const end = endOf(steps);
  if (end.at <= at) return steps;
  return [...steps.filter((step) => step.at <= at), { at, status: names.cancelled }];
};

/** The last step. */
export const endOf = (steps: readonly Step[]): Step => {
  const last = steps.at(-1);
  if (last === undefined) throw new Error('a task without steps');
  return last;
};

/** The step that holds at a moment. */
export const stepAt = (steps: readonly Step[], at: number): Step => {
  let index = steps.length - 1;
  while (index > 0 && (steps[index]?.at ?? 0) > at) index -= 1;
  const step = steps[index];
  if (step === undefined) throw new Error('a task without steps');
  return step;
};

export const startOf = (steps: readonly Step[]): number =>
  steps.find((step) => step.status === 'running')?.at ?? endOf(steps).at;
