/** Which named things of two sides are the same, which were renamed, and which are only on one side. */
import type { Shape } from '../canonical/shape.ts';

export interface Pairs<Thing> {
  readonly both: readonly (readonly [name: string, before: Thing, after: Thing])[];
  /** Renamed: another name, but to all appearances the same thing. */
  readonly pairs: readonly (readonly [
    before: readonly [name: string, thing: Thing],
    after: readonly [name: string, thing: Thing],
  ])[];
  readonly lost: readonly (readonly [name: string, thing: Thing])[];
  readonly gained: readonly (readonly [name: string, thing: Thing])[];
}

/** The same type, and a label or a description that makers know it by. */
const alike = (before: Shape, after: Shape): boolean =>
  before.type === after.type &&
  ((before.label !== null && before.label === after.label) ||
    (before.description !== null && before.description === after.description));

export const comparePairs = <Thing>(
  before: ReadonlyMap<string, Thing>,
  after: ReadonlyMap<string, Thing>,
  shapeOfThing: (thing: Thing) => Shape,
): Pairs<Thing> => {
  const lost = [...before].filter(([name]) => !after.has(name));
  const gained = [...after].filter(([name]) => !before.has(name));
  const pairs = lost.flatMap((old) => {
    const matches = gained.filter(([, young]) => alike(shapeOfThing(old[1]), shapeOfThing(young)));
    const rivals = lost.filter(([, other]) => alike(shapeOfThing(other), shapeOfThing(old[1])));
    const [match] = matches;
    // Two of one label could each be the other: then nothing is guessed.
    return match && matches.length === 1 && rivals.length === 1 ? [[old, match] as const] : [];
  });
  const renamedBefore = new Set(pairs.map(([[name]]) => name));
  const renamedAfter = new Set(pairs.map(([, [name]]) => name));
  return {
    both: [...before].flatMap(([name, old]) => {
      const young = after.get(name);
      return young === undefined ? [] : [[name, old, young] as const];
    }),
    pairs,
    lost: lost.filter(([name]) => !renamedBefore.has(name)),
    gained: gained.filter(([name]) => !renamedAfter.has(name)),
  };
};
