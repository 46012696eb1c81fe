/**
 * JSON whose numbers survive. A row may hold 64-bit integers and decimals that a double cannot; JSON.parse
 * would round them. Such a number is read as an {@link ExactNumber}, and written back as the number it was.
 *
 * Node.js 20 has no access to the source text of a number
 * (https://github.com/tc39/proposal-json-parse-with-source came with 21), so on its way through JSON.parse
 * and JSON.stringify such a number is a text that begins with a mark. No text from outside can pass for one:
 * texts that begin with the mark are escaped on the way in, and counted on the way out.
 */

/** A private-use character. */
const mark = '\uE000';

/** Exact numbers that the JSON.stringify under way has written; undefined outside of {@link renderJson}. */
let written: number | undefined;

/** A number that a double does not hold. Only {@link parseJson} and {@link exactNumber} make one. */
export class ExactNumber {
  /** A JSON number. */
  readonly #digits: string;

  /** @param digits a JSON number */
  constructor(digits: string) {
    this.#digits = digits;
  }

  toString(): string {
    return this.#digits;
  }

  /** Its digits as a text, for logs; the number itself in {@link renderJson}. */
  toJSON(): string {
    if (written === undefined) return this.#digits;
    written += 1;
    return mark + this.#digits;
  }
}

/** Whether a value is an object as JSON has them. */
export const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof ExactNumber);

const numberPattern = String.raw`-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?`;
/** Not before a colon: a number is not a name of a property, and must not become one by being marked. */
const numberToken = new RegExp(String.raw`${numberPattern}(?!\s*:)`, 'g');
/**
 * Without a run of this many digits or an exponent, no number can lose anything. A number follows the
 * beginning of the text or one of these characters, which excludes the ids and times in strings. A false
 * match within a string only costs time.
 */
const mayLose = /(?:^|[:,[])\s*-?(?:\d[\d.]{15}|[\d.]+[eE])/;
const markedNumber = new RegExp(`"${mark}(${numberPattern})"`, 'g');

/** A double holds every number of up to 15 significant digits, and some of more. */
const survives = (token: string): boolean => {
  if (token.includes('e') || token.includes('E')) {
    // JavaScript writes exponents in these two forms only.
    if (!token.includes('e+') && !token.includes('e-')) return false;
  } else if (token.length <= 15) return true;
  return String(Number(token)) === token;
};

const markNumbers = (text: string): string =>
  text.replace(numberToken, (token) => (survives(token) ? token : `"${mark}${token}"`));

/** Index of the quote that ends the string beginning at `start`. */
const endOfString = (text: string, start: number): number => {
  for (let quote = text.indexOf('"', start + 1); quote >= 0; quote = text.indexOf('"', quote + 1)) {
    let backslashes = 0;
    while (text[quote - 1 - backslashes] === '\\') backslashes += 1;
    if (backslashes % 2 === 0) return quote;
  }
  return text.length;
};

/** The mark at the beginning of a string, written out or escaped. */
const beginsWithMark = /^"(?:\uE000|\\u[eE]000)/;
const isName = /\s*:/y;

/** A string as it is, or with a second mark where it is a value that begins with one. */
const escapedString = (text: string, start: number, end: number): string => {
  const string = text.slice(start, end);
  if (!beginsWithMark.test(string)) return string;
  isName.lastIndex = end;
  return isName.test(text) ? string : `"${mark}${string.slice(1)}`;
};

/** Marks the numbers outside strings. */
const marked = (text: string): string => {
  const parts: string[] = [];
  let from = 0;
  while (from < text.length) {
    const quote = text.indexOf('"', from);
    if (quote < 0) break;
    const end = endOfString(text, quote) + 1;
    parts.push(markNumbers(text.slice(from, quote)), escapedString(text, quote, end));
    from = end;
  }
  parts.push(markNumbers(text.slice(from)));
  return parts.join('');
};

/** Undoes {@link marked} in a value that JSON.parse has just made, in place. */
const unmarked = (value: unknown): unknown => {
  if (typeof value === 'string') {
    if (!value.startsWith(mark)) return value;
    const rest = value.slice(mark.length);
    return rest.startsWith(mark) ? rest : new ExactNumber(rest);
  }
  if (Array.isArray(value)) for (const [index, item] of value.entries()) value[index] = unmarked(item);
  else if (typeof value === 'object' && value !== null) {
    const properties = value as Record<string, unknown>;
    for (const name of Object.keys(properties)) properties[name] = unmarked(properties[name]);
  }
  return value;
};

/**
 * The value of a JSON text, with an {@link ExactNumber} for every number that a double does not hold.
 * @throws SyntaxError when the text is not JSON
 */
export const parseJson = (text: string): unknown =>
  mayLose.test(text) ? unmarked(JSON.parse(marked(text))) : JSON.parse(text);

/**
 * JSON that is passed on as it was read. {@link renderJson} writes it as a property of an answer; anything
 * else throws.
 */
export class UnreadJson {
  readonly text: string;

  /** @param text valid JSON */
  constructor(text: string) {
    this.text = text;
  }

  toJSON(): never {
    throw new TypeError('JSON that was not read can only be a property of an answer.');
  }
}

/** Value by value, for a text that holds the mark and could pass for a number. */
const renderedSlowly = (value: unknown): string | undefined => {
  if (value instanceof ExactNumber) return value.toString();
  if (Array.isArray(value)) return `[${value.map((item) => renderedSlowly(item) ?? 'null').join(',')}]`;
  if (!isRecord(value) || typeof value.toJSON === 'function') return JSON.stringify(value);
  const members = Object.entries(value).flatMap(([name, inner]) => {
    const text = renderedSlowly(inner);
    return text === undefined ? [] : [`${JSON.stringify(name)}:${text}`];
  });
  return `{${members.join(',')}}`;
};

const rendered = (value: unknown): string => {
  let text: string;
  let marks: number;
  written = 0;
  try {
    text = JSON.stringify(value);
  } finally {
    marks = written;
    written = undefined;
  }
  if (marks === 0) return text;
  let found = 0;
  const result = text.replace(markedNumber, (_, digits: string) => {
    found += 1;
    return digits;
  });
  return found === marks ? result : (renderedSlowly(value) ?? text);
};

/** JSON of a value that may hold exact numbers at any depth, and {@link UnreadJson} as its own properties. */
export const renderJson = (value: unknown): string => {
  if (typeof value !== 'object' || value === null) return rendered(value);
  const properties = Object.entries(value);
  if (!properties.some(([, inner]) => inner instanceof UnreadJson)) return rendered(value);
  const members = properties
    .filter(([, inner]) => inner !== undefined)
    .map(
      ([name, inner]) =>
        `${JSON.stringify(name)}:${inner instanceof UnreadJson ? inner.text : rendered(inner)}`,
    );
  return `{${members.join(',')}}`;
};

/** The digits of a number, as they were written; undefined for anything else. */
export const numberText = (value: unknown): string | undefined =>
  typeof value === 'number' || value instanceof ExactNumber ? String(value) : undefined;

/**
 * A number with all its digits.
 * @param digits a JSON number
 */
export const exactNumber = (digits: string): number | ExactNumber =>
  survives(digits) ? Number(digits) : new ExactNumber(digits);

const nearest = (value: unknown): unknown => {
  if (value instanceof ExactNumber) return Number(String(value));
  if (Array.isArray(value)) return value.map(nearest);
  return isRecord(value)
    ? Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, nearest(inner)]))
    : value;
};

export interface Rounded {
  /** With every number as the nearest double, as JSON.parse gives it. */
  readonly value: unknown;
  /** Properties of the value that lost digits that way → their digits. */
  readonly exact: Readonly<Record<string, string>>;
}

/** @param value from {@link parseJson} */
export const rounded = (value: unknown): Rounded => {
  const exact: Record<string, string> = {};
  if (isRecord(value))
    for (const [name, inner] of Object.entries(value))
      if (inner instanceof ExactNumber) exact[name] = String(inner);
  return { value: nearest(value), exact };
};
