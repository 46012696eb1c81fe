import { fraction, hexDigits } from '../random.ts';

/**
 * Keys of a fixed number of rows whose text order is the row order, so no table is needed in either
 * direction.
 */
export interface KeySpace {
  readonly size: number;
  key(index: number): string;
  /** -1 when no row has this key. */
  indexOf(key: string): number;
}

/** 32 hexadecimal digits: the first 8 rise with the row, the rest is hashed. */
export const keySpace = (size: number, seed: number): KeySpace => {
  const step = 2 ** 32 / Math.max(1, size);
  const key = (index: number): string => {
    // 0.9 keeps neighbours at least a tenth of a step apart, so that no two share a prefix.
    // The first key does not depend on the size, so that an example can name its row.
    const prefix = index === 0 ? 0 : Math.floor((index + 0.9 * fraction(seed, index)) * step);
    return prefix.toString(16).padStart(8, '0') + hexDigits(24, seed, index);
  };
  return {
    size,
    key,
    indexOf: (text) => {
      if (text.length !== 32) return -1;
      const near = Math.floor(Number.parseInt(text.slice(0, 8), 16) / step);
      return [near, near + 1].find((index) => index < size && key(index) === text) ?? -1;
    },
  };
};
