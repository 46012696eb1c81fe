/**
 * When the next attempt of a delivery is made. Pure: depends on attempts, Retry-After and a random number.
 */

import { dayMs, hourMs } from '../runtime/time.ts';

/** A delivery is given up this long after its first attempt, ms. */
export const giveUpAfterMs = dayMs;
/**
 * Exponential backoff between these two, ms, with full jitter
 * (https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/).
 */
const firstDelayMs = 10_000;
const longestDelayMs = hourMs;
/** Full jitter could retry at once; this is the least, ms. */
const shortestDelayMs = 1_000;
/** Retry-After is honoured up to this, ms. */
const longestRetryAfterMs = 6 * hourMs;

/**
 * @param attempts made so far, at least 1
 * @param firstAttemptAt epoch ms
 * @param random in [0, 1)
 * @returns epoch ms of the next attempt, or "give up"
 */
export const nextAttempt = (
  attempts: number,
  firstAttemptAt: number,
  now: number,
  random: number,
  retryAfter?: number,
): number | 'give up' => {
  const ceiling = Math.min(longestDelayMs, firstDelayMs * 2 ** (attempts - 1));
  const jittered = Math.max(shortestDelayMs, Math.floor(random * ceiling));
  const at = now + Math.max(jittered, Math.min(retryAfter ?? 0, longestRetryAfterMs));
  return at > firstAttemptAt + giveUpAfterMs ? 'give up' : at;
};
