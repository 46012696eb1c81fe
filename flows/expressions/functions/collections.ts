import { ArgumentError, EvaluationError } from '../evaluation-errors.ts';
import {
  compareNumbers,
  equalValues,
  isArray,
  isNumber,
  isObject,
  kindOf,
  propertyName,
  type Value,
  type ValueObject,
} from '../values.ts';
import { array, define, type ExpressionFunction, integer, object, text } from './function.ts';

/** A text or an array: both have a length and a beginning. */
const sequence = (args: readonly Value[], index: number): string | readonly Value[] => {
  const value = args[index] ?? null;
  if (typeof value !== 'string' && !isArray(value)) throw new ArgumentError(index, 'an array or a string');
  return value;
};

const contains = (args: readonly Value[]): boolean => {
  const [collection = null, value = null] = args;
  if (typeof collection === 'string') return collection.includes(text(args, 1));
  if (isArray(collection)) return collection.some((item) => equalValues(item, value));
  if (isObject(collection)) return propertyName(collection, text(args, 1)) !== undefined;
  throw new ArgumentError(0, 'an array, an object or a string');
};

const empty = ([value = null]: readonly Value[]): boolean => {
  if (value === null) return true;
  if (typeof value === 'string' || isArray(value)) return value.length === 0;
  if (isObject(value)) return Object.keys(value).length === 0;
  throw new ArgumentError(0, 'an array, an object or a string');
};

const count = (args: readonly Value[], index: number): number => {
  const value = integer(args, index);
  if (value < 0) throw new ArgumentError(index, 'an integer that is not negative');
  return value;
};

const chunk = (args: readonly Value[]): readonly Value[] => {
  const collection = sequence(args, 0);
  const size = integer(args, 1);
  if (size < 1) throw new ArgumentError(1, 'a positive integer');
  const chunks: Value[] = [];
  for (let at = 0; at < collection.length; at += size) chunks.push(collection.slice(at, at + size));
  return chunks;
};

/** All arguments of one kind: arrays or objects. */
const alike = (args: readonly Value[]): readonly (readonly Value[])[] | readonly ValueObject[] => {
  if (isArray(args[0] ?? null)) return args.map((_, index) => array(args, index));
  if (isObject(args[0] ?? null)) return args.map((_, index) => object(args, index));
  throw new ArgumentError(0, 'an array or an object');
};

const isArrays = (
  values: readonly (readonly Value[])[] | readonly ValueObject[],
): values is readonly (readonly Value[])[] => Array.isArray(values[0]);

const distinct = (values: readonly Value[]): readonly Value[] => {
  const kept: Value[] = [];
  for (const value of values) if (!kept.some((other) => equalValues(other, value))) kept.push(value);
  return kept;
};

const union = (args: readonly Value[]): Value => {
  const values = alike(args);
  return isArrays(values) ? distinct(values.flat(1)) : Object.assign({}, ...values);
};

const intersection = (args: readonly Value[]): Value => {
  const values = alike(args);
  if (isArrays(values)) {
    const [first = [], ...others] = values;
    return distinct(first).filter((value) =>
      others.every((other) => other.some((item) => equalValues(item, value))),
    );
  }
  const [first = {}, ...others] = values;
  const last = others.at(-1) ?? first;
  const common = Object.keys(first).filter((key) => others.every((other) => Object.hasOwn(other, key)));
  return Object.fromEntries(common.map((key) => [key, last[key] ?? null]));
};

const compare = (a: Value, b: Value): number => {
  if (isNumber(a) && isNumber(b)) return compareNumbers(a, b);
  if (typeof a === 'string' && typeof b === 'string') return a < b ? -1 : a > b ? 1 : 0;
  if (typeof a === 'boolean' && typeof b === 'boolean') return Number(a) - Number(b);
  throw new EvaluationError(
    `In function 'sort': a value of type '${kindOf(a)}' and one of type '${kindOf(b)}' cannot be ordered; all must be numbers, texts or booleans.`,
  );
};

const sort = (args: readonly Value[]): readonly Value[] => {
  const values = array(args, 0);
  if (args[1] === undefined) return [...values].sort(compare);
  const key = text(args, 1);
  const sortKey = (value: Value): Value => {
    const name = isObject(value) ? propertyName(value, key) : undefined;
    if (name === undefined)
      throw new ArgumentError(0, `an array of objects that all have the property '${key}'`);
    return (value as ValueObject)[name] ?? null;
  };
  return values
    .map((value) => ({ value, by: sortKey(value) }))
    .sort((a, b) => compare(a.by, b.by))
    .map(({ value }) => value);
};

/** Elements; the platform makes no longer ones. */
const longestRange = 100_000;
const largestSum = 2_147_483_647;

const range = (args: readonly Value[]): readonly number[] => {
  const start = integer(args, 0);
  const length = integer(args, 1);
  if (length < 0 || length > longestRange) throw new ArgumentError(1, `from 0 to ${longestRange}`);
  if (start + length > largestSum)
    throw new ArgumentError(0, `so that start and count do not exceed ${largestSum}`);
  return Array.from({ length }, (_, index) => start + index);
};

export const collections: readonly ExpressionFunction[] = [
  define('contains(collection, value)', contains),
  define('empty(collection)', empty),
  define('length(collection)', (args) => sequence(args, 0).length),
  define('first(collection)', (args) => sequence(args, 0)[0] ?? null),
  define('last(collection)', (args) => sequence(args, 0).at(-1) ?? null),
  define('skip(collection, count)', (args) => sequence(args, 0).slice(count(args, 1))),
  define('take(collection, count)', (args) => sequence(args, 0).slice(0, count(args, 1))),
  define('chunk(collection, length)', chunk),
  define('reverse(collection)', (args) => [...array(args, 0)].reverse()),
  define('sort(collection, sortBy?)', sort),
  define('union(collection, ...)', union),
  define('intersection(collection, ...)', intersection),
  define('createArray(object1, ...)', (args) => [...args]),
  define('range(startIndex, count)', range),
];
