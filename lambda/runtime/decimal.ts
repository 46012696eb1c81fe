/**
 * Exact decimal numbers as text. Counts and measure values never pass through a binary float: a measure may
 * have 38 significant digits, the precision of a DynamoDB number.
 */

declare const decimalBrand: unique symbol;

/** Canonical form: no leading or trailing zeros, no exponent, "-" only for negatives; "0" for zero. */
export type Decimal = string & { readonly [decimalBrand]: true };

/**
 * Limits of a DynamoDB number
 * (https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html).
 */
const maximumDigits = 38;
const maximumExponent = 125;
const minimumExponent = -130;

/**
 * Characters of a text that is read as a number. Every number within the limits can be written in 300; a longer text is refused by
 * its length, whatever it says.
 */
const longestText = 1_000;

const decimalForm = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d{1,6}))?$/;

/** `d.ddd × 10^exponent`; `digits` without zeros at either end, empty for zero. */
interface Scientific {
  readonly negative: boolean;
  readonly digits: string;
  readonly exponent: number;
}

const parse = (value: string): Scientific | undefined => {
  if (value.length > longestText) return undefined;
  const match = decimalForm.exec(value.trim());
  if (!match) return undefined;
  const [, sign, whole = '', fraction = '', exponent = '0'] = match;
  if (whole === '' && fraction === '') return undefined;
  const all = whole + fraction;
  let leading = 0;
  while (all[leading] === '0') leading += 1;
  let end = all.length;
  while (end > leading && all[end - 1] === '0') end -= 1;
  const digits = all.slice(leading, end);
  if (digits === '') return { negative: false, digits: '', exponent: 0 };
  return { negative: sign === '-', digits, exponent: whole.length - 1 - leading + Number(exponent) };
};

const format = ({ negative, digits, exponent }: Scientific): string => {
  if (digits === '') return '0';
  const sign = negative ? '-' : '';
  if (exponent < 0) return `${sign}0.${'0'.repeat(-exponent - 1)}${digits}`;
  if (digits.length <= exponent + 1) return sign + digits.padEnd(exponent + 1, '0');
  return `${sign}${digits.slice(0, exponent + 1)}.${digits.slice(exponent + 1)}`;
};

/**
 * Reads a decimal written with or without exponent.
 * @returns undefined when it is not a number, has over 38 significant digits, an exponent outside -130 … 125, or is longer than 1,000
 * characters
 */
export const toDecimal = (value: string | number | bigint): Decimal | undefined => {
  const parsed = parse(String(value));
  if (
    !parsed ||
    parsed.digits.length > maximumDigits ||
    parsed.exponent > maximumExponent ||
    parsed.exponent < minimumExponent
  )
    return undefined;
  return format(parsed) as Decimal;
};

const complement = (digits: string) => digits.replace(/\d/g, (digit) => String(9 - Number(digit)));

/**
 * A text that sorts, byte by byte, as the numbers do; for a sort key. Followed by a character below "0" (such
 * as "#"), a number still sorts before every longer one that begins with its digits.
 */
export const orderedKey = (value: Decimal): string => {
  const { negative, digits, exponent } = parse(value) as Scientific;
  if (digits === '') return '1';
  const magnitude = String(exponent + 500).padStart(3, '0') + digits;
  // "~" is above every digit, so of two negatives the one with more digits (further from zero) comes first.
  return negative ? `0${complement(magnitude)}~` : `2${magnitude}`;
};

/** Negative when a < b, zero when equal, positive when a > b. */
export const compareDecimals = (a: Decimal, b: Decimal): number => {
  const [left, right] = [orderedKey(a), orderedKey(b)];
  return left < right ? -1 : left > right ? 1 : 0;
};
