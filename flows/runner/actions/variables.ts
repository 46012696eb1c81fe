import { invoke } from '../../expressions/compile.ts';
import { EvaluationError } from '../../expressions/evaluation-errors.ts';
import {
  isArray,
  isInteger,
  isNumber,
  isObject,
  jsonText,
  kindOf,
  textOf,
  type Value,
  written,
} from '../../expressions/values.ts';
import { succeeded } from '../outcome.ts';
import type { Variable } from '../run-state.ts';
import { inputsOf, type Prepare, type Running } from './action.ts';

const types = ['string', 'integer', 'float', 'boolean', 'array', 'object'] as const;
type VariableType = (typeof types)[number];

const fits: Readonly<Record<VariableType, (value: Value) => boolean>> = {
  string: (value) => typeof value === 'string',
  integer: isInteger,
  float: isNumber,
  boolean: (value) => typeof value === 'boolean',
  array: isArray,
  object: isObject,
};

const typeNamed = (name: Value | undefined): VariableType | undefined =>
  types.find((type) => type === written(name ?? '').toLowerCase());

const checked = (name: string, type: string, value: Value): Value => {
  const known = typeNamed(type);
  if (value === null || known === undefined || fits[known](value)) return value;
  throw new EvaluationError(
    `The variable '${name}' of type '${type}' cannot be initialized or updated with value of type '${kindOf(value)}'. The variable only supports values of types '${type}'.`,
    'ExpressionEvaluationFailed',
  );
};

export const initializeVariable: Prepare = (node, preparation) => {
  const { variables } = inputsOf(node, preparation);
  const [declared, ...others] = variables !== undefined && isArray(variables) ? variables : [];
  const { name = '', type = '', value } = declared !== undefined && isObject(declared) ? declared : {};
  if (others.length > 0 || typeof name !== 'string' || name === '')
    preparation.report('initialises exactly one variable, with a name.', 'inputs/variables');
  if (typeNamed(type) === undefined)
    preparation.report(
      `has a variable of the type ${jsonText(type)}; there are ${types.join(', ')}.`,
      'inputs/variables/0/type',
    );
  const initial = preparation.compile(value, 'inputs/variables/0/value');
  return ({ state, evaluation }) => {
    const variable: Variable = {
      name: textOf(name),
      type: textOf(type),
      value: checked(textOf(name), textOf(type), initial(evaluation)),
    };
    state.variables.set(variable.name.toLowerCase(), variable);
    return succeeded({ inputs: { variables: [{ ...variable }] } });
  };
};

const variableOf = ({ state }: Running, name: string): Variable => {
  const variable = state.variables.get(name.toLowerCase());
  if (variable !== undefined) return variable;
  throw new EvaluationError(
    `The variable '${name}' must be initialized before it can be used.`,
    'ExpressionEvaluationFailed',
  );
};

/** An action that changes a variable. */
const changing =
  (change: (variable: Variable, value: Value, running: Running) => Value): Prepare =>
  (node, preparation) => {
    const { name, value } = inputsOf(node, preparation);
    if (typeof name !== 'string' || name === '') preparation.report('names no variable.', 'inputs/name');
    const given = preparation.compile(value, 'inputs/value');
    return (running) => {
      const variable = variableOf(running, textOf(name ?? ''));
      const evaluated = given(running.evaluation);
      variable.value = checked(variable.name, variable.type, change(variable, evaluated, running));
      return succeeded({
        inputs: { name: variable.name, value: evaluated },
        outputs: { body: { name: variable.name, type: variable.type, value: variable.value } },
      });
    };
  };

const counting = (sign: 'add' | 'sub'): Prepare =>
  changing((variable, value, { evaluation }) => {
    if (!isNumber(variable.value ?? 0))
      throw new EvaluationError(
        `The variable '${variable.name}' of type '${variable.type}' cannot be incremented or decremented; it must be a number.`,
        'ExpressionEvaluationFailed',
      );
    if (variable.value === null)
      evaluation.warn(
        `the variable '${variable.name}' has no value yet and is treated as 0; the behaviour of the platform in this case is unknown.`,
      );
    return invoke(sign, [variable.value ?? 0, value ?? 1], evaluation);
  });

export const setVariable = changing((_variable, value) => value);
export const incrementVariable = counting('add');
export const decrementVariable = counting('sub');

export const appendToArrayVariable = changing((variable, value) => {
  const before = variable.value ?? [];
  if (!isArray(before))
    throw new EvaluationError(
      `The variable '${variable.name}' is not an array.`,
      'ExpressionEvaluationFailed',
    );
  return [...before, value];
});

export const appendToStringVariable = changing((variable, value) => {
  const before = variable.value ?? '';
  if (typeof before !== 'string')
    throw new EvaluationError(
      `The variable '${variable.name}' is not a string.`,
      'ExpressionEvaluationFailed',
    );
  return before + textOf(value);
});
