import { ArgumentError, EvaluationError } from '../evaluation-errors.ts';
import {
  compareNumbers,
  doubleOf,
  type Float,
  floatOf,
  integerOf,
  isArray,
  isInteger,
  isNumber,
  type Value,
} from '../values.ts';
import { define, type ExpressionFunction, integer, number } from './function.ts';

interface Operation {
  /** For two safe integers; a result that is not safe is calculated again. */
  readonly small: (a: number, b: number) => number;
  readonly exact: (a: bigint, b: bigint) => bigint;
  readonly double: (a: number, b: number) => number;
}

/** Integers stay integers; with one float the result is a float. */
const calculate = (args: readonly Value[], { small, exact, double }: Operation): number | bigint | Float => {
  const a = number(args, 0);
  const b = number(args, 1);
  if (isInteger(a) && isInteger(b)) {
    if (typeof a === 'number' && typeof b === 'number') {
      const result = small(a, b);
      if (Number.isSafeInteger(result)) return result === 0 ? 0 : result;
    }
    const result = integerOf(exact(BigInt(a), BigInt(b)));
    if (result === undefined)
      throw new EvaluationError('The result does not fit into an integer of 64 bits.');
    return result;
  }
  const result = double(doubleOf(a), doubleOf(b));
  if (!Number.isFinite(result))
    throw new EvaluationError('The result is too large for a floating-point number.');
  return floatOf(result);
};

const divisor = (args: readonly Value[], name: string): void => {
  if (doubleOf(number(args, 1)) === 0)
    throw new EvaluationError(
      `Attempt to divide an integral or decimal value by zero in function '${name}'.`,
    );
};

const extreme = (args: readonly Value[], sign: 1 | -1): Value => {
  const list = args.length === 1 && isArray(args[0] ?? null) ? (args[0] as readonly Value[]) : args;
  const [first, ...others] = list.map((value) => {
    if (!isNumber(value))
      throw new ArgumentError(list === args ? list.indexOf(value) : 0, 'numbers or an array of numbers');
    return value;
  });
  if (first === undefined) throw new ArgumentError(0, 'an array that is not empty');
  return others.reduce((best, value) => (compareNumbers(value, best) * sign > 0 ? value : best), first);
};

export const maths: readonly ExpressionFunction[] = [
  define('add(summand1, summand2)', (args) =>
    calculate(args, { small: (a, b) => a + b, exact: (a, b) => a + b, double: (a, b) => a + b }),
  ),
  define('sub(minuend, subtrahend)', (args) =>
    calculate(args, { small: (a, b) => a - b, exact: (a, b) => a - b, double: (a, b) => a - b }),
  ),
  define('mul(multiplicand1, multiplicand2)', (args) =>
    calculate(args, { small: (a, b) => a * b, exact: (a, b) => a * b, double: (a, b) => a * b }),
  ),
  define('div(dividend, divisor)', (args) => {
    divisor(args, 'div');
    return calculate(args, {
      small: (a, b) => Math.trunc(a / b),
      exact: (a, b) => a / b,
      double: (a, b) => a / b,
    });
  }),
  define('mod(dividend, divisor)', (args) => {
    divisor(args, 'mod');
    return calculate(args, { small: (a, b) => a % b, exact: (a, b) => a % b, double: (a, b) => a % b });
  }),
  define('min(number1, ...)', (args) => extreme(args, -1)),
  define('max(number1, ...)', (args) => extreme(args, 1)),
  define('rand(minValue, maxValue)', (args, context) => {
    const [least, limit] = [integer(args, 0), integer(args, 1)];
    if (least >= limit) throw new ArgumentError(1, 'greater than the first');
    return least + Math.floor(context.random() * (limit - least));
  }),
];
