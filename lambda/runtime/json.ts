/**
 * JSON whose numbers survive. A row may hold 64-bit integers and decimals that a double cannot; JSON.parse would round them.
 * Such a number is read as a marked text, and written back as the number it was.
 *
 * Node.js 20 has no access to the source text of a number (https://github.com/tc39/proposal-json-parse-with-source came with 21).
 */

/** A private-use character: no JSON text of the upstream API begins with it by chance. */
const mark = '\uE000';

/** Whether a value is an object as JSON has them. */
export const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const numberToken = /-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;
/**
 * Without a run of this many digits or an exponent, no number can lose anything. A number stands at the beginning or behind one of
 * these characters, which keeps the ids and times in strings out; what looks so within a string costs time only.
 */
const mayLose = /(?:^|[:,[])\s*-?(?:\d[\d.]{15}|[\d.]+[eE])/;
const markedText = new RegExp(`"${mark}(-?\\d+(?:\\.\\d+)?(?:[eE][+-]?\\d+)?)"`, 'g');

/** A double holds every number of up to 15 significant digits, and some of more. */
const survives = (token: string): boolean => {
  const value = Number(token);
  return (
    Number.isFinite(value) && (token.length <= 15 && !/[eE]/.test(token) ? true : String(value) === token)
  );
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

/** Marks the numbers outside strings. */
const marked = (text: string): string => {
  const parts: string[] = [];
  let from = 0;
  while (from < text.length) {
    const quote = text.indexOf('"', from);
    if (quote < 0) break;
    const end = endOfString(text, quote);
    parts.push(markNumbers(text.slice(from, quote)), text.slice(quote, end + 1));
    from = end + 1;
  }
  parts.push(markNumbers(text.slice(from)));
  return parts.join('');
};

/** @throws SyntaxError when the text is not JSON */
export const parseJson = (text: string): unknown => JSON.parse(mayLose.test(text) ? marked(text) : text);

/** Arrays that are passed on as they came, with their texts. */
const texts = new WeakMap<readonly unknown[], string>();

/**
 * An array of an answer that nobody looks at, for {@link renderJson} to write as it was read: it has its length and no items.
 * Anything else that writes it throws.
 * @param text its JSON
 */
export const unreadArray = <Item>(text: string, length: number): Item[] => {
  const array = Array<Item>(length);
  Object.defineProperty(array, 'toJSON', {
    value: () => {
      throw new TypeError('An array that was not read can only be a property of an answer.');
    },
  });
  texts.set(array, text);
  return array;
};

const rendered = (value: unknown): string => {
  const text = JSON.stringify(value);
  return text.includes(mark) ? text.replace(markedText, '$1') : text;
};

const keptText = (value: unknown): string | undefined =>
  Array.isArray(value) ? texts.get(value) : undefined;

/** JSON of a value that may hold numbers from {@link parseJson}, and an {@link unreadArray} as one of its properties. */
export const renderJson = (value: unknown): string => {
  if (typeof value !== 'object' || value === null) return rendered(value);
  const properties = Object.entries(value);
  if (!properties.some(([, inner]) => keptText(inner) !== undefined)) return rendered(value);
  const members = properties
    .filter(([, inner]) => inner !== undefined)
    .map(([name, inner]) => `${JSON.stringify(name)}:${keptText(inner) ?? rendered(inner)}`);
  return `{${members.join(',')}}`;
};

/** The digits of a number that {@link parseJson} read, as they were written; undefined for anything else. */
export const numberText = (value: unknown): string | undefined => {
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' && value.startsWith(mark) ? value.slice(mark.length) : undefined;
};

/**
 * A number with all its digits, for {@link renderJson}.
 * @param digits a JSON number
 */
export const exactNumber = (digits: string): number =>
  // The type of what a reader of the answer gets; every double that survives is itself.
  survives(digits) ? Number(digits) : (`${mark}${digits}` as unknown as number);

const nearest = (value: unknown): unknown => {
  if (typeof value === 'string') return value.startsWith(mark) ? Number(value.slice(mark.length)) : value;
  if (Array.isArray(value)) return value.map(nearest);
  return typeof value === 'object' && value !== null
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
  if (typeof value === 'object' && value !== null && !Array.isArray(value))
    for (const [name, inner] of Object.entries(value))
      if (typeof inner === 'string' && inner.startsWith(mark)) exact[name] = inner.slice(mark.length);
  return { value: nearest(value), exact };
};
