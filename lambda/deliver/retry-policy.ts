/** When a delivery is tried again: a pure function of the attempts made, the answer's Retry-After, and chance. */

/** A delivery is given up this long after its first attempt, ms. */
export const giveUpAfterMs = 24 * 60 * 60 * 1000;
/** Exponential from here to here, ms, with full jitter (https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/). */
const firstDelayMs = 10_000;
const longestDelayMs = 60 * 60 * 1000;
/** At least this long, ms, so that full jitter never retries at once. */
const shortestDelayMs = 1_000;
/** What an endpoint may ask for with Retry-After is honoured up to here, ms. */
const longestRetryAfterMs = 6 * 60 * 60 * 1000;

/**
 * Retry-After as delay in ms: seconds or an HTTP date (RFC 9110, section 10.2.3).
 * @returns undefined when absent or unreadable
 */
export const retryAfterMs = (value: string | undefined, now: number): number | undefined => {
  if (value === undefined) return undefined;
  const trimmed = value.trim();
  if (/^\d{1,9}$/.test(trimmed)) return Number(trimmed) * 1000;
  // Every form of an HTTP date begins with the day of the week; Date.parse alone takes almost any text for a date.
  const date = /^(Mon|Tue|Wed|Thu|Fri|Sat|Sun)/.test(trimmed) ? Date.parse(trimmed) : Number.NaN;
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
};

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
