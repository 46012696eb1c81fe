/** Numbers in the spelling of a locale. */
import { ArgumentError } from '../evaluation-errors.ts';

export interface NumberSigns {
  readonly group: string;
  readonly decimal: string;
}

const known = new Map<string, NumberSigns>();

/** @throws ArgumentError when there is no such locale; `index` is the argument that names it */
export const numberSigns = (locale: string, index: number): NumberSigns => {
  const cached = known.get(locale);
  if (cached !== undefined) return cached;
  if (!isLocale(locale)) throw new ArgumentError(index, "the code of a locale, such as 'de-DE'");
  const parts = new Intl.NumberFormat(locale, { useGrouping: true }).formatToParts(1234567.5);
  const sign = (type: string, otherwise: string) =>
    // .NET's data hold a no-break space where ICU has a narrow one.
    (parts.find((part) => part.type === type)?.value ?? otherwise).replaceAll('\u202f', '\u00a0');
  const signs = { group: sign('group', ','), decimal: sign('decimal', '.') };
  known.set(locale, signs);
  return signs;
};

/** Whether ICU knows the language. */
export const isLocale = (locale: string): boolean => {
  try {
    return Intl.NumberFormat.supportedLocalesOf(locale).length > 0;
  } catch {
    // A malformed tag is a RangeError.
    return false;
  }
};

/**
 * A double from a text as .NET reads it: signs of groups anywhere before the decimal sign, a sign before or
 * behind.
 * @returns undefined when it is none
 */
export const floatFrom = (text: string, locale = 'en-US'): number | undefined => {
  const { group, decimal } = numberSigns(locale, 1);
  const match = /^\s*([+-]?)(.*?)([+-]?)\s*$/s.exec(text);
  if (match === null) return undefined;
  const [, before = '', body = '', behind = ''] = match;
  if (before !== '' && behind !== '') return undefined;
  const [whole = '', fraction, ...more] = body.split(decimal);
  if (more.length > 0) return undefined;
  const plain = whole.replaceAll(group, '') + (fraction === undefined ? '' : `.${fraction}`);
  if (!/^(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/.test(plain)) return undefined;
  const value = Number(plain);
  if (!Number.isFinite(value)) return undefined;
  return before === '-' || behind === '-' ? -value : value;
};
