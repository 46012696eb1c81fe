import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareDecimals, type Decimal, orderedKey, toDecimal } from '../../../lambda/runtime/decimal.ts';

const decimal = (value: string | number): Decimal => {
  const parsed = toDecimal(value);
  if (parsed === undefined) throw new Error(`${value} is not a decimal`);
  return parsed;
};

describe('toDecimal', () => {
  it.each([
    ['0', '0'],
    ['-0', '0'],
    ['0.000', '0'],
    ['007', '7'],
    ['1.50', '1.5'],
    ['.5', '0.5'],
    ['5.', '5'],
    ['+3', '3'],
    ['1e3', '1000'],
    ['-1.25E-3', '-0.00125'],
    ['12345678901234567890123456789012345678', '12345678901234567890123456789012345678'],
    ['0.00000000000000000000000000000000000001', '0.00000000000000000000000000000000000001'],
  ])('%s becomes %s', (text, canonical) => {
    expect(toDecimal(text)).toBe(canonical);
  });

  it.each(['', '.', '-', 'NaN', 'Infinity', '1,5', '0x10', '1e', '1e126', '1e-131', '1'.repeat(39), '1 2'])(
    'refuses %j',
    (text) => {
      expect(toDecimal(text)).toBeUndefined();
    },
  );

  it('takes numbers in the form JavaScript prints them', () => {
    expect(toDecimal(1e21)).toBe('1000000000000000000000');
    expect(toDecimal(0.1)).toBe('0.1');
    expect(toDecimal(1e-7)).toBe('0.0000001');
  });
});

describe('the order of keys', () => {
  const digits = fc.bigInt({ min: -(10n ** 38n) + 1n, max: 10n ** 38n - 1n });
  /** `digits × 10^scale`, compared exactly with big integers. */
  const scaled = fc.record({ digits, scale: fc.integer({ min: -80, max: 60 }) });
  const write = (value: { digits: bigint; scale: number }) => decimal(`${value.digits}e${value.scale}`);
  const exact = (value: { digits: bigint; scale: number }) => value.digits * 10n ** BigInt(value.scale + 80);

  it('is the order of the numbers', () => {
    fc.assert(
      fc.property(scaled, scaled, (a, b) => {
        const expected = exact(a) < exact(b) ? -1 : exact(a) > exact(b) ? 1 : 0;
        expect(compareDecimals(write(a), write(b))).toBe(expected);
      }),
      { numRuns: 2_000 },
    );
  });

  it('holds with a separator and an id behind the key', () => {
    const values = ['-1000', '-15', '-1.5', '-1', '-0.5', '0', '0.5', '1', '1.5', '10', '15', '1000'].map(
      decimal,
    );
    const keys = values.map((value) => `T#${orderedKey(value)}#zzz`);
    expect([...keys].sort()).toEqual(keys);
  });

  it('puts a key with an id beyond the bare key of the same number, so that a range excludes equality', () => {
    for (const value of ['-1.5', '0', '1', '1.5', '1e30'].map(decimal))
      expect(`T#${orderedKey(value)}#id` > `T#${orderedKey(value)}`).toBe(true);
  });
});
