/**
 * The grammar of a connector definition as data: Swagger 2.0 (https://swagger.io/specification/v2/) and the extensions of
 * Power Platform with the places where they have an effect (https://learn.microsoft.com/connectors/custom-connectors/openapi-extensions
 * and the published schema apiDefinition.swagger.schema.json).
 */

export type Shape =
  | { readonly is: 'any' }
  | { readonly is: 'string'; readonly values?: readonly string[] }
  | { readonly is: 'boolean' | 'number' | 'integer' }
  | { readonly is: 'array' | 'map'; readonly of: Shape }
  | { readonly is: 'object'; readonly kind: KindName }
  /** The walk or a rule of its own looks at this keyword. */
  | { readonly is: 'special' };

export type KindName =
  | 'root'
  | 'info'
  | 'contact'
  | 'license'
  | 'docs'
  | 'tag'
  | 'pathItem'
  | 'operation'
  | 'parameter'
  | 'bodyParameter'
  | 'items'
  | 'header'
  | 'response'
  | 'schema'
  | 'xml'
  | 'securityScheme'
  // Values of extensions
  | 'metadata'
  | 'link'
  | 'annotation'
  | 'replacement'
  | 'pageable'
  | 'triggerMetadata'
  | 'triggerValue'
  | 'notification'
  | 'notificationContent'
  | 'operationContext'
  | 'simulate'
  | 'enumValue'
  | 'rootCapabilities'
  | 'testConnection'
  | 'filePicker'
  | 'operationCapabilities'
  | 'dynamicValues'
  | 'dynamicList'
  | 'dynamicSchema'
  | 'dynamicProperties'
  | 'dynamicTree'
  | 'treeSettings'
  | 'treeOpen'
  | 'treeBrowse';

export interface Kind {
  readonly fields: Readonly<Record<string, Shape>>;
  readonly required: readonly string[];
  /** Whether keys that begin with `x-` are allowed here. */
  readonly extensible: boolean;
}

const any = { is: 'any' } as const;
const special = { is: 'special' } as const;
const string = { is: 'string' } as const;
const boolean = { is: 'boolean' } as const;
const number = { is: 'number' } as const;
const integer = { is: 'integer' } as const;
const oneOf = (...values: string[]): Shape => ({ is: 'string', values });
const list = (of: Shape): Shape => ({ is: 'array', of });
const map = (of: Shape): Shape => ({ is: 'map', of });
const object = (kind: KindName): Shape => ({ is: 'object', kind });

const kind = (
  fields: Readonly<Record<string, Shape>>,
  required: readonly string[] = [],
  extensible = true,
): Kind => ({
  fields,
  required,
  extensible,
});
const closed = (fields: Readonly<Record<string, Shape>>, required: readonly string[] = []): Kind =>
  kind(fields, required, false);

export const formats: ReadonlySet<string> = new Set([
  'int32',
  'int64',
  'float',
  'double',
  'byte',
  'binary',
  'date',
  'date-time',
  'password',
  'date-no-tz',
  'email',
  'html',
  'uri',
  'uuid',
]);

export const methods: ReadonlySet<string> = new Set([
  'get',
  'put',
  'post',
  'delete',
  'options',
  'head',
  'patch',
]);

const limits = {
  maximum: number,
  exclusiveMaximum: boolean,
  minimum: number,
  exclusiveMinimum: boolean,
  maxLength: integer,
  minLength: integer,
  pattern: string,
  maxItems: integer,
  minItems: integer,
  uniqueItems: boolean,
  enum: { is: 'array', of: any },
  multipleOf: number,
} as const satisfies Record<string, Shape>;

const simple = {
  type: oneOf('string', 'number', 'integer', 'boolean', 'array'),
  format: string,
  items: object('items'),
  collectionFormat: special,
  default: any,
  ...limits,
};

const parameter = {
  name: string,
  in: oneOf('query', 'header', 'path', 'formData', 'body'),
  description: string,
  required: boolean,
};

const texts = list(string);
const call = { operationId: string, parameters: map(any) };
const treeNode = {
  ...call,
  itemsPath: string,
  itemValuePath: string,
  itemTitlePath: string,
  itemFullTitlePath: string,
  itemIsParent: any,
  selectableFilter: any,
};

export const kinds: Readonly<Record<KindName, Kind>> = {
  root: kind(
    {
      swagger: special,
      info: object('info'),
      host: string,
      basePath: string,
      schemes: texts,
      consumes: texts,
      produces: texts,
      paths: special,
      definitions: map(object('schema')),
      parameters: map(object('parameter')),
      responses: map(object('response')),
      securityDefinitions: map(object('securityScheme')),
      security: list(map(special)),
      tags: list(object('tag')),
      externalDocs: object('docs'),
    },
    ['swagger', 'info', 'host', 'schemes', 'paths'],
  ),
  info: kind(
    {
      title: string,
      version: string,
      description: string,
      termsOfService: string,
      contact: object('contact'),
      license: object('license'),
    },
    ['title', 'version', 'description'],
  ),
  contact: kind({ name: string, url: string, email: string }),
  license: kind({ name: string, url: string }, ['name']),
  docs: kind({ description: string, url: string }, ['url']),
  tag: kind({ name: string, description: string, externalDocs: object('docs') }, ['name']),
  pathItem: kind({
    $ref: special,
    parameters: list(object('parameter')),
    ...Object.fromEntries([...methods].map((method) => [method, object('operation')])),
  }),
  operation: kind({
    tags: texts,
    summary: string,
    description: string,
    externalDocs: object('docs'),
    operationId: string,
    consumes: texts,
    produces: texts,
    parameters: list(object('parameter')),
    responses: special,
    schemes: texts,
    deprecated: boolean,
    security: list(map(special)),
  }),
  parameter: kind(
    {
      ...parameter,
      ...simple,
      type: oneOf('string', 'number', 'integer', 'boolean', 'array', 'file'),
      allowEmptyValue: boolean,
      schema: special,
    },
    ['name', 'in', 'type'],
  ),
  bodyParameter: kind({ ...parameter, schema: object('schema') }, ['name', 'in']),
  items: kind({ ...simple }, ['type']),
  header: kind({ ...simple, description: string }, ['type']),
  response: kind(
    { description: string, schema: object('schema'), headers: map(object('header')), examples: map(any) },
    ['description'],
  ),
  schema: kind({
    $ref: string,
    title: string,
    description: string,
    type: special,
    format: string,
    default: any,
    example: any,
    ...limits,
    maxProperties: integer,
    minProperties: integer,
    required: special,
    properties: map(object('schema')),
    items: special,
    additionalProperties: special,
    allOf: list(object('schema')),
    discriminator: string,
    readOnly: boolean,
    xml: object('xml'),
    externalDocs: object('docs'),
  }),
  xml: kind({ name: string, namespace: string, prefix: string, attribute: boolean, wrapped: boolean }),
  securityScheme: kind(
    {
      type: oneOf('basic', 'apiKey', 'oauth2'),
      description: string,
      name: string,
      in: oneOf('query', 'header'),
      flow: oneOf('implicit', 'password', 'application', 'accessCode'),
      authorizationUrl: string,
      tokenUrl: string,
      scopes: special,
    },
    ['type'],
  ),
  metadata: closed({ propertyName: string, propertyValue: string }, ['propertyName', 'propertyValue']),
  link: closed({ url: string, description: string }, ['url']),
  annotation: closed({
    family: string,
    revision: integer,
    status: oneOf('Production', 'Preview'),
    replacement: object('replacement'),
  }),
  replacement: closed({ api: string, operationId: string }),
  pageable: closed({ nextLinkName: string }, ['nextLinkName']),
  triggerMetadata: closed({ kind: oneOf('query'), mode: oneOf('polling') }),
  triggerValue: closed({ 'value-collection': string, 'value-path': string }),
  notification: closed({ operationId: string }, ['operationId']),
  notificationContent: kind({ description: string, schema: object('schema') }, ['schema']),
  operationContext: closed({ simulate: object('simulate') }, ['simulate']),
  simulate: closed(call, ['operationId']),
  enumValue: closed({ value: any, displayName: string }, ['value']),
  rootCapabilities: kind({ testConnection: object('testConnection'), 'file-picker': object('filePicker') }),
  testConnection: closed(call, ['operationId']),
  filePicker: closed(
    {
      open: object('simulate'),
      browse: object('simulate'),
      'value-title': string,
      'value-collection': string,
      'value-folder-property': string,
      'value-media-property': string,
    },
    ['open'],
  ),
  operationCapabilities: kind({ chunkTransfer: boolean }),
  dynamicValues: closed(
    {
      ...call,
      builtInOperation: string,
      capability: string,
      'value-collection': string,
      'value-path': string,
      'value-title': string,
    },
    ['value-path'],
  ),
  dynamicList: closed(
    { ...call, builtInOperation: string, itemsPath: string, itemValuePath: string, itemTitlePath: string },
    ['itemValuePath'],
  ),
  dynamicSchema: closed({ ...call, 'value-path': string }, ['operationId']),
  dynamicProperties: closed({ ...call, itemValuePath: string }, ['operationId']),
  dynamicTree: closed(
    { settings: object('treeSettings'), open: object('treeOpen'), browse: object('treeBrowse') },
    ['open', 'browse'],
  ),
  treeSettings: closed({ canSelectParentNodes: boolean, canSelectLeafNodes: boolean }),
  treeOpen: closed(treeNode, ['operationId']),
  treeBrowse: closed({ ...treeNode, selectedItemValuePath: any }, ['operationId']),
};

/** Where a key stands. `parameter` is every parameter but the one in the body. */
export type Location =
  | 'root'
  | 'info'
  | 'pathItem'
  | 'operation'
  | 'parameter'
  | 'pathParameter'
  | 'queryParameter'
  | 'bodyParameter'
  | 'header'
  | 'response'
  | 'schema'
  | 'securityScheme'
  | 'other';

export interface Extension {
  readonly shape: Shape;
  readonly at: readonly Location[];
}

const plainParameter = ['parameter', 'pathParameter', 'queryParameter'] as const;
const anyParameter = [...plainParameter, 'bodyParameter'] as const;
const input = [...anyParameter, 'schema'] as const;

const extension = (shape: Shape, ...at: readonly Location[]): Extension => ({ shape, at });

/** Every key that the platform knows. */
export const extensions: Readonly<Record<string, Extension>> = {
  'x-ms-connector-metadata': extension(list(object('metadata')), 'root'),
  'x-ms-capabilities': extension(special, 'root', 'operation', 'schema'),
  'x-ms-docs': extension(list(object('link')), 'root'),
  'x-ms-api-annotation': extension(object('annotation'), 'info', 'operation'),
  'x-ms-deployment-version': extension(string, 'info'),
  'x-ms-summary': extension(string, 'operation', 'response', 'header', ...input),
  'x-ms-visibility': extension(special, 'operation', 'header', ...input),
  'x-ms-url-encoding': extension(oneOf('single', 'double'), 'pathParameter', 'queryParameter'),
  'x-ms-trigger': extension(oneOf('single', 'batch'), 'operation'),
  'x-ms-trigger-hint': extension(string, 'operation'),
  'x-ms-trigger-metadata': extension(object('triggerMetadata'), 'operation'),
  'x-ms-trigger-value': extension(object('triggerValue'), ...plainParameter),
  'x-ms-notification-content': extension(object('notificationContent'), 'pathItem'),
  'x-ms-notification-url': extension(boolean, 'schema'),
  'x-ms-notification': extension(object('notification'), 'operation'),
  'x-ms-pageable': extension(object('pageable'), 'operation'),
  'x-ms-operation-context': extension(object('operationContext'), 'operation'),
  'x-ms-no-generic-test': extension(boolean, 'operation'),
  'x-ms-safe-operation': extension(boolean, 'operation'),
  'x-ms-dynamic-values': extension(object('dynamicValues'), ...input),
  'x-ms-dynamic-list': extension(object('dynamicList'), ...input),
  'x-ms-dynamic-schema': extension(object('dynamicSchema'), 'bodyParameter', 'response', 'schema'),
  'x-ms-dynamic-properties': extension(object('dynamicProperties'), 'bodyParameter', 'response', 'schema'),
  'x-ms-dynamic-tree': extension(object('dynamicTree'), ...input),
  'x-ms-enum-values': extension(list(object('enumValue')), ...plainParameter, 'schema'),
  'x-ms-test-value': extension(any, ...input),
  'x-ms-localizeDefaultValue': extension(boolean, ...plainParameter, 'schema'),
  'x-ms-media-kind': extension(oneOf('image', 'audio'), ...plainParameter, 'schema'),
  'x-ms-editor': extension(string, ...input),
  'x-ms-editor-options': extension(any, ...input),
  'x-ms-keywords': extension(any, 'info', 'root'),
  'x-ms-openai-data': extension(any, 'operation', 'root'),
  'x-ms-openai-manifest': extension(any, 'root'),
  'x-ms-openai-published-to-copilots': extension(any, 'info', 'root'),
  'x-ms-require-user-confirmation': extension(any, 'operation'),
};

/** Keys of AutoRest, which the platform ignores. */
export const ignoredExtensions: ReadonlySet<string> = new Set([
  'x-ms-parameter-location',
  'x-ms-skip-url-encoding',
  'x-ms-enum',
  'x-ms-long-running-operation',
  'x-ms-long-running-operation-options',
  'x-ms-mutability',
  'x-ms-secret',
  'x-ms-discriminator-value',
  'x-ms-client-name',
  'x-ms-azure-resource',
  'x-ms-api-version',
  'x-ms-examples',
  'x-ms-identifiers',
  'x-ms-parameterized-host',
]);
