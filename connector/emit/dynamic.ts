/**
 * Drop-downs and dynamic schemas in both of the platform's notations. The older one names a parameter by its
 * bare name; the newer one is written in addition where that name is ambiguous or belongs to a property of
 * the body (https://learn.microsoft.com/connectors/custom-connectors/openapi-extensions).
 */
import type { Operation } from '../contract/operation.ts';
import type { DynamicSchema, DynamicValues, TSchema } from '../contract/schema.ts';
import type {
  ParameterBinding,
  ReferenceBinding,
  SwaggerDynamicList,
  SwaggerDynamicProperties,
  SwaggerDynamicSchema,
  SwaggerDynamicValues,
} from './definition.ts';
import { ConnectorFormatError } from './format-error.ts';

/** The part of a contract schema that resolving a reference needs. */
interface Described {
  readonly default?: string | number | boolean;
  readonly properties?: Readonly<Record<string, TSchema>>;
  readonly required?: readonly string[];
  readonly 'x-ms-visibility'?: string;
}

interface Resolved {
  readonly older: ParameterBinding;
  readonly newer: ReferenceBinding;
  /** Whether the older notation alone would not say which value is meant. */
  readonly needsNewer: boolean;
}

const within = (schema: TSchema | null, path: readonly string[]): Described | undefined =>
  path.reduce<Described | undefined>(
    (found, name) => (found?.properties?.[name] ?? undefined) as Described | undefined,
    schema as Described | undefined,
  );

const resolve = (
  caller: Operation,
  place: string,
  binding: DynamicValues['parameters'][string],
): Resolved => {
  if (typeof binding !== 'object') return { older: binding, newer: { value: binding }, needsNewer: false };
  const name = binding.parameter;
  const path = name.replace(/^body\//, '').split('/');
  const parameter = name.startsWith('body/')
    ? undefined
    : (within(caller.pathParameters, [name]) ?? within(caller.queryParameters, [name]));
  const property = within(caller.body, path);
  const meant = parameter ?? property;
  if (meant === undefined)
    throw new ConnectorFormatError(
      caller.operationId,
      place,
      `it takes a value from "${name}", which is neither a parameter nor a body property of this operation. Name one that is.`,
    );
  if (meant['x-ms-visibility'] === 'internal') {
    // The designer has no value for a hidden parameter; the format requires the static value instead.
    if (meant.default === undefined)
      throw new ConnectorFormatError(
        caller.operationId,
        place,
        `it takes a value from "${name}", which is internal and has no default. Give the value itself, or make it visible.`,
      );
    return { older: meant.default, newer: { value: meant.default }, needsNewer: false };
  }
  return {
    older: { parameter: path.join('/') },
    newer: { parameterReference: parameter ? name : `body/${path.join('/')}` },
    needsNewer: property !== undefined,
  };
};

const bind = (
  caller: Operation,
  place: string,
  target: Operation,
  bindings: DynamicValues['parameters'],
): {
  readonly older: Readonly<Record<string, ParameterBinding>>;
  readonly newer: Readonly<Record<string, ReferenceBinding>>;
  readonly needsNewer: boolean;
} => {
  const expected: Described[] = [target.pathParameters, target.queryParameters] as Described[];
  for (const name of expected.flatMap(({ required }) => required ?? []))
    if (!(name in bindings))
      throw new ConnectorFormatError(
        caller.operationId,
        place,
        `${target.operationId} requires "${name}", which is not supplied. Add it to the parameters.`,
      );
  for (const name of Object.keys(bindings))
    if (!expected.some(({ properties }) => properties && name in properties))
      throw new ConnectorFormatError(
        caller.operationId,
        place,
        `${target.operationId} has no parameter "${name}".`,
      );
  const resolved = Object.entries(bindings).map(
    ([name, binding]) => [name, resolve(caller, place, binding)] as const,
  );
  return {
    older: Object.fromEntries(resolved.map(([name, { older }]) => [name, older])),
    newer: Object.fromEntries(resolved.map(([name, { newer }]) => [name, newer])),
    needsNewer: resolved.some(([, { needsNewer }]) => needsNewer),
  };
};

const targetOf = (
  operations: readonly Operation[],
  caller: Operation,
  place: string,
  operationId: string,
): Operation => {
  const target = operations.find((candidate) => candidate.operationId === operationId);
  if (target === undefined)
    throw new ConnectorFormatError(
      caller.operationId,
      place,
      `there is no operation "${operationId}". Add it to the list in connector/contract/index.ts.`,
    );
  return target;
};

/** @throws ConnectorFormatError when the operation or a parameter named does not exist */
export const swaggerDynamicValues = (
  operations: readonly Operation[],
  caller: Operation,
  place: string,
  values: DynamicValues,
): {
  readonly 'x-ms-dynamic-values': SwaggerDynamicValues;
  readonly 'x-ms-dynamic-list'?: SwaggerDynamicList;
} => {
  const { operationId, collection, value, title } = values;
  const target = targetOf(operations, caller, place, operationId);
  const { older, newer, needsNewer } = bind(caller, place, target, values.parameters);
  return {
    'x-ms-dynamic-values': {
      operationId,
      parameters: older,
      'value-collection': collection,
      'value-path': value,
      'value-title': title,
    },
    ...(needsNewer && {
      'x-ms-dynamic-list': {
        operationId,
        parameters: newer,
        itemsPath: collection,
        itemValuePath: value,
        itemTitlePath: title,
      },
    }),
  };
};

/**
 * Both notations, always: some designers read the one, some the other.
 * @throws ConnectorFormatError when the operation or a parameter named does not exist
 */
export const swaggerDynamicSchema = (
  operations: readonly Operation[],
  caller: Operation,
  place: string,
  schema: DynamicSchema,
): {
  readonly 'x-ms-dynamic-schema': SwaggerDynamicSchema;
  readonly 'x-ms-dynamic-properties': SwaggerDynamicProperties;
} => {
  const { operationId, value } = schema;
  const target = targetOf(operations, caller, place, operationId);
  const { older, newer } = bind(caller, place, target, schema.parameters);
  return {
    'x-ms-dynamic-schema': { operationId, parameters: older, 'value-path': value },
    'x-ms-dynamic-properties': { operationId, parameters: newer, itemValuePath: value },
  };
};
