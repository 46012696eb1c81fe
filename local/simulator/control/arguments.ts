import { isRecord } from '../../../lambda/runtime/json.ts';
import { minuteMs } from '../../../lambda/runtime/time.ts';
import type { JsonObject } from '../routes/body.ts';

interface Types {
  string: string;
  number: number;
  boolean: boolean;
}

/** A field of a control body; undefined when it is absent or null. @throws RangeError for another type. */
export const optional = <T extends keyof Types>(
  body: JsonObject,
  name: string,
  type: T,
): Types[T] | undefined => {
  const value = body[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== type) throw new RangeError(`"${name}" must be a ${type}`);
  return value as Types[T];
};

/** A field that must be there. */
export const needed = <T extends keyof Types>(body: JsonObject, name: string, type: T): Types[T] => {
  const value = optional(body, name, type);
  if (value === undefined) throw new RangeError(`"${name}" (${type}) is missing`);
  return value;
};

export const oneOf = <T extends string>(
  body: JsonObject,
  name: string,
  values: readonly T[],
): T | undefined => {
  const text = optional(body, name, 'string');
  const value = values.find((candidate) => candidate === text);
  if (text !== undefined && value === undefined)
    throw new RangeError(`"${name}" must be one of ${values.join(', ')}`);
  return value;
};

export const pointsOf = (body: JsonObject): readonly JsonObject[] => {
  const list = body.points;
  if (!Array.isArray(list) || !list.every(isRecord))
    throw new RangeError('"points" must be a list of objects');
  return list;
};

/** A moment in ms on the simulator's clock, given as ms, as ISO 8601 text, or as minutes before `now`. */
export const momentOf = (point: JsonObject, now: number): number => {
  const minutesAgo = optional(point, 'minutesAgo', 'number');
  if (minutesAgo !== undefined) return now - minutesAgo * minuteMs;
  const at = typeof point.at === 'string' ? Date.parse(point.at) : needed(point, 'at', 'number');
  if (Number.isNaN(at)) throw new RangeError('"at" must be ms or an ISO 8601 date and time');
  return at;
};
