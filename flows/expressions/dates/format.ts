import { EvaluationError } from '../evaluation-errors.ts';
import { type Culture, cultureOf, defaultLocale } from './culture.ts';
import { fullPattern, type PatternPart, patternParts } from './pattern.ts';
import { type Timestamp, ticksPerMs } from './timestamp.ts';

const two = (value: number) => String(value).padStart(2, '0');
const four = (value: number) => String(value).padStart(4, '0');

const suffixes = { utc: 'Z', converted: '+00:00', unspecified: '' } as const;

const fractionOf = (date: Date, ticks: number): string =>
  String(date.getUTCMilliseconds() * ticksPerMs + ticks).padStart(7, '0');

/** The default format, "o": `2026-11-28T10:00:00.0000000Z`. */
export const roundTrip = ({ ms, ticks, kind }: Timestamp): string => {
  const date = new Date(ms);
  return `${four(date.getUTCFullYear())}-${two(date.getUTCMonth() + 1)}-${two(date.getUTCDate())}T${two(date.getUTCHours())}:${two(date.getUTCMinutes())}:${two(date.getUTCSeconds())}.${fractionOf(date, ticks)}${suffixes[kind]}`;
};

interface Writing {
  readonly date: Date;
  readonly time: Timestamp;
  readonly culture: Culture;
  /** Whether there is a day next to the name of the month. */
  readonly withDay: boolean;
}

type Write = (count: number, writing: Writing) => string;

const padded = (value: number, count: number) => (count === 1 ? String(value) : two(value));
const hour12 = (date: Date) => date.getUTCHours() % 12 || 12;

const writers: Readonly<Record<string, Write>> = {
  d: (count, { date, culture }) => {
    if (count <= 2) return padded(date.getUTCDate(), count);
    return (count === 3 ? culture.shortDays : culture.days)[date.getUTCDay()] ?? '';
  },
  f: (count, { date, time }) => fractionOf(date, time.ticks).slice(0, count),
  F: (count, { date, time }) => fractionOf(date, time.ticks).slice(0, count).replace(/0+$/, ''),
  g: () => 'A.D.',
  h: (count, { date }) => padded(hour12(date), count),
  H: (count, { date }) => padded(date.getUTCHours(), count),
  K: (_count, { time }) => suffixes[time.kind],
  m: (count, { date }) => padded(date.getUTCMinutes(), count),
  M: (count, { date, culture, withDay }) => {
    const month = date.getUTCMonth();
    if (count <= 2) return padded(month + 1, count);
    if (count === 3) return culture.shortMonths[month] ?? '';
    return (withDay ? culture.genitiveMonths : culture.months)[month] ?? '';
  },
  s: (count, { date }) => padded(date.getUTCSeconds(), count),
  t: (count, { date, culture }) => {
    const designator = date.getUTCHours() < 12 ? culture.am : culture.pm;
    return count === 1 ? designator.slice(0, 1) : designator;
  },
  y: (count, { date }) => {
    const year = date.getUTCFullYear();
    return count <= 2 ? padded(year % 100, count) : String(year).padStart(count, '0');
  },
  // Every time is held in UTC or without an offset.
  z: (count) => (count === 1 ? '+0' : count === 2 ? '+00' : '+00:00'),
  ':': (count, { culture }) => culture.timeSeparator.repeat(count),
  '/': (count, { culture }) => culture.dateSeparator.repeat(count),
};

const isDay = (part: PatternPart): boolean => 'letter' in part && part.letter === 'd' && part.count <= 2;

/** More digits of a second than a timestamp has. */
const tooFine = (part: PatternPart): boolean =>
  'letter' in part && (part.letter === 'f' || part.letter === 'F') && part.count > 7;

interface CompiledFormat {
  readonly parts: readonly PatternPart[];
  readonly culture: Culture;
}

/** Formats are few and are used over and over. */
const formats = new Map<string, CompiledFormat>();
const maximumFormats = 1_000;

const compiled = (format: string, locale: string, localeIndex: number): CompiledFormat => {
  const key = `${locale}\n${format}`;
  const cached = formats.get(key);
  if (cached !== undefined) return cached;
  // The formats for machines do not depend on the locale.
  const culture = cultureOf(/^[oOrRsu]$/.test(format) ? defaultLocale : locale, localeIndex);
  const pattern = fullPattern(format, culture);
  const parts = pattern === undefined ? undefined : patternParts(pattern);
  if (parts === undefined || parts.some(tooFine))
    throw new EvaluationError(
      `The provided date time format '${format}' is not valid. It is a letter such as 'D' or 'o', or a pattern such as 'yyyy-MM-dd HH:mm'.`,
    );
  if (formats.size >= maximumFormats) formats.clear();
  formats.set(key, { parts, culture });
  return { parts, culture };
};

/**
 * As .NET's DateTime.ToString(format, culture).
 * @param localeIndex of the argument that names the locale
 * @throws EvaluationError when the format is not valid; ArgumentError when the locale is not
 */
export const formatTimestamp = (
  time: Timestamp,
  format: string | undefined,
  locale: string = defaultLocale,
  localeIndex = 2,
): string => {
  if (format === undefined || format === '' || format === 'o') {
    cultureOf(locale, localeIndex);
    return roundTrip(time);
  }
  const { parts, culture } = compiled(format, locale, localeIndex);
  const writing: Writing = { date: new Date(time.ms), time, culture, withDay: parts.some(isDay) };
  let result = '';
  for (const part of parts) {
    if ('literal' in part) result += part.literal;
    else {
      const written = writers[part.letter]?.(part.count, writing) ?? '';
      // A fraction of nothing takes its point with it.
      if (part.letter === 'F' && written === '' && result.endsWith('.')) result = result.slice(0, -1);
      result += written;
    }
  }
  return result;
};
