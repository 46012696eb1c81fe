/**
 * When a call is repeated:
 * https://learn.microsoft.com/azure/logic-apps/error-exception-handling#retry-policies
 */
import { Duration } from 'luxon';
import { isInteger, isObject, jsonText, type Value, written } from '../expressions/values.ts';
import type { Dialect } from './workflow-definition.ts';

export interface RetryPolicy {
  /** How often a call is repeated after the first attempt. */
  readonly count: number;
  /** Wait before the repetition, from 0, in ms. */
  readonly wait: (repetition: number) => number;
}

export const isRetried = (statusCode: number): boolean =>
  statusCode === 408 || statusCode === 429 || statusCode >= 500;

const second = 1_000;
const day = 86_400 * second;
const maximumCount = 90;

/** Milliseconds of an ISO 8601 duration; undefined when it is none. */
export const durationMs = (value: Value | undefined): number | undefined => {
  if (typeof value !== 'string') return undefined;
  const duration = Duration.fromISO(value);
  return duration.isValid ? duration.toMillis() : undefined;
};

const exponential = (count: number, interval: number, least: number, most: number): RetryPolicy => ({
  count,
  // Without the platform's chance, so that a run is the same each time.
  wait: (repetition) => Math.min(most, Math.max(least, interval * 2 ** repetition)),
});

const defaults: Readonly<Record<Dialect, RetryPolicy>> = {
  'power-automate': exponential(8, 7.5 * second, 5 * second, day / 24),
  'logic-apps': exponential(4, 7.5 * second, 5 * second, 45 * second),
};

/** The policy that is declared, or what is wrong with it. */
export const retryPolicy = (declared: Value | undefined, dialect: Dialect): RetryPolicy | string => {
  if (declared === undefined) return defaults[dialect];
  if (!isObject(declared)) return 'A retry policy is an object with a type.';
  const { type, count, interval, minimumInterval, maximumInterval } = declared;
  const kind = typeof type === 'string' ? type.toLowerCase() : '';
  if (kind === 'none') return { count: 0, wait: () => 0 };
  if (kind !== 'fixed' && kind !== 'exponential')
    return `The retry policy's type is ${jsonText(type ?? null)}; there are none, fixed and exponential.`;
  if (count === undefined || !isInteger(count) || Number(count) < 1 || Number(count) > maximumCount)
    return `The retry policy's count is ${written(count)}; it is a whole number from 1 to ${maximumCount}.`;
  const every = durationMs(interval);
  if (every === undefined || every < 5 * second || every > day)
    return `The retry policy's interval is ${jsonText(interval ?? null)}; it is a duration from PT5S to P1D.`;
  if (kind === 'fixed') return { count: Number(count), wait: () => every };
  return exponential(
    Number(count),
    every,
    durationMs(minimumInterval) ?? 5 * second,
    durationMs(maximumInterval) ?? day,
  );
};
