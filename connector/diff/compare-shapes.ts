/**
 * What changed between two schemas. What a flow sends may become wider, what it receives may become narrower or more;
 * the other way round a flow that exists breaks.
 */

import { boundNames, type Property, type Shape } from '../normalised/shape.ts';
import { breaking, compatible, cosmetic, type Finding, finding, present, textChange } from './change.ts';
import { comparePairs } from './pairs.ts';
import { type Place, placeOf, quantity, wordsOf } from './words.ts';

/** Breaking where it makes less possible for this direction, compatible otherwise. */
const byDirection = (place: Place, rule: string, change: 'wider' | 'narrower', text: string): Finding =>
  (place.direction === 'input') === (change === 'narrower')
    ? breaking(`${place.direction}-${rule}`, text)
    : compatible(`${place.direction}-${rule}`, text);

const widens = (before: string, after: string): boolean =>
  after === 'any' || (before === 'integer' && after === 'number');

const compareType = (before: Shape, after: Shape, place: Place): Finding | null => {
  if (before.type === after.type) return null;
  const text = `${place.subject} is ${quantity(after)} now, before ${quantity(before)}.`;
  if (widens(before.type, after.type)) return byDirection(place, 'type', 'wider', text);
  if (widens(after.type, before.type)) return byDirection(place, 'type', 'narrower', text);
  return breaking(`${place.direction}-type`, `${text} Flows that use it fail.`);
};

const compareFormat = (before: Shape, after: Shape, place: Place): Finding | null => {
  if (before.format === after.format) return null;
  const said = (format: string | null) => format ?? 'no particular format';
  const text = `${place.subject} has the format ${said(after.format)} now, before ${said(before.format)}.`;
  if (after.format === null) return byDirection(place, 'format', 'wider', text);
  if (before.format === null) return byDirection(place, 'format', 'narrower', text);
  return breaking(`${place.direction}-format`, text);
};

const compareNull = (before: Shape, after: Shape, place: Place): Finding | null => {
  if (before.nullable === after.nullable) return null;
  return after.nullable
    ? byDirection(place, 'null', 'wider', `${place.subject} may be null now.`)
    : byDirection(place, 'null', 'narrower', `${place.subject} cannot be null any more.`);
};

const compareWords = (before: Shape, after: Shape, place: Place): readonly Finding[] => {
  if (before.words === null && after.words === null) return [];
  const rule = `${place.direction}-choices`;
  if (before.words === null)
    return [
      byDirection(
        place,
        'choices',
        'narrower',
        `${place.subject} takes only ${wordsOf(after.words)} now, before any value.`,
      ),
    ];
  if (after.words === null)
    return [byDirection(place, 'choices', 'wider', `${place.subject} takes any value now, before a choice.`)];
  const [old, young] = [before.words, after.words];
  const lost = old.filter((word) => !young.includes(word));
  const gained = young.filter((word) => !old.includes(word));
  return present(
    lost.length > 0 &&
      breaking(
        rule,
        place.direction === 'input'
          ? `${place.subject} does not offer ${wordsOf(lost)} any more. Flows that chose it fail.`
          : `${place.subject} never is ${wordsOf(lost)} any more. Flows that wait for it wait in vain.`,
      ),
    gained.length > 0 &&
      compatible(
        rule,
        `${place.subject} ${place.direction === 'input' ? 'offers' : 'may be'} ${wordsOf(gained)} too.`,
      ),
  );
};

const upward: ReadonlySet<string> = new Set(['minimum', 'minLength', 'minItems', 'minProperties']);
const downward: ReadonlySet<string> = new Set(['maximum', 'maxLength', 'maxItems', 'maxProperties']);

/** Whether the second bound admits everything that the first does. */
const loosens = (
  name: string,
  before: number | string | boolean | undefined,
  after: number | string | boolean | undefined,
): boolean => {
  if (after === undefined) return true;
  if (before === undefined) return false;
  if (upward.has(name)) return Number(after) <= Number(before);
  return downward.has(name) && Number(after) >= Number(before);
};

const compareBounds = (before: Shape, after: Shape, place: Place): readonly Finding[] =>
  boundNames.flatMap((name) => {
    const [old, young] = [before.bounds.get(name), after.bounds.get(name)];
    if (old === young) return [];
    const text = `${place.subject}: ${name} is ${young ?? 'open'} now, before ${old ?? 'open'}.`;
    // What arrives may become larger or smaller; a flow takes it as it comes.
    return place.direction === 'input' && !loosens(name, old, young)
      ? [breaking('input-bounds', `${text} Values that flows send today may be refused.`)]
      : [compatible(`${place.direction}-bounds`, text)];
  });

const compareShown = (before: Shape, after: Shape, place: Place): Finding | null => {
  if (before.shown === after.shown) return null;
  if (after.shown === 'internal')
    return place.direction === 'input'
      ? breaking('input-hidden', `${place.subject} is hidden now; makers can neither see nor set it.`)
      : compatible(
          'output-hidden',
          `${place.subject} is not offered to later steps any more; steps that use it go on.`,
        );
  if (before.shown === 'internal')
    return compatible(`${place.direction}-shown`, `${place.subject} is shown now, before hidden.`);
  return cosmetic(
    `${place.direction}-visibility`,
    `${place.subject} is shown as ${after.shown} now, before ${before.shown}.`,
  );
};

const compareDesigner = (before: Shape, after: Shape, place: Place): readonly Finding[] => {
  const { direction, subject } = place;
  const names = [...after.wordNames].filter(
    ([word, name]) => before.wordNames.has(word) && before.wordNames.get(word) !== name,
  );
  return present(
    textChange(`${direction}-label`, `The label of ${place.inside}`, before.label, after.label),
    textChange(
      `${direction}-description`,
      `The description of ${place.inside}`,
      before.description,
      after.description,
    ),
    compareShown(before, after, place),
    before.fallback !== after.fallback &&
      finding(
        direction === 'input' ? 'compatible' : 'cosmetic',
        `${direction}-default`,
        `${subject} has the default ${after.fallback || 'none'} now, before ${before.fallback || 'none'}. Flows that set it are not touched.`,
      ),
    before.dropDown !== after.dropDown &&
      compatible(
        `${direction}-drop-down`,
        after.dropDown === ''
          ? `${subject} has no drop-down any more; makers type the value.`
          : before.dropDown === ''
            ? `${subject} has a drop-down now.`
            : `${subject} takes its drop-down from somewhere else now.`,
      ),
    names.length > 0 &&
      cosmetic(
        `${direction}-choice-names`,
        `${subject} shows ${wordsOf(names.map(([, name]) => name))} under another name.`,
      ),
  );
};

const compareDynamic = (before: Shape, after: Shape, { direction, subject }: Place): Finding | null => {
  if (before.dynamic === after.dynamic) return null;
  if (after.dynamic === '')
    return breaking(
      `${direction}-columns`,
      `${subject} does not tell its columns any more; steps that use one lose it.`,
    );
  return compatible(
    `${direction}-columns`,
    before.dynamic === ''
      ? `${subject} tells its columns now.`
      : `${subject} takes its columns from somewhere else now.`,
  );
};

const compareAdditional = (before: Shape, after: Shape, place: Place): Finding | null => {
  if (before.additional === after.additional) return null;
  if (after.additional === 'closed')
    return byDirection(
      place,
      'additional',
      'narrower',
      `${place.subject} takes no other properties any more.`,
    );
  return place.direction === 'output' && before.additional === 'open'
    ? breaking('output-additional', `${place.subject} holds no free columns any more.`)
    : compatible(`${place.direction}-additional`, `${place.subject} may hold other properties too.`);
};

const compareOthers = (before: Shape, after: Shape, { direction, subject }: Place): readonly Finding[] =>
  [...new Set([...before.others.keys(), ...after.others.keys()])]
    .filter((name) => before.others.get(name) !== after.others.get(name))
    .map((name) =>
      compatible(
        `${direction}-keyword`,
        `${subject}: ${name} is ${after.others.get(name) ?? 'absent'} now, before ${before.others.get(name) ?? 'absent'}.`,
      ),
    );

const removed = (place: Place): Finding =>
  place.direction === 'input'
    ? breaking('input-removed', `${place.subject} was removed. What flows send in it is lost.`)
    : breaking('output-removed', `${place.subject} was removed. Steps that use it lose their value.`);

const added = ({ required }: Property, place: Place): Finding => {
  if (place.direction === 'output') return compatible('output-added', `${place.subject} is new.`);
  return required
    ? breaking(
        'input-required',
        `${place.subject} is new and has to be given. Flows of today do not give it.`,
      )
    : compatible('input-added', `${place.subject} is new and may be left out.`);
};

/** Whether a value that must be there became one that may be absent, or the other way. */
export const compareRequired = (before: boolean, after: boolean, place: Place): Finding | null => {
  if (before === after) return null;
  if (place.direction === 'input')
    return after
      ? breaking('input-required', `${place.subject} has to be given now. Flows that leave it out fail.`)
      : compatible('input-optional', `${place.subject} may be left out now.`);
  return after
    ? compatible('output-always', `${place.subject} is always there now.`)
    : breaking('output-optional', `${place.subject} may be absent now. Steps that rely on it fail.`);
};

export const renamed = (before: Place, after: Place): Finding =>
  breaking(
    `${after.direction}-renamed`,
    after.direction === 'input'
      ? `${before.subject} was renamed: it is ${after.inside} now. Flows send it under the old name.`
      : `${before.subject} was renamed: it is ${after.inside} now. Steps use the old name.`,
  );

const compareProperties = (before: Shape, after: Shape, place: Place): readonly Finding[] => {
  const at = (name: string, { shape }: Property) => placeOf(place, name, shape);
  const { both, pairs, lost, gained } = comparePairs(
    before.properties,
    after.properties,
    ({ shape }) => shape,
  );
  return [
    ...lost.map(([name, property]) => removed(at(name, property))),
    ...gained.map(([name, property]) => added(property, at(name, property))),
    ...pairs.flatMap(([[oldName, old], [name, young]]) => [
      renamed(at(oldName, old), at(name, young)),
      ...compareProperty(old, young, at(name, young)),
    ]),
    ...both.flatMap(([name, old, young]) => compareProperty(old, young, at(name, old))),
  ];
};

const compareProperty = (before: Property, after: Property, place: Place): readonly Finding[] => [
  ...present(compareRequired(before.required, after.required, place)),
  ...compareShapes(before.shape, after.shape, place),
];

/** Everything that differs in two schemas at one place, and below it. */
export const compareShapes = (before: Shape, after: Shape, place: Place): readonly Finding[] => {
  const type = compareType(before, after, place);
  const designer = [
    ...compareDesigner(before, after, place),
    ...present(
      before.isCallback !== after.isCallback &&
        breaking(
          'callback-url',
          after.isCallback
            ? `${place.subject} takes the callback URL now.`
            : `${place.subject} does not take the callback URL any more. Registrations of today fail.`,
        ),
    ),
  ];
  // Once a text has become an object nothing below it can be compared.
  if (type !== null) return [type, ...designer];
  return [
    ...present(compareFormat(before, after, place), compareNull(before, after, place)),
    ...compareWords(before, after, place),
    ...compareBounds(before, after, place),
    ...designer,
    ...present(compareDynamic(before, after, place), compareAdditional(before, after, place)),
    ...compareOthers(before, after, place),
    ...compareProperties(before, after, place),
    ...(before.items && after.items
      ? compareShapes(before.items, after.items, placeOf(place, '[]', after.items))
      : present(
          before.items &&
            byDirection(
              place,
              'items',
              'wider',
              `${place.subject} does not say what its entries are any more.`,
            ),
          after.items &&
            byDirection(place, 'items', 'narrower', `${place.subject} says what its entries are now.`),
        )),
  ];
};
