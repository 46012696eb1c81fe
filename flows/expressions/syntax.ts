/**
 * The grammar of the Workflow Definition Language: calls, literals and access to properties; there are no
 * operators.
 *
 *     expression = primary , { [ "?" ] , ( "." , name | "[" , expression , "]" ) }
 *     primary    = string | number | "true" | "false" | "null" | name , "(" , [ expression , { "," , expression } ] , ")"
 */
import { ExpressionSyntaxError } from './evaluation-errors.ts';
import { numberOf, type Value } from './values.ts';

interface Placed {
  /** Index of the first character, and of the one behind the last, in the text that was parsed. */
  readonly start: number;
  readonly end: number;
}

export interface Literal extends Placed {
  readonly type: 'literal';
  readonly value: Value;
}

export interface Call extends Placed {
  readonly type: 'call';
  /** As written; names of functions are matched without regard to case. */
  readonly name: string;
  readonly args: readonly Expression[];
}

export interface Access extends Placed {
  readonly type: 'access';
  readonly target: Expression;
  readonly key: Expression;
  /** Whether a missing property gives null: `?.x`, `?['x']`. */
  readonly optional: boolean;
}

export type Expression = Literal | Call | Access;

/** Characters; longer ones are refused when a flow is saved. */
export const maximumExpressionLength = 8_192;

const blank = /\s*/y;
const nameRun = /[^.,(){}@[\]?'\s]+/y;
const numberRun = /[+-]?(?:\d+(?:\.\d+)?|\.\d+)(?:[eE][+-]?\d+)?(?=[,)\]?.\s}]|$)/y;

/** Deeper nesting has no use, and would end in a stack overflow. */
const maximumDepth = 200;

class Parser {
  readonly #text: string;
  readonly #end: number;
  #at: number;
  #depth = 0;

  constructor(text: string, start: number, end: number) {
    this.#text = text;
    this.#at = start;
    this.#end = end;
  }

  whole(): Expression {
    const expression = this.#expression();
    this.#skip();
    if (this.#at < this.#end)
      throw this.#wrong(
        this.#text[this.#at] === ')'
          ? 'This bracket closes nothing.'
          : 'The expression ends before this; there are no operators, only calls such as add(1, 2).',
      );
    return expression;
  }

  #wrong(problem: string, position = this.#at): ExpressionSyntaxError {
    return new ExpressionSyntaxError(problem, this.#text, position);
  }

  #match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text)?.[0];
    if (found === undefined) return undefined;
    // An expression inside a text ends before the text does.
    const taken = found.slice(0, this.#end - this.#at);
    this.#at += taken.length;
    return taken;
  }

  #skip(): void {
    this.#match(blank);
  }

  #peek(): string | undefined {
    return this.#at < this.#end ? this.#text[this.#at] : undefined;
  }

  #take(character: string): boolean {
    this.#skip();
    if (this.#peek() !== character) return false;
    this.#at += 1;
    return true;
  }

  #expression(): Expression {
    this.#depth += 1;
    if (this.#depth > maximumDepth) throw this.#wrong(`Brackets are nested deeper than ${maximumDepth}.`);
    const primary = this.#primary();
    const expression = this.#accesses(primary);
    this.#depth -= 1;
    return expression;
  }

  #primary(): Expression {
    this.#skip();
    const start = this.#at;
    const next = this.#peek();
    if (next === undefined) throw this.#wrong('An expression is missing here.');
    if (next === "'") return this.#string(start);
    const number = this.#match(numberRun);
    if (number !== undefined) {
      const value = numberOf(number);
      if (value === undefined) throw this.#wrong(`The number ${number} is too large.`, start);
      return { type: 'literal', value, start, end: this.#at };
    }
    if (next === '"')
      throw this.#wrong(`Texts must be in single quotes: 'text'. Double quotes are not supported.`);
    const name = this.#match(nameRun);
    if (name === undefined) throw this.#wrong(`"${next}" is not allowed here; an expression is expected.`);
    if (this.#take('(')) return { type: 'call', name, args: this.#args(start), start, end: this.#at };
    const word = name.toLowerCase();
    const end = start + name.length;
    if (word === 'true' || word === 'false') return { type: 'literal', value: word === 'true', start, end };
    if (word === 'null') return { type: 'literal', value: null, start, end };
    throw this.#wrong(
      `"${name}" is alone. A function needs brackets, ${name}(); a text needs single quotes, '${name}'.`,
      start,
    );
  }

  #string(start: number): Literal {
    let value = '';
    let from = start + 1;
    for (;;) {
      const quote = this.#text.indexOf("'", from);
      if (quote < 0 || quote >= this.#end) throw this.#wrong('This text has no closing quote.', start);
      value += this.#text.slice(from, quote);
      if (this.#text[quote + 1] !== "'" || quote + 1 >= this.#end) {
        this.#at = quote + 1;
        return { type: 'literal', value, start, end: this.#at };
      }
      value += "'";
      from = quote + 2;
    }
  }

  #args(start: number): readonly Expression[] {
    if (this.#take(')')) return [];
    const args: Expression[] = [];
    do args.push(this.#expression());
    while (this.#take(','));
    if (!this.#take(')')) {
      this.#skip();
      throw this.#peek() === undefined
        ? this.#wrong('This call is not closed; ")" is missing.', start)
        : this.#wrong('"," or ")" is expected here.');
    }
    return args;
  }

  #accesses(primary: Expression): Expression {
    let target = primary;
    for (;;) {
      const before = this.#at;
      const optional = this.#take('?');
      if (this.#take('[')) {
        const key = this.#expression();
        if (!this.#take(']')) throw this.#wrong('"]" is missing here.');
        target = { type: 'access', target, key, optional, start: target.start, end: this.#at };
      } else if (this.#take('.')) {
        this.#skip();
        const start = this.#at;
        const name = this.#match(nameRun);
        if (name === undefined) throw this.#wrong('The name of a property is missing here.');
        const key: Literal = { type: 'literal', value: name, start, end: this.#at };
        target = { type: 'access', target, key, optional, start: target.start, end: this.#at };
      } else if (optional) throw this.#wrong('Behind "?" comes ".name" or "[…]".');
      else {
        this.#at = before;
        return target;
      }
    }
  }
}

/**
 * Parses `text` from `start` to `end`, without the leading `@`.
 * @throws ExpressionSyntaxError
 */
export const parseExpression = (text: string, start = 0, end = text.length): Expression => {
  if (end - start > maximumExpressionLength)
    throw new ExpressionSyntaxError(
      `The expression has ${end - start} characters; ${maximumExpressionLength} are allowed.`,
      text,
      start,
    );
  return new Parser(text, start, end).whole();
};
