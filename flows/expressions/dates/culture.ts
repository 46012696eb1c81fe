/**
 * How a locale writes dates: what .NET keeps in DateTimeFormatInfo. Names and patterns come from ICU, as
 * .NET's do.
 */
import { ArgumentError } from '../evaluation-errors.ts';
import { isLocale } from '../functions/number-text.ts';

export interface Culture {
  readonly months: readonly string[];
  readonly shortMonths: readonly string[];
  /** As they are written next to a day, in languages that decline them. */
  readonly genitiveMonths: readonly string[];
  readonly days: readonly string[];
  readonly shortDays: readonly string[];
  readonly am: string;
  readonly pm: string;
  readonly dateSeparator: string;
  readonly timeSeparator: string;
  readonly patterns: {
    readonly shortDate: string;
    readonly longDate: string;
    readonly shortTime: string;
    readonly longTime: string;
    readonly monthDay: string;
    readonly yearMonth: string;
  };
}

/** The patterns that the platform was measured to use, where they differ from ICU's of this Node.js. */
const measured: Readonly<Record<string, Partial<Culture['patterns']>>> = {
  'en-us': {
    shortDate: 'M/d/yyyy',
    longDate: 'dddd, MMMM d, yyyy',
    shortTime: 'h:mm tt',
    longTime: 'h:mm:ss tt',
  },
  'en-gb': { shortDate: 'dd/MM/yyyy', longDate: 'dd MMMM yyyy', shortTime: 'HH:mm', longTime: 'HH:mm:ss' },
  'de-de': { shortDate: 'dd.MM.yyyy', longDate: 'dddd, d. MMMM yyyy' },
  'fr-fr': { shortDate: 'dd/MM/yyyy', longDate: 'dddd d MMMM yyyy' },
};

/**
 * A day whose parts all have one digit, so that a zero in front is the pattern's; a morning, so that 9 is 9.
 */
const sample = Date.UTC(2026, 2, 5, 9, 7, 8);

const quoted = (literal: string): string => {
  const plain = literal.replaceAll('\u202f', ' ');
  return /\p{L}/u.test(plain) ? `'${plain.replaceAll("'", '')}'` : plain;
};

const patternOf = (locale: string, options: Intl.DateTimeFormatOptions): string => {
  const format = new Intl.DateTimeFormat(locale, { ...options, timeZone: 'UTC', numberingSystem: 'latn' });
  const hour = format.resolvedOptions().hour12 ? 'h' : 'H';
  const twice = (letter: string, value: string) => (value.length > 1 ? letter + letter : letter);
  return format
    .formatToParts(sample)
    .map(({ type, value }) => {
      switch (type) {
        case 'weekday':
          return options.weekday === 'short' ? 'ddd' : 'dddd';
        case 'day':
          return twice('d', value);
        case 'month':
          return /^\d/.test(value) ? twice('M', value) : 'MMMM';
        case 'year':
          return 'yyyy';
        case 'hour':
          return twice(hour, value);
        case 'minute':
          return 'mm';
        case 'second':
          return 'ss';
        case 'dayPeriod':
          return 'tt';
        default:
          return quoted(value);
      }
    })
    .join('');
};

const names = (
  locale: string,
  options: Intl.DateTimeFormatOptions,
  part: string,
  dates: readonly number[],
) => {
  const format = new Intl.DateTimeFormat(locale, { ...options, timeZone: 'UTC' });
  return dates.map((date) => format.formatToParts(date).find(({ type }) => type === part)?.value ?? '');
};

const months = Array.from({ length: 12 }, (_, month) => Date.UTC(2026, month, 5));
/** 1 March 2026 is a Sunday. */
const days = Array.from({ length: 7 }, (_, day) => Date.UTC(2026, 2, 1 + day));

const build = (locale: string): Culture => {
  const short = patternOf(locale, { year: 'numeric', month: 'numeric', day: 'numeric' });
  const time = (options: Intl.DateTimeFormatOptions) =>
    patternOf(locale, { hour: 'numeric', minute: 'numeric', ...options });
  const [am = 'AM', pm = 'PM'] = names(locale, { hour: 'numeric', hour12: true }, 'dayPeriod', [
    sample,
    sample + 12 * 3_600_000,
  ]);
  return {
    months: names(locale, { month: 'long' }, 'month', months),
    shortMonths: names(locale, { month: 'short', day: 'numeric' }, 'month', months),
    genitiveMonths: names(locale, { month: 'long', day: 'numeric' }, 'month', months),
    days: names(locale, { weekday: 'long' }, 'weekday', days),
    shortDays: names(locale, { weekday: 'short' }, 'weekday', days),
    am: am || 'AM',
    pm: pm || 'PM',
    dateSeparator: /[dM]([^\w\s]+)\s?[dMy]/.exec(short)?.[1] ?? '/',
    timeSeparator: ':',
    patterns: {
      shortDate: short,
      longDate: patternOf(locale, { weekday: 'long', year: 'numeric', month: 'long', day: 'numeric' }),
      shortTime: time({}),
      longTime: time({ second: 'numeric' }),
      monthDay: patternOf(locale, { month: 'long', day: 'numeric' }),
      yearMonth: patternOf(locale, { year: 'numeric', month: 'long' }),
      ...measured[locale.toLowerCase()],
    },
  };
};

const cultures = new Map<string, Culture>();

/**
 * @param index of the argument that names the locale
 * @throws ArgumentError when there is no such locale
 */
export const cultureOf = (locale: string, index: number): Culture => {
  const key = locale.toLowerCase();
  const cached = cultures.get(key);
  if (cached !== undefined) return cached;
  if (!isLocale(locale)) throw new ArgumentError(index, "the code of a locale, such as 'de-DE'");
  const culture = build(locale);
  cultures.set(key, culture);
  return culture;
};

export const defaultLocale = 'en-US';
