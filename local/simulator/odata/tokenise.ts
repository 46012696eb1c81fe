import { ODataQueryError } from './error.ts';

export type TokenKind =
  | 'name'
  | 'string'
  | 'number'
  | 'dateTime'
  | 'date'
  | 'guid'
  | 'open'
  | 'close'
  | 'comma'
  | 'end';

export interface Token {
  readonly kind: TokenKind;
  /** The value: unquoted for strings, as written for all others. */
  readonly text: string;
  readonly position: number;
}

// Lexemes of OData 4.01 ABNF that the service's documented queries use. Longer forms come first: a date
// begins like a number.
const lexemes: readonly (readonly [TokenKind, RegExp])[] = [
  ['guid', /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}(?![\w-])/iy],
  ['dateTime', /\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,12})?)?(?:Z|[+-]\d{2}:\d{2})(?![\w])/iy],
  ['date', /\d{4}-\d{2}-\d{2}(?![\w-])/y],
  ['number', /[+-]?\d+(?:\.\d+)?(?:e[+-]?\d+)?(?![\w.])/iy],
  ['name', /[A-Za-z_][A-Za-z0-9_]*/y],
];
const punctuationKinds: Readonly<Record<string, TokenKind>> = { '(': 'open', ')': 'close', ',': 'comma' };

/** @throws ODataQueryError with the position of the first character that begins no token. */
export const tokenise = (text: string, target: string): readonly Token[] => {
  const tokens: Token[] = [];
  let position = 0;
  while (position < text.length) {
    const character = text.charAt(position);
    if (/\s/.test(character)) {
      position += 1;
      continue;
    }
    const punctuation = punctuationKinds[character];
    if (punctuation !== undefined) {
      tokens.push({ kind: punctuation, text: character, position });
      position += 1;
    } else if (character === "'") {
      const end = endOfString(text, position, target);
      tokens.push({ kind: 'string', text: text.slice(position + 1, end).replaceAll("''", "'"), position });
      position = end + 1;
    } else {
      const token = lexeme(text, position);
      if (token === undefined) throw new ODataQueryError(target, `unexpected "${character}"`, position);
      tokens.push(token);
      position += token.text.length;
    }
  }
  tokens.push({ kind: 'end', text: '', position: text.length });
  return tokens;
};

/** The closing quote; two quotes in a row stand for one inside the string. */
const endOfString = (text: string, start: number, target: string): number => {
  let end = text.indexOf("'", start + 1);
  while (end >= 0 && text.charAt(end + 1) === "'") end = text.indexOf("'", end + 2);
  if (end < 0) throw new ODataQueryError(target, 'unterminated string', start);
  return end;
};

const lexeme = (text: string, position: number): Token | undefined => {
  for (const [kind, pattern] of lexemes) {
    pattern.lastIndex = position;
    const match = pattern.exec(text);
    if (match !== null) return { kind, text: match[0], position };
  }
  return undefined;
};
