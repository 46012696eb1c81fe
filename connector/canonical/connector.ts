/** A connector's files in canonical form: their meaning, independent of the tool that wrote them. */
import type { LoadedConnector } from '../emit/read.ts';
import {
  canonicalJson,
  isEmpty,
  isJsonObject,
  type Json,
  type JsonObject,
  objectOf,
  textOf,
} from './canonical-json.ts';
import { dereference, type Resolve, resolverOf, type Shape, type Shown, shapeOf } from './shape.ts';

export interface Input {
  readonly name: string;
  readonly in: string;
  readonly required: boolean;
  readonly encoding: 'single' | 'double';
  readonly shape: Shape;
}

export interface Answer {
  readonly status: string;
  readonly description: string | null;
  readonly schema: Shape | null;
  /** Canonical JSON. */
  readonly headers: string;
}

export interface CanonicalOperation {
  readonly operationId: string;
  readonly summary: string;
  readonly description: string | null;
  readonly method: string;
  readonly path: string;
  /** The path without the names of its parameters. */
  readonly route: string;
  readonly shown: Shown;
  readonly deprecated: boolean;
  /** "single", "batch", or null for an action. */
  readonly trigger: string | null;
  readonly hint: string | null;
  readonly nextLink: string | null;
  readonly inputs: readonly Input[];
  readonly answers: ReadonlyMap<string, Answer>;
  readonly notification: Shape | null;
  /** Canonical JSON; "" where the operation has no own setting. */
  readonly security: string;
  /** Effective media types: its own, else those of the document, else JSON. */
  readonly mediaTypes: { readonly consumes: readonly string[]; readonly produces: readonly string[] };
  readonly others: ReadonlyMap<string, string>;
}

export interface CanonicalConnector {
  readonly info: JsonObject;
  readonly metadata: JsonObject;
  readonly host: string;
  readonly basePath: string;
  readonly schemes: readonly string[];
  readonly securityDefinitions: JsonObject;
  /** Canonical JSON. */
  readonly capabilities: string;
  readonly operations: ReadonlyMap<string, CanonicalOperation>;
  /** Null where there is no apiProperties.json. */
  readonly properties: JsonObject | null;
  readonly script: boolean;
  readonly icon: Uint8Array | null;
  readonly others: ReadonlyMap<string, string>;
}

const methods = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch'];

const understood: ReadonlySet<string> = new Set([
  ...['summary', 'description', 'operationId', 'parameters', 'responses', 'deprecated', 'security'],
  ...[
    'x-ms-visibility',
    'x-ms-trigger',
    'x-ms-trigger-hint',
    'x-ms-pageable',
    'tags',
    'consumes',
    'produces',
  ],
]);

const understoodAtRoot: ReadonlySet<string> = new Set([
  ...['swagger', 'info', 'host', 'basePath', 'schemes', 'paths', 'definitions', 'parameters', 'responses'],
  ...['securityDefinitions', 'security', 'consumes', 'produces', 'tags', 'externalDocs'],
  ...['x-ms-connector-metadata', 'x-ms-capabilities'],
]);

const othersOf = (value: JsonObject, known: ReadonlySet<string>): ReadonlyMap<string, string> =>
  new Map(
    Object.entries(value)
      .filter(([name, content]) => !known.has(name) && !isEmpty(content))
      .map(([name, content]) => [name, canonicalJson(content)]),
  );

const inputOf = (raw: Json, resolve: Resolve): Input => {
  const { value } = dereference(objectOf(raw), resolve);
  return {
    name: String(value.name ?? ''),
    in: String(value.in ?? ''),
    required: value.required === true,
    encoding: value['x-ms-url-encoding'] === 'double' ? 'double' : 'single',
    // `required` of a parameter is a flag; in a schema it is a list.
    shape: shapeOf(value.in === 'body' ? objectOf(value.schema) : { ...value, required: [] }, resolve),
  };
};

const answerOf = (status: string, raw: Json, resolve: Resolve): Answer => {
  const { value } = dereference(objectOf(raw), resolve);
  return {
    status,
    description: textOf(value.description),
    schema: isJsonObject(value.schema) ? shapeOf(value.schema, resolve) : null,
    headers: isEmpty(value.headers) ? '' : canonicalJson(value.headers),
  };
};

const listOf = (value: Json | undefined): readonly Json[] => (Array.isArray(value) ? value : []);

const mediaTypes = (operation: JsonObject, document: JsonObject, key: 'consumes' | 'produces') => {
  const given = [operation[key], document[key]].map(listOf).find((list) => list.length > 0);
  return (given ?? ['application/json']).map(String).sort();
};

const operationOf = (
  path: string,
  method: string,
  item: JsonObject,
  document: JsonObject,
): CanonicalOperation => {
  const resolve = resolverOf(document);
  const operation = objectOf(item[method]);
  const own = listOf(operation.parameters).map((parameter) => inputOf(parameter, resolve));
  const shared = listOf(item.parameters)
    .map((parameter) => inputOf(parameter, resolve))
    .filter(({ name, in: where }) => !own.some((other) => other.name === name && other.in === where));
  const notification = objectOf(item['x-ms-notification-content']).schema;
  const trigger = textOf(operation['x-ms-trigger']);
  const operationId = textOf(operation.operationId) ?? `${method.toUpperCase()} ${path}`;
  return {
    operationId,
    summary: textOf(operation.summary) ?? operationId,
    description: textOf(operation.description),
    method: method.toUpperCase(),
    path,
    route: `${method.toUpperCase()} ${path.replaceAll(/\{[^{}]*\}/g, '{}')}`,
    shown: shapeOf({ 'x-ms-visibility': operation['x-ms-visibility'] ?? '' }, resolve).shown,
    deprecated: operation.deprecated === true,
    trigger,
    hint: textOf(operation['x-ms-trigger-hint']),
    nextLink: textOf(objectOf(operation['x-ms-pageable']).nextLinkName),
    inputs: [...shared, ...own],
    answers: new Map(
      Object.entries(objectOf(operation.responses)).map(([status, response]) => [
        status,
        answerOf(status, response, resolve),
      ]),
    ),
    notification: trigger !== null && isJsonObject(notification) ? shapeOf(notification, resolve) : null,
    security: isEmpty(operation.security) ? '' : canonicalJson(operation.security),
    mediaTypes: {
      consumes: mediaTypes(operation, document, 'consumes'),
      produces: mediaTypes(operation, document, 'produces'),
    },
    others: othersOf(operation, understood),
  };
};

const metadataOf = (value: Json | undefined): JsonObject =>
  Object.fromEntries(
    listOf(value)
      .map(objectOf)
      .map(({ propertyName, propertyValue }) => [String(propertyName), propertyValue ?? null]),
  );

/** The first character stays: a path of slashes alone is the root. */
const withoutTrailingSlashes = (path: string): string => {
  let end = path.length;
  while (end > 1 && path[end - 1] === '/') end -= 1;
  return path.slice(0, end);
};

export const canonicalConnector = ({
  definition,
  properties,
  script,
  icon,
}: LoadedConnector): CanonicalConnector => {
  const document = definition as unknown as JsonObject;
  const operations = Object.entries(objectOf(document.paths)).flatMap(([path, raw]) => {
    const item = objectOf(raw);
    return methods
      .filter((method) => isJsonObject(item[method]))
      .map((method) => operationOf(path, method, item, document));
  });
  return {
    info: objectOf(document.info),
    metadata: metadataOf(document['x-ms-connector-metadata']),
    host: String(document.host ?? '').toLowerCase(),
    basePath: withoutTrailingSlashes(String(document.basePath ?? '/')),
    schemes: listOf(document.schemes).length > 0 ? listOf(document.schemes).map(String).sort() : ['https'],
    securityDefinitions: objectOf(document.securityDefinitions),
    capabilities: isEmpty(document['x-ms-capabilities']) ? '' : canonicalJson(document['x-ms-capabilities']),
    operations: new Map(operations.map((operation) => [operation.operationId, operation])),
    properties,
    script: script !== null,
    icon,
    others: othersOf(document, understoodAtRoot),
  };
};

export const isSuccess = ({ status }: Answer): boolean => status.startsWith('2');

/** The response whose values later steps use: the designer takes one. */
export const mainAnswer = ({ answers }: CanonicalOperation): Answer | undefined => {
  const candidates = [...answers.values()].filter(isSuccess);
  return candidates.find(({ schema }) => schema) ?? candidates[0] ?? answers.get('default');
};
