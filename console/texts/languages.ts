import { de } from './de.ts';
import { en, type Texts } from './en.ts';
import { nb } from './nb.ts';

/** Language of the browser → texts. */
export const languages = { en, nb, de } as const satisfies Readonly<Record<string, Texts>>;

export type Language = keyof typeof languages;

/** The locale by which dates and numbers are written. English is written as in Ireland: day before month, 24 hours. */
const locales: Readonly<Record<Language, string>> = { en: 'en-IE', nb: 'nb-NO', de: 'de-DE' };

/** Of the languages that a person prefers, the first that there is; "no" and "nn" read Bokmål. */
export const preferredLanguage = (preferred: readonly string[]): Language => {
  for (const tag of preferred) {
    const [code = ''] = tag.toLowerCase().split('-');
    const language = code === 'no' || code === 'nn' ? 'nb' : code;
    if (Object.hasOwn(languages, language)) return language as Language;
  }
  return 'en';
};

export interface Formats {
  /** Date and time, to the minute. @param at RFC 3339 or epoch ms */
  time(at: string | number): string;
  /** Time of day, to the second. @param at epoch ms */
  clock(at: number): string;
  number(value: number | bigint): string;
  /** A duration in words, to its largest unit; negative durations are in the past. @param ms milliseconds */
  ago(ms: number): string;
}

const units = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
  ['second', 1_000],
] as const satisfies readonly (readonly [Intl.RelativeTimeFormatUnit, number])[];

/** @param timeZone that of the browser when left out */
export const formatsOf = (language: Language, timeZone?: string): Formats => {
  const locale = locales[language];
  const zone = timeZone === undefined ? {} : { timeZone };
  const time = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short', ...zone });
  const clock = new Intl.DateTimeFormat(locale, { timeStyle: 'medium', ...zone });
  const number = new Intl.NumberFormat(locale, { maximumFractionDigits: 20 });
  const relative = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' });
  return {
    time: (at) => time.format(new Date(at)),
    clock: (at) => clock.format(new Date(at)),
    number: (value) => number.format(value),
    ago(ms) {
      const [unit, size] = units.find(([, each]) => Math.abs(ms) >= each) ?? (['second', 1_000] as const);
      return relative.format(Math.round(ms / size), unit);
    },
  };
};

/** The name that people read for a trigger; its id where it is of a newer version. */
export const triggerName = (texts: Texts, trigger: string): string =>
  (texts.destinations.triggers as Readonly<Record<string, { readonly name: string } | undefined>>)[trigger]
    ?.name ?? trigger;
