/**
 * formatNumber: the numeric format strings of .NET. As measured: standard formats round half to even,
 * custom ones half away from zero, both on the 17 significant digits of the double (12.345 is
 * 12.345000000000001, so 'N2' gives 12.35).
 */
import { ArgumentError } from '../evaluation-errors.ts';
import { doubleOf, doubleText, isInteger, type Value } from '../values.ts';
import { number, optionalText } from './function.ts';
import { type NumberSigns, numberSigns } from './number-text.ts';

type Rounding = 'to even' | 'away from zero';

interface Digits {
  readonly whole: string;
  readonly fraction: string;
}

const significant = 17;

/** The decimal digits of a number without its sign: `digits` × 10^`exponent`. */
const decimalOf = (value: number | bigint): { readonly digits: bigint; readonly exponent: number } => {
  if (typeof value === 'bigint') return { digits: value < 0n ? -value : value, exponent: 0 };
  if (Number.isSafeInteger(value)) return { digits: BigInt(Math.abs(value)), exponent: 0 };
  const [mantissa = '0', exponent = '0'] = Math.abs(value)
    .toExponential(significant - 1)
    .split('e');
  return { digits: BigInt(mantissa.replace('.', '')), exponent: Number(exponent) - significant + 1 };
};

/** @param shift power of ten: 2 for percentages */
const rounded = (value: number | bigint, places: number, rounding: Rounding, shift = 0): Digits => {
  const { digits, exponent } = decimalOf(value);
  const power = exponent + places + shift;
  let scaled = power >= 0 ? digits * 10n ** BigInt(power) : 0n;
  if (power < 0) {
    const divisor = 10n ** BigInt(-power);
    scaled = digits / divisor;
    const twice = (digits % divisor) * 2n;
    if (twice > divisor || (twice === divisor && (rounding === 'away from zero' || scaled % 2n === 1n)))
      scaled += 1n;
  }
  const text = scaled.toString().padStart(places + 1, '0');
  return { whole: text.slice(0, text.length - places), fraction: text.slice(text.length - places) };
};

const grouped = (whole: string, sign: string): string => whole.replace(/\B(?=(\d{3})+(?!\d))/g, sign);

const isZero = (text: string): boolean => !/[1-9]/.test(text);

/** Currencies of the regions that have been asked for; a locale without a region has none. */
const currencies: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries({
    EUR: 'AT BE CY DE EE ES FI FR GR HR IE IT LT LU LV MT NL PT SI SK',
    USD: 'US',
    GBP: 'GB',
    NOK: 'NO',
    SEK: 'SE',
    DKK: 'DK',
    ISK: 'IS',
    CHF: 'CH LI',
    PLN: 'PL',
    CZK: 'CZ',
    HUF: 'HU',
    RON: 'RO',
    BGN: 'BG',
    TRY: 'TR',
    UAH: 'UA',
    RUB: 'RU',
    JPY: 'JP',
    CNY: 'CN',
    KRW: 'KR',
    INR: 'IN',
    CAD: 'CA',
    AUD: 'AU',
    NZD: 'NZ',
    BRL: 'BR',
    MXN: 'MX',
    ZAR: 'ZA',
    ILS: 'IL',
    SGD: 'SG',
    HKD: 'HK',
    THB: 'TH',
  }).flatMap(([currency, regions]) => regions.split(' ').map((region) => [region, currency])),
);

/** The amount within the locale's currency or percent pattern. */
const within = (locale: string, style: 'currency' | 'percent', amount: string): string => {
  const currency = currencies[new Intl.Locale(locale).region ?? ''];
  if (style === 'currency' && currency === undefined)
    throw new ArgumentError(
      2,
      `a locale whose currency is known here, such as 'en-US'; '${locale}' has none`,
    );
  const parts = new Intl.NumberFormat(locale, {
    style,
    ...(style === 'currency' && { currency, currencyDisplay: 'narrowSymbol' }),
  }).formatToParts(1);
  const first = parts.findIndex(({ type }) => type === 'integer');
  const last = parts.findLastIndex(({ type }) => type === 'integer' || type === 'fraction');
  const text = (some: typeof parts) =>
    some
      .map(({ value }) => value)
      .join('')
      .replaceAll('\u202f', '\u00a0');
  const written = text(parts.slice(0, first)) + amount + text(parts.slice(last + 1));
  // The documentation's example for Iceland has no point behind the currency; ICU has.
  return currency === 'ISK' ? written.replace(/kr\.$/, 'kr') : written;
};

const standard = (
  value: number | bigint,
  format: string,
  signs: NumberSigns,
  locale: string,
): string | undefined => {
  const match = /^([CDEFGNPXR])(\d{0,2})$/i.exec(format);
  if (match === null) return undefined;
  const [, letter = '', digits = ''] = match;
  const precision = digits === '' ? undefined : Number(digits);
  const negative = value < 0;
  const fixed = (places: number, grouping: boolean, shift = 0): string => {
    const { whole, fraction } = rounded(value, places, 'to even', shift);
    return (grouping ? grouped(whole, signs.group) : whole) + (places > 0 ? signs.decimal + fraction : '');
  };
  const signed = (amount: string, pattern: (amount: string) => string = (text) => text): string =>
    (negative && !isZero(amount) ? '-' : '') + pattern(amount);
  const whole = (what: string): bigint => {
    if (typeof value === 'number' && !Number.isInteger(value))
      throw new ArgumentError(0, `an integer for the format ${what}`);
    return BigInt(value);
  };
  switch (letter.toUpperCase()) {
    case 'N':
      return signed(fixed(precision ?? 2, true));
    case 'F':
      return signed(fixed(precision ?? 2, false));
    case 'C':
      return signed(fixed(precision ?? 2, true), (amount) => within(locale, 'currency', amount));
    case 'P':
      return signed(fixed(precision ?? 2, true, 2), (amount) => within(locale, 'percent', amount));
    case 'D': {
      const integer = whole('D');
      const magnitude = (integer < 0n ? -integer : integer).toString().padStart(precision ?? 1, '0');
      return integer < 0n ? `-${magnitude}` : magnitude;
    }
    case 'X': {
      const hexadecimal = BigInt.asUintN(64, whole('X'))
        .toString(16)
        .padStart(precision ?? 1, '0');
      return letter === 'X' ? hexadecimal.toUpperCase() : hexadecimal;
    }
    case 'E': {
      const [mantissa = '', exponent = '0'] = Number(value)
        .toExponential(precision ?? 6)
        .split('e');
      const power = String(Math.abs(Number(exponent))).padStart(3, '0');
      return `${mantissa.replace('.', signs.decimal)}${letter}${Number(exponent) < 0 ? '-' : '+'}${power}`;
    }
    default: {
      const text =
        typeof value === 'bigint'
          ? value.toString()
          : doubleText(precision ? Number(value.toPrecision(precision)) : value);
      return text.replace('.', signs.decimal);
    }
  }
};

interface Character {
  readonly text: string;
  readonly literal: boolean;
}

/** Sections of a custom format (positive; negative; zero), each as characters that are literal or not. */
const sectionsOf = (format: string): readonly (readonly Character[])[] => {
  const sections: Character[][] = [[]];
  let quote = '';
  for (let index = 0; index < format.length; index += 1) {
    const text = format[index] ?? '';
    const section = sections.at(-1);
    if (quote !== '') {
      if (text === quote) quote = '';
      else section?.push({ text, literal: true });
    } else if (text === "'" || text === '"') quote = text;
    else if (text === '\\') {
      index += 1;
      section?.push({ text: format[index] ?? '', literal: true });
    } else if (text === ';') sections.push([]);
    else section?.push({ text, literal: false });
  }
  return sections;
};

const isDigit = ({ text, literal }: Character): boolean => !literal && (text === '0' || text === '#');
const plain = (characters: readonly Character[]): string => characters.map(({ text }) => text).join('');

const section = (characters: readonly Character[], value: number | bigint, signs: NumberSigns): string => {
  const first = characters.findIndex(isDigit);
  if (first < 0) return plain(characters);
  const last = characters.findLastIndex(isDigit);
  const pattern = plain(characters.slice(first, last + 1).filter(({ literal }) => !literal));
  const [whole = '', fraction = ''] = pattern.split('.', 2);
  const zerosBefore = whole.replaceAll(',', '').replace(/^#+/, '').length;
  const places = fraction.replace(/[^0#]/g, '').length;
  const zerosBehind = fraction.lastIndexOf('0') + 1;
  const percent = characters.some(({ text, literal }) => !literal && text === '%');
  const digits = rounded(value, places, 'away from zero', percent ? 2 : 0);
  const before = digits.whole.replace(/^0+/, '').padStart(zerosBefore, '0');
  const behind =
    digits.fraction.slice(0, zerosBehind) + digits.fraction.slice(zerosBehind).replace(/0+$/, '');
  return (
    plain(characters.slice(0, first)) +
    (/[0#],[0#]/.test(whole) ? grouped(before, signs.group) : before) +
    (behind === '' ? '' : signs.decimal + behind) +
    plain(characters.slice(last + 1))
  );
};

const custom = (value: number | bigint, format: string, signs: NumberSigns): string => {
  const [positive = [], negative, zero] = sectionsOf(format);
  const usual = section(positive, value, signs);
  if (zero !== undefined && isZero(usual)) return section(zero, 0, signs);
  if (value >= 0) return usual;
  if (negative !== undefined && negative.length > 0) return section(negative, value, signs);
  return isZero(usual) ? usual : `-${usual}`;
};

export const formatNumber = (args: readonly Value[]): string => {
  const given = number(args, 0);
  const value = isInteger(given) ? given : doubleOf(given);
  const format = optionalText(args, 1) ?? 'G';
  const locale = optionalText(args, 2) ?? 'en-US';
  const signs = numberSigns(locale, 2);
  return standard(value, format, signs, locale) ?? custom(value, format, signs);
};
