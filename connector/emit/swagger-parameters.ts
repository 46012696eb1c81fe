/** The parameters of an operation: path, query, body. */
import type { Operation } from '../contract/operation.ts';
import type { TObject, TSchema } from '../contract/schema.ts';
import type { BodyParameter, PlainParameter, SwaggerParameter, ValueKeywords } from './definition.ts';
import { ConnectorFormatError } from './format-error.ts';
import { type Emission, swaggerSchema } from './swagger-schema.ts';

const requiredOf = (parameters: TObject): readonly string[] => (parameters.required ?? []) as string[];

/** The names in `{}` of a path, in their order. */
export const templateNames = (path: string): readonly string[] =>
  [...path.matchAll(/\{([^{}]+)\}/g)].map(([, name]) => name ?? '');

const plainParameter = (
  operation: Operation,
  emission: Emission,
  where: 'path' | 'query',
  name: string,
  schema: TSchema,
  required: boolean,
): PlainParameter => {
  const place = `${where} parameter ${name}`;
  const refuse = (problem: string) => new ConnectorFormatError(operation.operationId, place, problem);
  if (name.toLowerCase() === 'connectionid') throw refuse('the platform reserves this name. Choose another.');
  const emitted = swaggerSchema(schema, emission, { operation, place, direction: 'input', required });
  if ('$ref' in emitted || emitted.type === 'object' || emitted.type === 'array')
    throw refuse('it must be a text, a number or a flag. Put anything larger into the body.');
  const keywords: ValueKeywords = emitted;
  return {
    name,
    in: where,
    required,
    ...keywords,
    // Once would not do: the gateway decodes a path before it chooses the route, and a value with / or ? comes apart.
    ...(where === 'path' && { 'x-ms-url-encoding': 'double' as const }),
  };
};

const pathParameters = (operation: Operation, emission: Emission): readonly PlainParameter[] => {
  const { properties } = operation.pathParameters;
  const names = templateNames(operation.path);
  const required = requiredOf(operation.pathParameters);
  const refuse = (name: string, problem: string) =>
    new ConnectorFormatError(operation.operationId, `path parameter ${name}`, problem);
  for (const name of Object.keys(properties))
    if (!names.includes(name)) throw refuse(name, `the path ${operation.path} has no {${name}}.`);
  return names.map((name) => {
    const schema = properties[name];
    if (schema === undefined)
      throw refuse(name, 'the path names it, but pathParameters does not declare it.');
    if (!required.includes(name)) throw refuse(name, 'a path parameter cannot be optional.');
    return plainParameter(operation, emission, 'path', name, schema, true);
  });
};

const bodyParameter = (operation: Operation, emission: Emission): readonly BodyParameter[] => {
  if (operation.body === null) return [];
  if (operation.method === 'GET' || operation.method === 'DELETE')
    throw new ConnectorFormatError(
      operation.operationId,
      'body',
      `a ${operation.method} cannot carry a body.`,
    );
  const schema = swaggerSchema(operation.body, emission, { operation, place: 'body', direction: 'input' });
  const required = ((operation.body as TObject).required ?? []).length > 0;
  return [{ name: 'body', in: 'body', required, schema }];
};

/** @throws ConnectorFormatError */
export const swaggerParameters = (operation: Operation, emission: Emission): SwaggerParameter[] => {
  const required = requiredOf(operation.queryParameters);
  return [
    ...pathParameters(operation, emission),
    ...Object.entries(operation.queryParameters.properties).map(([name, schema]) =>
      plainParameter(operation, emission, 'query', name, schema, required.includes(name)),
    ),
    ...bodyParameter(operation, emission),
  ];
};
