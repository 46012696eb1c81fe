/**
 * The values that expressions work on. The platform tells integers (64 bits) from floats (doubles), which
 * JavaScript does not:
 * - an integer is a whole `number`, or a `bigint` where a double cannot hold it
 * - a float is a `number` with a fraction, or a {@link Float} where the double is whole
 */
import { parse } from 'lossless-json';

/** A double that is a whole number, such as the result of `div(10, 5.0)`. */
export class Float {
  readonly value: number;

  constructor(value: number) {
    this.value = value;
  }
}

export type Value = null | boolean | string | number | bigint | Float | readonly Value[] | ValueObject;
export interface ValueObject {
  readonly [key: string]: Value;
}

/** As the platform's messages name them. */
export type Kind = 'Null' | 'Boolean' | 'Integer' | 'Float' | 'String' | 'Array' | 'Object';

export const kindOf = (value: Value): Kind => {
  if (value === null) return 'Null';
  switch (typeof value) {
    case 'boolean':
      return 'Boolean';
    case 'string':
      return 'String';
    case 'bigint':
      return 'Integer';
    case 'number':
      return Number.isInteger(value) ? 'Integer' : 'Float';
    default:
      return Array.isArray(value) ? 'Array' : value instanceof Float ? 'Float' : 'Object';
  }
};

export const isArray = (value: Value): value is readonly Value[] => Array.isArray(value);

export const isObject = (value: Value): value is ValueObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Float);

export const isInteger = (value: Value): value is number | bigint =>
  typeof value === 'bigint' || (typeof value === 'number' && Number.isInteger(value));

export const isNumber = (value: Value): value is number | bigint | Float =>
  typeof value === 'number' || typeof value === 'bigint' || value instanceof Float;

/** Limits of the platform's integer, 64 bits. */
export const smallestInteger = -(2n ** 63n);
export const largestInteger = 2n ** 63n - 1n;

/** The integer of so many units; undefined outside 64 bits. */
export const integerOf = (value: bigint): number | bigint | undefined => {
  if (value < smallestInteger || value > largestInteger) return undefined;
  const small = Number(value);
  return Number.isSafeInteger(small) ? small : value;
};

/** The float of a finite double. */
export const floatOf = (value: number): number | Float =>
  Number.isInteger(value) ? new Float(value) : value;

/** The nearest double of a number of any kind. */
export const doubleOf = (value: number | bigint | Float): number =>
  value instanceof Float ? value.value : Number(value);

/** Decimal exponents between which the platform writes a double without an exponent. */
const fixedFrom = -4;
const fixedTo = 16;

/** A double as the platform writes it: shortest digits, `1E+21`, `1E-06`. */
export const doubleText = (value: number): string => {
  if (value === 0) return '0';
  const [mantissa = '', exponentText = '0'] = value.toExponential().split('e');
  const exponent = Number(exponentText);
  if (exponent < fixedFrom || exponent > fixedTo) {
    const digits = String(Math.abs(exponent)).padStart(2, '0');
    return `${mantissa}E${exponent < 0 ? '-' : '+'}${digits}`;
  }
  const sign = value < 0 ? '-' : '';
  const figures = mantissa.replace(/[-.]/g, '');
  if (exponent < 0) return `${sign}0.${'0'.repeat(-exponent - 1)}${figures}`;
  const whole = figures.slice(0, exponent + 1).padEnd(exponent + 1, '0');
  const fraction = figures.slice(exponent + 1);
  return fraction === '' ? sign + whole : `${sign}${whole}.${fraction}`;
};

const numberText = (value: number | bigint | Float): string =>
  typeof value === 'bigint'
    ? value.toString()
    : value instanceof Float
      ? doubleText(value.value)
      : Number.isInteger(value)
        ? String(value)
        : doubleText(value);

/** A whole double keeps its point in JSON, so that it is read back as a float. */
const numberJson = (value: number | bigint | Float): string => {
  const text = numberText(value);
  return value instanceof Float && !/[.E]/.test(text) ? `${text}.0` : text;
};

/** The platform's writer escapes the line separators of Unicode too; V8 leaves these three as they are. */
const alsoEscaped = /[\u0085\u2028\u2029]/g;
const escaped = (unit: string) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
const stringJson = (text: string): string => JSON.stringify(text).replace(alsoEscaped, escaped);

/** Compact JSON, keys in their order; with an indent, lines of it. */
export const jsonText = (value: Value, indent = '', inner = ''): string => {
  if (value === null || typeof value === 'boolean') return String(value);
  if (typeof value === 'string') return stringJson(value);
  if (isNumber(value)) return numberJson(value);
  const below = inner + indent;
  const [open, close, parts] = isArray(value)
    ? ['[', ']', value.map((item) => jsonText(item, indent, below))]
    : [
        '{',
        '}',
        Object.entries(value).map(
          ([key, item]) => `${stringJson(key)}:${indent && ' '}${jsonText(item, indent, below)}`,
        ),
      ];
  if (parts.length === 0) return open + close;
  return indent === ''
    ? `${open}${parts.join(',')}${close}`
    : `${open}\n${below}${parts.join(`,\n${below}`)}\n${inner}${close}`;
};

export interface Binary extends ValueObject {
  readonly '$content-type': string;
  /** Base64. */
  readonly $content: string;
}

export const isBinary = (value: Value): value is Binary =>
  isObject(value) && typeof value['$content-type'] === 'string' && typeof value.$content === 'string';

export const binaryOf = (bytes: Uint8Array, contentType = 'application/octet-stream'): Binary => ({
  '$content-type': contentType,
  $content: Buffer.from(bytes).toString('base64'),
});

export const bytesOf = (binary: Binary): Buffer => Buffer.from(binary.$content, 'base64');

/** A value as text: what `string()`, `concat()`, `join()` and `@{}` make of it. */
export const textOf = (value: Value): string => {
  if (typeof value === 'string') return value;
  if (value === null) return '';
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (isNumber(value)) return numberText(value);
  return isBinary(value) ? bytesOf(value).toString('utf8') : jsonText(value);
};

/**
 * What a definition has where a name belongs: a text as it is, anything else as JSON. String() fails for an object with a
 * property `toString`.
 */
export const written = (value: Value | undefined): string =>
  typeof value === 'string' ? value : jsonText(value ?? null);

/** A JSON number as a value; undefined where neither 64 bits nor a double can hold it. */
export const numberOf = (text: string): number | bigint | Float | undefined => {
  if (/^[+-]?\d+$/.test(text)) {
    const integer = integerOf(BigInt(text.replace('+', '')));
    if (integer !== undefined) return Object.is(integer, -0) ? 0 : integer;
  }
  const double = Number(text);
  return Number.isFinite(double) ? floatOf(double) : undefined;
};

/**
 * Without a fraction, an exponent or 16 digits, JSON.parse loses nothing. Strings that look so cost time
 * only.
 */
const mayLose = /(?:^|[:,[])\s*-?(?:\d{16}|\d*\.\d|\d+[eE])/;

const jsonNumber = (text: string): number | bigint | Float => {
  const value = numberOf(text);
  if (value === undefined) throw new SyntaxError(`The number ${text} is too large.`);
  return value;
};

/** @throws SyntaxError when the text is not JSON */
export const parseJsonValue = (text: string): Value =>
  mayLose.test(text)
    ? (parse(text, null, { parseNumber: jsonNumber, onDuplicateKey: ({ newValue }) => newValue }) as Value)
    : (JSON.parse(text) as Value);

/** The property of an object whose name is this one, or is but for its case; an exact match wins. */
export const propertyName = (object: ValueObject, name: string): string | undefined => {
  if (Object.hasOwn(object, name)) return name;
  const lower = name.toLowerCase();
  for (const key of Object.keys(object)) if (key.toLowerCase() === lower) return key;
  return undefined;
};

/** Deep and type-strict: true is not 1, null is not ''; an integer equals a float of the same size. */
export const equalValues = (a: Value, b: Value): boolean => {
  if (a === b) return true;
  if (a === null || b === null) return false;
  if (isNumber(a)) return isNumber(b) && compareNumbers(a, b) === 0;
  if (typeof a !== 'object' || typeof b !== 'object') return false;
  if (isArray(a))
    return (
      isArray(b) && a.length === b.length && a.every((item, index) => equalValues(item, b[index] ?? null))
    );
  if (!isObject(a) || !isObject(b)) return false;
  const keys = Object.keys(a);
  return (
    keys.length === Object.keys(b).length &&
    keys.every((key) => Object.hasOwn(b, key) && equalValues(a[key] ?? null, b[key] ?? null))
  );
};

/**
 * Negative, 0 or positive. Mixed integers and floats are compared exactly, as JavaScript compares bigint and
 * number.
 */
export const compareNumbers = (a: number | bigint | Float, b: number | bigint | Float): number => {
  const left = a instanceof Float ? a.value : a;
  const right = b instanceof Float ? b.value : b;
  return left < right ? -1 : left > right ? 1 : 0;
};
