/**
 * Sound connectors, made in code: each uses everything that a rule looks at and keeps every rule. They differ in how things are
 * written: inline or shared, kind of sign-in, formatting.
 */
import { PNG } from 'pngjs';
import { exampleConfiguration } from '../../../config/example.ts';
import type { CheckedFile } from '../../../connector/check/connector.ts';
import { connectorFiles } from '../../../connector/emit/files.ts';

/** A JSON value that a mutation may change at will. */
// biome-ignore lint/suspicious/noExplicitAny: mutations make what no type describes
export type Loose = any;

export interface Parts {
  definition: Loose;
  properties: Loose;
  settings: Loose;
  script: string | undefined;
  icon: Uint8Array | undefined;
  /** Text before the definition, between its bytes or instead of them. */
  rawDefinition?: (text: string) => Uint8Array | string;
  rawProperties?: (text: string) => Uint8Array | string;
  rawSettings?: (text: string) => Uint8Array | string;
  definitionName?: string;
}

export interface Sound {
  readonly name: string;
  /** Of JSON.stringify. */
  readonly indent: number | string;
  readonly make: () => Parts;
}

interface Style {
  readonly shared: boolean;
  readonly security: 'apiKey' | 'basic' | 'oauth2' | 'aad';
  readonly script: boolean;
  readonly noun: string;
}

const string = { type: 'string' };
const shown = (name: string, more: Loose = {}) => ({
  type: 'string',
  'x-ms-summary': name,
  description: `The ${name.toLowerCase()}.`,
  ...more,
});

const drawIcon = (color: readonly [number, number, number]): Uint8Array => {
  const png = new PNG({ width: 230, height: 230 });
  for (let at = 0; at < png.data.length; at += 4) png.data.set([...color, 255], at);
  return PNG.sync.write(png);
};

const brandIcon = drawIcon([0x3d, 0x3a, 0x8c]);

const authorizationCode = {
  type: 'oauth2',
  flow: 'accessCode',
  authorizationUrl: 'https://login.contoso.com/authorize',
  tokenUrl: 'https://login.contoso.com/token',
  scopes: { read: 'Read' },
};

const security: Readonly<Record<Style['security'], Loose>> = {
  apiKey: { type: 'apiKey', in: 'header', name: 'X-Api-Key' },
  basic: { type: 'basic' },
  oauth2: authorizationCode,
  aad: authorizationCode,
};

const text = (name: string, type = 'string') => ({
  type,
  uiDefinition: {
    displayName: name,
    description: `The ${name}.`,
    constraints: { required: 'true', hidden: 'false', tabIndex: 2 },
  },
});

const connectionParameters: Readonly<Record<Style['security'], Loose>> = {
  apiKey: { api_key: text('API key', 'securestring'), region: text('Region') },
  basic: { username: text('User name'), password: text('Password', 'securestring'), region: text('Region') },
  oauth2: {
    token: {
      type: 'oauthSetting',
      oAuthSettings: {
        identityProvider: 'oauth2generic',
        clientId: 'client',
        scopes: ['read'],
        redirectMode: 'GlobalPerConnector',
        redirectUrl: 'https://global.consent.azure-apim.net/redirect',
        properties: { IsFirstParty: 'False' },
        customParameters: {
          authorizationUrlTemplate: { value: 'https://{customHost}/authorize' },
          authorizationUrlQueryStringTemplate: {
            value: '?client_id={ClientId}&redirect_uri={RedirectUrl}&state={State}',
          },
          tokenUrlTemplate: { value: 'https://{customHost}/token' },
          tokenBodyTemplate: { value: 'code={Code}&client_secret={ClientSecret}' },
          refreshUrlTemplate: { value: 'https://{customHost}/token' },
          refreshBodyTemplate: { value: 'refresh_token={RefreshToken}' },
        },
      },
    },
    'token:customHost': text('Host'),
    'token:TenantId': {
      type: 'string',
      metadata: { sourceType: 'AzureActiveDirectoryTenant' },
      uiDefinition: {
        displayName: 'Tenant',
        description: 'The tenant ID of for the Azure Active Directory application',
        constraints: { required: 'false', hidden: 'true' },
      },
    },
    region: text('Region'),
  },
  aad: {
    token: {
      type: 'oauthSetting',
      oAuthSettings: {
        identityProvider: 'aad',
        clientId: 'client',
        scopes: ['api://contoso/access'],
        redirectMode: 'GlobalPerConnector',
        redirectUrl: 'https://global.consent.azure-apim.net/redirect',
        properties: { IsFirstParty: 'False', AzureActiveDirectoryResourceId: 'api://contoso' },
        customParameters: {
          loginUri: { value: 'https://login.microsoftonline.com' },
          tenantId: { value: 'common' },
          resourceUri: { value: 'api://contoso' },
        },
      },
    },
    region: text('Region'),
  },
};

const policy = (templateId: string, parameters: Loose, more: Loose = {}) => ({
  templateId,
  title: `Policy ${templateId}`,
  ...more,
  parameters: Object.fromEntries(
    Object.entries(parameters).map(([key, value]) => [
      key === 'section'
        ? 'x-ms-apimTemplate-policySection'
        : key === 'operations'
          ? 'x-ms-apimTemplate-operationName'
          : `x-ms-apimTemplateParameter.${key}`,
      value,
    ]),
  ),
});

const policies = (noun: string) => [
  policy('dynamichosturl', { urlTemplate: "https://@connectionParameters('region','west').api.contoso.com" }),
  policy('setheader', {
    name: 'X-Region',
    value: "@{connectionParameters('region', '')}",
    existsAction: 'override',
    section: 'Request',
  }),
  policy('setqueryparameter', {
    operations: [`List${noun}s`],
    name: 'top',
    value: '50',
    existsAction: 'skip',
  }),
  policy('routerequesttoendpoint', {
    operations: [`Get${noun}`],
    newPath: '/v2/things/{id}',
    httpMethod: '@Request.OriginalHTTPMethod',
  }),
  policy('setproperty', {
    operations: [`Create${noun}`],
    newPropertyParentPathTemplate: '@body()',
    newPropertySubPathTemplate: 'source',
    propertyValuePathTemplate: 'flow',
    section: 'Request',
  }),
  policy('setvaluefromurl', {
    operations: [`Get${noun}`],
    parameterTemplate: "@headers('If-Match')",
    httpMethod: 'GET',
    parameterValueUrl: '/things/{id}',
    parameterValuePathTemplate: "@body()['etag']",
    section: 'Request',
  }),
  policy(
    'pollingtrigger',
    {
      triggerConfig: { since: '@{triggerBody().value[0].id}' },
      triggerDataPath: '@triggerBody().value',
      operations: [`OnNew${noun}`],
    },
    { type: 'PollingTrigger' },
  ),
  policy('updatenextlink', { operations: [`List${noun}s`], nextLinkPropertyName: 'nextLink' }),
  policy('convertarraytoobject', {
    operations: [`Create${noun}`],
    propertyParentPath: '@body()',
    propertySubPath: 'tags',
    keyWithinCollectionPath: 'id',
    newPropertyPath: '@body().tags',
    retainKey: 'false',
    section: 'Request',
  }),
  policy('setconnectionstatustounauthenticated', { statusCode: 401 }),
];

const script = `using System.Net;
using Newtonsoft.Json.Linq;
// using Forbidden.Namespace;
public class Script : ScriptBase
{
    public override async Task<HttpResponseMessage> ExecuteAsync()
    {
        return await this.Context.SendAsync(this.Context.Request, this.CancellationToken);
    }
}
`;

const make = ({ shared, security: kind, script: scripted, noun }: Style): Parts => {
  const lower = noun.toLowerCase();
  const item = {
    type: 'object',
    required: ['kind'],
    discriminator: 'kind',
    properties: {
      id: shown('Id'),
      kind: shown('Kind', {
        enum: ['small', 'large'],
        'x-ms-enum-values': [
          { value: 'small', displayName: 'Small' },
          { value: 'large', displayName: 'Large' },
        ],
      }),
      amount: {
        type: 'number',
        minimum: 0,
        maximum: 10,
        'x-ms-summary': 'Amount',
        description: 'The amount.',
      },
      name: shown('Name', { minLength: 1, maxLength: 80, pattern: '^[A-Z].*$', default: 'Name' }),
      tags: {
        type: 'array',
        items: string,
        minItems: 0,
        maxItems: 5,
        'x-ms-summary': 'Tags',
        description: 'The tags.',
      },
      extra: {
        type: 'object',
        additionalProperties: string,
        'x-ms-editor': 'dictionary',
        'x-ms-summary': 'Extra',
        description: 'More.',
      },
    },
  };
  const page = {
    type: 'object',
    properties: { value: { type: 'array', items: { $ref: '#/definitions/Item' } }, nextLink: string },
  };
  const id = {
    name: 'id',
    in: 'path',
    required: true,
    type: 'string',
    'x-ms-url-encoding': 'single',
    'x-ms-summary': 'Id',
    description: `The ${lower}.`,
  };
  const region = {
    name: 'region',
    in: 'query',
    type: 'string',
    required: true,
    'x-ms-summary': 'Region',
    description: 'The region.',
    'x-ms-dynamic-values': {
      operationId: 'ListRegions',
      parameters: { version: '2' },
      'value-collection': 'value',
      'value-path': 'id',
      'value-title': 'name',
    },
    'x-ms-dynamic-list': {
      operationId: 'ListRegions',
      parameters: { version: { value: '2' } },
      itemsPath: 'value',
      itemValuePath: 'id',
      itemTitlePath: 'name',
    },
  };
  const secret = {
    name: 'mode',
    in: 'query',
    type: 'string',
    required: true,
    default: 'fast',
    'x-ms-visibility': 'internal',
  };
  const failure = {
    description: 'Too many requests',
    headers: { 'Retry-After': { type: 'integer', description: 'Seconds.' } },
  };
  const ok = (schema: Loose, more: Loose = {}) => ({
    200: { description: 'Done', schema, ...more },
    429: shared ? { $ref: '#/responses/Throttled' } : structuredClone(failure),
  });
  const parameter = (name: 'id' | 'region' | 'mode') =>
    shared ? { $ref: `#/parameters/${name}` } : structuredClone({ id, region, mode: secret }[name]);
  const operation = (
    operationId: string,
    summary: string,
    parameters: Loose[],
    responses: Loose,
    more: Loose = {},
  ) => ({
    operationId,
    summary,
    description: `This operation is: ${summary.toLowerCase()}.`,
    parameters,
    responses,
    ...more,
  });
  const body = (schema: Loose) => ({ name: 'body', in: 'body', required: true, schema });
  const event = {
    type: 'object',
    required: ['callbackUrl', 'region'],
    properties: {
      callbackUrl: {
        type: 'string',
        'x-ms-notification-url': true,
        'x-ms-visibility': 'internal',
        title: 'Callback URL',
      },
      region: shown('Region', {
        'x-ms-dynamic-values': {
          operationId: 'ListRegions',
          parameters: { version: '2' },
          'value-collection': 'value',
          'value-path': 'id',
          'value-title': 'name',
        },
      }),
      flag: { type: 'boolean', default: true, 'x-ms-summary': 'Flag', description: 'The flag.' },
    },
  };
  const definition: Loose = {
    swagger: '2.0',
    info: {
      title: `Contoso ${noun}s`,
      description: `Reads and writes the ${lower}s that Contoso keeps.`,
      version: '1.0',
      contact: { name: 'Contoso', url: 'https://contoso.com', email: 'a@contoso.com' },
      'x-ms-api-annotation': { status: 'Production' },
    },
    host: 'api.contoso.com',
    basePath: '/v1',
    schemes: ['https'],
    consumes: ['application/json'],
    produces: ['application/json'],
    tags: [{ name: 'things', description: 'All.' }],
    paths: {
      [`/${lower}s`]: {
        get: operation(
          `List${noun}s`,
          `List ${lower}s`,
          [
            parameter('region'),
            parameter('mode'),
            {
              name: 'top',
              in: 'query',
              type: 'integer',
              format: 'int32',
              'x-ms-summary': 'Top',
              description: 'How many.',
            },
          ],
          ok(page, { examples: { 'application/json': {} } }),
          { tags: ['things'], 'x-ms-pageable': { nextLinkName: 'nextLink' } },
        ),
        post: operation(
          `Create${noun}`,
          `Create a ${lower}`,
          [body({ $ref: '#/definitions/Item' })],
          ok({ $ref: '#/definitions/Item' }),
        ),
      },
      [`/${lower}s/{id}`]: {
        get: operation(
          `Get${noun}`,
          `Get a ${lower}`,
          [parameter('id')],
          ok({
            type: 'object',
            properties: { fixed: string },
            'x-ms-dynamic-schema': {
              operationId: 'GetShape',
              parameters: { id: { parameter: 'id' } },
              'value-path': 'schema/properties',
            },
            'x-ms-dynamic-properties': {
              operationId: 'GetShape',
              parameters: { id: { parameterReference: 'id' } },
              itemValuePath: 'schema',
            },
          }),
        ),
        patch: operation(
          `Update${noun}`,
          `Update a ${lower}`,
          [
            parameter('id'),
            body({
              type: 'object',
              properties: {
                name: shown('Name'),
                hidden: { type: 'string', default: 'x', 'x-ms-visibility': 'internal' },
              },
              required: ['hidden'],
            }),
          ],
          ok({ $ref: '#/definitions/Item' }),
        ),
      },
      [`/${lower}s/{id}/history`]: {
        parameters: [parameter('id')],
        get: operation(
          `GetHistory`,
          'Get the history',
          [],
          ok({ type: 'array', items: { $ref: '#/definitions/Item' } }),
          {
            deprecated: true,
            'x-ms-api-annotation': {
              family: 'History',
              revision: 1,
              replacement: { api: 'Contoso', operationId: 'GetHistory_V2' },
            },
          },
        ),
      },
      [`/${lower}s/{id}/history/v2`]: {
        get: operation(
          `GetHistory_V2`,
          'Get the history again',
          [parameter('id')],
          ok({ type: 'array', items: { $ref: '#/definitions/Item' } }),
          { 'x-ms-api-annotation': { family: 'History', revision: 2, status: 'Production' } },
        ),
      },
      '/upload': {
        post: operation(
          'Upload',
          'Upload a file',
          [
            { name: 'file', in: 'formData', type: 'file', 'x-ms-summary': 'File', description: 'The file.' },
            {
              name: 'label',
              in: 'formData',
              type: 'string',
              'x-ms-summary': 'Label',
              description: 'The label.',
            },
          ],
          ok({ type: 'string' }),
          { consumes: ['multipart/form-data'] },
        ),
      },
      '/regions': {
        get: operation(
          'ListRegions',
          'List regions',
          [
            {
              name: 'version',
              in: 'query',
              type: 'string',
              required: true,
              'x-ms-summary': 'Version',
              description: 'The version.',
            },
          ],
          ok({
            type: 'object',
            properties: {
              value: {
                type: 'array',
                items: {
                  type: 'object',
                  properties: {
                    id: string,
                    name: string,
                    columns: {
                      type: 'object',
                      properties: { one: string },
                      'x-ms-capabilities': { filterFunctions: ['eq', 'ne'] },
                    },
                  },
                },
              },
            },
          }),
          { 'x-ms-visibility': 'internal' },
        ),
      },
      '/shapes/{id}': {
        get: operation(
          'GetShape',
          'Get the shape',
          [parameter('id')],
          ok({
            type: 'object',
            properties: { schema: { type: 'object', properties: { properties: { type: 'object' } } } },
          }),
          { 'x-ms-visibility': 'internal' },
        ),
      },
      '/me': {
        get: operation(
          'TestConnection',
          'Test the connection',
          [],
          ok({ type: 'object', properties: { name: string } }),
          { 'x-ms-visibility': 'internal' },
        ),
      },
      '/new': {
        get: operation(
          `OnNew${noun}`,
          `When a ${lower} is new`,
          [
            {
              name: 'since',
              in: 'query',
              type: 'string',
              'x-ms-summary': 'Since',
              description: 'The last one.',
              'x-ms-trigger-value': { 'value-collection': 'value', 'value-path': 'id' },
            },
          ],
          ok(structuredClone(page)),
          {
            'x-ms-trigger': 'batch',
            'x-ms-trigger-metadata': { kind: 'query', mode: 'polling' },
            'x-ms-notification': { operationId: `On${noun}Changed` },
          },
        ),
      },
      '/hooks': {
        'x-ms-notification-content': { description: 'The change.', schema: { $ref: '#/definitions/Item' } },
        post: operation(
          `On${noun}Changed`,
          `When a ${lower} changes`,
          [body(shared ? { $ref: '#/definitions/Registration' } : event)],
          {
            201: {
              description: 'Registered',
              headers: { Location: string },
              schema: { type: 'object', properties: { id: string } },
            },
            429: shared ? { $ref: '#/responses/Throttled' } : structuredClone(failure),
          },
          { 'x-ms-trigger': 'single' },
        ),
      },
      '/hooks/{id}': {
        delete: operation(
          'DeleteHook',
          'Delete a hook',
          [parameter('id')],
          { 204: { description: 'Gone' } },
          { 'x-ms-visibility': 'internal' },
        ),
      },
    },
    definitions: {
      Item: item,
      ...(shared && { Registration: event }),
    },
    ...(shared && { parameters: { id, region, mode: secret }, responses: { Throttled: failure } }),
    securityDefinitions: { main: security[kind] },
    security: [{ main: kind === 'oauth2' || kind === 'aad' ? ['read'] : [] }],
    'x-ms-connector-metadata': [
      { propertyName: 'Website', propertyValue: 'https://contoso.com' },
      { propertyName: 'Privacy policy', propertyValue: 'https://contoso.com/privacy' },
      { propertyName: 'Categories', propertyValue: 'Data;Productivity' },
    ],
    'x-ms-capabilities': { testConnection: { operationId: 'TestConnection', parameters: {} } },
    'x-ms-docs': [{ url: 'https://contoso.com/docs', description: 'More.' }],
  };
  return structuredClone({
    definition,
    properties: {
      properties: {
        publisher: 'Contoso',
        stackOwner: 'Contoso',
        iconBrandColor: '#3d3a8c',
        capabilities: ['actions'],
        connectionParameters: connectionParameters[kind],
        policyTemplateInstances: policies(noun),
        ...(scripted && { scriptOperations: [`Create${noun}`] }),
        ...(shared && {
          connectionParameterSets: {
            uiDefinition: { displayName: 'Authentication type', description: 'How to sign in.' },
            values: [
              {
                name: 'key',
                uiDefinition: { displayName: 'Key', description: 'A key.' },
                parameters: { api_key: text('Key', 'securestring') },
              },
              {
                name: 'login',
                uiDefinition: { displayName: 'Login', description: 'A login.' },
                parameters: { username: text('User') },
              },
            ],
          },
        }),
      },
    },
    settings: {
      connectorId: null,
      environment: 'Default-00000000-0000-4000-8000-000000000000',
      apiProperties: 'apiProperties.json',
      apiDefinition: 'apiDefinition.swagger.json',
      icon: 'icon.png',
      ...(scripted && { script: 'script.csx' }),
    },
    script: scripted ? script : undefined,
    icon: brandIcon,
  });
};

const ours = await connectorFiles({
  configuration: {
    ...exampleConfiguration,
    connector: { ...exampleConfiguration.connector, host: 'insights.contoso.com' },
  } as typeof exampleConfiguration,
  certification: true,
});

const parse = (name: string): Loose =>
  JSON.parse(new TextDecoder().decode(ours.find((file) => file.name === name)?.content));

export const soundConnectors: readonly Sound[] = [
  {
    name: 'orders: inline, API key',
    indent: 4,
    make: () => make({ shared: false, security: 'apiKey', script: true, noun: 'Order' }),
  },
  {
    name: 'parcels: shared, OAuth, parameter sets',
    indent: '\t',
    make: () => make({ shared: true, security: 'oauth2', script: true, noun: 'Parcel' }),
  },
  {
    name: 'tickets: inline, basic, minified',
    indent: 0,
    make: () => make({ shared: false, security: 'basic', script: true, noun: 'Ticket' }),
  },
  {
    name: 'visits: shared, Entra ID, no script',
    indent: 2,
    make: () => make({ shared: true, security: 'aad', script: false, noun: 'Visit' }),
  },
  {
    name: 'leases: inline, OAuth, no script',
    indent: 3,
    make: () => make({ shared: false, security: 'oauth2', script: false, noun: 'Lease' }),
  },
  {
    name: 'ours',
    indent: 4,
    make: () => ({
      definition: parse('apiDefinition.swagger.json'),
      properties: parse('apiProperties.json'),
      settings: parse('settings.json'),
      script: undefined,
      icon: ours.find(({ name }) => name === 'icon.png')?.content,
    }),
  },
];

const bytes = (value: Uint8Array | string): Uint8Array =>
  typeof value === 'string' ? new TextEncoder().encode(value) : value;

export const filesOf = (parts: Parts, indent: number | string): readonly CheckedFile[] => {
  const json = (value: Loose, raw: ((text: string) => Uint8Array | string) | undefined) => {
    const written = JSON.stringify(value, null, indent);
    return bytes(raw ? raw(written) : written);
  };
  return [
    ...(parts.definition === undefined
      ? []
      : [
          {
            name: parts.definitionName ?? 'apiDefinition.swagger.json',
            content: json(parts.definition, parts.rawDefinition),
          },
        ]),
    ...(parts.properties === undefined
      ? []
      : [{ name: 'apiProperties.json', content: json(parts.properties, parts.rawProperties) }]),
    ...(parts.settings === undefined
      ? []
      : [{ name: 'settings.json', content: json(parts.settings, parts.rawSettings) }]),
    ...(parts.script === undefined ? [] : [{ name: 'script.csx', content: bytes(parts.script) }]),
    ...(parts.icon === undefined ? [] : [{ name: 'icon.png', content: parts.icon }]),
  ];
};
