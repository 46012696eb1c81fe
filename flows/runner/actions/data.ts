/** Actions that make a value of others. */
import { Ajv } from 'ajv';
import addFormats from 'ajv-formats';
import { invoke } from '../../expressions/compile.ts';
import type { EvaluationContext } from '../../expressions/context.ts';
import { EvaluationError } from '../../expressions/evaluation-errors.ts';
import {
  doubleOf,
  isArray,
  isNumber,
  isObject,
  jsonText,
  kindOf,
  parseJsonValue,
  textOf,
  type Value,
  type ValueObject,
  written,
} from '../../expressions/values.ts';
import { bodyOutputs, error, failed, succeeded } from '../outcome.ts';
import { withItem } from '../run-state.ts';
import { type Column, makeTable, TableInputError } from '../table-text.ts';
import { inputsOf, type Prepare } from './action.ts';

export const compose: Prepare = (node, { compile }) => {
  const inputs = compile(node.raw.inputs, 'inputs');
  return ({ evaluation }) => {
    const value = inputs(evaluation);
    return succeeded({ inputs: value, outputs: value });
  };
};

const arrayFrom = (value: Value, type: string): readonly Value[] => {
  if (isArray(value)) return value;
  throw new EvaluationError(
    `The 'from' property value in the '${type}' action inputs is of type '${kindOf(value)}'. The value must be of type 'Array'.`,
    'ExpressionEvaluationFailed',
  );
};

export const select: Prepare = (node, preparation) => {
  const inputs = inputsOf(node, preparation);
  const from = preparation.compile(inputs.from, 'inputs/from');
  const each = preparation.compile(inputs.select, 'inputs/select');
  return ({ evaluation }) => {
    const values = arrayFrom(from(evaluation), 'select');
    const body = values.map((value) => each(withItem(evaluation, value)));
    return succeeded({ inputs: { from: values }, ...bodyOutputs(body) });
  };
};

export const query: Prepare = (node, preparation) => {
  const inputs = inputsOf(node, preparation);
  const from = preparation.compile(inputs.from, 'inputs/from');
  const where = preparation.compile(inputs.where, 'inputs/where');
  return ({ evaluation }) => {
    const values = arrayFrom(from(evaluation), 'query');
    const body = values.filter((value) => {
      const kept = where(withItem(evaluation, value));
      if (typeof kept === 'boolean') return kept;
      throw new EvaluationError(
        `The 'where' expression of '${node.name}' gave a value of type '${kindOf(kept)}'; it must give a boolean.`,
        'ExpressionEvaluationFailed',
      );
    });
    return succeeded({ inputs: { from: values }, ...bodyOutputs(body) });
  };
};

export const join: Prepare = (node, preparation) => {
  const inputs = inputsOf(node, preparation);
  const from = preparation.compile(inputs.from, 'inputs/from');
  const joinWith = preparation.compile(inputs.joinWith, 'inputs/joinWith');
  return ({ evaluation }) => {
    const values = arrayFrom(from(evaluation), 'join');
    const delimiter = textOf(joinWith(evaluation));
    return succeeded({
      inputs: { from: values, joinWith: delimiter },
      ...bodyOutputs(values.map(textOf).join(delimiter)),
    });
  };
};

export const table: Prepare = (node, preparation) => {
  const inputs = inputsOf(node, preparation);
  const from = preparation.compile(inputs.from, 'inputs/from');
  const format = written(inputs.format ?? '').toUpperCase();
  if (format !== 'CSV' && format !== 'HTML')
    preparation.report(
      `makes a table of the format ${jsonText(inputs.format ?? null)}; there are CSV and HTML.`,
      'inputs/format',
    );
  const declared = inputs.columns === undefined ? undefined : isArray(inputs.columns) ? inputs.columns : [];
  const columns = declared?.map((column, index) => {
    const { header = '', value = null }: ValueObject = isObject(column) ? column : {};
    return {
      header: preparation.compile(header, `inputs/columns/${index}/header`),
      value: preparation.compile(value, `inputs/columns/${index}/value`),
    };
  });
  return ({ evaluation }) => {
    const values = from(evaluation);
    try {
      const made = makeTable(
        format === 'HTML' ? 'HTML' : 'CSV',
        values,
        columns?.map(
          ({ header, value }): Column => ({
            header: textOf(header(evaluation)),
            cell: (row) => value(withItem(evaluation, row)),
          }),
        ),
      );
      return succeeded({ inputs: { from: values, format }, ...bodyOutputs(made) });
    } catch (problem) {
      if (!(problem instanceof TableInputError)) throw problem;
      return failed('BadRequest', error('InvalidTemplate', problem.message), {
        inputs: { from: values, format },
      });
    }
  };
};

/** JavaScript's numbers in place of the engine's, for the validator. */
const plain = (value: Value): unknown => {
  if (value === null || typeof value !== 'object') return typeof value === 'bigint' ? Number(value) : value;
  if (isNumber(value)) return doubleOf(value);
  if (isArray(value)) return value.map(plain);
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, plain(inner)]));
};

const kindOfSchema = (type: unknown): string =>
  (Array.isArray(type) ? type : [type])
    .map((one) => written(one))
    .map((one) => one.charAt(0).toUpperCase() + one.slice(1))
    .join(', ');

/** A validator whose messages are the platform's: "Invalid type. Expected String but got Null." */
export const schemaCheck = (schema: Value): ((value: Value) => string | undefined) => {
  const ajv = new Ajv({ strict: false, allErrors: true, verbose: true });
  addFormats.default(ajv);
  const validate = ajv.compile(plain(schema) as object);
  return (value) => {
    if (validate(plain(value))) return undefined;
    return (validate.errors ?? [])
      .map(({ keyword, message, instancePath, params, data }) => {
        const place = instancePath === '' ? '' : ` (at ${instancePath.slice(1)})`;
        if (keyword !== 'type') return `${message ?? keyword}${place}`;
        const found = kindOf((data ?? null) as Value);
        return `Invalid type. Expected ${kindOfSchema(params.type)} but got ${found}.${
          found === 'Null' ? ` Write ["${written(params.type)}", "null"] where it may be null.` : ''
        }${place}`;
      })
      .join(' ');
  };
};

export const parseJson: Prepare = (node, preparation) => {
  const inputs = inputsOf(node, preparation);
  const content = preparation.compile(inputs.content, 'inputs/content');
  const { schema = {} } = inputs;
  let check: (value: Value) => string | undefined = () => undefined;
  try {
    check = schemaCheck(schema);
  } catch (problem) {
    preparation.report(
      `has no valid schema: ${problem instanceof Error ? problem.message : String(problem)}`,
      'inputs/schema',
    );
  }
  return ({ evaluation }) => {
    const given = content(evaluation);
    const shown = { content: given, schema };
    if (given === null)
      return failed(
        'BadRequest',
        error('InvalidTemplate', "Required property 'content' expects a value but got null."),
        {
          inputs: shown,
        },
      );
    let value: Value = given;
    if (typeof given === 'string') {
      try {
        value = parseJsonValue(given);
      } catch (problem) {
        return failed(
          'BadRequest',
          error(
            'InvalidTemplate',
            `The content is not JSON: ${problem instanceof Error ? problem.message : String(problem)}`,
          ),
          { inputs: shown },
        );
      }
    }
    const wrong = check(value);
    return wrong === undefined
      ? succeeded({ inputs: shown, ...bodyOutputs(value) })
      : failed('BadRequest', error('ValidationFailed', wrong), { inputs: shown });
  };
};

type Calculation = (inputs: (name: string) => Value, context: EvaluationContext) => Value;

const given = (...values: readonly (Value | undefined)[]): readonly Value[] =>
  values.filter((value): value is Value => value !== undefined && value !== null);

/** The date operations of the designer, which are functions under other names. */
const calculations: Readonly<Record<string, Calculation>> = {
  CurrentTime: (_inputs, context) => invoke('utcNow', [], context),
  AddToTime: (inputs, context) =>
    invoke(
      'addToTime',
      given(inputs('baseTime'), inputs('interval'), inputs('timeUnit'), inputs('formatString')),
      context,
    ),
  SubtractFromTime: (inputs, context) =>
    invoke(
      'subtractFromTime',
      given(inputs('baseTime'), inputs('interval'), inputs('timeUnit'), inputs('formatString')),
      context,
    ),
  GetFutureTime: (inputs, context) =>
    invoke('getFutureTime', given(inputs('interval'), inputs('timeUnit'), inputs('formatString')), context),
  GetPastTime: (inputs, context) =>
    invoke('getPastTime', given(inputs('interval'), inputs('timeUnit'), inputs('formatString')), context),
  ConvertTimeZone: (inputs, context) =>
    invoke(
      'convertTimeZone',
      given(
        inputs('baseTime'),
        inputs('sourceTimeZone'),
        inputs('destinationTimeZone'),
        inputs('formatString'),
      ),
      context,
    ),
};

export const expression: Prepare = (node, preparation) => {
  const kind = Object.keys(calculations).find(
    (name) => name.toLowerCase() === written(node.raw.kind ?? '').toLowerCase(),
  );
  const calculate = kind === undefined ? undefined : calculations[kind];
  if (calculate === undefined)
    preparation.report(
      `is of the kind ${jsonText(node.raw.kind ?? null)}, which is not run here. Kinds that are: ${Object.keys(calculations).join(', ')}.`,
      'kind',
    );
  const inputs = preparation.compile(node.raw.inputs ?? {}, 'inputs');
  return ({ evaluation }) => {
    const values = inputs(evaluation);
    const read = (name: string): Value => (isObject(values) ? (values[name] ?? null) : null);
    return succeeded({ inputs: values, ...bodyOutputs(calculate?.(read, evaluation) ?? null) });
  };
};
