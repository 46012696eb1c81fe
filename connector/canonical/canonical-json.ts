/** JSON values as the connector's files hold them, and what comparing them needs. */
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

/** One text for values that differ in nothing but the order of their keys. */
export const canonicalJson = (value: Json | undefined): string =>
  value === undefined ? '' : JSON.stringify(sorted(value));

/** Empty containers say as much as an absent key. */
export const isEmpty = (value: unknown): boolean =>
  value === undefined ||
  value === null ||
  value === '' ||
  (Array.isArray(value) && value.length === 0) ||
  (isJsonObject(value) && Object.keys(value).length === 0);
