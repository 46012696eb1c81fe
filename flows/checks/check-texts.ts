/**
 * The expressions of an action, each with its place; what is inside other actions is not the action's own.
 */
import { ExpressionSyntaxError } from '../expressions/evaluation-errors.ts';
import type { Expression } from '../expressions/syntax.ts';
import { expressionsOf, parseTemplate } from '../expressions/template.ts';
import { isArray, isObject, type Value, type ValueObject } from '../expressions/values.ts';
import type { Report } from './finding.ts';

export interface PlacedExpression {
  readonly expression: Expression;
  /** What it was parsed from. */
  readonly text: string;
  readonly place: string;
  /** First key below the action: `inputs`, `expression`, `foreach`. */
  readonly part: string;
  /** Whether it is evaluated for each element: `item()` is one. */
  readonly perItem: boolean;
}

/** Keys that hold other actions, or nothing to evaluate. */
const notOwn: ReadonlySet<string> = new Set([
  'actions',
  'else',
  'cases',
  'default',
  'runAfter',
  'metadata',
  'description',
  'type',
  'kind',
]);

/** Not templates: a JSON schema may say anything. */
const isPlain = (place: string): boolean => /\/inputs\/schema$/.test(place);

const perItemPlaces = /\/inputs\/(?:where|select|columns)(?:\/|$)/;

/** @param raw of an action or a trigger */
export const expressionsIn = (
  raw: ValueObject,
  place: string,
  report: Report,
): readonly PlacedExpression[] => {
  const found: PlacedExpression[] = [];
  const visit = (value: Value, at: string, part: string): void => {
    if (isPlain(at)) return;
    if (typeof value === 'string') {
      if (!value.includes('@')) return;
      try {
        for (const expression of expressionsOf(parseTemplate(value)))
          found.push({ expression, text: value, place: at, part, perItem: perItemPlaces.test(at) });
      } catch (error) {
        if (!(error instanceof ExpressionSyntaxError)) throw error;
        report('refused', at, error.message);
      }
    } else if (isArray(value))
      for (const [index, item] of value.entries()) visit(item, `${at}/${index}`, part);
    else if (isObject(value))
      for (const [key, item] of Object.entries(value)) {
        visit(key, `${at}/${key}`, part);
        visit(item, `${at}/${key}`, part);
      }
  };
  for (const [key, value] of Object.entries(raw)) if (!notOwn.has(key)) visit(value, `${place}/${key}`, key);
  return found;
};
