/**
 * The package of one flow for who has no solutions. It carries no connector: that must exist in the
 * environment.
 */
import { type Api, definitionFor, type FlowSource } from '../definitions/authoring.ts';
import type { Value, ValueObject } from '../expressions/values.ts';
import { jsonFile, type PackageFile, zipped } from './archive.ts';
import { apisOf, apiTitles, connectionKeys, flowGuid, guidOf, providerPath } from './package-names.ts';
import type { PackageSources } from './sources.ts';
import { apiNameOf, type LegacyStyle, literalTarget } from './targets.ts';

/** A legacy package needs the connector's internal id, which only its environment knows. */
export class ConnectorIdNeeded extends Error {
  override readonly name = 'ConnectorIdNeeded';
  readonly exitCode = 1;
}

/** The same in every build; it is not read. */
const createdTime = '2026-01-01T00:00:00.0000000Z';

const titleOf = (api: Api, { connector }: PackageSources): string =>
  api === 'customerInsights' ? connector.title : apiTitles[api];

const resources = (flow: FlowSource, sources: PackageSources): ValueObject => {
  const apis = apisOf(flow);
  const assetGuid = guidOf('legacy flow', flow.id);
  const apiResources = apis.map((api): readonly [string, Value] => [
    guidOf('legacy api', api),
    {
      id: providerPath(apiNameOf(api, sources.ids)),
      name: apiNameOf(api, sources.ids),
      type: 'Microsoft.PowerApps/apis',
      suggestedCreationType: 'Existing',
      details: { displayName: titleOf(api, sources), iconUri: '' },
      configurableBy: 'System',
      hierarchy: 'Child',
      dependsOn: [],
    },
  ]);
  const connectionResources = apis.map((api): readonly [string, Value] => [
    guidOf('legacy connection', api),
    {
      type: 'Microsoft.PowerApps/apis/connections',
      suggestedCreationType: 'Existing',
      creationType: 'Existing',
      details: { displayName: `${titleOf(api, sources)} connection`, iconUri: '' },
      configurableBy: 'User',
      hierarchy: 'Child',
      dependsOn: [guidOf('legacy api', api)],
    },
  ]);
  return {
    [assetGuid]: {
      type: 'Microsoft.Flow/flows',
      suggestedCreationType: 'New',
      creationType: 'Existing, New, Update',
      details: { displayName: flow.name },
      configurableBy: 'User',
      hierarchy: 'Root',
      dependsOn: [...apiResources, ...connectionResources].map(([guid]) => guid),
    },
    ...Object.fromEntries([...apiResources, ...connectionResources]),
  };
};

const definitionFile = (flow: FlowSource, style: LegacyStyle, sources: PackageSources): ValueObject => {
  const guid = flowGuid(flow);
  return {
    name: guid,
    id: `/providers/Microsoft.Flow/flows/${guid}`,
    type: 'Microsoft.Flow/flows',
    properties: {
      apiId: providerPath('shared_logicflows'),
      displayName: flow.name,
      definition: definitionFor(flow, literalTarget(sources.ids, style)),
      connectionReferences: Object.fromEntries(
        apisOf(flow).map((api) => {
          const apiName = apiNameOf(api, sources.ids);
          return [
            connectionKeys[api],
            {
              connectionName: `${apiName.replace(/_/g, '-')}-${guidOf('legacy connection name', api)}`,
              source: 'Embedded',
              id: providerPath(apiName),
              tier: 'NotSpecified',
              apiName: apiName.replace(/^shared_/, ''),
            },
          ];
        }),
      ),
      flowFailureAlertSubscribed: false,
      isManaged: false,
    },
  };
};

const map = (flow: FlowSource, kind: 'legacy api' | 'legacy connection'): ValueObject =>
  Object.fromEntries(apisOf(flow).map((api) => [connectionKeys[api], guidOf(kind, api)]));

/** @throws ConnectorIdNeeded when the internal id of the connector is not given */
export const legacyFiles = (
  flow: FlowSource,
  style: LegacyStyle,
  sources: PackageSources,
): readonly PackageFile[] => {
  if (sources.ids.connectorInternalId === undefined)
    throw new ConnectorIdNeeded(
      'A legacy package refers to the connector by its internal id, which the environment assigns when the connector is created.\n' +
        'Import the connector first, open its page in the portal, take the id (shared_…) from the address, and give it with\n' +
        '--environment-ids <file>: {"connectorInternalId": "shared_…"}. The solution (--format solution) needs no such id.',
    );
  const assetGuid = guidOf('legacy flow', flow.id);
  const folder = `Microsoft.Flow/flows/${assetGuid}`;
  return [
    jsonFile(`${folder}/apisMap.json`, map(flow, 'legacy api')),
    jsonFile(`${folder}/connectionsMap.json`, map(flow, 'legacy connection')),
    jsonFile(`${folder}/definition.json`, definitionFile(flow, style, sources)),
    jsonFile('Microsoft.Flow/flows/manifest.json', {
      packageSchemaVersion: '1.0',
      flowAssets: { assetPaths: [assetGuid] },
    }),
    jsonFile('manifest.json', {
      schema: '1.0',
      details: {
        displayName: flow.name,
        description: flow.description,
        createdTime,
        packageTelemetryId: guidOf('legacy package', flow.id),
        creator: 'N/A',
        sourceEnvironment: '',
      },
      resources: resources(flow, sources),
    }),
  ];
};

export const legacyZip = (flow: FlowSource, style: LegacyStyle, sources: PackageSources): Uint8Array =>
  zipped(legacyFiles(flow, style, sources));
