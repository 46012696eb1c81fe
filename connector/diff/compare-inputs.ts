/** What changed in the parameters of an operation. Flows know them by name, and the body by the names within it. */

import type { Input, NormalisedOperation } from '../normalised/connector.ts';
import { breaking, compatible, type Finding, present } from './change.ts';
import { compareRequired, compareShapes, renamed } from './compare-shapes.ts';
import { comparePairs } from './pairs.ts';
import { placeOf, rootPlace } from './words.ts';

const root = rootPlace('input', 'The input', 'The body');

const placeOfInput = ({ name, in: where, shape }: Input) =>
  // The properties of the body are told by their own names.
  where === 'body' ? root : placeOf(root, name, shape);

const compareInput = (before: Input, after: Input): readonly Finding[] => {
  const place = placeOfInput(before);
  return [
    ...present(
      before.in !== after.in &&
        breaking(
          'input-moved',
          `${place.subject} is part of the ${after.in} now, before of the ${before.in}.`,
        ),
      compareRequired(before.required, after.required, place),
      before.encoding !== after.encoding &&
        breaking(
          'input-encoding',
          `${place.subject} is URL-encoded ${after.encoding === 'double' ? 'twice' : 'once'} now. Values with special characters arrive differently.`,
        ),
    ),
    ...compareShapes(before.shape, after.shape, place),
  ];
};

const lostInput = (input: Input): Finding =>
  breaking('input-removed', `${placeOfInput(input).subject} was removed. What flows send in it is lost.`);

const hasRequired = ({ required, in: where, shape }: Input): boolean =>
  required || (where === 'body' && [...shape.properties.values()].some((property) => property.required));

const gainedInput = (input: Input): Finding =>
  hasRequired(input)
    ? breaking(
        'input-required',
        `${placeOfInput(input).subject} is new and has to be given. Flows of today do not give it.`,
      )
    : compatible('input-added', `${placeOfInput(input).subject} is new and may be left out.`);

const pathNames = ({ path }: NormalisedOperation): readonly string[] =>
  [...path.matchAll(/\{([^{}]*)\}/g)].map(([, name]) => name ?? '');

/** A path parameter is known by its position as well; the second side gets the first side's name for it. */
const samePosition = (
  before: NormalisedOperation,
  after: NormalisedOperation,
): ReadonlyMap<string, string> => {
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

export const compareInputs = (
  before: NormalisedOperation,
  after: NormalisedOperation,
): readonly Finding[] => {
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
      ...present(first.name !== second.name && renamed(placeOfInput(first), placeOfInput(second))),
      ...compareInput(first, second),
    ]),
  ];
};
