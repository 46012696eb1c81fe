/**
 * Readers for the fields of upstream models. The API declares every field optional and its casing open, so a
 * reader gives undefined for what is absent, null or of another type, and a model finds its fields in
 * camelCase or PascalCase.
 */

import { type Decimal, toDecimal } from '../runtime/decimal.ts';
import { ExactNumber, isRecord, numberText } from '../runtime/json.ts';

export type Read<Value> = (value: unknown) => Value | undefined;
export type Fields = Readonly<Record<string, Read<unknown>>>;
type ValueOf<Reader> = Reader extends Read<infer Value> ? Value : never;

/** A model: the fields read, each of which may be absent. */
export type Model<Of extends Fields> = { readonly [Name in keyof Of]?: ValueOf<Of[Name]> };

const pascalCase = (name: string): string => name.charAt(0).toUpperCase() + name.slice(1);

export const text: Read<string> = (value) =>
  typeof value === 'string' ? value : value instanceof ExactNumber ? String(value) : undefined;

export const flag: Read<boolean> = (value) => (typeof value === 'boolean' ? value : undefined);

/** A number of 32 bits. */
export const int: Read<number> = (value) => {
  const number = Number(numberText(value) ?? Number.NaN);
  return Number.isInteger(number) ? number : undefined;
};

/** A number of 64 bits or a decimal, exact; the API sends measure values as text. */
export const decimal: Read<Decimal> = (value) => {
  const digits = numberText(value) ?? (typeof value === 'string' ? value : undefined);
  return digits === undefined ? undefined : toDecimal(digits);
};

/** A date with a time of day and no zone; read as it is, it would be in the zone of the machine. */
const withoutZone = /^\d{4}-\d\d-\d\dT[\d:.]+$/;

/** An instant, RFC 3339, as it was sent; in UTC where it names no zone. */
export const instant: Read<string> = (value) => {
  if (typeof value !== 'string' || Number.isNaN(Date.parse(value))) return undefined;
  return withoutZone.test(value) ? `${value}Z` : value;
};

/**
 * A value of a published enum, in the casing that was sent; values that were published later pass too.
 * Compare with `isAnyOf` only.
 */
export const enumValue = <const Value extends string>(): Read<Value | (string & {})> => text;

/** Fields of a kind that is published only in part, as they were sent. */
export const unread: Read<Readonly<Record<string, unknown>>> = (value) =>
  isRecord(value) ? value : undefined;

/** A list; items that cannot be read are left out. */
export const list =
  <Item>(item: Read<Item>): Read<readonly Item[]> =>
  (value) =>
    Array.isArray(value)
      ? value.map(item).filter((read): read is Awaited<Item> & Item => read !== undefined)
      : undefined;

/** Names → texts; a number among the values is taken as its digits. */
export const textMap: Read<Readonly<Record<string, string>>> = (value) =>
  isRecord(value)
    ? Object.fromEntries(
        Object.entries(value).flatMap(([name, entry]) => {
          const read = numberText(entry) ?? text(entry);
          return read === undefined ? [] : [[name, read]];
        }),
      )
    : undefined;

export const model = <const Of extends Fields>(fields: Of): Read<Model<Of>> => {
  const readers = Object.entries(fields).map(([name, reader]) => ({
    name,
    otherName: pascalCase(name),
    reader,
  }));
  return (value) => {
    if (!isRecord(value)) return undefined;
    const read: Record<string, unknown> = {};
    for (const { name, otherName, reader } of readers) {
      const found = reader(value[name] ?? value[otherName]);
      if (found !== undefined) read[name] = found;
    }
    // Exactly the fields of `fields`, each as its reader gave it: the two types state the same.
    return read as Model<Of>;
  };
};

/** Whether a value of an upstream enum is one of these words, in any casing. */
export const isAnyOf = (value: string | undefined, ...words: readonly string[]): boolean =>
  value !== undefined && words.some((candidate) => candidate.toLowerCase() === value.toLowerCase());
