import type { OpenAPIV2 } from 'openapi-types';
import { isNumber, jsonText, textOf, type Value } from '../../flows/expressions/values.ts';
import type { ConnectorAnswer, ConnectorClient } from '../../flows/runner/connectors/connector-api.ts';
import {
  type ConnectorOperation,
  DefinitionUnusable,
  type Json,
  readOperations,
} from '../../flows/runner/connectors/connector-definition.ts';
import { type Policies, type PolicyInstance, readPolicies } from './policies.ts';

/** Sends a request, as the built-in fetch does. */
export type Send = (url: string, init: RequestInit) => Promise<Response>;

export interface ConnectorClientOptions {
  readonly definition: OpenAPIV2.Document;
  readonly policies: readonly PolicyInstance[];
  /** The actual address of the API: `http://127.0.0.1:1234`, without base path. */
  readonly apiUrl: string;
  /** Token of the signed-in user. */
  readonly token: () => Promise<string>;
  /** Sends the requests, for callers that record them; the built-in fetch by default. */
  readonly send?: Send | undefined;
}

/** Numbers of expressions are exact: integers of any length, and floats that are objects here. */
const parameterText = (value: unknown): string =>
  isNumber(value as Value) ? textOf(value as Value) : String(value);

const encoded = (value: unknown, encoding: 'single' | 'double') =>
  encoding === 'double'
    ? encodeURIComponent(encodeURIComponent(parameterText(value)))
    : encodeURIComponent(parameterText(value));

/** The query of a call, and its path with the parameters in it. */
const addressOf = (operation: ConnectorOperation, values: Readonly<Record<string, unknown>>): string => {
  let path = operation.path;
  const query: string[] = [];
  for (const parameter of operation.parameters) {
    const value = values[parameter.name] ?? parameter.defaultValue;
    if (value === undefined) {
      if (parameter.required)
        throw new DefinitionUnusable(`${operation.operationId} needs a value for ${parameter.name}.`);
    } else if (parameter.in === 'path')
      path = path.replace(`{${parameter.name}}`, encoded(value, parameter.encoding));
    else if (parameter.in === 'query')
      query.push(`${encodeURIComponent(parameter.name)}=${encodeURIComponent(parameterText(value))}`);
  }
  return query.length > 0 ? `${path}?${query.join('&')}` : path;
};

const answerOf = async (response: Response): Promise<ConnectorAnswer> => {
  const text = await response.text();
  return {
    status: response.status,
    headers: Object.fromEntries(response.headers),
    body: text === '' ? null : (JSON.parse(text) as Json),
    text,
  };
};

export const connectorClient = (options: ConnectorClientOptions): ConnectorClient => {
  const { definition, send: sendRequest = fetch } = options;
  const operations = readOperations(definition);
  const policies: Policies = readPolicies(options.policies);
  const basePath = definition.basePath ?? '';
  const publicUrl = `${definition.schemes?.[0] ?? 'https'}://${definition.host}${basePath}`;

  /** An address under the definition's host, at the place where the API really runs. */
  const located = (address: string): string => {
    if (!address.startsWith(`${publicUrl}/`))
      throw new DefinitionUnusable(
        `${new URL(address).origin} is not the host of the definition, ${publicUrl}.`,
      );
    return options.apiUrl + basePath + address.slice(publicUrl.length);
  };

  const send = async (
    operation: ConnectorOperation,
    url: string,
    body?: unknown,
  ): Promise<ConnectorAnswer> => {
    const headers = policies.requestHeaders(operation.operationId, {
      authorization: `Bearer ${await options.token()}`,
      accept: 'application/json',
      'x-ms-client-request-id': crypto.randomUUID(),
      ...(body !== undefined && { 'content-type': 'application/json' }),
    });
    return answerOf(
      await sendRequest(url, {
        method: operation.method,
        headers,
        ...(body !== undefined && { body: jsonText(body as Value) }),
      }),
    );
  };

  const find = (operationId: string): ConnectorOperation => {
    const operation = operations.get(operationId);
    if (!operation) throw new DefinitionUnusable(`The definition has no operation ${operationId}.`);
    return operation;
  };

  return {
    operations,
    publicUrl,
    async call(operationId, values) {
      const operation = find(operationId);
      const body = operation.parameters.find((parameter) => parameter.in === 'body');
      return send(
        operation,
        options.apiUrl + basePath + addressOf(operation, values),
        body && values[body.name],
      );
    },
    async nextPage(operationId, answer) {
      const operation = find(operationId);
      const name = operation.nextLinkName;
      const link = name === undefined ? undefined : (answer.body as Record<string, Json> | null)?.[name];
      if (typeof link !== 'string') return undefined;
      // Without the policy the platform follows the unchanged link, outside the connector and without
      // credentials.
      if (policies.nextLinkProperty(operationId) !== name)
        throw new DefinitionUnusable(`No updatenextlink policy covers ${name} of ${operationId}.`);
      return send(operation, located(link));
    },
    async unsubscribe(location) {
      return answerOf(await sendRequest(located(location), { method: 'DELETE' }));
    },
  };
};
