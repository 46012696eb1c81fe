import { type OperationId, operations, routeKey } from '../../connector/contract/index.ts';
import type { HttpFunction, Operation } from '../../connector/contract/operation.ts';

/** What the handler needs of an operation. The only place where a function reads the contract's values. */
export interface Route {
  readonly operationId: OperationId;
  readonly authentication: Operation['authentication'];
  readonly counted: boolean;
  /** Status of a success. */
  readonly status: number;
  readonly takesBody: boolean;
  /** Whether the body holds a row, whose numbers are passed on digit by digit. */
  readonly takesRow: boolean;
  /** Names of the query options there are. */
  readonly queryOptions: readonly string[];
  /** Names of the body's properties there are. */
  readonly bodyProperties: readonly string[];
}

const propertyNames = (schema: object | null): readonly string[] =>
  schema !== null &&
  'properties' in schema &&
  typeof schema.properties === 'object' &&
  schema.properties !== null
    ? Object.keys(schema.properties)
    : [];

/** A row is the only kind of object whose properties the contract does not know. */
const holdsRow = (schema: object | null): boolean =>
  schema !== null &&
  'properties' in schema &&
  Object.values(schema.properties as Record<string, { additionalProperties?: unknown }>).some(
    ({ additionalProperties }) => additionalProperties === true,
  );

/** Route key (`GET /v1/datasets`) → operation, of one function. */
export const routesOf = (functionName: HttpFunction): ReadonlyMap<string, Route> =>
  new Map(
    operations
      .filter((operation) => operation.function === functionName)
      .map((operation) => [
        routeKey(operation),
        {
          operationId: operation.operationId,
          authentication: operation.authentication,
          counted: operation.counted,
          status: operation.response.status,
          takesBody: operation.body !== null,
          takesRow: holdsRow(operation.body),
          queryOptions: propertyNames(operation.queryParameters),
          bodyProperties: propertyNames(operation.body),
        },
      ]),
  );
