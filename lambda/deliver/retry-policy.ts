/** When a delivery is tried again: a pure function of the attempts made, the answer's Retry-After, and chance. */

import { dayMs, hourMs } from '../runtime/time.ts';

/** A delivery is given up this long after its first attempt, ms. */
export const giveUpAfterMs = dayMs;
/** Exponential from here to here, ms, with full jitter (https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/). */
const firstDelayMs = 10_000;
const longestDelayMs = hourMs;
/** At least this long, ms, so that full jitter never retries at once. */
const shortestDelayMs = 1_000;
/** What an endpoint may ask for with Retry-After is honoured up to here, ms. */
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
