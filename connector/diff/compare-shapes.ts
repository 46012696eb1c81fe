/**
 * What changed between two schemas. What a flow sends may become wider, what it receives may become narrower
 * or more; the other way round a flow that exists breaks.
 */
import { boundNames, type Property, type Shape } from '../canonical/shape.ts';
import {
  breaking,
  compatible,
  cosmetic,
  type Finding,
  finding,
  keywordChanges,
  present,
  textChange,
} from './change.ts';
import { comparePairs } from './pairs.ts';
import { locationOf, quantity, type ValueLocation, wordsOf } from './value-location.ts';

/** Breaking where it makes less possible for this direction, compatible otherwise. */
const byDirection = (
  location: ValueLocation,
  rule: string,
  change: 'wider' | 'narrower',
  text: string,
): Finding =>
  (location.direction === 'input') === (change === 'narrower')
    ? breaking(`${location.direction}-${rule}`, text)
    : compatible(`${location.direction}-${rule}`, text);

const widens = (before: string, after: string): boolean =>
  after === 'any' || (before === 'integer' && after === 'number');

const compareType = (before: Shape, after: Shape, location: ValueLocation): Finding | null => {
  if (before.type === after.type) return null;
  const text = `${location.subject} is now ${quantity(after)}; it was ${quantity(before)}.`;
  if (widens(before.type, after.type)) return byDirection(location, 'type', 'wider', text);
  if (widens(after.type, before.type)) return byDirection(location, 'type', 'narrower', text);
  return breaking(`${location.direction}-type`, `${text} Flows that use it fail.`);
};

const compareFormat = (before: Shape, after: Shape, location: ValueLocation): Finding | null => {
  if (before.format === after.format) return null;
  const said = (format: string | null) => (format === null ? 'no format' : `the format ${format}`);
  const text = `${location.subject} now has ${said(after.format)}; it had ${said(before.format)}.`;
  if (after.format === null) return byDirection(location, 'format', 'wider', text);
  if (before.format === null) return byDirection(location, 'format', 'narrower', text);
  return breaking(`${location.direction}-format`, text);
};

const compareNull = (before: Shape, after: Shape, location: ValueLocation): Finding | null => {
  if (before.nullable === after.nullable) return null;
  return after.nullable
    ? byDirection(location, 'null', 'wider', `${location.subject} may now be null.`)
    : byDirection(location, 'null', 'narrower', `${location.subject} can no longer be null.`);
};

const compareWords = (before: Shape, after: Shape, location: ValueLocation): readonly Finding[] => {
  if (before.words === null && after.words === null) return [];
  const rule = `${location.direction}-choices`;
  if (before.words === null)
    return [
      byDirection(
        location,
        'choices',
        'narrower',
        `${location.subject} now takes only ${wordsOf(after.words)}; it took any value.`,
      ),
    ];
  if (after.words === null)
    return [
      byDirection(location, 'choices', 'wider', `${location.subject} now takes any value; it was a choice.`),
    ];
  const [old, young] = [before.words, after.words];
  const lost = old.filter((word) => !young.includes(word));
  const gained = young.filter((word) => !old.includes(word));
  return present(
    lost.length > 0 &&
      breaking(
        rule,
        location.direction === 'input'
          ? `${location.subject} no longer offers ${wordsOf(lost)}. Flows that chose it fail.`
          : `${location.subject} is no longer ${wordsOf(lost)}. Flows that wait for this value never run.`,
      ),
    gained.length > 0 &&
      compatible(
        rule,
        `${location.subject} ${location.direction === 'input' ? 'offers' : 'may be'} ${wordsOf(gained)} too.`,
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

const compareBounds = (before: Shape, after: Shape, location: ValueLocation): readonly Finding[] =>
  boundNames.flatMap((name) => {
    const [old, young] = [before.bounds.get(name), after.bounds.get(name)];
    if (old === young) return [];
    const text = `${location.subject}: ${name} is now ${young ?? 'open'}; it was ${old ?? 'open'}.`;
    // What arrives may become larger or smaller; a flow takes it as it comes.
    return location.direction === 'input' && !loosens(name, old, young)
      ? [breaking('input-bounds', `${text} Values that flows send today may be refused.`)]
      : [compatible(`${location.direction}-bounds`, text)];
  });

const compareShown = (before: Shape, after: Shape, location: ValueLocation): Finding | null => {
  if (before.shown === after.shown) return null;
  if (after.shown === 'internal')
    return location.direction === 'input'
      ? breaking('input-hidden', `${location.subject} is hidden now; makers can neither see nor set it.`)
      : compatible(
          'output-hidden',
          `${location.subject} is no longer offered to later steps; steps that use it continue to work.`,
        );
  if (before.shown === 'internal')
    return compatible(`${location.direction}-shown`, `${location.subject} is now shown; it was hidden.`);
  return cosmetic(
    `${location.direction}-visibility`,
    `${location.subject} is now shown as ${after.shown}; it was ${before.shown}.`,
  );
};

const compareDesigner = (before: Shape, after: Shape, location: ValueLocation): readonly Finding[] => {
  const { direction, subject } = location;
  const names = [...after.wordNames].filter(
    ([word, name]) => before.wordNames.has(word) && before.wordNames.get(word) !== name,
  );
  return present(
    textChange(`${direction}-label`, `The label of ${location.inside}`, before.label, after.label),
    textChange(
      `${direction}-description`,
      `The description of ${location.inside}`,
      before.description,
      after.description,
    ),
    compareShown(before, after, location),
    before.fallback !== after.fallback &&
      finding(
        direction === 'input' ? 'compatible' : 'cosmetic',
        `${direction}-default`,
        `${subject} now has the default ${after.fallback || 'none'}; it had ${before.fallback || 'none'}. Flows that set it are not affected.`,
      ),
    before.dropDown !== after.dropDown &&
      compatible(
        `${direction}-drop-down`,
        after.dropDown === ''
          ? `${subject} no longer has a drop-down; makers type the value.`
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

const compareDynamic = (
  before: Shape,
  after: Shape,
  { direction, subject }: ValueLocation,
): Finding | null => {
  if (before.dynamic === after.dynamic) return null;
  if (after.dynamic === '')
    return breaking(
      `${direction}-columns`,
      `${subject} no longer describes its columns; steps that use one lose it.`,
    );
  return compatible(
    `${direction}-columns`,
    before.dynamic === ''
      ? `${subject} tells its columns now.`
      : `${subject} takes its columns from somewhere else now.`,
  );
};

const compareAdditional = (before: Shape, after: Shape, location: ValueLocation): Finding | null => {
  if (before.additional === after.additional) return null;
  if (after.additional === 'closed')
    return byDirection(
      location,
      'additional',
      'narrower',
      `${location.subject} no longer takes other properties.`,
    );
  return location.direction === 'output' && before.additional === 'open'
    ? breaking('output-additional', `${location.subject} no longer contains free columns.`)
    : compatible(`${location.direction}-additional`, `${location.subject} may contain other properties too.`);
};

const removed = (location: ValueLocation): Finding =>
  location.direction === 'input'
    ? breaking('input-removed', `${location.subject} was removed. What flows send in it is lost.`)
    : breaking('output-removed', `${location.subject} was removed. Steps that use it lose their value.`);

const added = ({ required }: Property, location: ValueLocation): Finding => {
  if (location.direction === 'output') return compatible('output-added', `${location.subject} is new.`);
  return required
    ? breaking('input-required', `${location.subject} is new and required. Existing flows do not set it.`)
    : compatible('input-added', `${location.subject} is new and may be left out.`);
};

/** Whether a value that must be there became one that may be absent, or the other way. */
export const compareRequired = (before: boolean, after: boolean, location: ValueLocation): Finding | null => {
  if (before === after) return null;
  if (location.direction === 'input')
    return after
      ? breaking('input-required', `${location.subject} is now required. Flows that omit it fail.`)
      : compatible('input-optional', `${location.subject} may be left out now.`);
  return after
    ? compatible('output-always', `${location.subject} is always there now.`)
    : breaking('output-optional', `${location.subject} may be absent now. Steps that rely on it fail.`);
};

export const renamed = (before: ValueLocation, after: ValueLocation): Finding =>
  breaking(
    `${after.direction}-renamed`,
    after.direction === 'input'
      ? `${before.subject} was renamed: it is ${after.inside} now. Flows send it under the old name.`
      : `${before.subject} was renamed: it is ${after.inside} now. Steps use the old name.`,
  );

const shapeOf = ({ shape }: Property): Shape => shape;

const compareProperties = (before: Shape, after: Shape, location: ValueLocation): readonly Finding[] => {
  const at = (name: string, { shape }: Property) => locationOf(location, name, shape);
  const { both, pairs, lost, gained } = comparePairs(before.properties, after.properties, shapeOf);
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

const compareProperty = (before: Property, after: Property, location: ValueLocation): readonly Finding[] => [
  ...present(compareRequired(before.required, after.required, location)),
  ...compareShapes(before.shape, after.shape, location),
];

/** Everything that differs in two schemas at one location, and below it. */
export const compareShapes = (before: Shape, after: Shape, location: ValueLocation): readonly Finding[] => {
  const type = compareType(before, after, location);
  const designer = [
    ...compareDesigner(before, after, location),
    ...present(
      before.isCallback !== after.isCallback &&
        breaking(
          'callback-url',
          after.isCallback
            ? `${location.subject} takes the callback URL now.`
            : `${location.subject} no longer takes the callback URL. Existing registrations fail.`,
        ),
    ),
  ];
  // Once a text has become an object nothing below it can be compared.
  if (type !== null) return [type, ...designer];
  return [
    ...present(compareFormat(before, after, location), compareNull(before, after, location)),
    ...compareWords(before, after, location),
    ...compareBounds(before, after, location),
    ...designer,
    ...present(compareDynamic(before, after, location), compareAdditional(before, after, location)),
    ...keywordChanges(`${location.direction}-keyword`, `${location.subject}: `, before.others, after.others),
    ...compareProperties(before, after, location),
    ...(before.items && after.items
      ? compareShapes(before.items, after.items, locationOf(location, '[]', after.items))
      : present(
          before.items &&
            byDirection(location, 'items', 'wider', `${location.subject} no longer describes its entries.`),
          after.items &&
            byDirection(location, 'items', 'narrower', `${location.subject} says what its entries are now.`),
        )),
  ];
};
