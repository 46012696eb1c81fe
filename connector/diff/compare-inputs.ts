/**
 * What changed in the parameters of an operation. Flows know them by name, and the body by the names within
 * it.
 */

import type { CanonicalOperation, Input } from '../canonical/connector.ts';
import { breaking, compatible, type Finding, present } from './change.ts';
import { compareRequired, compareShapes, renamed } from './compare-shapes.ts';
import { comparePairs } from './pairs.ts';
import { locationOf, rootLocation } from './value-location.ts';

const root = rootLocation('input', 'The input', 'The body');

const locationOfInput = ({ name, in: where, shape }: Input) =>
  // The properties of the body are reported by their own names.
  where === 'body' ? root : locationOf(root, name, shape);

const compareInput = (before: Input, after: Input): readonly Finding[] => {
  const location = locationOfInput(before);
  return [
    ...present(
      before.in !== after.in &&
        breaking(
          'input-moved',
          `${location.subject} is now part of the ${after.in}; it was part of the ${before.in}.`,
        ),
      compareRequired(before.required, after.required, location),
      before.encoding !== after.encoding &&
        breaking(
          'input-encoding',
          `${location.subject} is now URL-encoded ${after.encoding === 'double' ? 'twice' : 'once'}. Values with special characters arrive differently.`,
        ),
    ),
    ...compareShapes(before.shape, after.shape, location),
  ];
};

const lostInput = (input: Input): Finding =>
  breaking('input-removed', `${locationOfInput(input).subject} was removed. What flows send in it is lost.`);

const hasRequired = ({ required, in: where, shape }: Input): boolean =>
  required || (where === 'body' && [...shape.properties.values()].some((property) => property.required));

const gainedInput = (input: Input): Finding =>
  hasRequired(input)
    ? breaking(
        'input-required',
        `${locationOfInput(input).subject} is new and required. Existing flows do not set it.`,
      )
    : compatible('input-added', `${locationOfInput(input).subject} is new and may be left out.`);

const pathNames = ({ path }: CanonicalOperation): readonly string[] =>
  [...path.matchAll(/\{([^{}]*)\}/g)].map(([, name]) => name ?? '');

/** A path parameter is also identified by its position; the second side gets the first side's name for it. */
const samePosition = (before: CanonicalOperation, after: CanonicalOperation): ReadonlyMap<string, string> => {
  if (before.route !== after.route) return new Map();
  const [old, young] = [pathNames(before), pathNames(after)];
  return new Map(
    young.flatMap((name, index) => {
      const earlier = old[index];
      return earlier !== undefined && earlier !== name && !young.includes(earlier) && !old.includes(name)
        ? [[name, earlier] as const]
        : [];
    }),
  );
};

export const compareInputs = (before: CanonicalOperation, after: CanonicalOperation): readonly Finding[] => {
  const earlierNames = samePosition(before, after);
  const old = new Map(before.inputs.map((input) => [input.name, input]));
  const young = new Map(
    after.inputs.map((input) => [(input.in === 'path' && earlierNames.get(input.name)) || input.name, input]),
  );
  const { both, pairs, lost, gained } = comparePairs(old, young, ({ shape }) => shape);
  return [
    ...lost.map(([, input]) => lostInput(input)),
    ...gained.map(([, input]) => gainedInput(input)),
    ...[
      ...pairs.map(([[, first], [, second]]) => [first, second] as const),
      ...both.map(([, a, b]) => [a, b] as const),
    ].flatMap(([first, second]) => [
      ...present(first.name !== second.name && renamed(locationOfInput(first), locationOfInput(second))),
      ...compareInput(first, second),
    ]),
  ];
};
