import type { AttributeValue } from '@aws-sdk/client-dynamodb';

/**
 * Bytes of an item by the rules of
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html, for the types the limiter stores.
 */
export const itemBytes = (item: Readonly<Record<string, AttributeValue>>): number =>
  Object.entries(item).reduce(
    (bytes, [name, value]) => bytes + Buffer.byteLength(name) + valueBytes(value),
    0,
  );

const valueBytes = (value: AttributeValue): number => {
  if (value.S !== undefined) return Buffer.byteLength(value.S);
  if (value.N !== undefined) return numberBytes(value.N);
  if (value.L !== undefined) return value.L.reduce((bytes, element) => bytes + 1 + valueBytes(element), 3);
  throw new TypeError(`No size rule for ${JSON.stringify(value)}.`);
};

/** One byte for two significant digits, one more, and one for a sign. */
const numberBytes = (number: string): number => {
  const digits = number.replace(/^-/, '').replace('.', '').replace(/^0+/, '').replace(/0+$/, '');
  return Math.ceil(digits.length / 2) + 1 + (number.startsWith('-') ? 1 : 0);
};
