/** The header Retry-After, read and written (RFC 9110, section 10.2.3). */
import { secondMs, wholeSeconds } from './time.ts';

/**
 * The delay in ms, from seconds or an HTTP date.
 * @returns undefined when absent or unreadable
 */
export const retryAfterMs = (value: string | null | undefined, now: number): number | undefined => {
  if (value === undefined || value === null) return undefined;
  const trimmed = value.trim();
  if (/^\d{1,9}$/.test(trimmed)) return Number(trimmed) * secondMs;
  // Every form of an HTTP date begins with the day of the week; Date.parse alone takes almost any text for a
  // date.
  const date = /^(Mon|Tue|Wed|Thu|Fri|Sat|Sun)/.test(trimmed) ? Date.parse(trimmed) : Number.NaN;
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
};

/** The same in whole seconds, rounded up. */
export const retryAfterSeconds = (value: string | null | undefined, now: number): number | undefined => {
  const delayMs = retryAfterMs(value, now);
  return delayMs === undefined ? undefined : wholeSeconds(delayMs);
};

/** @param seconds rounded up, so that a client that waits so long is not refused for the remainder */
export const retryAfterHeader = (seconds: number): { readonly 'Retry-After': string } => ({
  'Retry-After': String(Math.max(0, Math.ceil(seconds))),
});
