import { below } from '../random.ts';

/** A bijection of the integers [0, size), computed and inverted in constant time. */
export interface Permutation {
  readonly size: number;
  at(index: number): number;
  /** The index whose image is `value`. */
  indexOf(value: number): number;
}

/** x → (a·x + b) mod size, with `a` coprime to `size` and chosen by the seed. Sizes up to 2^26 stay exact. */
export const permutation = (size: number, seed: number): Permutation => {
  const factor = coprime(size, Math.floor(size * 0.38) + below(Math.max(1, size >> 2), seed, 1));
  const inverse = inverseModulo(factor, size);
  const offset = below(Math.max(1, size), seed, 2);
  return {
    size,
    at: (index) => (factor * index + offset) % size,
    indexOf: (value) => (inverse * ((value - offset + size) % size)) % size,
  };
};

const coprime = (size: number, from: number): number => {
  let candidate = Math.max(1, from);
  while (greatestCommonDivisor(candidate, size) !== 1) candidate += 1;
  return size > 1 ? candidate % size : candidate;
};

const greatestCommonDivisor = (a: number, b: number): number =>
  b === 0 ? a : greatestCommonDivisor(b, a % b);

const inverseModulo = (value: number, modulus: number): number => {
  let [r0, r1, t0, t1] = [modulus, value, 0, 1];
  while (r1 > 0) {
    const quotient = Math.floor(r0 / r1);
    [r0, r1, t0, t1] = [r1, r0 - quotient * r1, t1, t0 - quotient * t1];
  }
  return t0 < 0 ? t0 + modulus : t0;
};
