/** The position at which a text stops being JSON (RFC 8259). V8's own message names it only sometimes. */

/**
 * Control characters below U+0020 must be escaped; built from a text, because a pattern should not contain
 * them.
 */
export const stringPattern = String.raw`"[^"\\\u0000-\u001f]*(?:\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})[^"\\\u0000-\u001f]*)*"`;
export const scalarPattern = String.raw`(?:${stringPattern}|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null)`;
const string = new RegExp(stringPattern, 'y');
const scalar = new RegExp(scalarPattern, 'y');

/** The tokens that may come next. */
type Expected = 'value' | 'value or ]' | 'name or }' | 'name' | ':' | 'comma or end';

/** How much of the text matches from there on. */
export const lengthOf = (pattern: RegExp, text: string, at: number): number => {
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex - at : 0;
};

const whitespace = /[ \t\n\r]*/y;

/** The index of what follows white space, if there is any. */
export const afterSpace = (text: string, at: number): number =>
  text.charCodeAt(at) > 0x20 ? at : at + lengthOf(whitespace, text, at);

/**
 * The index of the first character that JSON does not allow there; the length of the text when it ends too
 * early.
 */
export const jsonErrorIndex = (text: string): number => {
  const open: ('{' | '[')[] = [];
  let expected: Expected = 'value';
  let at = 0;
  for (;;) {
    at = afterSpace(text, at);
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
        const read = lengthOf(scalar, text, at);
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
        const read = lengthOf(string, text, at);
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
