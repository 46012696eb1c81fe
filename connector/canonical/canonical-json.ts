/** JSON values of the connector's files, and functions to compare them. */
import { isJsonObject, type Json, type JsonObject } from '../emit/json.ts';

export { isJsonObject, type Json, type JsonObject };

export const objectOf = (value: unknown): JsonObject => (isJsonObject(value) ? value : {});

export const textOf = (value: unknown): string | null =>
  typeof value === 'string' && value !== '' ? value : null;

const sorted = (value: Json): Json => {
  if (Array.isArray(value)) return value.map(sorted);
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(
    Object.keys(value)
      .sort()
      .map((key) => [key, sorted(value[key] as Json)]),
  );
};

/** The same text for values that differ only in the order of their keys. */
export const canonicalJson = (value: Json | undefined): string =>
  value === undefined ? '' : JSON.stringify(sorted(value));

/** Empty containers mean the same as an absent key. */
export const isEmpty = (value: unknown): boolean =>
  value === undefined ||
  value === null ||
  value === '' ||
  (Array.isArray(value) && value.length === 0) ||
  (isJsonObject(value) && Object.keys(value).length === 0);
