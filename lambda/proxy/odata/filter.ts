/**
 * `$filter`, the part of it that the connector passes on, after the OData 4.01 grammar
 * (https://docs.oasis-open.org/odata/odata/v4.01/odata-v4.01-part2-url-conventions.html#sec_SystemQueryOptionfilter).
 * Parsed, never pattern-matched: the filter that is sent upstream is rendered from the tree.
 */
import { checkLength, QueryOptionProblem, shownText } from './problem.ts';
import { type LiteralKind, type Token, tokensOf } from './tokens.ts';

export const comparisons = ['eq', 'ne', 'gt', 'ge', 'lt', 'le'] as const;
export type Comparison = (typeof comparisons)[number];
export const textFunctions = ['contains', 'startswith', 'endswith'] as const;
export type TextFunction = (typeof textFunctions)[number];

/** `value` of a text is without quotes; of the others it is what was written. */
export interface Literal {
  readonly kind: LiteralKind | 'boolean' | 'null';
  readonly value: string;
}

export interface Field {
  readonly name: string;
  /** Its position, counted from 1. */
  readonly position: number;
}

export type Filter =
  | { readonly kind: 'and' | 'or'; readonly operands: readonly Filter[] }
  | { readonly kind: 'not'; readonly operand: Filter }
  | {
      readonly kind: 'compare';
      readonly field: Field;
      readonly comparison: Comparison;
      readonly literal: Literal;
    }
  | { readonly kind: 'in'; readonly field: Field; readonly literals: readonly Literal[] }
  | {
      readonly kind: 'text';
      readonly textFunction: TextFunction;
      readonly field: Field;
      readonly text: string;
    }
  | { readonly kind: 'memberOf'; readonly segment: string; readonly position: number };

/** Deepest nesting of parentheses and `not`. */
const maximumDepth = 50;

/** Most values in one list. */
const maximumListed = 100;

const functionForm =
  "contains(Field,'text'), startswith(Field,'text'), endswith(Field,'text') or IsMemberOfSegment('segment')";
const conditionForm = `a condition such as CustomerId eq '…', CustomerId in ('…','…'), ${functionForm}`;
const literalForm = "a text in quotes 'abc', a number, true, false, null, a GUID, a date or a date and time";

const includes = <Word extends string>(list: readonly Word[], word: string): word is Word =>
  (list as readonly string[]).includes(word);

/** Words that cannot be names of fields, because they mean something in this grammar. */
const reserved = new Set<string>([...comparisons, 'and', 'or', 'not', 'in', 'true', 'false', 'null']);

class FilterParser {
  readonly #tokens: readonly Token[];
  #next = 0;
  #depth = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  filter(): Filter {
    const filter = this.#or();
    if (this.#current.kind !== 'end') throw this.#unexpected('and, or, or the end of the filter');
    return filter;
  }

  get #current(): Token {
    const token = this.#tokens[this.#next] ?? this.#tokens.at(-1);
    if (token === undefined) throw new TypeError('tokensOf gives at least the end');
    return token;
  }

  #take(): Token {
    const token = this.#current;
    this.#next += 1;
    return token;
  }

  #unexpected(allowed: string): QueryOptionProblem {
    const { kind, text, at } = this.#current;
    const problem = kind === 'end' ? 'ends too early' : `has ${shownText(text)} where it is not expected`;
    return new QueryOptionProblem('$filter', problem, at, allowed);
  }

  #expect(kind: Token['kind'], allowed: string): Token {
    if (this.#current.kind !== kind) throw this.#unexpected(allowed);
    return this.#take();
  }

  #isWord(word: string): boolean {
    return this.#current.kind === 'name' && this.#current.text === word;
  }

  #nested(parse: () => Filter): Filter {
    if (this.#depth >= maximumDepth)
      throw new QueryOptionProblem(
        '$filter',
        'is nested too deeply',
        this.#current.at,
        `at most ${maximumDepth} levels of parentheses and not`,
      );
    this.#depth += 1;
    const filter = parse();
    this.#depth -= 1;
    return filter;
  }

  #joined(word: 'and' | 'or', operand: () => Filter): Filter {
    const first = operand();
    if (!this.#isWord(word)) return first;
    const operands = [first];
    while (this.#isWord(word)) {
      this.#take();
      operands.push(operand());
    }
    return { kind: word, operands };
  }

  #or(): Filter {
    return this.#joined('or', () => this.#and());
  }

  #and(): Filter {
    return this.#joined('and', () => this.#unary());
  }

  #unary(): Filter {
    if (this.#isWord('not')) {
      this.#take();
      return { kind: 'not', operand: this.#nested(() => this.#unary()) };
    }
    if (this.#current.kind === '(') {
      this.#take();
      const filter = this.#nested(() => this.#or());
      this.#expect(')', 'a closing parenthesis');
      return filter;
    }
    return this.#condition();
  }

  #condition(): Filter {
    const { kind, text } = this.#current;
    if (kind !== 'name' || reserved.has(text)) throw this.#unexpected(conditionForm);
    if (this.#tokens[this.#next + 1]?.kind === '(') return this.#call();
    const field = this.#field();
    const operator = this.#current;
    if (operator.kind === 'name' && includes(comparisons, operator.text)) {
      this.#take();
      return { kind: 'compare', field, comparison: operator.text, literal: this.#literal() };
    }
    if (this.#isWord('in')) {
      this.#take();
      return { kind: 'in', field, literals: this.#list() };
    }
    throw this.#unexpected(`one of ${comparisons.join(', ')}, in`);
  }

  #field(): Field {
    const { kind, text, at } = this.#current;
    if (kind !== 'name' || reserved.has(text)) throw this.#unexpected('the name of a field');
    this.#take();
    return { name: text, position: at + 1 };
  }

  #call(): Filter {
    const { text: name, at } = this.#current;
    if (!includes(textFunctions, name) && name !== 'IsMemberOfSegment')
      throw new QueryOptionProblem(
        '$filter',
        `has the unknown function ${shownText(name)}`,
        at,
        functionForm,
      );
    this.#take();
    this.#expect('(', 'an opening parenthesis');
    if (name === 'IsMemberOfSegment') {
      const segment = this.#text();
      this.#expect(')', 'a closing parenthesis');
      return { kind: 'memberOf', segment, position: at + 1 };
    }
    const field = this.#field();
    this.#expect(',', 'a comma and a text in quotes');
    const text = this.#text();
    this.#expect(')', 'a closing parenthesis');
    return { kind: 'text', textFunction: name, field, text };
  }

  #text(): string {
    const token = this.#current;
    if (token.kind !== 'literal' || token.literal !== 'string')
      throw this.#unexpected("a text in quotes 'abc'");
    this.#take();
    return token.value;
  }

  #literal(): Literal {
    const token = this.#current;
    if (token.kind === 'literal') {
      this.#take();
      return { kind: token.literal, value: token.value };
    }
    if (token.kind === 'name' && (token.text === 'true' || token.text === 'false')) {
      this.#take();
      return { kind: 'boolean', value: token.text };
    }
    if (this.#isWord('null')) {
      this.#take();
      return { kind: 'null', value: 'null' };
    }
    throw this.#unexpected(literalForm);
  }

  #list(): readonly Literal[] {
    this.#expect('(', 'a list in parentheses');
    const literals = [this.#literal()];
    while (this.#current.kind === ',') {
      if (literals.length >= maximumListed)
        throw new QueryOptionProblem(
          '$filter',
          'lists too many values',
          this.#current.at,
          `at most ${maximumListed} in one list`,
        );
      this.#take();
      literals.push(this.#literal());
    }
    this.#expect(')', 'a comma or a closing parenthesis');
    return literals;
  }
}

/** @throws QueryOptionProblem */
export const parseFilter = (value: string): Filter => {
  checkLength('$filter', value);
  return new FilterParser(tokensOf('$filter', value)).filter();
};

const renderLiteral = ({ kind, value }: Literal): string =>
  kind === 'string' ? `'${value.replaceAll("'", "''")}'` : value;

/** An operand, in parentheses where it binds more loosely than its parent. */
const renderOperand = (filter: Filter): string =>
  filter.kind === 'and' || filter.kind === 'or' ? `(${renderFilter(filter)})` : renderFilter(filter);

/** The filter as it is sent upstream. Parsing it again gives the same tree, positions apart. */
export const renderFilter = (filter: Filter): string => {
  switch (filter.kind) {
    case 'and':
    case 'or':
      return filter.operands.map(renderOperand).join(` ${filter.kind} `);
    case 'not':
      // In parentheses always: `not` binds more tightly than a comparison in OData's own table of
      // precedences.
      return `not (${renderFilter(filter.operand)})`;
    case 'compare':
      return `${filter.field.name} ${filter.comparison} ${renderLiteral(filter.literal)}`;
    case 'in':
      return `${filter.field.name} in (${filter.literals.map(renderLiteral).join(',')})`;
    case 'text':
      return `${filter.textFunction}(${filter.field.name},${renderLiteral({ kind: 'string', value: filter.text })})`;
    case 'memberOf':
      return `IsMemberOfSegment(${renderLiteral({ kind: 'string', value: filter.segment })})`;
  }
};

/** The fields a filter reads, in order, each time it does. */
export const fieldsOf = (filter: Filter): readonly Field[] => {
  switch (filter.kind) {
    case 'and':
    case 'or':
      return filter.operands.flatMap(fieldsOf);
    case 'not':
      return fieldsOf(filter.operand);
    case 'memberOf':
      return [];
    default:
      return [filter.field];
  }
};

/** The same filter with other names of fields. */
export const withFieldNames = (filter: Filter, rename: (field: Field) => string): Filter => {
  switch (filter.kind) {
    case 'and':
    case 'or':
      return { ...filter, operands: filter.operands.map((operand) => withFieldNames(operand, rename)) };
    case 'not':
      return { ...filter, operand: withFieldNames(filter.operand, rename) };
    case 'memberOf':
      return filter;
    default:
      return { ...filter, field: { ...filter.field, name: rename(filter.field) } };
  }
};

/** Where the filter asks for the members of a segment, counted from 1; undefined when it does not. */
export const membershipPosition = (filter: Filter): number | undefined => {
  switch (filter.kind) {
    case 'and':
    case 'or':
      return filter.operands.map(membershipPosition).find((position) => position !== undefined);
    case 'not':
      return membershipPosition(filter.operand);
    case 'memberOf':
      return filter.position;
    default:
      return undefined;
  }
};
