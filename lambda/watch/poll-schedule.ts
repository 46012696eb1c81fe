/** When an instance is polled again, and whether its job list has changed: pure. */
import { hash } from 'node:crypto';
import { keptWith } from '../runtime/cache.ts';
import { longestPauseMs } from '../runtime/retry-after.ts';
import { minuteMs } from '../runtime/time.ts';
import { idleCycleMs } from '../store/leases.ts';
import type { ObservedJob } from '../triggers/observation.ts';

/** At least this often everything is read, whatever the job list says, ms. */
export const sweepMs = 15 * minuteMs;
/** Longest pause after failures of the source, ms. */
const longestBackoffMs = 15 * minuteMs;

/** A job that was in the last list is written once. */
const stateOf = keptWith(({ jobId, status, endedAt, tasks }: ObservedJob): string =>
  JSON.stringify([jobId, status, endedAt, tasks.map((task) => [task.taskId, task.status, task.endedAt])]),
);

/** Changes when a job or a task of the list changes its state, appears or disappears. */
export const digestOf = keptWith((jobs: readonly ObservedJob[]): string =>
  hash('sha256', `[${jobs.map(stateOf).join(',')}]`, 'base64url').slice(0, 22),
);

/**
 * When to poll again after the source failed: doubling with full jitter, never before its Retry-After, of
 * which {@link longestPauseMs} at most are honoured.
 * @returns epoch ms
 */
export const backOff = (failures: number, now: number, random: number, retryAfterMs: number): number => {
  const ceiling = Math.min(longestBackoffMs, idleCycleMs * 2 ** Math.min(failures, 10));
  return now + Math.max(idleCycleMs, Math.floor(random * ceiling), Math.min(retryAfterMs, longestPauseMs));
};
