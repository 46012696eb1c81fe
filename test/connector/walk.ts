/** Walks through a definition: operations, parameters, schemas. */

import type { ApiProperties } from '../../connector/emit/api-properties.ts';
import type {
  ConnectorDefinition,
  SwaggerOperation,
  SwaggerPathItem,
  SwaggerSchema,
  TypedSchema,
} from '../../connector/emit/definition.ts';

export interface Connector {
  readonly definition: ConnectorDefinition;
  readonly properties: ApiProperties['properties'];
}

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

export const successOf = ({ responses }: SwaggerOperation) =>
  Object.entries(responses).find(([status]) => status.startsWith('2'))?.[1];
