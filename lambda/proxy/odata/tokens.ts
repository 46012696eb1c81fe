import { type QueryOption, QueryOptionProblem, shownText } from './problem.ts';

export type LiteralKind = 'string' | 'number' | 'dateTime' | 'date' | 'guid';

interface Placed {
  /** As written. */
  readonly text: string;
  /** Index of its first character. */
  readonly at: number;
}

export type Token = Placed &
  (
    | { readonly kind: 'name' }
    /** `value` is what the literal means: a string without its quotes. */
    | { readonly kind: 'literal'; readonly literal: LiteralKind; readonly value: string }
    | { readonly kind: '(' | ')' | ',' | '*' }
    | { readonly kind: 'end' }
  );

/**
 * An OData identifier:
 * https://docs.oasis-open.org/odata/odata-csdl-json/v4.01/odata-csdl-json-v4.01.html#sec_SimpleIdentifier
 */
const namePattern = '[\\p{L}\\p{Nl}_][\\p{L}\\p{Nl}\\p{Nd}\\p{Mn}\\p{Mc}\\p{Pc}]{0,127}';
const guidPattern = '[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}';
const datePattern = '\\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\\d|3[01])';
const timePattern = '(?:[01]\\d|2[0-3]):[0-5]\\d(?::[0-5]\\d(?:\\.\\d{1,9})?)?';
const offsetPattern = '(?:[zZ]|[+-](?:[01]\\d|2[0-3]):[0-5]\\d)';
const numberPattern = '-?\\d{1,40}(?:\\.\\d{1,40})?(?:[eE][+-]?\\d{1,3})?';

/** The end of a literal or a name: no character that could be part of it may follow. */
const boundary = '(?![\\p{L}\\p{N}_.:+-])';

const sticky = (pattern: string): RegExp => new RegExp(pattern, 'uy');

const whitespace = sticky('[ \\t]+');
/** A quote inside a string is written twice. */
const string = sticky("'(?:[^']|'')*'(?!')");
/** In this order: a GUID begins like a number, a date and time like a date, a date like a number. */
const patterns: readonly (readonly ['name' | Exclude<LiteralKind, 'string'>, RegExp])[] = [
  ['guid', sticky(guidPattern + boundary)],
  ['dateTime', sticky(`${datePattern}T${timePattern}${offsetPattern}${boundary}`)],
  ['date', sticky(datePattern + boundary)],
  ['number', sticky(numberPattern + boundary)],
  ['name', sticky(namePattern + boundary)],
];
const punctuation = new Set(['(', ')', ',', '*']);
/** What is shown of text that is not a token. */
const run = sticky("[^\\s(),']+");

const match = (pattern: RegExp, text: string, at: number): string | undefined => {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0];
};

/** Typed by word processors where a straight one was meant; also the double one, which OData does not have. */
const typographicQuotes = /["\u2018-\u201f\u2032\u2033\u00b4`\u00ab\u00bb]/;

const tokenAt = (option: QueryOption, text: string, at: number): Token => {
  const character = text.charAt(at);
  if (punctuation.has(character)) return { kind: character as '(' | ')' | ',' | '*', text: character, at };
  if (character === "'") {
    const quoted = match(string, text, at);
    if (quoted === undefined)
      throw new QueryOptionProblem(
        option,
        'has a text that does not end',
        at,
        "a closing quote; a quote inside a text is written twice: 'O''Neil'",
      );
    return {
      kind: 'literal',
      literal: 'string',
      text: quoted,
      value: quoted.slice(1, -1).replaceAll("''", "'"),
      at,
    };
  }
  if (typographicQuotes.test(character))
    throw new QueryOptionProblem(
      option,
      `has the quotation mark ${character}`,
      at,
      "the straight quotation mark ' (U+0027) around a text; word processors replace it",
    );
  for (const [kind, pattern] of patterns) {
    const found = match(pattern, text, at);
    if (found !== undefined)
      return kind === 'name'
        ? { kind, text: found, at }
        : { kind: 'literal', literal: kind, text: found, value: found, at };
  }
  throw new QueryOptionProblem(
    option,
    `has ${shownText(match(run, text, at) ?? character)}, which is neither a field nor a value`,
    at,
    "a field, a text in quotes 'abc', a number, a GUID, a date 2026-01-31 or a date and time 2026-01-31T08:00:00Z",
  );
};

/**
 * The tokens of a value; the last one is `end`.
 * @throws QueryOptionProblem
 */
export const tokensOf = (option: QueryOption, text: string): readonly Token[] => {
  const tokens: Token[] = [];
  let at = 0;
  while (at < text.length) {
    const space = match(whitespace, text, at);
    if (space !== undefined) {
      at += space.length;
      continue;
    }
    const token = tokenAt(option, text, at);
    tokens.push(token);
    at += token.text.length;
  }
  return [...tokens, { kind: 'end', text: '', at: text.length }];
};
