import type { IANAZone } from 'luxon';
import type { EvaluationContext } from '../context.ts';
import { cultureOf, defaultLocale } from '../dates/culture.ts';
import { formatTimestamp } from '../dates/format.ts';
import { parseExactly, parseTimestamp } from '../dates/parse.ts';
import { shifted, startOf, type Timestamp, timeSpan, timestamp, totalTicks } from '../dates/timestamp.ts';
import { findZone, fromUtc, isUtc, nearestZone, toUtc } from '../dates/zones.ts';
import { ArgumentError, EvaluationError } from '../evaluation-errors.ts';
import { integerOf, type Value } from '../values.ts';
import { define, type ExpressionFunction, integer, optionalText, text } from './function.ts';

const inEnglish = () => cultureOf(defaultLocale, 1);

const notATime = (value: string): EvaluationError =>
  new EvaluationError(
    `the value provided for date time string '${value}' was not valid. The datetime string must match ISO 8601 format, such as '2026-11-28T10:00:00Z'.`,
  );

const time = (args: readonly Value[], index = 0): Timestamp => {
  const value = text(args, index);
  const parsed = parseTimestamp(value, inEnglish);
  if (parsed === undefined) throw notATime(value);
  return parsed;
};

const now = (context: EvaluationContext): Timestamp => timestamp(context.now(), 0, 'utc');

const shift = (args: readonly Value[], from: Timestamp, count: number, unitIndex: number): Timestamp => {
  const result = shifted(from, count, text(args, unitIndex));
  if (result === undefined)
    throw new ArgumentError(unitIndex, 'a unit of time: Second, Minute, Hour, Day, Week, Month or Year');
  return result;
};

/** add… with a fixed unit. */
const adding = (name: string, unit: string): ExpressionFunction =>
  define(`${name}(timestamp, ${unit}s, format?)`, (args) =>
    formatTimestamp(shifted(time(args), integer(args, 1), unit) ?? time(args), optionalText(args, 2)),
  );

const startOfUnit = (name: string, unit: 'hour' | 'day' | 'month'): ExpressionFunction =>
  define(`${name}(timestamp, format?)`, (args) =>
    formatTimestamp(startOf(time(args), unit), optionalText(args, 1)),
  );

const zone = (args: readonly Value[], index: number): IANAZone => {
  const name = text(args, index);
  const found = findZone(name);
  if (found !== undefined) return found;
  const suggestion = nearestZone(name);
  throw new ArgumentError(
    index,
    `the name of a time zone as Windows has it, such as 'W. Europe Standard Time'${
      suggestion === undefined ? '' : ` (did you mean '${suggestion}'?)`
    }`,
  );
};

/** An instant, taken as on a clock of the zone; a text that says UTC itself cannot be on another. */
const inZone = (args: readonly Value[], zoneIndex: number): Timestamp => {
  const given = time(args);
  const source = zone(args, zoneIndex);
  if (given.kind === 'unspecified') {
    const instant = toUtc(given, source);
    if (instant === undefined)
      throw new ArgumentError(
        0,
        `a time that clocks in '${text(args, zoneIndex)}' show; they were turned forward over it`,
      );
    return instant;
  }
  if (!isUtc(source))
    throw new ArgumentError(
      zoneIndex,
      'a time zone matching the timestamp, which ends in Z or in an offset and so is in UTC already',
    );
  return { ...given, kind: 'utc' };
};

const parseDateTime = (args: readonly Value[]): string => {
  const value = text(args, 0);
  const locale = optionalText(args, 1) ?? defaultLocale;
  const format = optionalText(args, 2);
  const culture = cultureOf(locale, 1);
  const parsed =
    format === undefined ? parseTimestamp(value, () => culture) : parseExactly(value, format, culture);
  if (parsed === 'invalid format') throw new ArgumentError(2, "a date format, such as 'yyyy-MM-dd HH:mm'");
  if (parsed === undefined)
    throw new EvaluationError(
      `the value provided for date time string '${value}' was not valid${
        format === undefined ? ` in the locale '${locale}'` : `: it is not of the format '${format}'`
      }.`,
    );
  return formatTimestamp(parsed, undefined);
};

export const times: readonly ExpressionFunction[] = [
  define('utcNow(format?)', (args, context) => formatTimestamp(now(context), optionalText(args, 0))),
  adding('addSeconds', 'second'),
  adding('addMinutes', 'minute'),
  adding('addHours', 'hour'),
  adding('addDays', 'day'),
  define('addToTime(timestamp, interval, timeUnit, format?)', (args) =>
    formatTimestamp(shift(args, time(args), integer(args, 1), 2), optionalText(args, 3)),
  ),
  define('subtractFromTime(timestamp, interval, timeUnit, format?)', (args) =>
    formatTimestamp(shift(args, time(args), -integer(args, 1), 2), optionalText(args, 3)),
  ),
  define('getFutureTime(interval, timeUnit, format?)', (args, context) =>
    formatTimestamp(shift(args, now(context), integer(args, 0), 1), optionalText(args, 2)),
  ),
  define('getPastTime(interval, timeUnit, format?)', (args, context) =>
    formatTimestamp(shift(args, now(context), -integer(args, 0), 1), optionalText(args, 2)),
  ),
  define('formatDateTime(timestamp, format?, locale?)', (args) =>
    formatTimestamp(time(args), optionalText(args, 1), optionalText(args, 2)),
  ),
  define('parseDateTime(timestamp, locale?, format?)', parseDateTime),
  define('convertFromUtc(timestamp, destinationTimeZone, format?)', (args) =>
    formatTimestamp(fromUtc(time(args), zone(args, 1)), optionalText(args, 2)),
  ),
  define('convertToUtc(timestamp, sourceTimeZone, format?)', (args) =>
    formatTimestamp(inZone(args, 1), optionalText(args, 2)),
  ),
  define('convertTimeZone(timestamp, sourceTimeZone, destinationTimeZone, format?)', (args) =>
    formatTimestamp(fromUtc(inZone(args, 1), zone(args, 2)), optionalText(args, 3)),
  ),
  define('dateDifference(startDate, endDate)', (args) =>
    timeSpan(totalTicks(time(args, 1)) - totalTicks(time(args, 0))),
  ),
  define('dayOfWeek(timestamp)', (args) => new Date(time(args).ms).getUTCDay()),
  define('dayOfMonth(timestamp)', (args) => new Date(time(args).ms).getUTCDate()),
  define('dayOfYear(timestamp)', (args) => {
    const { ms } = time(args);
    const newYear = new Date(ms);
    newYear.setUTCMonth(0, 1);
    newYear.setUTCHours(0, 0, 0, 0);
    return Math.floor((ms - newYear.getTime()) / 86_400_000) + 1;
  }),
  startOfUnit('startOfHour', 'hour'),
  startOfUnit('startOfDay', 'day'),
  startOfUnit('startOfMonth', 'month'),
  define('ticks(timestamp)', (args) => integerOf(totalTicks(time(args))) ?? 0),
];
