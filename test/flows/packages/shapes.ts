/** Small packages made by hand after the descriptions of the formats, not by the writers. */
import { zipSync } from 'fflate';

export type Files = Readonly<Record<string, string>>;

export const zipOf = (files: Files): Buffer =>
  Buffer.from(
    zipSync(
      Object.fromEntries(Object.entries(files).map(([name, text]) => [name, new TextEncoder().encode(text)])),
      {
        mtime: '1980-01-01T00:00:00',
      },
    ),
  );

const flowGuid = '0b6e0c8e-3c55-4d0a-9d59-6b7c1a2f3e4d';
const assetGuid = '11111111-2222-4333-8444-555555555555';
const apiGuid = '22222222-2222-4333-8444-555555555555';
const connectionGuid = '33333333-2222-4333-8444-555555555555';
const connectorGuid = '44444444-2222-4333-8444-555555555555';

const parameters = {
  $authentication: { defaultValue: {}, type: 'SecureObject' },
  $connections: { defaultValue: {}, type: 'Object' },
};

const post = (host: object, more: object = {}) => ({
  type: 'OpenApiConnection',
  runAfter: {},
  inputs: {
    host: {
      apiId: '/providers/Microsoft.PowerApps/apis/shared_teams',
      operationId: 'PostMessageToConversation',
      ...host,
    },
    parameters: {
      poster: 'Flow bot',
      location: 'Channel',
      'body/recipient/groupId': 'g',
      'body/recipient/channelId': 'c',
      'body/messageBody': "<p>@{triggerBody()?['text']}</p>",
    },
    ...more,
  },
});

const definition = (host: object, more: object = {}) => ({
  $schema:
    'https://schema.management.azure.com/providers/Microsoft.Logic/schemas/2016-06-01/workflowdefinition.json#',
  contentVersion: '1.0.0.0',
  parameters,
  triggers: { manual: { type: 'Request', kind: 'Button', inputs: { schema: { type: 'object' } } } },
  actions: { Post: post(host, more) },
  outputs: {},
});

/** The package of one flow that posts to Teams. */
export const legacy = (style: 'A' | 'B' = 'A'): Files => ({
  'manifest.json': JSON.stringify({
    schema: '1.0',
    details: {
      displayName: 'Order alert',
      description: '',
      createdTime: '2026-11-28T00:00:00.0000000Z',
      packageTelemetryId: assetGuid,
      creator: 'N/A',
      sourceEnvironment: '',
    },
    resources: {
      [assetGuid]: {
        type: 'Microsoft.Flow/flows',
        suggestedCreationType: 'New',
        creationType: 'Existing, New, Update',
        details: { displayName: 'Order alert' },
        configurableBy: 'User',
        hierarchy: 'Root',
        dependsOn: [apiGuid, connectionGuid],
      },
      [apiGuid]: {
        id: '/providers/Microsoft.PowerApps/apis/shared_teams',
        name: 'shared_teams',
        type: 'Microsoft.PowerApps/apis',
        suggestedCreationType: 'Existing',
        details: { displayName: 'Microsoft Teams', iconUri: '' },
        configurableBy: 'System',
        hierarchy: 'Child',
        dependsOn: [],
      },
      [connectionGuid]: {
        type: 'Microsoft.PowerApps/apis/connections',
        suggestedCreationType: 'Existing',
        creationType: 'Existing',
        details: { displayName: 'Teams', iconUri: '' },
        configurableBy: 'User',
        hierarchy: 'Child',
        dependsOn: [apiGuid],
      },
    },
  }),
  'Microsoft.Flow/flows/manifest.json': JSON.stringify({
    packageSchemaVersion: '1.0',
    flowAssets: { assetPaths: [assetGuid] },
  }),
  [`Microsoft.Flow/flows/${assetGuid}/definition.json`]: JSON.stringify({
    name: flowGuid,
    id: `/providers/Microsoft.Flow/flows/${flowGuid}`,
    type: 'Microsoft.Flow/flows',
    properties: {
      apiId: '/providers/Microsoft.PowerApps/apis/shared_logicflows',
      displayName: 'Order alert',
      definition:
        style === 'A'
          ? definition(
              { connectionName: 'shared_teams' },
              { authentication: "@parameters('$authentication')" },
            )
          : definition({ connectionReferenceName: 'shared_teams' }),
      connectionReferences: {
        shared_teams: {
          connectionName: 'shared-teams-x',
          source: 'Embedded',
          id: '/providers/Microsoft.PowerApps/apis/shared_teams',
          tier: 'NotSpecified',
          apiName: 'teams',
        },
      },
      flowFailureAlertSubscribed: false,
      isManaged: false,
    },
  }),
  [`Microsoft.Flow/flows/${assetGuid}/apisMap.json`]: JSON.stringify({ shared_teams: apiGuid }),
  [`Microsoft.Flow/flows/${assetGuid}/connectionsMap.json`]: JSON.stringify({ shared_teams: connectionGuid }),
});

const contentTypes = `<?xml version="1.0" encoding="utf-8"?>
<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">
  <Default Extension="xml" ContentType="application/octet-stream" />
  <Default Extension="json" ContentType="application/octet-stream" />
</Types>`;

const solutionXml = (
  roots: string,
) => `<ImportExportXml version="9.2.0.0" SolutionPackageVersion="9.2" languagecode="1033" generatedBy="CrmLive" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
  <SolutionManifest>
    <UniqueName>AbcOrders</UniqueName>
    <LocalizedNames><LocalizedName description="Abc orders" languagecode="1033" /></LocalizedNames>
    <Descriptions />
    <Version>1.0.0.0</Version>
    <Managed>0</Managed>
    <Publisher>
      <UniqueName>abc</UniqueName>
      <LocalizedNames><LocalizedName description="Abc" languagecode="1033" /></LocalizedNames>
      <Descriptions />
      <EMailAddress xsi:nil="true"></EMailAddress>
      <SupportingWebsiteUrl xsi:nil="true"></SupportingWebsiteUrl>
      <CustomizationPrefix>abc</CustomizationPrefix>
      <CustomizationOptionValuePrefix>10000</CustomizationOptionValuePrefix>
      <Addresses />
    </Publisher>
    <RootComponents>${roots}</RootComponents>
    <MissingDependencies />
  </SolutionManifest>
</ImportExportXml>`;

const flowFile = `Workflows/Orderalert-${flowGuid.toUpperCase()}.json`;
const flowRoot = `<RootComponent type="29" id="{${flowGuid}}" behavior="0" />`;
const connectorRoot = `<RootComponent type="372" id="{${connectorGuid}}" schemaName="abc_orders" behavior="0" />`;

const workflow = `<Workflow WorkflowId="{${flowGuid}}" Name="Order alert">
  <JsonFileName>/${flowFile}</JsonFileName>
  <Type>1</Type><Subprocess>0</Subprocess><Category>5</Category><Mode>0</Mode><Scope>4</Scope>
  <OnDemand>0</OnDemand><StateCode>0</StateCode><StatusCode>1</StatusCode><RunAs>1</RunAs><IsTransacted>1</IsTransacted>
  <IntroducedVersion>1.0.0.0</IntroducedVersion><IsCustomizable>1</IsCustomizable><PrimaryEntity>none</PrimaryEntity>
  <LocalizedNames><LocalizedName languagecode="1033" description="Order alert" /></LocalizedNames>
</Workflow>`;

const connector = `<Connector>
  <connectorid>${connectorGuid}</connectorid>
  <description>Orders API</description>
  <displayname>Orders</displayname>
  <iconbrandcolor>#007ee5</iconbrandcolor>
  <name>abc_orders</name>
  <connectortype>1</connectortype>
  <openapidefinition>/Connector/abc_orders_openapidefinition.json</openapidefinition>
  <connectionparameters>/Connector/abc_orders_connectionparameters.json</connectionparameters>
  <policytemplateinstances>/Connector/abc_orders_policytemplateinstances.json</policytemplateinstances>
</Connector>`;

const reference = (
  name: string,
  apiName: string,
  custom = '',
) => `<connectionreference connectionreferencelogicalname="${name}">
  <connectionreferencedisplayname>X</connectionreferencedisplayname>
  <connectorid>/providers/Microsoft.PowerApps/apis/${apiName}</connectorid>${custom}
  <iscustomizable>1</iscustomizable><promptingbehavior>0</promptingbehavior><statecode>0</statecode><statuscode>1</statuscode>
</connectionreference>`;

const customizations = (workflows: string, connectors: string, references: string) =>
  `<ImportExportXml xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><Entities></Entities><Roles></Roles><Workflows>${workflows}</Workflows><FieldSecurityProfiles></FieldSecurityProfiles><Templates /><EntityMaps /><EntityRelationships /><OrganizationSettings /><optionsets /><CustomControls /><EntityDataProviders /><Connectors>${connectors}</Connectors><connectionreferences>${references}</connectionreferences><Languages><Language>1033</Language></Languages></ImportExportXml>`;

const teamsReference = reference('abc_sharedteams_4c5d6', 'shared_teams');
const ordersApi = 'shared_abc-5forders-5f0123456789abcdef';
const ordersReference = reference(
  'abc_sharedorders_1a2b3',
  ordersApi,
  `<customconnectorid><connectorid>${connectorGuid}</connectorid></customconnectorid>`,
);

const clientData = (references: object, flow: object) =>
  JSON.stringify({
    properties: { connectionReferences: references, definition: flow, templateName: '' },
    schemaVersion: '1.0.0.0',
  });

const teamsKey = {
  shared_teams: {
    runtimeSource: 'embedded',
    connection: { connectionReferenceLogicalName: 'abc_sharedteams_4c5d6' },
    api: { name: 'shared_teams' },
  },
};

/** A solution with one flow that posts to Teams. */
export const flowSolution = (): Files => ({
  'customizations.xml': customizations(workflow, '', teamsReference),
  'solution.xml': solutionXml(flowRoot),
  [flowFile]: clientData(teamsKey, definition({ connectionName: 'shared_teams' })),
  '[Content_Types].xml': contentTypes,
});

const swagger = {
  swagger: '2.0',
  info: { title: 'Orders', version: '1.0', description: 'Orders.' },
  host: '@environmentVariables("abc_OrdersHost")',
  basePath: '/',
  schemes: ['https'],
  paths: {
    '/hooks': {
      'x-ms-notification-content': {
        schema: { type: 'object', properties: { total: { type: 'number' }, customer: { type: 'string' } } },
      },
      post: {
        operationId: 'OrderCreatedHook',
        'x-ms-trigger': 'single',
        parameters: [
          {
            name: 'body',
            in: 'body',
            required: true,
            schema: {
              type: 'object',
              required: ['eventType', 'url'],
              properties: {
                eventType: { type: 'string' },
                url: { type: 'string', 'x-ms-notification-url': true, 'x-ms-visibility': 'internal' },
              },
            },
          },
        ],
        responses: { 201: { description: 'Created' } },
      },
    },
  },
};

const connectorFiles: Files = {
  'Connector/abc_orders_openapidefinition.json': JSON.stringify(swagger),
  'Connector/abc_orders_connectionparameters.json': '{}',
  'Connector/abc_orders_policytemplateinstances.json': '[]',
  'environmentvariabledefinitions/abc_OrdersHost/environmentvariabledefinition.xml': `<environmentvariabledefinition schemaname="abc_OrdersHost">
  <defaultvalue>api.example.org</defaultvalue>
  <description default="Host name"><label description="Host name" languagecode="1033" /></description>
  <displayname default="Orders host"><label description="Orders host" languagecode="1033" /></displayname>
  <introducedversion>1.0.0.0</introducedversion><iscustomizable>1</iscustomizable><isrequired>0</isrequired><secretstore>0</secretstore>
  <type>100000000</type>
</environmentvariabledefinition>`,
};

/** A solution with a connector and its environment variable. */
export const connectorSolution = (): Files => ({
  'customizations.xml': customizations('', connector, ''),
  'solution.xml': solutionXml(connectorRoot),
  ...connectorFiles,
  '[Content_Types].xml': contentTypes,
});

/** A solution with both: a flow that begins with the connector's trigger. */
export const singleSolution = (
  parameters_: object = { 'body/eventType': 'order.created' },
  token = 'customer',
): Files => ({
  'customizations.xml': customizations(workflow, connector, teamsReference + ordersReference),
  'solution.xml': solutionXml(flowRoot + connectorRoot),
  ...connectorFiles,
  [flowFile]: clientData(
    {
      ...teamsKey,
      'shared_abc-5forders': {
        runtimeSource: 'embedded',
        connection: { connectionReferenceLogicalName: 'abc_sharedorders_1a2b3' },
        api: { name: ordersApi, logicalName: 'abc_orders' },
      },
    },
    {
      parameters,
      triggers: {
        When_an_order_comes: {
          type: 'OpenApiConnectionWebhook',
          inputs: {
            host: {
              apiId: `/providers/Microsoft.PowerApps/apis/${ordersApi}`,
              connectionName: 'shared_abc-5forders',
              operationId: 'OrderCreatedHook',
            },
            parameters: parameters_,
          },
          conditions: [{ expression: "@greater(triggerOutputs()?['body/total'], 100)" }],
        },
      },
      actions: {
        Post: post(
          { connectionName: 'shared_teams' },
          {
            parameters: {
              poster: 'Flow bot',
              location: 'Chat with Flow bot',
              'body/recipient': 'a@example.com;',
              'body/messageBody': `@{triggerOutputs()?['body/${token}']}`,
            },
          },
        ),
      },
      outputs: {},
    },
  ),
  '[Content_Types].xml': contentTypes,
});

/** An ARM template with one workflow that posts to Teams. */
export const template = (): string =>
  JSON.stringify({
    $schema: 'https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#',
    contentVersion: '1.0.0.0',
    resources: [
      {
        type: 'Microsoft.Logic/workflows',
        apiVersion: '2017-07-01',
        name: 'order-alert',
        properties: {
          state: 'Enabled',
          definition: {
            parameters: { $connections: { type: 'Object', defaultValue: {} } },
            triggers: { manual: { type: 'Request', kind: 'Http', inputs: { schema: {} } } },
            actions: {
              Post: {
                type: 'ApiConnection',
                runAfter: {},
                inputs: {
                  host: { connection: { name: "@parameters('$connections')['teams']['connectionId']" } },
                  method: 'post',
                  path: "/beta/teams/conversation/message/poster/@{encodeURIComponent('Flow bot')}/location/@{encodeURIComponent('Channel')}",
                  body: {
                    recipient: { groupId: 'g', channelId: 'c' },
                    messageBody: "<p>@{triggerBody()?['text']}</p>",
                  },
                },
              },
            },
            outputs: {},
          },
          parameters: {
            $connections: {
              value: {
                teams: {
                  connectionId: "[resourceId('Microsoft.Web/connections', 'teams')]",
                  connectionName: 'teams',
                  id: "[concat(subscription().id, '/providers/Microsoft.Web/locations/', resourceGroup().location, '/managedApis/', 'teams')]",
                },
              },
            },
          },
        },
      },
    ],
  });
