/** Compares what went over the wire with what the generated definition says; nothing here knows the contract. */
import { Ajv } from 'ajv';
import addFormats from 'ajv-formats';
import { isJsonObject } from '../../connector/emit/json.ts';
import type { ConnectorOperation, Json } from '../../flows/runner/connectors/connector-definition.ts';
import { payloadCheck } from '../../local/flow-host/payload-check.ts';

type Properties = Readonly<Record<string, Json>>;

/** A copy in which a property that is not declared is an error, where the schema does not say that it is free. */
export const strictly = (schema: Json): Json => {
  if (Array.isArray(schema)) return schema.map(strictly);
  if (!isJsonObject(schema)) return schema;
  const inner = Object.fromEntries(Object.entries(schema).map(([key, value]) => [key, strictly(value)]));
  return isJsonObject(schema.properties) && schema.additionalProperties === undefined
    ? { ...inner, additionalProperties: false }
    : inner;
};

/** @returns what is wrong with a body, or undefined */
export const bodyProblem = (schema: Json, body: unknown): string | undefined =>
  payloadCheck(strictly(schema), 'as declared')(body);

/** The keywords of a parameter outside the body that say which values it takes. */
const valueSchema = (raw: Properties): Properties =>
  Object.fromEntries(
    Object.entries(raw).filter(([key]) => !['name', 'in', 'required', 'description'].includes(key)),
  );

/** Parameters arrive as text; a validator converts them as the API does. */
const parameterProblem = (raw: Properties, text: string): string | undefined => {
  const ajv = new Ajv({ strict: false, coerceTypes: true, allErrors: true });
  addFormats.default(ajv);
  const holder = { type: 'object', properties: { value: valueSchema(raw) } };
  return ajv.validate(holder, { value: text }) ? undefined : `${String(raw.name)}: ${ajv.errorsText()}`;
};

export interface SentRequest {
  readonly method: string;
  /** Path and query, below the host. */
  readonly target: string;
  readonly body: Json;
}

/**
 * @param declared the parameters as the definition has them, references resolved
 * @returns everything that is wrong with a request
 */
export const requestProblems = (
  operation: ConnectorOperation,
  declared: readonly Properties[],
  basePath: string,
  { method, target, body }: SentRequest,
): readonly string[] => {
  const url = new URL(target, 'http://localhost');
  const names: string[] = [];
  const template = operation.path.replaceAll(/\{([^{}]+)\}/g, (_, name: string) => {
    names.push(name);
    return '([^/]+)';
  });
  const match = new RegExp(`^${basePath}${template}$`).exec(url.pathname);
  if (method !== operation.method || !match)
    return [`${method} ${url.pathname} is not ${operation.method} ${basePath}${operation.path}`];
  const given = new Map<string, string>([
    ...names.map((name, index) => {
      const once = decodeURIComponent(match[index + 1] ?? '');
      const parameter = declared.find((one) => one.in === 'path' && one.name === name);
      const twice = parameter?.['x-ms-url-encoding'] === 'double';
      return [`path ${name}`, twice ? decodeURIComponent(once) : once] as const;
    }),
    ...[...url.searchParams].map(([name, value]) => [`query ${name}`, value] as const),
  ]);
  const known = new Set<string>(declared.map(({ in: where, name }) => `${where} ${name}`));
  const bodyParameter = declared.find(({ in: where }) => where === 'body');
  const bodyWrong =
    bodyParameter === undefined
      ? body !== null && 'a body that is not declared'
      : body === null
        ? bodyParameter.required === true && 'no body'
        : bodyProblem(bodyParameter.schema ?? {}, body);
  return [
    ...[...given.keys()].filter((key) => !known.has(key)).map((key) => `${key} is not declared`),
    ...declared
      .filter(({ in: where }) => where !== 'body')
      .flatMap((parameter) => {
        const value = given.get(`${parameter.in} ${parameter.name}`);
        if (value === undefined)
          return parameter.required === true ? [`${parameter.name} is required and missing`] : [];
        return parameterProblem(parameter, value) ?? [];
      }),
    ...(bodyWrong ? [bodyWrong] : []),
  ];
};

export interface GotResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Json;
}

/** @returns everything that is wrong with an answer */
export const responseProblems = (
  declared: Readonly<Record<string, Properties>>,
  operation: ConnectorOperation,
  { status, headers, body }: GotResponse,
): readonly string[] => {
  const schema = operation.responses.get(String(status));
  const response = declared[String(status)];
  if (schema === undefined || response === undefined) return [`the status ${status} is not declared`];
  const wrong =
    schema === null ? body !== null && 'a body although none is declared' : bodyProblem(schema, body);
  return [
    ...(wrong ? [wrong] : []),
    ...(schema !== null && !/^application\/json\b/.test(headers['content-type'] ?? '')
      ? [`the content type is ${headers['content-type']}`]
      : []),
    ...Object.keys(isJsonObject(response.headers) ? response.headers : {})
      .filter((name) => status < 400 && headers[name.toLowerCase()] === undefined)
      .map((name) => `the header ${name} is declared and missing`),
  ];
};
