import { isRecord } from '../../../lambda/runtime/json.ts';
import { badRequest } from '../http/errors.ts';

export type JsonObject = Readonly<Record<string, unknown>>;

export const objectBody = (body: unknown): JsonObject => {
  if (!isRecord(body)) throw badRequest('the body must be a JSON object');
  return body;
};

/** A text field of a body, or undefined when it is absent or null. */
export const textField = (body: JsonObject, name: string): string | undefined => {
  const value = body[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'string') throw badRequest(`"${name}" must be a string`);
  return value;
};

export const textList = (value: unknown, name: string): readonly string[] => {
  if (value === undefined || value === null) return [];
  if (Array.isArray(value) && value.every((item): item is string => typeof item === 'string')) return value;
  throw badRequest(`"${name}" must be a list of strings`);
};

export const flagOption = (query: URLSearchParams, name: string): boolean => {
  const text = query.get(name)?.toLowerCase();
  if (text === undefined || text === 'false' || text === '') return false;
  if (text === 'true') return true;
  throw badRequest(`"${name}" must be true or false`);
};

export const countOption = (query: URLSearchParams, name: string): number | undefined => {
  const text = query.get(name);
  if (text === null) return undefined;
  if (!/^\d{1,9}$/.test(text)) throw badRequest(`"${name}" must be a whole number`);
  return Number(text);
};

/** Compares enum values as 3.1 demands: without regard to case. */
export const enumValue = <T extends string>(text: string, values: readonly T[]): T | undefined =>
  values.find((value) => value.toLowerCase() === text.toLowerCase());

/** The name that a body gives to a new segment or measure. */
export const newName = (body: JsonObject): string => {
  const name = textField(body, 'name');
  if (name === undefined || !/^[A-Za-z]\w{0,99}$/.test(name))
    throw badRequest('"name" must begin with a letter and contain only letters, digits and _');
  return name;
};
