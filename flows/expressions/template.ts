/** Where expressions begin and end in the texts of a definition. */
import { ExpressionSyntaxError } from './evaluation-errors.ts';
import { type Expression, parseExpression } from './syntax.ts';

/** A text of a definition: plain, one expression that keeps its type, or a text with expressions in it. */
export type Template =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'expression'; readonly expression: Expression }
  | { readonly type: 'interpolation'; readonly parts: readonly (string | Expression)[] };

/**
 * Index of the `}` that ends the expression beginning at `start`. In quotes it is text; a doubled quote stays
 * inside.
 */
const endOfExpression = (text: string, start: number): number => {
  let quoted = false;
  for (let index = start; index < text.length; index += 1) {
    const character = text[index];
    if (character === "'") quoted = !quoted;
    else if (character === '}' && !quoted) return index;
  }
  throw new ExpressionSyntaxError('This "@{" is not closed; "}" is missing.', text, start - 2);
};

const interpolation = (text: string): Template => {
  const parts: (string | Expression)[] = [];
  let plain = '';
  let at = 0;
  if (text.startsWith('@@') && text[2] !== '{') {
    plain = '@';
    at = 2;
  }
  while (at < text.length) {
    if (text.startsWith('@@{', at)) {
      plain += '@{';
      at += 3;
    } else if (text.startsWith('@{', at)) {
      const end = endOfExpression(text, at + 2);
      if (plain !== '') parts.push(plain);
      plain = '';
      parts.push(parseExpression(text, at + 2, end));
      at = end + 1;
    } else {
      plain += text[at];
      at += 1;
    }
  }
  if (parts.length === 0) return { type: 'text', text: plain };
  if (plain !== '') parts.push(plain);
  return { type: 'interpolation', parts };
};

/**
 * Reads a text of a definition:
 * `@f()` is an expression, `a @{f()}` a text with one, `@@a` the text `@a`, `a@b.org` plain.
 * @throws ExpressionSyntaxError
 */
export const parseTemplate = (text: string): Template => {
  if (!text.includes('@')) return { type: 'text', text };
  if (text[0] !== '@' || text[1] === '@' || text[1] === '{') return interpolation(text);
  if (text.length === 1)
    throw new ExpressionSyntaxError('"@" begins an expression; write "@@" for the character.', text, 0);
  if (/[\d+-]/.test(text[1] ?? ''))
    throw new ExpressionSyntaxError(
      '"@" begins an expression, and a number is none; write "@@" for the character.',
      text,
      1,
    );
  return { type: 'expression', expression: parseExpression(text, 1) };
};

/** Every expression of a template. */
export const expressionsOf = (template: Template): readonly Expression[] =>
  template.type === 'text'
    ? []
    : template.type === 'expression'
      ? [template.expression]
      : template.parts.filter((part): part is Expression => typeof part !== 'string');
