/** What the syntax of a JSON text tells without reading its values. */
import { lengthOf, scalarPattern, stringPattern } from '../../config/json-error.ts';

const string = new RegExp(stringPattern, 'y');

/**
 * Walks over the brackets of a JSON text.
 * @param isEnd told how many are open after each of them
 * @returns the index of the one that is the end; undefined where there is none, or a string does not end before it
 */
const bracketAt = (text: string, start: number, isEnd: (open: number) => boolean): number | undefined => {
  let open = 0;
  for (let at = start; at < text.length; at += 1) {
    const character = text.charAt(at);
    if (character === '"') {
      const read = lengthOf(string, text, at);
      if (read === 0) return undefined;
      at += read - 1;
      continue;
    }
    if (character === '{' || character === '[') open += 1;
    else if (character === '}' || character === ']') open -= 1;
    else continue;
    if (isEnd(open)) return at;
  }
  return undefined;
};

/** The length of an object or array by its brackets, whatever is between them; 0 where it does not end. */
export const lengthOfNested = (text: string, start: number): number => {
  const end = bracketAt(text, start, (open) => open === 0);
  return end === undefined ? 0 : end + 1 - start;
};

/** How deep arrays and objects of a JSON text lie within each other. */
export const nestingOf = (text: string): number => {
  let deepest = 0;
  bracketAt(text, 0, (open) => {
    deepest = Math.max(deepest, open);
    return false;
  });
  return deepest;
};

/**
 * Index of the first name that its object has already, counted as JSON counts: `"a"` and `"\\u0061"` are the same.
 * It is undefined which of two values is meant (RFC 8259, section 4); JSON.parse takes the last silently.
 * @param text JSON
 */
export const repeatedNameIndex = (text: string): number | undefined => {
  /** Names seen in each object around; null for an array. */
  const around: (Set<string> | null)[] = [];
  /** The innermost of them; undefined before its first name. */
  let names: Set<string> | null | undefined = null;
  let mayBeName = false;
  for (let at = 0; at < text.length; at += 1) {
    const character = text.charAt(at);
    if (character === '"') {
      const read = lengthOf(string, text, at);
      if (read === 0) return undefined;
      if (mayBeName && names !== null) {
        names ??= new Set();
        const written = text.slice(at, at + read);
        const name = written.includes('\\') ? (JSON.parse(written) as string) : written.slice(1, -1);
        if (names.has(name)) return at;
        names.add(name);
      }
      mayBeName = false;
      at += read - 1;
    } else if (character === '{' || character === '[') {
      around.push(names ?? null);
      names = character === '{' ? undefined : null;
      mayBeName = true;
    } else if (character === '}' || character === ']') {
      names = around.pop();
      mayBeName = false;
    } else if (character === ',') mayBeName = true;
  }
  return undefined;
};

const space = String.raw`[ \t\n\r]*`;
const member = `${space}${stringPattern}${space}:${space}${scalarPattern}${space}`;
const otherMember = `${space}(?!"value")${stringPattern}${space}:${space}${scalarPattern}${space}`;
const beginning = new RegExp(
  String.raw`${space}\{(?:${otherMember},)*${space}"value"${space}:${space}(?=\[)`,
  'y',
);
const flatRow = new RegExp(String.raw`${space}\{(?:${member}(?:,${member})*|${space})\}${space}`, 'y');
const noRow = new RegExp(String.raw`\[${space}\]`, 'y');
const end = new RegExp(String.raw`${space}(?:,${otherMember})*\}${space}$`, 'y');

export interface FlatRows {
  /** The array, as it was written. */
  readonly text: string;
  readonly count: number;
}

/**
 * The rows of `{"value":[…]}` where every row is a flat object and every other property is a scalar, by their
 * syntax alone. That takes a third of the time of JSON.parse and allocates nothing. Undefined for every other
 * text, JSON or not.
 */
export const flatRows = (text: string): FlatRows | undefined => {
  const start = lengthOf(beginning, text, 0);
  if (start === 0) return undefined;
  let at = start + lengthOf(noRow, text, start);
  let count = 0;
  if (at === start)
    do {
      const row = lengthOf(flatRow, text, at + 1);
      if (row === 0) return undefined;
      count += 1;
      at += 1 + row;
    } while (text[at] === ',');
  if (count > 0 && text[at] !== ']') return undefined;
  if (count > 0) at += 1;
  return lengthOf(end, text, at) === 0 ? undefined : { text: text.slice(start, at), count };
};

/** Depth of a row's contents in `{"value":[{`. */
const rowDepth = 3;

/** How many whole rows the beginning of a page holds. */
export const wholeRows = (beginning: string): number => {
  let depth = 0;
  let rows = 0;
  let inString = false;
  for (let at = 0; at < beginning.length; at += 1) {
    const character = beginning[at];
    if (inString) {
      if (character === '\\') at += 1;
      else if (character === '"') inString = false;
    } else if (character === '"') inString = true;
    else if (character === '{' || character === '[') depth += 1;
    else if (character === '}' || character === ']') {
      if (depth === rowDepth && character === '}') rows += 1;
      depth -= 1;
    }
  }
  return rows;
};
