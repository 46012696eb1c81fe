/** The responses of an operation: its success with the schema, and the errors, described only. */
import type { Operation } from '../contract/operation.ts';
import type { SwaggerResponse, TypedSchema } from './definition.ts';
import { ConnectorFormatError } from './format-error.ts';
import { type Emission, swaggerSchema } from './swagger-schema.ts';

const retryAfter = {
  'Retry-After': { type: 'integer', description: 'Seconds to wait before trying again.' },
};

/**
 * Errors that any operation may answer. Without schemas: the designer takes one schema per operation, and a
 * second one may hide the outputs that matter (certification rule OperationHasManyResponsesWithSchema).
 */
const errorsOfSignedIn: Readonly<Record<number, SwaggerResponse>> = {
  400: { description: 'The request is not valid; the message says what to correct.' },
  401: { description: 'The sign-in is missing, expired or not meant for this service. Sign in again.' },
  403: { description: 'Signed in, but not permitted to do this.' },
  404: { description: 'The instance, or what was asked for in it, does not exist.' },
  429: {
    description: 'Too many calls through this connection. Wait as long as Retry-After says.',
    headers: retryAfter,
  },
  502: { description: 'Customer Insights could not be asked, or gave an answer that cannot be used.' },
  503: { description: 'Temporarily not available. Try again later.', headers: retryAfter },
  504: { description: 'Customer Insights did not answer in time. Ask for less at once, or try again later.' },
};

const errorsOfBody: Readonly<Record<number, SwaggerResponse>> = {
  413: { description: 'The body is larger than 64 KB.' },
  415: { description: 'The body is not declared as application/json.' },
};

/** An operation at an unguessable address has no sign-in and no request to Customer Insights. */
const errorsOfLocation: Readonly<Record<number, SwaggerResponse>> = {
  400: { description: 'The address is not one that a registration has given.' },
  503: { description: 'Temporarily not available. Try again later.', headers: retryAfter },
};

const success = (operation: Operation, emission: Emission): SwaggerResponse => {
  const { description, headers, schema } = operation.response;
  return {
    description,
    ...(headers && {
      headers: Object.fromEntries(
        Object.entries(headers).map(([name, text]) => [name, { type: 'string', description: text }]),
      ),
    }),
    ...(schema && {
      schema: swaggerSchema(schema, emission, { operation, place: 'response', direction: 'output' }),
    }),
  };
};

const rootOf = (schema: SwaggerResponse['schema'], emission: Emission): TypedSchema | undefined =>
  schema && '$ref' in schema ? emission.definitions.get(schema.$ref.replace('#/definitions/', '')) : schema;

/** Name of the property that holds the link to the next page; the format allows this and `nextLink`. */
export const nextLinkName = '@odata.nextLink';

/** @throws ConnectorFormatError */
export const swaggerResponses = (
  operation: Operation,
  emission: Emission,
): Record<string, SwaggerResponse> => {
  const succeeded = success(operation, emission);
  if (operation.pageable && !(nextLinkName in (rootOf(succeeded.schema, emission)?.properties ?? {})))
    throw new ConnectorFormatError(
      operation.operationId,
      'response',
      `a pageable operation answers a page with ${nextLinkName} at its root. Add the property or drop pageable.`,
    );
  const common = operation.authentication === 'user' ? errorsOfSignedIn : errorsOfLocation;
  const own = Object.fromEntries(
    Object.entries(operation.errors ?? {}).map(([status, description]) => [
      status,
      { ...common[Number(status)], description },
    ]),
  );
  // Keys that look like integers are written in ascending order, whatever the order here; "default" comes
  // last.
  return {
    [operation.response.status]: succeeded,
    ...common,
    ...(operation.body && errorsOfBody),
    ...own,
    default: { description: 'The operation failed; the message says why and what to do.' },
  };
};
