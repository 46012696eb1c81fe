/**
 * Turns parsed expressions into functions of a context. Compiling once and evaluating often is what makes the
 * engine fast.
 */
import { select } from './access.ts';
import type { EvaluationContext } from './context.ts';
import { ArgumentError, EvaluationError } from './evaluation-errors.ts';
import type { ExpressionFunction } from './functions/function.ts';
import { findFunction, unknownFunction } from './functions/index.ts';
import type { Access, Call, Expression } from './syntax.ts';
import { parseTemplate, type Template } from './template.ts';
import { jsonText, kindOf, textOf, type Value } from './values.ts';

/** @throws EvaluationError */
export type Evaluate = (context: EvaluationContext) => Value;

const maximumShown = 60;
const shown = (value: Value): string => {
  const text = jsonText(value);
  return text.length > maximumShown ? `${text.slice(0, maximumShown)}…` : text;
};

/** The shortest beginning of a chain of accesses that is null: where a value went missing. */
const nullPart = (expression: Expression, text: string, context: EvaluationContext): string | undefined => {
  const chain: Expression[] = [expression];
  for (let at = expression; at.type === 'access'; at = at.target) chain.unshift(at.target);
  const part = chain.find((beginning) => compileExpression(beginning, text)(context) === null);
  return part && text.slice(part.start, part.end);
};

const argumentMessage = (
  error: ArgumentError,
  call: Call,
  args: readonly Value[],
  text: string,
  context: EvaluationContext,
): string => {
  const value = args[error.index];
  const message = `The template language function '${call.name}' ${error.message}.`;
  const argument = call.args[error.index];
  if (value === undefined || argument === undefined) return message;
  const kind = ` The provided value is of type '${kindOf(value)}'`;
  const source = text.slice(argument.start, argument.end);
  if (value !== null) return `${message}${kind}: ${shown(value)}, from ${source}.`;
  return argument.type === 'literal'
    ? `${message}${kind}.`
    : `${message}${kind}: ${nullPart(argument, text, context) ?? source} is null.`;
};

const compileCall = (call: Call, text: string): Evaluate => {
  const known = findFunction(call.name);
  // An unknown function is taken at save and fails when it is reached, before its arguments are evaluated.
  if (typeof known === 'string')
    return () => {
      throw new EvaluationError(unknownFunction(call.name, known));
    };
  const { least, most } = known;
  if (call.args.length < least || call.args.length > most)
    return () => {
      throw new EvaluationError(
        `The template function '${known.name}' takes ${argumentCount(known)}; here it has ${call.args.length}. It is written ${known.usage}.`,
      );
    };
  const args = call.args.map((argument) => compileExpression(argument, text));
  if (known.evaluateLazily !== undefined) {
    const { evaluateLazily } = known;
    return (context) => {
      // What a lazy function has evaluated, for the message.
      const values: Value[] = [];
      const argument = (index: number): Value => {
        const value = args[index]?.(context) ?? null;
        values[index] = value;
        return value;
      };
      try {
        return evaluateLazily(args.length, argument, context);
      } catch (error) {
        if (!(error instanceof ArgumentError)) throw error;
        throw new EvaluationError(argumentMessage(error, call, values, text, context));
      }
    };
  }
  const { evaluate, name } = known;
  return (context) => {
    const values = args.map((argument) => argument(context));
    try {
      return evaluate(values, context);
    } catch (error) {
      if (error instanceof ArgumentError)
        throw new EvaluationError(argumentMessage(error, call, values, text, context));
      if (error instanceof EvaluationError && !error.message.includes(`'${name}'`))
        throw new EvaluationError(
          `In function '${name}'${/^\p{Ll}/u.test(error.message) ? ',' : ':'} ${error.message}`,
          error.code,
        );
      throw error;
    }
  };
};

const argumentCount = ({ least, most }: ExpressionFunction): string => {
  const plural = (count: number) => `${count} argument${count === 1 ? '' : 's'}`;
  if (least === most) return most === 0 ? 'no arguments' : plural(least);
  return most === Number.POSITIVE_INFINITY ? `at least ${plural(least)}` : `${least} to ${plural(most)}`;
};

const compileAccess = ({ target, key, optional, start, end }: Access, text: string): Evaluate => {
  const base = compileExpression(target, text);
  const expression = text.slice(start, end);
  if (key.type === 'literal') {
    const { value } = key;
    return (context) =>
      select(base(context), value, { optional, slashPaths: context.slashPaths, expression });
  }
  const selector = compileExpression(key, text);
  return (context) =>
    select(base(context), selector(context), { optional, slashPaths: context.slashPaths, expression });
};

/** @param text what the expression was parsed from */
export const compileExpression = (expression: Expression, text: string): Evaluate => {
  switch (expression.type) {
    case 'literal': {
      const { value } = expression;
      return () => value;
    }
    case 'call':
      return compileCall(expression, text);
    case 'access':
      return compileAccess(expression, text);
  }
};

const compileTemplate = (template: Template, text: string): Evaluate => {
  if (template.type === 'text') return () => template.text;
  if (template.type === 'expression') return compileExpression(template.expression, text);
  const parts = template.parts.map((part) =>
    typeof part === 'string' ? part : compileExpression(part, text),
  );
  return (context) => {
    let result = '';
    for (const part of parts) result += typeof part === 'string' ? part : textOf(part(context));
    return result;
  };
};

/**
 * Compiles a text of a definition.
 * @throws ExpressionSyntaxError
 */
export const compileText = (text: string): Evaluate => compileTemplate(parseTemplate(text), text);

/**
 * Compiles a JSON value of a definition: its texts are templates, keys of objects too.
 * @throws ExpressionSyntaxError
 */
export const compileValue = (value: Value): Evaluate => {
  if (typeof value === 'string') return value.includes('@') ? compileText(value) : () => value;
  if (Array.isArray(value)) {
    const items = (value as readonly Value[]).map(compileValue);
    return (context) => items.map((item) => item(context));
  }
  if (typeof value === 'object' && value !== null && kindOf(value) === 'Object') {
    const entries = Object.entries(value as Record<string, Value>).map(
      ([key, item]) => [key.includes('@') ? compileText(key) : key, compileValue(item)] as const,
    );
    return (context) => {
      const result: Record<string, Value> = {};
      for (const [key, item] of entries)
        result[typeof key === 'string' ? key : textOf(key(context))] = item(context);
      return result;
    };
  }
  return () => value;
};

/**
 * Calls a function with values that have been evaluated already, as conditions and date operations of a
 * definition do.
 * @throws EvaluationError
 */
export const invoke = (name: string, values: readonly Value[], context: EvaluationContext): Value => {
  const known = findFunction(name);
  if (typeof known === 'string') throw new EvaluationError(unknownFunction(name, known));
  if (values.length < known.least || values.length > known.most)
    throw new EvaluationError(
      `The template function '${known.name}' takes ${argumentCount(known)}; here it has ${values.length}.`,
    );
  try {
    return known.evaluateLazily === undefined
      ? known.evaluate(values, context)
      : known.evaluateLazily(values.length, (index) => values[index] ?? null, context);
  } catch (error) {
    if (!(error instanceof ArgumentError)) throw error;
    const value = values[error.index] ?? null;
    throw new EvaluationError(
      `The template language function '${known.name}' ${error.message}. The provided value is of type '${kindOf(value)}'${value === null ? '' : `: ${shown(value)}`}.`,
    );
  }
};
