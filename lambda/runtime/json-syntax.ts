/** Where a text stops being JSON (RFC 8259): V8's own message names the place only sometimes. */

const whitespace = /[ \t\n\r]*/y;
/**
 * Control characters below U+0020 must be escaped; from a text, because a pattern should not hold them
 * itself.
 */
const stringPattern = String.raw`"[^"\\\u0000-\u001f]*(?:\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})[^"\\\u0000-\u001f]*)*"`;
const scalarPattern = String.raw`(?:${stringPattern}|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null)`;
const string = new RegExp(stringPattern, 'y');
const scalar = new RegExp(scalarPattern, 'y');

/** What may come next. */
type Expected = 'value' | 'value or ]' | 'name or }' | 'name' | ':' | 'comma or end';

/** How much of the text matches from there on. */
const length = (pattern: RegExp, text: string, at: number): number => {
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex - at : 0;
};

/**
 * The index of the first character that JSON does not allow there; the length of the text when it only ends
 * too early.
 */
export const jsonErrorIndex = (text: string): number => {
  const open: ('{' | '[')[] = [];
  let expected: Expected = 'value';
  let at = 0;
  for (;;) {
    if (text.charCodeAt(at) <= 0x20) at += length(whitespace, text, at);
    const character = text.charAt(at);
    if (character === '') return at;
    if (expected === 'value' || expected === 'value or ]') {
      if (character === '{' || character === '[') {
        open.push(character);
        expected = character === '{' ? 'name or }' : 'value or ]';
        at += 1;
      } else if (character === ']' && expected === 'value or ]') {
        open.pop();
        expected = 'comma or end';
        at += 1;
      } else {
        const read = length(scalar, text, at);
        if (read === 0) return at;
        at += read;
        expected = 'comma or end';
      }
    } else if (expected === 'name' || expected === 'name or }') {
      if (character === '}' && expected === 'name or }') {
        open.pop();
        expected = 'comma or end';
        at += 1;
      } else {
        const read = length(string, text, at);
        if (read === 0) return at;
        at += read;
        expected = ':';
      }
    } else if (expected === ':') {
      if (character !== ':') return at;
      at += 1;
      expected = 'value';
    } else {
      const inside = open.at(-1);
      if (character === ',' && inside !== undefined) expected = inside === '{' ? 'name' : 'value';
      else if ((character === '}' && inside === '{') || (character === ']' && inside === '[')) open.pop();
      else return at;
      at += 1;
    }
  }
};

/** How deep arrays and objects of a JSON text lie within each other. */
export const nestingOf = (text: string): number => {
  let depth = 0;
  let deepest = 0;
  for (let at = 0; at < text.length; at += 1) {
    const character = text.charAt(at);
    if (character === '"') {
      const read = length(string, text, at);
      // A string that does not end: the text holds nothing more.
      if (read === 0) return deepest;
      at += read - 1;
    } else if (character === '{' || character === '[') {
      depth += 1;
      deepest = Math.max(deepest, depth);
    } else if (character === '}' || character === ']') depth -= 1;
  }
  return deepest;
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
  const start = length(beginning, text, 0);
  if (start === 0) return undefined;
  let at = start + length(noRow, text, start);
  let count = 0;
  if (at === start)
    do {
      const row = length(flatRow, text, at + 1);
      if (row === 0) return undefined;
      count += 1;
      at += 1 + row;
    } while (text[at] === ',');
  if (count > 0 && text[at] !== ']') return undefined;
  if (count > 0) at += 1;
  return length(end, text, at) === 0 ? undefined : { text: text.slice(start, at), count };
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
