/** Reads timestamps as .NET's DateTime.Parse does, with RoundtripKind. */
import type { Culture } from './culture.ts';
import { fullPattern, patternParts } from './pattern.ts';
import { daysInMonth, type Timestamp, type TimestampKind, ticksPerMs, utc } from './timestamp.ts';

interface Fields {
  year: number;
  /** From 1. */
  month: number;
  day: number;
  hour: number;
  minute: number;
  second: number;
  /** Digits behind the point. */
  fraction: string;
  /** Z, GMT, UTC or an offset such as +02:00; '' for none. */
  zone: string;
}

const nothing: Fields = { year: 1, month: 1, day: 1, hour: 0, minute: 0, second: 0, fraction: '', zone: '' };

const offsetPattern = /^([+-])(\d{1,2}):?(\d{2})?$/;

const fromFields = (fields: Fields): Timestamp | undefined => {
  const { year, month, day, hour, minute, second, fraction, zone } = fields;
  if (year < 1 || year > 9999 || month < 1 || month > 12 || day < 1 || day > daysInMonth(year, month - 1))
    return undefined;
  if (hour > 23 || minute > 59 || second > 59) return undefined;
  const ticks = Number(`${fraction}0000000`.slice(0, 7));
  let ms = utc(year, month - 1, day, hour, minute, second) + Math.floor(ticks / ticksPerMs);
  let kind: TimestampKind = 'unspecified';
  const offset = offsetPattern.exec(zone);
  if (offset !== null) {
    const [, sign, hours = '0', minutes = '0'] = offset;
    const size = (Number(hours) * 60 + Number(minutes)) * 60_000;
    if (size > 14 * 3_600_000) return undefined;
    ms -= sign === '-' ? -size : size;
    kind = 'converted';
  } else if (zone !== '') kind = 'utc';
  return { ms, ticks: ticks % ticksPerMs, kind };
};

const iso =
  /^(\d{4})-(\d{1,2})-(\d{1,2})(?:(?:T|\s+)(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,](\d+))?)?)?\s*(Z|[+-]\d{2}(?::?\d{2})?)?$/i;

const parseIso = (text: string): Timestamp | undefined => {
  const match = iso.exec(text);
  if (match === null) return undefined;
  const [, year, month, day, hour = '0', minute = '0', second = '0', fraction = '', zone = ''] = match;
  return fromFields({
    year: Number(year),
    month: Number(month),
    day: Number(day),
    hour: Number(hour),
    minute: Number(minute),
    second: Number(second),
    fraction,
    zone,
  });
};

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

const hourOf = (hour: number, afternoon: boolean | undefined): number =>
  afternoon === undefined ? hour : (hour % 12) + (afternoon ? 12 : 0);

const year4 = (digits: string): number => {
  const year = Number(digits);
  return digits.length > 2 ? year : year + (year < 50 ? 2000 : 1900);
};

/** The positions of day, month and year in a short date, such as `Mdy`. */
const dateOrder = ({ patterns }: Culture): string =>
  patterns.shortDate.replace(/[^dMy]/g, '').replace(/(.)\1+/g, '$1');

const monthNamed = (word: string, culture: Culture): number | undefined => {
  const wanted = word.toLowerCase().replace(/\.$/, '');
  for (const list of [culture.months, culture.genitiveMonths, culture.shortMonths]) {
    const index = list.findIndex((name) => name.toLowerCase().replace(/\.$/, '') === wanted);
    if (index >= 0) return index + 1;
  }
  return undefined;
};

const isDayName = (word: string, culture: Culture): boolean =>
  [...culture.days, ...culture.shortDays].some(
    (name) => name.toLowerCase().replace(/\.$/, '') === word.toLowerCase().replace(/\.$/, ''),
  );

type DateFields = Pick<Fields, 'year' | 'month' | 'day'>;

/** The date in texts such as `20/10/2014`, `20 octobre 2010`, `Thu, 15 Mar 2018`. */
const looseDate = (text: string, culture: Culture): DateFields | undefined => {
  const numbers: string[] = [];
  let month: number | undefined;
  for (const word of text.split(/[\s,/.-]+/).filter((part) => part !== '')) {
    if (/^\d{1,4}$/.test(word)) numbers.push(word);
    else {
      const named = monthNamed(word, culture);
      // Spanish and Portuguese say "20 de octubre de 2020".
      if (named === undefined && !isDayName(word, culture) && word.toLowerCase() !== 'de') return undefined;
      if (named !== undefined && month !== undefined) return undefined;
      month ??= named;
    }
  }
  const [a = '', b = '', c = ''] = numbers;
  if (month !== undefined) {
    if (numbers.length !== 2) return undefined;
    const [day, year] = a.length > 2 ? [b, a] : [a, b];
    return { year: year4(year), month, day: Number(day) };
  }
  if (numbers.length !== 3) return undefined;
  const order = a.length > 2 ? 'yMd' : dateOrder(culture);
  const values = { [order[0] ?? '']: a, [order[1] ?? '']: b, [order[2] ?? '']: c };
  const { y = '', M = '', d = '' } = values;
  return { year: year4(y), month: Number(M), day: Number(d) };
};

const timePattern = (culture: Culture): RegExp =>
  new RegExp(
    `(?:^|[\\sT])(\\d{1,2}):(\\d{2})(?::(\\d{2})(?:[.,](\\d+))?)?\\s*(AM|PM|${escaped(culture.am)}|${escaped(culture.pm)})?\\s*(Z|GMT|UTC|[+-]\\d{2}:?\\d{2})?$`,
    'iu',
  );

const parseLoosely = (text: string, culture: Culture): Timestamp | undefined => {
  const match = timePattern(culture).exec(text);
  const date = looseDate(match === null ? text : text.slice(0, match.index), culture);
  if (date === undefined) return undefined;
  const [, hour = '0', minute = '0', second = '0', fraction = '', designator, zone = ''] = match ?? [];
  const afternoon =
    designator === undefined
      ? undefined
      : designator.toLowerCase() === 'pm' || designator.toLowerCase() === culture.pm.toLowerCase();
  if (afternoon !== undefined && (Number(hour) > 12 || Number(hour) === 0)) return undefined;
  return fromFields({
    ...date,
    hour: hourOf(Number(hour), afternoon),
    minute: Number(minute),
    second: Number(second),
    fraction,
    zone,
  });
};

/** Texts that a letter of a pattern takes, by how often it stands. */
const fieldPattern = (letter: string, count: number): string => {
  switch (letter) {
    case 'y':
      return count <= 2 ? '\\d{1,2}' : `\\d{${count}}`;
    case 'M':
    case 'd':
      return count >= 3 ? '[^\\d\\s]+' : count === 2 ? '\\d{2}' : '\\d{1,2}';
    case 'H':
    case 'h':
    case 'm':
    case 's':
      return count >= 2 ? '\\d{2}' : '\\d{1,2}';
    case 'f':
      return `\\d{${count}}`;
    case 'F':
      return `\\d{0,${count}}`;
    case 't':
      return '\\p{L}[\\p{L}.]*';
    case 'K':
      return '(?:Z|[+-]\\d{2}:?\\d{2})?';
    case 'z':
      return count >= 3 ? '[+-]\\d{1,2}:?\\d{2}' : '[+-]\\d{1,2}';
    default:
      return '';
  }
};

const assign = (fields: Fields, letter: string, count: number, text: string, culture: Culture): boolean => {
  switch (letter) {
    case 'y':
      fields.year = count <= 2 ? year4(text.padStart(2, '0')) : Number(text);
      return true;
    case 'M':
      fields.month = count >= 3 ? (monthNamed(text, culture) ?? 0) : Number(text);
      return fields.month > 0;
    case 'd':
      if (count >= 3) return isDayName(text, culture);
      fields.day = Number(text);
      return true;
    case 'H':
    case 'h':
      fields.hour = Number(text);
      return letter === 'H' || (fields.hour >= 1 && fields.hour <= 12);
    case 'm':
      fields.minute = Number(text);
      return true;
    case 's':
      fields.second = Number(text);
      return true;
    case 'f':
    case 'F':
      fields.fraction = text;
      return true;
    case 'K':
    case 'z':
      fields.zone = text;
      return true;
    default:
      return true;
  }
};

/** @returns undefined when the text is not of the format; 'invalid format' when the format is none */
export const parseExactly = (
  text: string,
  format: string,
  culture: Culture,
): Timestamp | undefined | 'invalid format' => {
  const pattern = fullPattern(format, culture);
  const parts = pattern === undefined ? undefined : patternParts(pattern);
  if (parts === undefined) return 'invalid format';
  const taken: { readonly letter: string; readonly count: number }[] = [];
  let source = '';
  for (const part of parts) {
    if ('literal' in part) source += escaped(part.literal);
    else if (part.letter === ':') source += escaped(culture.timeSeparator.repeat(part.count));
    else if (part.letter === '/') source += escaped(culture.dateSeparator.repeat(part.count));
    else {
      taken.push(part);
      source += `(${fieldPattern(part.letter, part.count)})`;
    }
  }
  const match = new RegExp(`^${source}$`, 'iu').exec(text.trim());
  if (match === null) return undefined;
  const fields = { ...nothing };
  let afternoon: boolean | undefined;
  let twelveHours = false;
  for (const [index, { letter, count }] of taken.entries()) {
    const found = match[index + 1] ?? '';
    if (!assign(fields, letter, count, found, culture)) return undefined;
    if (letter === 't') afternoon = /^p/i.test(found) || found.toLowerCase() === culture.pm.toLowerCase();
    if (letter === 'h') twelveHours = true;
  }
  if (twelveHours && afternoon === undefined) fields.hour %= 12;
  return fromFields({ ...fields, hour: hourOf(fields.hour, afternoon) });
};

/** @returns undefined when the text is not a timestamp of the culture */
export const parseTimestamp = (text: string, culture: () => Culture): Timestamp | undefined => {
  const trimmed = text.trim();
  return iso.test(trimmed) ? parseIso(trimmed) : parseLoosely(trimmed, culture());
};
