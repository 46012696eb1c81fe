/**
 * What expressions refer to has a shape where the connector is known: a property that is not in it is a
 * mistake.
 */
import { nearest } from '../expressions/closest-name.ts';
import type { Expression } from '../expressions/syntax.ts';
import { written } from '../expressions/values.ts';
import type { Schema } from '../runner/connectors/swagger-connector.ts';

/** What is known of the values around an expression; undefined where nothing is. */
export interface Shapes {
  readonly trigger: Schema | undefined;
  /** Body of an action, by lower-case name. */
  readonly body: (action: string) => Schema | undefined;
  readonly item: Schema | undefined;
  readonly items: (loop: string) => Schema | undefined;
}

type ReportShape = (problem: string) => void;

/** Outputs of a trigger or an action whose body is known. */
const outputs = (body: Schema | undefined): Schema | undefined =>
  body && { type: 'object', properties: { body }, additionalProperties: true };

const literalText = (expression: Expression | undefined): string | undefined =>
  expression?.type === 'literal' && typeof expression.value === 'string' ? expression.value : undefined;

const isOpen = (schema: Schema): boolean =>
  // A schema of a flow may hold null where properties belong.
  Object.keys(schema.properties ?? {}).length === 0 ||
  (schema.additionalProperties !== undefined && schema.additionalProperties !== false) ||
  schema['x-ms-dynamic-schema'] !== undefined;

const step = (schema: Schema, name: string, source: string, report: ReportShape): Schema | undefined => {
  if (schema.type === 'array') {
    report(`${source} is a list; take one element first, or loop over it, before '${name}'.`);
    return undefined;
  }
  if (schema.type !== undefined && schema.type !== 'object') {
    report(`${source} is a ${written(schema.type)} and has no property '${name}'.`);
    return undefined;
  }
  const names = Object.keys(schema.properties ?? {});
  const exact =
    names.find((known) => known === name) ??
    names.find((known) => known.toLowerCase() === name.toLowerCase());
  if (exact !== undefined) return schema.properties?.[exact];
  if (!isOpen(schema)) {
    const near = nearest(name, names);
    report(
      `${source} has no '${name}'.${near === undefined ? '' : ` Did you mean '${near}'?`} It has: ${names.join(', ')}.`,
    );
  }
  return undefined;
};

/**
 * The shape of an expression's value, and every property on the way that is not there.
 * @param text what the expression was parsed from
 */
export const shapeOf = (
  expression: Expression,
  text: string,
  shapes: Shapes,
  report: ReportShape,
): Schema | undefined => {
  const source = (part: Expression) => text.slice(part.start, part.end);
  if (expression.type === 'literal') return undefined;
  if (expression.type === 'access') {
    const target = shapeOf(expression.target, text, shapes, report);
    const { key } = expression;
    if (key.type !== 'literal') {
      shapeOf(key, text, shapes, report);
      return target?.items;
    }
    if (target === undefined) return undefined;
    if (typeof key.value !== 'string') return target.items;
    if (/^\d+$/.test(key.value) && target.type === 'array') return target.items;
    return key.value
      .split('/')
      .reduce<Schema | undefined>(
        (at, name) => at && step(at, name, source(expression.target), report),
        target,
      );
  }
  const args = expression.args.map((argument) => shapeOf(argument, text, shapes, report));
  const name = literalText(expression.args[0]) ?? '';
  switch (expression.name.toLowerCase()) {
    case 'triggerbody':
      return shapes.trigger;
    case 'triggeroutputs':
      return outputs(shapes.trigger);
    case 'body':
    case 'actionbody':
      return shapes.body(name);
    case 'outputs':
    case 'actionoutputs':
      return outputs(shapes.body(name));
    case 'item':
      return shapes.item;
    case 'items':
      return shapes.items(name);
    case 'first':
    case 'last':
      return args[0]?.items;
    case 'skip':
    case 'take':
    case 'reverse':
    case 'sort':
      return args[0]?.type === 'array' ? args[0] : undefined;
    default:
      return undefined;
  }
};
