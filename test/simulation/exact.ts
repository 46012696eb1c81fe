/** Exact comparison of decimals, told apart from the code under test on purpose. */

interface Scaled {
  readonly digits: bigint;
  readonly decimals: number;
}

const scaled = (text: string): Scaled => {
  const [mantissa = '', exponent = '0'] = text.toLowerCase().split('e');
  const [whole = '', fraction = ''] = mantissa.split('.');
  const decimals = fraction.length - Number(exponent);
  const digits = BigInt(whole + fraction);
  return decimals < 0 ? { digits: digits * 10n ** BigInt(-decimals), decimals: 0 } : { digits, decimals };
};

/** Negative when a < b, zero when equal, positive when a > b. */
export const compareExact = (a: string, b: string): number => {
  const [left, right] = [scaled(a), scaled(b)];
  const decimals = Math.max(left.decimals, right.decimals);
  const lifted = ({ digits, decimals: own }: Scaled) => digits * 10n ** BigInt(decimals - own);
  return lifted(left) < lifted(right) ? -1 : lifted(left) > lifted(right) ? 1 : 0;
};
