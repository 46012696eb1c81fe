import type { EvaluationContext } from '../context.ts';
import { ArgumentError } from '../evaluation-errors.ts';
import { compareNumbers, equalValues, isNumber, kindOf, type Value } from '../values.ts';
import { boolean, define, defineLazy, type ExpressionFunction } from './function.ts';

/** Where the documentation calls two values equal and the engine was measured not to. */
const looselyEqual = (a: Value, b: Value): boolean =>
  (a === null && b === '') ||
  (a === '' && b === null) ||
  (typeof a === 'boolean' && isNumber(b)) ||
  (typeof b === 'boolean' && isNumber(a));

const equals = (args: readonly Value[], context: EvaluationContext): boolean => {
  const [first = null, ...others] = args;
  return others.every((other) => {
    if (looselyEqual(first, other))
      context.warn(
        `equals() compared a value of type ${kindOf(first)} with one of type ${kindOf(other)}: never equal, though the documentation suggests it.`,
      );
    return equalValues(first, other);
  });
};

/** Numbers by size, texts without regard to case; anything else cannot be ordered. */
const order = (args: readonly Value[]): number => {
  const [a = null, b = null] = args;
  if (isNumber(a)) {
    if (!isNumber(b)) throw new ArgumentError(1, 'a number, as the first is');
    return compareNumbers(a, b);
  }
  if (typeof a !== 'string') throw new ArgumentError(0, 'a number or of type string');
  if (typeof b !== 'string') throw new ArgumentError(1, 'of type string, as the first is');
  const [left, right] = [a.toUpperCase(), b.toUpperCase()];
  return left < right ? -1 : left > right ? 1 : 0;
};

export const logic: readonly ExpressionFunction[] = [
  defineLazy('and(expression, ...)', (count, argument) => {
    for (let index = 0; index < count; index += 1) if (!boolean(argument(index), index)) return false;
    return true;
  }),
  defineLazy('or(expression, ...)', (count, argument) => {
    for (let index = 0; index < count; index += 1) if (boolean(argument(index), index)) return true;
    return false;
  }),
  define('not(expression)', ([value = null]) => !boolean(value, 0)),
  defineLazy('if(expression, valueIfTrue, valueIfFalse)', (_count, argument) =>
    boolean(argument(0), 0) ? argument(1) : argument(2),
  ),
  defineLazy('coalesce(value, ...)', (count, argument) => {
    for (let index = 0; index < count; index += 1) {
      const value = argument(index);
      if (value !== null) return value;
    }
    return null;
  }),
  define('equals(value, other, ...)', equals),
  define('less(value, compareTo)', (args) => order(args) < 0),
  define('lessOrEquals(value, compareTo)', (args) => order(args) <= 0),
  define('greater(value, compareTo)', (args) => order(args) > 0),
  define('greaterOrEquals(value, compareTo)', (args) => order(args) >= 0),
];
