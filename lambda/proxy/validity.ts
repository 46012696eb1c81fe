/** How long a written row is kept unless its data source brings it too. */

import { requestInvalid } from '../runtime/invalid-request.ts';
import { dayMs, hourMs, iso } from '../runtime/time.ts';

/** Source: real-time-data-ingestion.md of the product's documentation. */
export const profileValidityMs = 4 * hourMs;
export const activityValidityMs = 30 * dayMs;
const longestMs = 30 * dayMs;

/**
 * ISO 8601 as flows write it: date, time, up to seven digits of a second, and an offset, without which it
 * would mean nothing.
 */
const form = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:Z|[+-]\d{2}:\d{2})$/i;

export interface Validity {
  /** Milliseconds since the epoch. */
  readonly until: number;
  /** What is sent upstream; undefined leaves it to the default there. */
  readonly asked: string | undefined;
}

/**
 * @param written the caller's `validUntil`
 * @param standardMs how long it is without one, milliseconds
 * @param now milliseconds since the epoch
 * @throws ConnectorError RequestInvalid for another form, the past, or more than 30 days ahead
 */
export const validityOf = (written: string | undefined, standardMs: number, now: number): Validity => {
  const text = written?.trim();
  if (text === undefined || text === '') return { until: now + standardMs, asked: undefined };
  const wrong = (problem: string, allowed: string) =>
    requestInvalid([{ parameter: 'validUntil', problem, allowed }]);
  const until = form.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(until))
    throw wrong('is not a date and time with an offset', 'ISO 8601 such as 2026-01-31T08:00:00Z');
  const latest = iso(now + longestMs);
  if (until <= now) throw wrong('is in the past', `a time from now to ${latest}`);
  if (until > now + longestMs) throw wrong('is more than 30 days in the future', `at most ${latest}`);
  return { until, asked: iso(until) };
};
