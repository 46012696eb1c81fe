/**
 * Contract schema → Swagger schema. Knows every keyword that the contract's vocabulary makes and refuses any
 * other.
 */
import { isDeepStrictEqual } from 'node:util';
import type { Operation } from '../contract/operation.ts';
import { type DynamicSchema, type DynamicValues, nullable, type TSchema } from '../contract/schema.ts';
import type { SwaggerSchema, TypedSchema } from './definition.ts';
import { swaggerDynamicSchema, swaggerDynamicValues } from './dynamic.ts';
import { ConnectorFormatError } from './format-error.ts';

/** What is being emitted: the operations known, and the definitions that they share, filled on the way. */
export interface Emission {
  /** Name of the connector among those of an environment, letters and digits. */
  readonly api: string;
  readonly operations: readonly Operation[];
  readonly definitions: Map<string, TypedSchema>;
}

/** The position of a schema, for messages, and because inputs and outputs have different rules. */
export interface Position {
  readonly operation: Operation;
  readonly place: string;
  readonly direction: 'input' | 'output';
}

/** Copied unchanged, in the order in which they are written. */
const plainKeywords = [
  'type',
  'format',
  'enum',
  'default',
  'minimum',
  'maximum',
  'minLength',
  'maxLength',
  'pattern',
  'minItems',
  'maxItems',
  'minProperties',
  'x-ms-summary',
  'description',
  'x-ms-visibility',
  'x-ms-enum-values',
  'x-ms-notification-url',
] as const;

const handledKeywords = [
  'items',
  'required',
  'properties',
  'additionalProperties',
  'nullable',
  'x-definition',
  'x-dynamic-values',
  'x-dynamic-schema',
] as const;

const known: ReadonlySet<string> = new Set([...plainKeywords, ...handledKeywords]);
const types: ReadonlySet<unknown> = new Set(['object', 'array', 'string', 'number', 'integer', 'boolean']);

/** https://learn.microsoft.com/connectors/custom-connectors/openapi-extensions, x-ms-visibility. */
const checkInternalInput = (schema: Record<string, unknown>, required: boolean, position: Position): void => {
  if (position.direction === 'output' || schema['x-ms-visibility'] !== 'internal') return;
  if (schema['x-ms-notification-url'] === true) return;
  const hasDefault = schema.default !== undefined;
  if (required && !hasDefault)
    throw new ConnectorFormatError(
      position.operation.operationId,
      position.place,
      'it is internal and required without a default, so no request could be made. Give it a default or make it visible.',
    );
  if (!required && hasDefault)
    throw new ConnectorFormatError(
      position.operation.operationId,
      position.place,
      'it is internal with a default but optional, so the default would never be sent. Make it required.',
    );
};

const swaggerProperties = (
  schema: Record<string, unknown>,
  emission: Emission,
  position: Position,
): Pick<TypedSchema, 'required' | 'properties'> => {
  const properties = schema.properties as Readonly<Record<string, TSchema>>;
  const required = (schema.required ?? []) as string[];
  return {
    ...(required.length > 0 && { required }),
    properties: Object.fromEntries(
      Object.entries(properties).map(([name, property]) => [
        name,
        swaggerSchema(
          // In what a flow sends, null stands for "not given": expressions give it for what they do not find.
          position.direction === 'input' && !required.includes(name) ? nullable(property) : property,
          emission,
          { ...position, place: `${position.place}/${name}`, required: required.includes(name) },
        ),
      ]),
    ),
  };
};

const typedSchema = (
  schema: Record<string, unknown>,
  emission: Emission,
  position: Position & { readonly required: boolean },
): TypedSchema => {
  const { operation, place } = position;
  const refuse = (problem: string) => new ConnectorFormatError(operation.operationId, place, problem);
  for (const keyword of Object.keys(schema))
    if (!known.has(keyword))
      throw refuse(
        `Swagger 2.0 cannot contain "${keyword}". Use the builders of connector/contract/schema.ts only.`,
      );
  if (!types.has(schema.type)) throw refuse(`the type ${JSON.stringify(schema.type)} has no Swagger form.`);
  checkInternalInput(schema, position.required, position);

  const emitted: Record<string, unknown> = {};
  for (const keyword of plainKeywords) if (schema[keyword] !== undefined) emitted[keyword] = schema[keyword];
  // A validator wants null among the words of a nullable choice; Swagger says it by x-nullable alone.
  if (Array.isArray(schema.enum)) emitted.enum = schema.enum.filter((word) => word !== null);
  if (schema.nullable === true) emitted['x-nullable'] = true;
  if (schema.type === 'array') {
    if (typeof schema.items !== 'object' || schema.items === null) throw refuse('a list needs items.');
    emitted.items = swaggerSchema(schema.items as TSchema, emission, {
      ...position,
      place: `${place}/items`,
      required: true,
    });
  }
  if (schema.properties !== undefined)
    Object.assign(
      emitted,
      swaggerProperties(schema, emission, { operation, place, direction: position.direction }),
    );
  // `additionalProperties: false` is for our own validators. In the connector it would turn every key that a
  // later version adds to a notification into TriggerInputSchemaMismatch in the flows of today.
  if (schema.additionalProperties === true) emitted.additionalProperties = true;
  const values = schema['x-dynamic-values'] as DynamicValues | undefined;
  if (values) Object.assign(emitted, swaggerDynamicValues(emission.operations, operation, place, values));
  const dynamic = schema['x-dynamic-schema'] as DynamicSchema | undefined;
  if (dynamic) Object.assign(emitted, swaggerDynamicSchema(emission.operations, operation, place, dynamic));
  return emitted as unknown as TypedSchema;
};

/**
 * A schema at a position: a reference where the contract names a definition, else in place. A nullable one is
 * always written in place, because a reference has no room for `x-nullable` beside it.
 * @throws ConnectorFormatError
 */
export const swaggerSchema = (
  schema: TSchema,
  emission: Emission,
  position: Position & { readonly required?: boolean },
): SwaggerSchema => {
  const keywords = schema as Record<string, unknown>;
  const emitted = typedSchema(keywords, emission, { ...position, required: position.required ?? false });
  const definition = keywords['x-definition'];
  if (typeof definition !== 'string' || keywords.nullable === true) return emitted;
  const shared = emission.definitions.get(definition);
  if (shared !== undefined && !isDeepStrictEqual(shared, emitted))
    throw new ConnectorFormatError(
      position.operation.operationId,
      position.place,
      `the definition "${definition}" is already the name of another schema. Rename one of the two.`,
    );
  emission.definitions.set(definition, emitted);
  return { $ref: `#/definitions/${definition}` };
};
