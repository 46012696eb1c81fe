/** A timestamp as .NET's DateTime holds it: a time on the clock, and whether that clock shows UTC. */
import { EvaluationError } from '../evaluation-errors.ts';

/**
 * - utc: the text ended in Z, and does so again
 * - converted: the text had an offset; it was turned into UTC and is written with `+00:00`
 * - unspecified: the text had neither; it is written without either
 */
export type TimestampKind = 'utc' | 'converted' | 'unspecified';

export interface Timestamp {
  /** Time on the clock, in ms since 1970 as if it showed UTC. */
  readonly ms: number;
  /** Units of 100 ns below the millisecond, 0 to 9999. */
  readonly ticks: number;
  readonly kind: TimestampKind;
}

export const ticksPerMs = 10_000;
/** Units of 100 ns from the year 1 to 1970. */
export const ticksAtEpoch = 621_355_968_000_000_000n;

/** Year 1 and the end of year 9999. */
const earliest = Date.UTC(2000, 0, 1) - 63_082_281_600_000;
const latest = Date.UTC(10_000, 0, 1) - 1;

/** @throws EvaluationError outside the years 1 to 9999 */
export const timestamp = (ms: number, ticks: number, kind: TimestampKind): Timestamp => {
  if (!(ms >= earliest && ms <= latest))
    throw new EvaluationError('The time lies outside the years 1 to 9999.');
  return { ms, ticks, kind };
};

/** Date.UTC without its two-digit years. */
export const utc = (
  year: number,
  month: number,
  day: number,
  hour = 0,
  minute = 0,
  second = 0,
  ms = 0,
): number => {
  const date = new Date(0);
  date.setUTCFullYear(year, month, day);
  date.setUTCHours(hour, minute, second, ms);
  return date.getTime();
};

export const daysInMonth = (year: number, month: number): number =>
  new Date(utc(year, month + 1, 0)).getUTCDate();

const unitMs = {
  second: 1_000,
  minute: 60_000,
  hour: 3_600_000,
  day: 86_400_000,
  week: 604_800_000,
} as const;

/**
 * Adds so many units; a month that is too short ends on its last day.
 * @returns undefined when there is no such unit
 * @throws EvaluationError outside the years 1 to 9999
 */
export const shifted = (time: Timestamp, count: number, unit: string): Timestamp | undefined => {
  const name = unit.toLowerCase().replace(/s$/, '');
  if (name === 'month' || name === 'year') {
    const date = new Date(time.ms);
    const months = date.getUTCFullYear() * 12 + date.getUTCMonth() + count * (name === 'year' ? 12 : 1);
    const year = Math.floor(months / 12);
    if (year < 1 || year > 9999) throw new EvaluationError('The time lies outside the years 1 to 9999.');
    const month = months - year * 12;
    const day = Math.min(date.getUTCDate(), daysInMonth(year, month));
    const midnight = utc(year, month, day);
    return timestamp(midnight + modulo(time.ms, unitMs.day), time.ticks, time.kind);
  }
  const ms = Object.hasOwn(unitMs, name) ? unitMs[name as keyof typeof unitMs] : undefined;
  return ms === undefined ? undefined : timestamp(time.ms + count * ms, time.ticks, time.kind);
};

const modulo = (value: number, divisor: number): number => ((value % divisor) + divisor) % divisor;

export const startOf = (time: Timestamp, unit: 'hour' | 'day' | 'month'): Timestamp => {
  if (unit !== 'month') return { ...time, ms: time.ms - modulo(time.ms, unitMs[unit]), ticks: 0 };
  const date = new Date(time.ms);
  return { ...time, ms: utc(date.getUTCFullYear(), date.getUTCMonth(), 1), ticks: 0 };
};

/** Units of 100 ns since the year 1. */
export const totalTicks = ({ ms, ticks }: Timestamp): bigint =>
  ticksAtEpoch + BigInt(ms) * BigInt(ticksPerMs) + BigInt(ticks);

/** A difference as .NET's TimeSpan is written: `5.00:00:00`, `-01:30:00.5000000`. */
export const timeSpan = (ticks: bigint): string => {
  const sign = ticks < 0n ? '-' : '';
  const size = ticks < 0n ? -ticks : ticks;
  const second = 10_000_000n;
  const two = (value: bigint) => value.toString().padStart(2, '0');
  const days = size / (86_400n * second);
  const fraction = size % second;
  return `${sign}${days > 0n ? `${days}.` : ''}${two((size / (3_600n * second)) % 24n)}:${two((size / (60n * second)) % 60n)}:${two((size / second) % 60n)}${fraction > 0n ? `.${fraction.toString().padStart(7, '0')}` : ''}`;
};
