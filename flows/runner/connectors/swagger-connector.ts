/**
 * A custom connector as its own definition describes it: what the checks ask, and what the local API answers.
 */
import type { OpenAPIV2 } from 'openapi-types';
import { parseJsonValue, type Value, type ValueObject } from '../../expressions/values.ts';
import type { ConnectionReference } from '../workflow-definition.ts';
import type { ConnectorClient } from './connector-api.ts';
import { type ConnectorOperation, type Json, readOperations } from './connector-definition.ts';
import {
  CallRefused,
  type Connector,
  type ConnectorCall,
  type OperationDescription,
  type OperationParameter,
  parameterProblems,
} from './hosted-connector.ts';

/** A schema of the definition, references resolved. */
export interface Schema {
  readonly type?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly enum?: readonly string[];
  readonly additionalProperties?: boolean | Schema;
  readonly 'x-ms-visibility'?: string;
  readonly 'x-ms-notification-url'?: boolean;
  readonly 'x-ms-dynamic-schema'?: unknown;
}

export interface DescribedOperation extends OperationDescription {
  /** Of the answer, or of what is posted to the callback of a trigger. */
  readonly output: Schema | undefined;
  readonly method: string;
  readonly path: string;
  /** The parameter that is the body, and the property in it that takes the callback URL. */
  readonly body: { readonly name: string; readonly callback: string | undefined } | undefined;
  /** Names of path and query parameters. */
  readonly places: ReadonlyMap<string, { readonly in: string; readonly encoding: 'single' | 'double' }>;
}

const typeOf = (schema: Schema): OperationParameter['type'] => {
  switch (schema.type) {
    case 'string':
    case 'number':
    case 'integer':
    case 'boolean':
    case 'array':
    case 'object':
      return schema.type;
    default:
      return undefined;
  }
};

interface Flattened {
  readonly parameters: OperationParameter[];
  readonly open: string[];
}

/**
 * A body as the platform lists it: as deep as it has named properties; arrays and free objects are values.
 */
const flatten = (name: string, schema: Schema, required: boolean, into: Flattened): void => {
  // What is internal is the platform's to fill in; it may not be given.
  if (schema['x-ms-notification-url'] || schema['x-ms-visibility'] === 'internal') return;
  const properties = Object.entries(schema.properties ?? {});
  if (properties.length === 0) {
    into.parameters.push({ name, required, type: typeOf(schema), values: schema.enum });
    if (schema.type === 'object') into.open.push(name);
    return;
  }
  for (const [key, inner] of properties)
    flatten(`${name}/${key}`, inner, required && (schema.required ?? []).includes(key), into);
};

const callbackIn = (schema: Schema, at = ''): string | undefined => {
  for (const [key, inner] of Object.entries(schema.properties ?? {})) {
    if (inner['x-ms-notification-url']) return at + key;
    const below = callbackIn(inner, `${at}${key}/`);
    if (below !== undefined) return below;
  }
  return undefined;
};

const asSchema = (json: Json | undefined | null): Schema | undefined =>
  json === undefined || json === null ? undefined : (json as unknown as Schema);

const describe = (operation: ConnectorOperation): DescribedOperation => {
  const into: Flattened = { parameters: [], open: [] };
  let body: DescribedOperation['body'];
  for (const parameter of operation.parameters) {
    const schema = asSchema(parameter.schema);
    if (parameter.in === 'body' && schema !== undefined) {
      flatten(parameter.name, schema, parameter.required, into);
      // The whole body may be one expression.
      into.open.push(parameter.name);
      body = { name: parameter.name, callback: callbackIn(schema) };
    } else
      into.parameters.push({
        name: parameter.name,
        required: parameter.required && parameter.defaultValue === undefined,
        type: typeOf({ ...(parameter.type !== undefined && { type: parameter.type }) }),
      });
  }
  const [success] = [...operation.responses]
    .filter(([status]) => /^2|default/.test(status))
    .map(([, schema]) => asSchema(schema));
  // A prefix that is open for everything would hide a mistyped property of a body whose properties are named.
  const open = into.open.filter(
    (name) => !into.parameters.some((parameter) => parameter.name.startsWith(`${name}/`)),
  );
  return {
    operationId: operation.operationId,
    isTrigger: operation.isTrigger,
    parameters: into.parameters,
    open,
    output: operation.isTrigger ? asSchema(operation.notification) : success,
    method: operation.method.toLowerCase(),
    path: operation.path,
    body,
    places: new Map(
      operation.parameters
        .filter((parameter) => parameter.in !== 'body')
        .map(({ name, in: place, encoding }) => [name, { in: place, encoding }]),
    ),
  };
};

export interface SwaggerConnector extends Connector {
  operation(operationId: string): DescribedOperation | undefined;
}

export interface SwaggerConnectorOptions {
  readonly title: string;
  readonly definition: OpenAPIV2.Document;
  readonly serves: (reference: ConnectionReference) => boolean;
  /** Of the API that answers; without it actions need mocks. */
  readonly client?: ConnectorClient;
}

/** A body from the flat names of its properties: `body/hook/url` → `{ hook: { url } }`; undefined where no name begins with it. */
export const bodyOf = (parameters: ValueObject, name: string): ValueObject | undefined => {
  const body: Record<string, Value> = {};
  for (const [flat, value] of Object.entries(parameters)) {
    if (!flat.startsWith(`${name}/`)) continue;
    const path = flat.slice(name.length + 1).split('/');
    let at = body;
    for (const key of path.slice(0, -1)) {
      at[key] ??= {};
      at = at[key] as Record<string, Value>;
    }
    at[path.at(-1) ?? ''] = value;
  }
  return Object.keys(body).length > 0 ? body : undefined;
};

/** The values of a call as the client takes them: bare parameters by name, the body put together again. */
const valuesOf = (parameters: ValueObject, bodyName: string | undefined): Readonly<Record<string, Value>> => {
  const body = bodyName === undefined ? undefined : bodyOf(parameters, bodyName);
  const bare = Object.entries(parameters).filter(
    ([name, value]) => value !== null && (body === undefined || !name.startsWith(`${bodyName}/`)),
  );
  return { ...Object.fromEntries(bare), ...(bodyName !== undefined && body && { [bodyName]: body }) };
};

const pathPattern = (path: string): RegExp =>
  new RegExp(`^${path.replace(/[.*+?^$()|[\]\\]/g, '\\$&').replace(/\{[^{}]+\}/g, '([^/]*)')}$`);

/** A call by method and path as one by operation. */
const byPath = (
  call: Extract<ConnectorCall, { by: 'path' }>,
  operations: Iterable<DescribedOperation>,
): Extract<ConnectorCall, { by: 'operation' }> | undefined => {
  for (const operation of operations) {
    const match = pathPattern(operation.path).exec(call.path);
    if (match === null || operation.method !== call.method.toLowerCase()) continue;
    const names = [...operation.path.matchAll(/\{([^{}]+)\}/g)].map(([, name]) => name ?? '');
    return {
      by: 'operation',
      operationId: operation.operationId,
      parameters: {
        ...Object.fromEntries(names.map((name, index) => [name, decodeURIComponent(match[index + 1] ?? '')])),
        ...call.queries,
        ...(operation.body && call.body !== undefined && { [operation.body.name]: call.body }),
      },
    };
  }
  return undefined;
};

export const swaggerConnector = ({
  title,
  definition,
  serves,
  client,
}: SwaggerConnectorOptions): SwaggerConnector => {
  const operations = new Map(
    [...readOperations(definition).values()].map((operation) => [operation.operationId, describe(operation)]),
  );
  return {
    title,
    isComplete: true,
    serves,
    operation: (operationId) => operations.get(operationId),
    operationIds: [...operations.keys()],
    async call(given) {
      const call = given.by === 'operation' ? given : byPath(given, operations.values());
      const operation = call && operations.get(call.operationId);
      if (call === undefined || operation === undefined)
        throw new CallRefused(
          `${title} has no ${given.by === 'operation' ? `operation ${given.operationId}` : `operation at ${given.method} ${given.path}`}. It has: ${[...operations.keys()].join(', ')}.`,
        );
      if (client === undefined)
        throw new CallRefused(
          `${call.operationId} of ${title} needs its API, which does not run here. Answer the action in a mock file, or use \`npm start\`.`,
        );
      const problems = given.by === 'operation' ? parameterProblems(operation, call.parameters, true) : [];
      if (problems.length > 0)
        return {
          statusCode: 400,
          headers: {},
          body: { error: { code: 'InvalidOpenApiFlow', message: problems.join(' ') } },
        };
      const answer = await client.call(call.operationId, valuesOf(call.parameters, operation.body?.name));
      return {
        statusCode: answer.status,
        headers: { ...answer.headers },
        body: answer.text === '' ? null : parseJsonValue(answer.text),
      };
    },
  };
};
