/** The header Retry-After, read and written (RFC 9110, section 10.2.3). */
import { minuteMs, secondMs, wholeSeconds } from './time.ts';

/**
 * The longest that Customer Insights is left alone, ms, whatever its Retry-After says: one person's 429 must not
 * keep detection and everybody else away for long.
 */
export const longestPauseMs = 2 * minuteMs;

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'] as const;
const monthForm = `(?<month>${months.join('|')})`;
const timeForm = '(?<hour>\\d\\d):(?<minute>\\d\\d):(?<second>\\d\\d)';

/**
 * The three forms of an HTTP date (RFC 9110, section 5.6.7), all of them in UTC: the one that is sent today and
 * the two obsolete ones that a recipient must still read. The day of the week says nothing new.
 */
const dateForms = [
  new RegExp(
    `^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), (?<day>\\d\\d) ${monthForm} (?<year>\\d{4}) ${timeForm} (?:GMT|UTC)$`,
  ),
  new RegExp(
    `^(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day, (?<day>\\d\\d)-${monthForm}-(?<year>\\d\\d) ${timeForm} GMT$`,
  ),
  new RegExp(`^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) ${monthForm} (?<day>[ \\d]\\d) ${timeForm} (?<year>\\d{4})$`),
] as const;

/** A year of two digits that seems more than 50 years ahead is the one of the century before. */
const wholeYear = (digits: string, now: number): number => {
  if (digits.length === 4) return Number(digits);
  const current = new Date(now).getUTCFullYear();
  const year = current - (current % 100) + Number(digits);
  return year > current + 50 ? year - 100 : year;
};

/** @returns epoch ms; undefined for anything but an HTTP date that exists */
const httpDate = (text: string, now: number): number | undefined => {
  for (const form of dateForms) {
    const found = form.exec(text)?.groups;
    if (found === undefined) continue;
    const { day = '', month = '', year = '', hour = '', minute = '', second = '' } = found;
    const index = (months as readonly string[]).indexOf(month);
    const at = Date.UTC(
      wholeYear(year, now),
      index,
      Number(day),
      Number(hour),
      Number(minute),
      Number(second),
    );
    // 30 February would be 2 March.
    const exists = new Date(at).getUTCDate() === Number(day) && Number(hour) < 24 && Number(minute) < 60;
    return exists && Number(second) <= 60 ? at : undefined;
  }
  return undefined;
};

/**
 * The delay in ms, from seconds or an HTTP date.
 * @returns undefined when absent or unreadable
 */
export const retryAfterMs = (value: string | null | undefined, now: number): number | undefined => {
  if (value === undefined || value === null) return undefined;
  const trimmed = value.trim();
  if (/^\d{1,9}$/.test(trimmed)) return Number(trimmed) * secondMs;
  const date = httpDate(trimmed, now);
  return date === undefined ? undefined : Math.max(0, date - now);
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
