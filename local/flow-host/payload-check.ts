import { Ajv, type ValidateFunction } from 'ajv';
import addFormats from 'ajv-formats';
import type { Json } from '../../flows/runner/connectors/connector-definition.ts';

/** Checks a JSON value against a schema of the definition; undefined when it is valid, else the problem. */
export type PayloadCheck = (value: unknown) => string | undefined;

/** Swagger's formats that JSON Schema does not know. */
const numberFormats = { int32: 'number', int64: 'number', float: 'number', double: 'number' } as const;

/**
 * @param nulls whether `x-nullable` is believed. In a notification the platform does not: it refuses a null
 *   where the schema says text.
 */
export const payloadCheck = (schema: Json, nulls: 'as declared' | 'refused'): PayloadCheck => {
  const ajv = new Ajv({ strict: false, allErrors: true });
  addFormats.default(ajv);
  for (const [name, type] of Object.entries(numberFormats))
    ajv.addFormat(name, { type, validate: () => true });
  const readable = (value: Json): Json => {
    if (Array.isArray(value)) return value.map(readable);
    if (value === null || typeof value !== 'object') return value;
    const { 'x-nullable': nullable, ...rest } = value as Record<string, Json>;
    const inner = Object.fromEntries(Object.entries(rest).map(([key, below]) => [key, readable(below)]));
    return nullable === true && nulls === 'as declared' ? { ...inner, nullable: true } : inner;
  };
  const conforms: ValidateFunction = ajv.compile(readable(schema) as object);
  return (value) => (conforms(value) ? undefined : ajv.errorsText(conforms.errors));
};
