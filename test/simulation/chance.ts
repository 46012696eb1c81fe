import { type Random, seeded } from '../lambda/limiter/random.ts';

/** Chance from a seed, with the draws that the simulation makes. */
export interface Chance {
  readonly random: Random;
  /** True with this probability. */
  readonly happens: (probability: number) => boolean;
  /** Uniform in [from, to). */
  readonly within: (from: number, to: number) => number;
  /** A whole number in [from, to]. */
  readonly whole: (from: number, to: number) => number;
  readonly pick: <Item>(items: readonly Item[]) => Item;
  readonly shuffled: <Item>(items: readonly Item[]) => readonly Item[];
}

/**
 * @param stream different ones for the source, the users and the faults, so that a change of one leaves the
 * others alone
 */
export const chanceOf = (seed: number, stream: number): Chance => {
  const random = seeded(Math.imul(seed, 0x9e3779b1) ^ Math.imul(stream + 1, 0x85ebca6b));
  const whole = (from: number, to: number) => from + Math.floor(random() * (to - from + 1));
  const pick = <Item>(items: readonly Item[]): Item => {
    if (items.length === 0) throw new RangeError('There is nothing to pick from.');
    return items[whole(0, items.length - 1)] as Item;
  };
  return {
    random,
    happens: (probability) => random() < probability,
    within: (from, to) => from + random() * (to - from),
    whole,
    pick,
    shuffled: (items) => {
      const left = [...items];
      return items.map(() => left.splice(whole(0, left.length - 1), 1)[0] as (typeof items)[number]);
    },
  };
};
