/** The object form of a condition: `{"and": [{"equals": ["@triggerBody()?['a']", 1]}, {"not": {…}}]}`. */
import { compileText, compileValue, type Evaluate, invoke } from '../expressions/compile.ts';
import type { EvaluationContext } from '../expressions/context.ts';
import { ArgumentError } from '../expressions/evaluation-errors.ts';
import { isArray, isObject, kindOf, type Value } from '../expressions/values.ts';

/** Of which a condition may be made, with the number of their operands. */
const comparisons = [
  'equals',
  'contains',
  'greater',
  'greaterOrEquals',
  'less',
  'lessOrEquals',
  'startsWith',
  'endsWith',
  'empty',
] as const;

/** The condition is none. */
export class ConditionUnreadable extends Error {
  override readonly name = 'ConditionUnreadable';
}

const boolean = (value: Value, index: number): boolean => {
  if (typeof value !== 'boolean')
    throw new ArgumentError(index, `a boolean; the condition gave a value of type '${kindOf(value)}'`);
  return value;
};

/**
 * Compiles a condition. It is true or false, or its evaluation fails.
 * @throws ConditionUnreadable, ExpressionSyntaxError
 */
export const compileCondition = (condition: Value): Evaluate => {
  if (typeof condition === 'boolean') return () => condition;
  if (typeof condition === 'string') return compileText(condition);
  if (!isObject(condition)) throw new ConditionUnreadable('A condition is an expression or an object.');
  const [entry, ...others] = Object.entries(condition);
  if (entry === undefined || others.length > 0)
    throw new ConditionUnreadable('A condition is an object with one operator, such as {"equals": [1, 2]}.');
  const [operator, operand] = entry;
  const name = operator.toLowerCase();
  if (name === 'not') {
    const inner = compileCondition(isArray(operand) ? (operand[0] ?? null) : operand);
    return (context) => invoke('not', [inner(context)], context);
  }
  if (name === 'and' || name === 'or') {
    if (!isArray(operand)) throw new ConditionUnreadable(`"${operator}" takes a list of conditions.`);
    const parts = operand.map(compileCondition);
    return (context) => everyOrSome(name, parts, context);
  }
  if (!comparisons.some((known) => known.toLowerCase() === name))
    throw new ConditionUnreadable(
      `"${operator}" is not an operator of a condition. There are: and, or, not, ${comparisons.join(', ')}.`,
    );
  const values = (isArray(operand) ? operand : [operand]).map(compileValue);
  return (context) =>
    invoke(
      operator,
      values.map((value) => value(context)),
      context,
    );
};

const everyOrSome = (name: 'and' | 'or', parts: readonly Evaluate[], context: EvaluationContext): Value => {
  for (const [index, part] of parts.entries()) {
    const value = part(context);
    if (typeof value !== 'boolean') return invoke(name, [value], context);
    if (boolean(value, index) === (name === 'or')) return name === 'or';
  }
  return name === 'and';
};
