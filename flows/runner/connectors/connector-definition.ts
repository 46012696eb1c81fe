/**
 * The generated definition as the platform reads it: operations by id, references resolved. Nothing here
 * knows the contract, so a part that is missing in the files is missing for the flow too.
 */

import type { OpenAPIV2 } from 'openapi-types';
import type { Json } from '../../../connector/emit/json.ts';

export type { Json };

type Extensions = { readonly [key: `x-ms-${string}`]: unknown };

export interface Parameter {
  readonly name: string;
  readonly in: 'path' | 'query' | 'header' | 'body';
  readonly required: boolean;
  readonly type: string | undefined;
  readonly encoding: 'single' | 'double';
  readonly defaultValue: unknown;
  /** Of the body. */
  readonly schema: Json | undefined;
}

export interface ConnectorOperation {
  readonly operationId: string;
  readonly method: string;
  readonly path: string;
  readonly isTrigger: boolean;
  readonly parameters: readonly Parameter[];
  /** Status → schema, or null for a response without one. */
  readonly responses: ReadonlyMap<string, Json | null>;
  /** Schema of the notification. */
  readonly notification: Json | undefined;
  readonly nextLinkName: string | undefined;
}

/** The definition cannot be used as the platform would use it. */
export class DefinitionUnusable extends Error {
  override readonly name = 'DefinitionUnusable';
}

const methods = ['get', 'post', 'put', 'patch', 'delete'] as const;

const pointer = (definition: OpenAPIV2.Document, ref: string): unknown =>
  ref
    .replace(/^#\//, '')
    .split('/')
    .reduce<unknown>((at, name) => (at as Record<string, unknown> | undefined)?.[name], definition);

/** Replaces every `$ref` by its target. The definition of this connector has no recursive schemas. */
const resolved = (definition: OpenAPIV2.Document, value: unknown): Json => {
  if (Array.isArray(value)) return value.map((item) => resolved(definition, item));
  if (value === null || typeof value !== 'object') return value as Json;
  const { $ref } = value as { $ref?: unknown };
  if (typeof $ref === 'string') {
    const target = pointer(definition, $ref);
    if (target === undefined) throw new DefinitionUnusable(`${$ref} points to nothing.`);
    return resolved(definition, target);
  }
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, resolved(definition, inner)]));
};

const nameOf = ({ name }: Record<string, unknown>): string => {
  if (typeof name !== 'string') throw new DefinitionUnusable('A parameter has no name.');
  return name;
};

const parameterOf = (raw: Record<string, unknown>): Parameter => ({
  name: nameOf(raw),
  in: raw.in as Parameter['in'],
  required: raw.required === true,
  type: raw.type as string | undefined,
  encoding: raw['x-ms-url-encoding'] === 'double' ? 'double' : 'single',
  defaultValue: raw.default,
  schema: raw.schema as Json | undefined,
});

/** Every operation of a definition, by its id. */
export const readOperations = (definition: OpenAPIV2.Document): ReadonlyMap<string, ConnectorOperation> => {
  const operations = new Map<string, ConnectorOperation>();
  for (const [path, item] of Object.entries(definition.paths as Record<string, Record<string, unknown>>)) {
    const shared = (resolved(definition, item.parameters ?? []) ?? []) as unknown as Record<
      string,
      unknown
    >[];
    const notification = item['x-ms-notification-content'] as { schema?: unknown } | undefined;
    for (const method of methods) {
      const operation = item[method] as (OpenAPIV2.OperationObject & Extensions) | undefined;
      if (!operation) continue;
      const operationId: unknown = operation.operationId;
      if (typeof operationId !== 'string' || operationId === '')
        throw new DefinitionUnusable(`${method} ${path} has no operationId.`);
      const own = resolved(definition, operation.parameters ?? []) as unknown as Record<string, unknown>[];
      const pageable = operation['x-ms-pageable'] as { nextLinkName?: string } | undefined;
      operations.set(operationId, {
        operationId,
        method: method.toUpperCase(),
        path,
        isTrigger: operation['x-ms-trigger'] !== undefined,
        parameters: [...shared, ...own].map(parameterOf),
        responses: new Map(
          Object.entries(operation.responses).map(([status, response]) => [
            status,
            resolved(definition, (response as { schema?: unknown }).schema ?? null),
          ]),
        ),
        notification: notification && resolved(definition, notification.schema),
        nextLinkName: pageable?.nextLinkName,
      });
    }
  }
  return operations;
};

/** Path in a body to the property that takes the callback URL. */
export const callbackProperty = (operation: ConnectorOperation): readonly string[] | undefined => {
  const search = (schema: Json | undefined): readonly string[] | undefined => {
    const { properties } = (schema ?? {}) as { properties?: Record<string, Json> };
    for (const [name, inner] of Object.entries(properties ?? {})) {
      if ((inner as Record<string, Json>)['x-ms-notification-url'] === true) return [name];
      const below = search(inner);
      if (below) return [name, ...below];
    }
    return undefined;
  };
  return search(operation.parameters.find((parameter) => parameter.in === 'body')?.schema);
};
