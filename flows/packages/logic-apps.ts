/** An ARM template for Logic Apps (Consumption): custom API, connections, one workflow per flow. */
import {
  type ConnectorUse,
  definitionFor,
  type FlowSource,
  type PackageTarget,
  type Setting,
} from '../definitions/authoring.ts';
import type { Value, ValueObject } from '../expressions/values.ts';
import { bodyOf, type SwaggerConnector, swaggerConnector } from '../runner/connectors/swagger-connector.ts';
import { settingValue } from './environment-ids.ts';
import { apiNames, apisOf, apiTitles, settingsOf } from './package-names.ts';
import type { PackageSources } from './sources.ts';

/** Names of managed APIs, and keys of connections in `$connections`. */
const keys = { customerInsights: 'customerinsights', teams: 'teams', outlook: 'office365' } as const;

type Api = keyof typeof keys;

/** The expression within a value of a parameter, for use in a path. */
const inPath = (value: Value | undefined, encoding: 'single' | 'double'): string => {
  const encode = (code: string) =>
    encoding === 'double' ? `encodeURIComponent(encodeURIComponent(${code}))` : `encodeURIComponent(${code})`;
  if (typeof value === 'string' && value.startsWith('@') && !/^@[@{]/.test(value))
    return `@{${encode(value.slice(1))}}`;
  const text = String(value ?? '');
  if (text.includes('@{')) throw new Error('A text with expressions in it is not allowed in a path.');
  return `@{${encode(`'${text.replaceAll("'", "''")}'`)}}`;
};

const host = (api: Api): ValueObject => ({
  connection: { name: `@parameters('$connections')['${keys[api]}']['connectionId']` },
});

const ours = (connector: SwaggerConnector, use: ConnectorUse, parameters: ValueObject): ValueObject => {
  const operation = connector.operation(use.operationId);
  if (operation === undefined) throw new Error(`The connector has no operation ${use.operationId}.`);
  const { path, method, places, body } = operation;
  const queries = Object.fromEntries(
    [...places]
      .filter(([name, { in: place }]) => place === 'query' && parameters[name] !== undefined)
      .map(([name]) => [name, parameters[name] ?? null]),
  );
  return {
    host: host('customerInsights'),
    ...(!operation.isTrigger && { method }),
    path: path.replace(/\{([^{}]+)\}/g, (_, name: string) =>
      inPath(parameters[name], places.get(name)?.encoding ?? 'single'),
    ),
    ...(Object.keys(queries).length > 0 && { queries }),
    ...(body && {
      body: {
        ...bodyOf(parameters, body.name),
        ...(body.callback !== undefined && { [body.callback]: '@{listCallbackUrl()}' }),
      },
    }),
  };
};

const teams = (parameters: ValueObject): ValueObject => ({
  host: host('teams'),
  method: 'post',
  path: `/beta/teams/conversation/message/poster/${inPath(parameters.poster, 'single')}/location/${inPath(parameters.location, 'single')}`,
  body: bodyOf(parameters, 'body') ?? {},
});

const outlook = (parameters: ValueObject): ValueObject => ({
  host: host('outlook'),
  method: 'post',
  path: '/v2/Mail',
  body: bodyOf(parameters, 'emailMessage') ?? {},
});

const types = { string: 'String', number: 'Float' } as const;

const target = (connector: SwaggerConnector): PackageTarget => ({
  setting: ({ key }) => ({ as: 'expression', code: `parameters('${key}')` }),
  action: (use, parameters) => ({
    type: 'ApiConnection',
    inputs:
      use.api === 'customerInsights'
        ? ours(connector, use, parameters)
        : use.api === 'teams'
          ? teams(parameters)
          : outlook(parameters),
  }),
  trigger: (use, parameters) => ({ type: 'ApiConnectionWebhook', inputs: ours(connector, use, parameters) }),
  parameters: (settings) => ({
    $connections: { defaultValue: {}, type: 'Object' },
    ...Object.fromEntries(settings.map(({ key, type }) => [key, { type: types[type] }])),
  }),
});

/** A text that begins with a bracket would be an expression of ARM. */
const armEscaped = (value: Value): Value => {
  if (typeof value === 'string') return value.startsWith('[') ? `[${value}` : value;
  if (Array.isArray(value)) return (value as readonly Value[]).map(armEscaped);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value as ValueObject).map(([key, inner]) => [key, armEscaped(inner)]),
  );
};

/** ARM knows integers only; a number with a fraction travels as a text and is read by json(). */
const armParameter = (setting: Setting, sources: PackageSources): ValueObject => ({
  type: 'string',
  defaultValue: String(settingValue(setting, sources.ids)),
  metadata: { description: setting.description },
});

const armValue = ({ key, type }: Setting): string =>
  type === 'number' ? `[json(parameters('${key}'))]` : `[parameters('${key}')]`;

const customApiName = "parameters('customApiName')";
const customApiId = `resourceId('Microsoft.Web/customApis', ${customApiName})`;
const managedApiId = (name: string) =>
  `subscriptionResourceId('Microsoft.Web/locations/managedApis', parameters('location'), '${name}')`;
const connectionName = (api: Api) => `concat(parameters('namePrefix'), '${keys[api]}')`;
const connectionId = (api: Api) => `resourceId('Microsoft.Web/connections', ${connectionName(api)})`;
const apiId = (api: Api) => (api === 'customerInsights' ? customApiId : managedApiId(keys[api]));

const customApi = ({ connector }: PackageSources): ValueObject => {
  const { token, ...others } = connector.properties.connectionParameters;
  return {
    type: 'Microsoft.Web/customApis',
    apiVersion: '2016-06-01',
    name: `[${customApiName}]`,
    location: "[parameters('location')]",
    properties: {
      displayName: connector.title,
      description: connector.description,
      iconUri: '',
      brandColor: connector.properties.iconBrandColor,
      apiType: 'Rest',
      capabilities: [],
      backendService: { serviceUrl: "[concat('https://', parameters('apiHost'), '/v1')]" },
      connectionParameters: {
        token: {
          ...token,
          oAuthSettings: {
            ...(armEscaped(token.oAuthSettings as unknown as Value) as ValueObject),
            clientSecret: "[parameters('connectorClientSecret')]",
          },
        },
        ...(armEscaped(others as unknown as Value) as ValueObject),
      },
      swagger: {
        ...(armEscaped(connector.definition as unknown as Value) as ValueObject),
        host: "[parameters('apiHost')]",
      },
    },
  };
};

const connectionResource = (api: Api, { connector }: PackageSources): ValueObject => ({
  type: 'Microsoft.Web/connections',
  apiVersion: '2016-06-01',
  name: `[${connectionName(api)}]`,
  location: "[parameters('location')]",
  ...(api === 'customerInsights' && { dependsOn: [`[${customApiId}]`] }),
  properties: {
    displayName: api === 'customerInsights' ? connector.title : apiTitles[api],
    api: { id: `[${apiId(api)}]` },
  },
});

const workflowResource = (flow: FlowSource, connector: SwaggerConnector): ValueObject => {
  const apis = apisOf(flow);
  return {
    type: 'Microsoft.Logic/workflows',
    apiVersion: '2019-05-01',
    name: `[concat(parameters('namePrefix'), '${flow.id}')]`,
    location: "[parameters('location')]",
    tags: { displayName: flow.name },
    dependsOn: apis.map((api) => `[${connectionId(api)}]`),
    properties: {
      state: "[parameters('state')]",
      definition: armEscaped(definitionFor(flow, target(connector))),
      parameters: {
        $connections: {
          value: Object.fromEntries(
            apis.map((api) => [
              keys[api],
              {
                connectionId: `[${connectionId(api)}]`,
                connectionName: `[${connectionName(api)}]`,
                id: `[${apiId(api)}]`,
              },
            ]),
          ),
        },
        ...Object.fromEntries(flow.settings.map((setting) => [setting.key, { value: armValue(setting) }])),
      },
    },
  };
};

/** The template that `az deployment group create --template-file` takes. */
export const logicAppsTemplate = (sources: PackageSources): ValueObject => {
  const connector = swaggerConnector({
    title: sources.connector.title,
    definition: sources.connector.definition,
    serves: () => true,
  });
  const apis = [...new Set(sources.flows.flatMap(apisOf))];
  return {
    $schema: 'https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#',
    contentVersion: sources.version,
    parameters: {
      location: {
        type: 'string',
        defaultValue: '[resourceGroup().location]',
        metadata: { description: 'Region of all resources.' },
      },
      namePrefix: {
        type: 'string',
        defaultValue: 'insights-',
        metadata: { description: 'In front of the names of connections and workflows.' },
      },
      customApiName: {
        type: 'string',
        defaultValue: 'customer-insights',
        metadata: { description: 'Name of the custom API.' },
      },
      apiHost: {
        type: 'string',
        defaultValue: sources.connector.definition.host,
        metadata: {
          description: 'Host name of the deployed API, without https:// and without a slash at the end.',
        },
      },
      connectorClientSecret: {
        type: 'securestring',
        metadata: { description: 'Client secret of the application registration that signs users in.' },
      },
      state: {
        type: 'string',
        defaultValue: 'Disabled',
        allowedValues: ['Enabled', 'Disabled'],
        metadata: {
          description: 'Enable the workflows when their connections have been authorised in the portal.',
        },
      },
      ...Object.fromEntries(
        settingsOf(sources.flows).map((setting) => [setting.key, armParameter(setting, sources)]),
      ),
    },
    resources: [
      customApi(sources),
      ...apis.map((api) => connectionResource(api, sources)),
      ...sources.flows.map((flow) => workflowResource(flow, connector)),
    ],
  };
};

/** The connection reference that stands for a key of `$connections` in our templates and in others. */
export const apiNameOfManagedApi = (managed: string): string =>
  managed === keys.outlook ? apiNames.outlook : managed === keys.teams ? apiNames.teams : `shared_${managed}`;
