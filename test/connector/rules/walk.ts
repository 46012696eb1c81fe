/** Walks through a definition: operations, parameters, schemas. */

import type { ApiProperties } from '../../../connector/emit/api-properties.ts';
import type {
  ConnectorDefinition,
  SwaggerOperation,
  SwaggerParameter,
  SwaggerPathItem,
  SwaggerSchema,
  TypedSchema,
} from '../../../connector/emit/definition.ts';

export interface Connector {
  readonly definition: ConnectorDefinition;
  readonly properties: ApiProperties['properties'];
}

/** Returns one text per breach; none means that the rule is kept. */
export type Rule = (connector: Connector) => readonly string[];

export interface Found {
  readonly path: string;
  readonly method: string;
  readonly item: SwaggerPathItem;
  readonly operation: SwaggerOperation;
}

const methods = ['get', 'post', 'patch', 'delete'] as const;

export const operationsIn = ({ paths }: ConnectorDefinition): readonly Found[] =>
  Object.entries(paths).flatMap(([path, item]) =>
    methods.flatMap((method) => {
      const operation = item[method];
      return operation ? [{ path, method, item, operation }] : [];
    }),
  );

export const operationNamed = (definition: ConnectorDefinition, id: string): SwaggerOperation | undefined =>
  operationsIn(definition).find(({ operation }) => operation.operationId === id)?.operation;

export const resolved = (
  definition: ConnectorDefinition,
  schema: SwaggerSchema | undefined,
): TypedSchema | undefined =>
  schema && '$ref' in schema ? definition.definitions[schema.$ref.replace('#/definitions/', '')] : schema;

export const bodyOf = ({ parameters }: SwaggerOperation): SwaggerSchema | undefined =>
  parameters.flatMap((parameter) => (parameter.in === 'body' ? [parameter.schema] : []))[0];

export const plainParameters = ({ parameters }: SwaggerOperation) =>
  parameters.filter(
    (parameter): parameter is Exclude<SwaggerParameter, { in: 'body' }> => parameter.in !== 'body',
  );

export const successOf = ({ responses }: SwaggerOperation) =>
  Object.entries(responses).find(([status]) => status.startsWith('2'))?.[1];

/** The schema and all below it, references followed, with the names on the way. */
export const schemasIn = (
  definition: ConnectorDefinition,
  schema: SwaggerSchema | undefined,
  place: string,
): readonly { readonly place: string; readonly schema: TypedSchema }[] => {
  const here = resolved(definition, schema);
  if (here === undefined) return [];
  return [
    { place, schema: here },
    ...schemasIn(definition, here.items, `${place}[]`),
    ...Object.entries(here.properties ?? {}).flatMap(([name, property]) =>
      schemasIn(definition, property, `${place}.${name}`),
    ),
  ];
};

/** Every schema that an operation shows: body, success, notification. */
export const schemasOf = (definition: ConnectorDefinition, { operation, item }: Found) => [
  ...schemasIn(definition, bodyOf(operation), `${operation.operationId} body`),
  ...schemasIn(definition, successOf(operation)?.schema, `${operation.operationId} response`),
  ...schemasIn(
    definition,
    item['x-ms-notification-content']?.schema,
    `${operation.operationId} notification`,
  ),
];

/** Every object in a JSON value with its path. `names` says that its keys are names and no keywords. */
export const objectsIn = (
  value: unknown,
  place = '#',
  names = false,
): readonly {
  readonly place: string;
  readonly names: boolean;
  readonly object: Readonly<Record<string, unknown>>;
}[] => {
  if (Array.isArray(value)) return value.flatMap((entry, at) => objectsIn(entry, `${place}/${at}`));
  if (typeof value !== 'object' || value === null) return [];
  const object = value as Readonly<Record<string, unknown>>;
  const maps = new Set(['properties', 'definitions', 'paths', 'responses', 'headers', 'scopes']);
  return [
    { place, names, object },
    ...Object.entries(object).flatMap(([key, entry]) =>
      objectsIn(entry, `${place}/${key}`, !names && maps.has(key)),
    ),
  ];
};
