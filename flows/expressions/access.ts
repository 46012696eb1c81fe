/** Access to properties and elements, as the platform's engine was measured to do it. */
import { nearest } from './closest-name.ts';
import { EvaluationError } from './evaluation-errors.ts';
import {
  isArray,
  isInteger,
  isObject,
  jsonText,
  kindOf,
  propertyName,
  type Value,
  type ValueObject,
} from './values.ts';

const failed = (what: string, expression: string): EvaluationError =>
  new EvaluationError(`The expression '${expression}' cannot be evaluated because ${what}`);

const maximumListed = 20;

const missing = (object: ValueObject, name: string): string => {
  const names = Object.keys(object);
  const suggestion = nearest(name, names);
  const listed = names.slice(0, maximumListed).join(', ') + (names.length > maximumListed ? ', …' : '');
  return `property '${name}' doesn't exist, available properties are '${listed}'.${
    suggestion === undefined ? '' : ` Did you mean '${suggestion}'?`
  } Write ?['${name}'] where it may be missing.`;
};

const elementOf = (array: readonly Value[], index: bigint, optional: boolean, expression: string): Value => {
  if (index >= 0n && index < BigInt(array.length)) return array[Number(index)] ?? null;
  if (index >= 0n && optional) return null;
  throw failed(
    array.length === 0
      ? `array index '${index}' is outside bounds: the array is empty. first() gives null for an empty array.`
      : `array index '${index}' is outside bounds (0, ${array.length - 1}) of array.`,
    expression,
  );
};

const propertyOf = (target: Value, name: string, optional: boolean, expression: string): Value => {
  if (target === null) {
    if (optional) return null;
    throw failed(
      `property '${name}' cannot be selected. Property selection is not supported on values of type 'Null'. Write ?['${name}'] where the value before it may be null.`,
      expression,
    );
  }
  if (isArray(target)) {
    if (/^\d+$/.test(name)) return elementOf(target, BigInt(name), optional, expression);
    throw failed(
      `property '${name}' cannot be selected of an array. Array elements can only be selected using an integer index; take one element first, or loop over the array.`,
      expression,
    );
  }
  if (!isObject(target))
    throw failed(
      `property '${name}' cannot be selected. Property selection is not supported on values of type '${kindOf(target)}'.`,
      expression,
    );
  const found = propertyName(target, name);
  if (found !== undefined) return target[found] ?? null;
  if (optional) return null;
  throw failed(missing(target, name), expression);
};

/**
 * @param expression its text, for the message
 * @throws EvaluationError
 */
export const select = (
  target: Value,
  key: Value,
  options: { readonly optional: boolean; readonly slashPaths: boolean; readonly expression: string },
): Value => {
  const { optional, slashPaths, expression } = options;
  if (isInteger(key)) {
    if (target === null && optional) return null;
    if (isArray(target)) return elementOf(target, BigInt(key), optional, expression);
    throw failed(
      `the index '${key}' cannot be selected of a value of type '${kindOf(target)}'; only elements of an array can.`,
      expression,
    );
  }
  if (typeof key !== 'string')
    throw failed(
      `${jsonText(key)}, of type '${kindOf(key)}', is neither the name of a property nor an index.`,
      expression,
    );
  if (!slashPaths || !key.includes('/') || (isObject(target) && propertyName(target, key) !== undefined))
    return propertyOf(target, key, optional, expression);
  return key.split('/').reduce<Value>((at, name) => propertyOf(at, name, optional, expression), target);
};
