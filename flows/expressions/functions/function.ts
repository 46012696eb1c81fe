import type { EvaluationContext } from '../context.ts';
import { ArgumentError } from '../evaluation-errors.ts';
import {
  type Float,
  isArray,
  isInteger,
  isNumber,
  isObject,
  type Value,
  type ValueObject,
} from '../values.ts';

interface Signature {
  /** As documented; matched without regard to case. */
  readonly name: string;
  /** How it is written, for messages: `substring(text, start, length?)`. */
  readonly usage: string;
  /** Number of arguments. */
  readonly least: number;
  readonly most: number;
}

export interface EagerFunction extends Signature {
  readonly evaluate: (args: readonly Value[], context: EvaluationContext) => Value;
  readonly evaluateLazily?: undefined;
}

/** A function that does not evaluate all its arguments: if, and, or, coalesce. */
export interface LazyFunction extends Signature {
  readonly evaluateLazily: (
    count: number,
    argument: (index: number) => Value,
    context: EvaluationContext,
  ) => Value;
}

export type ExpressionFunction = EagerFunction | LazyFunction;

const signature = (usage: string): Signature => {
  const [name = '', list = ''] = usage.replace(')', '').split('(');
  const parameters = list.split(',').filter((parameter) => parameter.trim() !== '');
  const open = parameters.some((parameter) => parameter.includes('...'));
  const named = parameters.filter((parameter) => !parameter.includes('...'));
  return {
    name,
    usage,
    least: named.filter((parameter) => !parameter.includes('?')).length,
    most: open ? Number.POSITIVE_INFINITY : named.length,
  };
};

/** @param usage `name(needed, optional?, ...)`; the number of arguments is read from it */
export const define = (usage: string, evaluate: EagerFunction['evaluate']): EagerFunction => ({
  ...signature(usage),
  evaluate,
});

export const defineLazy = (usage: string, evaluateLazily: LazyFunction['evaluateLazily']): LazyFunction => ({
  ...signature(usage),
  evaluateLazily,
});

/** @throws ArgumentError */
export const text = (args: readonly Value[], index: number): string => {
  const value = args[index];
  if (typeof value !== 'string') throw new ArgumentError(index, 'of type string');
  return value;
};

/** An argument that may be left out; null counts as left out. */
export const optionalText = (args: readonly Value[], index: number): string | undefined =>
  args[index] === undefined || args[index] === null ? undefined : text(args, index);

export const integer = (args: readonly Value[], index: number): number => {
  const value = args[index];
  if (value === undefined || !isInteger(value)) throw new ArgumentError(index, 'an integer');
  return Number(value);
};

export const number = (args: readonly Value[], index: number): number | bigint | Float => {
  const value = args[index];
  if (value === undefined || !isNumber(value))
    throw new ArgumentError(index, 'an integer or a decimal number');
  return value;
};

export const boolean = (value: Value, index: number): boolean => {
  if (typeof value !== 'boolean') throw new ArgumentError(index, 'a boolean');
  return value;
};

export const array = (args: readonly Value[], index: number): readonly Value[] => {
  const value = args[index] ?? null;
  if (!isArray(value)) throw new ArgumentError(index, 'an array');
  return value;
};

export const object = (args: readonly Value[], index: number): ValueObject => {
  const value = args[index] ?? null;
  if (!isObject(value)) throw new ArgumentError(index, 'an object');
  return value;
};
