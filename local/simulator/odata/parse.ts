import { ODataQueryError } from './error.ts';
import type { Comparison, Filter, Literal, Operand, TextFunction } from './syntax.ts';
import { type Token, type TokenKind, tokenise } from './tokenise.ts';

const comparisons: ReadonlySet<string> = new Set(['eq', 'ne', 'gt', 'ge', 'lt', 'le']);
const textFunctions: ReadonlySet<string> = new Set(['contains', 'startswith', 'endswith']);
/** Keeps the recursion far from the stack's end. */
const deepest = 100;

/**
 * Recursive descent over OData precedence: or < and < not < comparison.
 * @throws ODataQueryError with position, also for operators and functions of OData that the service does not
 *   document.
 */
export const parseFilter = (text: string): Filter => {
  const tokens = tokenise(text, '$filter');
  let next = 0;
  let depth = 0;

  const peek = (): Token => tokens[next] ?? { kind: 'end', text: '', position: text.length };
  const take = (): Token => {
    const token = peek();
    next += 1;
    return token;
  };
  const fail = (message: string, token: Token): never => {
    throw new ODataQueryError('$filter', message, token.position);
  };
  const expect = (kind: TokenKind, what: string): Token => {
    const token = take();
    return token.kind === kind ? token : fail(`expected ${what}, found "${token.text}"`, token);
  };
  const isWord = (word: string): boolean => peek().kind === 'name' && peek().text === word;

  const or = (): Filter => {
    let left = and();
    while (isWord('or')) {
      take();
      left = { kind: 'or', left, right: and() };
    }
    return left;
  };
  const and = (): Filter => {
    let left = not();
    while (isWord('and')) {
      take();
      left = { kind: 'and', left, right: not() };
    }
    return left;
  };
  const not = (): Filter => {
    depth += 1;
    if (depth > deepest) fail('the expression is nested too deeply', peek());
    let result: Filter;
    if (isWord('not')) {
      take();
      result = { kind: 'not', of: not() };
    } else if (peek().kind === 'open') {
      take();
      result = or();
      expect('close', '")"');
    } else {
      result = term();
    }
    depth -= 1;
    return result;
  };
  const term = (): Filter => {
    const token = peek();
    const called = token.kind === 'name' && tokens[next + 1]?.kind === 'open';
    return called ? call() : comparison();
  };
  const call = (): Filter => {
    const name = take();
    expect('open', '"("');
    if (name.text === 'IsMemberOfSegment') {
      const segment = expect('string', 'the name of a segment in quotes');
      expect('close', '")"');
      return { kind: 'member', segment: segment.text, position: name.position };
    }
    if (!textFunctions.has(name.text)) fail(`the function "${name.text}" is not supported`, name);
    const of = operand();
    expect('comma', '","');
    const part = operand();
    expect('close', '")"');
    return { kind: 'text', by: name.text as TextFunction, of, part };
  };
  const comparison = (): Filter => {
    const left = operand();
    const operator = peek();
    if (operator.kind === 'name' && comparisons.has(operator.text)) {
      take();
      return { kind: 'compare', by: operator.text as Comparison, left, right: operand() };
    }
    if (isWord('in')) {
      take();
      return { kind: 'in', left, list: list() };
    }
    const endsHere = operator.kind === 'end' || operator.kind === 'close' || isWord('and') || isWord('or');
    if (!endsHere) fail(`unsupported operator "${operator.text}"`, operator);
    return { kind: 'truth', of: left };
  };
  const list = (): readonly Operand[] => {
    expect('open', '"("');
    const items = [operand()];
    while (peek().kind === 'comma') {
      take();
      items.push(operand());
    }
    expect('close', '")"');
    return items;
  };
  const operand = (): Operand => {
    const token = take();
    const literal = literalOf(token);
    if (literal !== undefined) return { kind: 'literal', literal, position: token.position };
    if (token.kind !== 'name') fail(`expected a property or a value, found "${token.text}"`, token);
    return { kind: 'property', name: token.text, position: token.position };
  };

  const filter = or();
  if (peek().kind !== 'end') fail(`unexpected "${peek().text}"`, peek());
  return filter;
};

const literalOf = (token: Token): Literal | undefined => {
  switch (token.kind) {
    case 'string':
      return { type: 'string', value: token.text };
    case 'guid':
      return { type: 'guid', value: token.text.toLowerCase() };
    case 'number':
      return { type: 'number', value: Number(token.text) };
    case 'dateTime':
    case 'date': {
      const value = Date.parse(token.text);
      if (Number.isNaN(value))
        throw new ODataQueryError('$filter', `"${token.text}" is not a valid date`, token.position);
      return { type: token.kind, value };
    }
    case 'name':
      if (token.text === 'null') return { type: 'null' };
      if (token.text === 'true' || token.text === 'false')
        return { type: 'boolean', value: token.text === 'true' };
      return undefined;
    default:
      return undefined;
  }
};
