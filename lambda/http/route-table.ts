import { routeKey, type ServedOperationId } from '../../connector/contract/index.ts';
import type { HttpFunction, Operation } from '../../connector/contract/operation.ts';
import { servedOperations } from '../../connector/contract/served.ts';

/**
 * What the handler needs of an operation, as JSON has it: a bundle holds the table as a literal. The only place where
 * a function reads the contract's values.
 */
export interface Route {
  readonly operationId: ServedOperationId;
  readonly authentication: Operation['authentication'];
  readonly counted: boolean;
  /** Status of a success. */
  readonly status: number;
  readonly takesBody: boolean;
  /** Whether the body holds a row, whose numbers are passed on with all digits. */
  readonly takesRow: boolean;
  /** The query options there are, with their types. */
  readonly queryTypes: Readonly<Record<string, string>>;
  /** Names of the body's properties there are. */
  readonly bodyProperties: readonly string[];
  /** Those of them that may be left out. */
  readonly optionalProperties: readonly string[];
}

interface Property {
  readonly type?: string;
  readonly additionalProperties?: unknown;
}

const propertiesOf = (schema: object | null): readonly (readonly [string, Property])[] =>
  schema !== null && 'properties' in schema
    ? Object.entries(schema.properties as Readonly<Record<string, Property>>)
    : [];

const requiredOf = (schema: object | null): readonly string[] =>
  schema !== null && 'required' in schema ? (schema.required as readonly string[]) : [];

const propertyNames = (schema: object | null): readonly string[] =>
  propertiesOf(schema).map(([name]) => name);

/** A row is the only kind of object whose properties the contract does not know. */
const holdsRow = (schema: object | null): boolean =>
  propertiesOf(schema).some(([, { additionalProperties }]) => additionalProperties === true);

/** Route key (`GET /v1/datasets`) → operation, of one function. */
export const routesOf = (functionName: HttpFunction): ReadonlyMap<string, Route> =>
  new Map(
    (servedOperations as readonly (Operation & { readonly operationId: ServedOperationId })[])
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
          queryTypes: Object.fromEntries(
            propertiesOf(operation.queryParameters).map(([name, { type = 'string' }]) => [name, type]),
          ),
          bodyProperties: propertyNames(operation.body),
          optionalProperties: propertyNames(operation.body).filter(
            (name) => !requiredOf(operation.body).includes(name),
          ),
        },
      ]),
  );
