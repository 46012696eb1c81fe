/**
 * Stateless pseudo-random numbers: the same arguments always give the same number, so any row can be computed
 * on its own, in any order, without generating the rows before it.
 */

/** 32-bit finaliser of MurmurHash3 over three words. */
export const mix = (seed: number, a: number, b = 0): number => {
  let h = Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b) ^ Math.imul(a + 0x165667b1, 0xc2b2ae35);
  h = Math.imul(h ^ (h >>> 15), 0x27d4eb2f) ^ Math.imul(b + 0x2545f491, 0x9e3779b1);
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
};

/** FNV-1a, to turn names and ids into seeds. */
export const hashText = (text: string): number => {
  let h = 0x811c9dc5;
  for (let i = 0; i < text.length; i += 1) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
  return h >>> 0;
};

/** A number in [0, 1). */
export const fraction = (seed: number, a: number, b = 0): number => mix(seed, a, b) / 2 ** 32;

/** An integer in [0, bound). */
export const below = (bound: number, seed: number, a: number, b = 0): number =>
  Math.floor(fraction(seed, a, b) * bound);

/** One element of a list that is not empty. */
export const pick = <T>(list: readonly T[], seed: number, a: number, b = 0): T => {
  const element = list[below(list.length, seed, a, b)];
  if (element === undefined) throw new Error('pick from an empty list');
  return element;
};

const hex8 = (word: number): string => word.toString(16).padStart(8, '0');

/** `digits` hexadecimal digits. */
export const hexDigits = (digits: number, seed: number, a: number): string => {
  let text = '';
  for (let word = 0; text.length < digits; word += 1) text += hex8(mix(seed, a, word + 101));
  return text.slice(0, digits);
};

/** A GUID in the form of version 4. */
export const guid = (seed: number, a: number): string => {
  const h = hexDigits(32, seed, a);
  const variant = '89ab'[Number.parseInt(h.charAt(16), 16) % 4];
  return `${h.slice(0, 8)}-${h.slice(8, 12)}-4${h.slice(13, 16)}-${variant}${h.slice(17, 20)}-${h.slice(20)}`;
};

/** A source of GUIDs in a fixed sequence. */
export const guidSequence = (seed: number): (() => string) => {
  let count = 0;
  return () => {
    count += 1;
    return guid(seed, count);
  };
};
