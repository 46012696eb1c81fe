/** customizations.xml of a solution: its flows, its connector, its connection references. */
import type { Api, FlowSource } from '../definitions/authoring.ts';
import {
  apisOf,
  apiTitles,
  connectionReferenceName,
  connectorGuid,
  connectorName,
  flowFileName,
  flowGuid,
  providerPath,
} from './package-names.ts';
import type { ConnectorSources, PackageSources } from './sources.ts';
import { apiNameOf } from './targets.ts';
import { element, type XmlElement, xmlDocument } from './xml.ts';

/** Language code of every text. */
export const english = 1033;

export interface SolutionContent {
  /** Letters and digits. */
  readonly uniqueName: string;
  readonly displayName: string;
  readonly connector: boolean;
  readonly flows: boolean;
  /**
   * Settings as environment variables. Where none may be in the package they are written into flows and
   * definition.
   */
  readonly environmentVariables: boolean;
  /**
   * Whether the environment variables are listed as components too; real exports never do, some importers
   * need it.
   */
  readonly rootEnvironmentVariables?: boolean;
}

export const fileOf = (flow: FlowSource): string => flowFileName(flow.name, flowGuid(flow));

/** Off: an activation at import fails where connections are missing. */
const draft = { state: 0, status: 1 } as const;

const workflowXml = (flow: FlowSource, version: string): XmlElement =>
  element('Workflow', { WorkflowId: `{${flowGuid(flow)}}`, Name: flow.name, Description: flow.description }, [
    element('JsonFileName', `/Workflows/${fileOf(flow)}`),
    element('Type', 1),
    element('Subprocess', 0),
    element('Category', 5),
    element('Mode', 0),
    element('Scope', 4),
    element('OnDemand', 0),
    element('TriggerOnCreate', 0),
    element('TriggerOnDelete', 0),
    element('AsyncAutodelete', 0),
    element('SyncWorkflowLogOnFailure', 0),
    element('StateCode', draft.state),
    element('StatusCode', draft.status),
    element('RunAs', 1),
    element('IsTransacted', 1),
    element('IntroducedVersion', version),
    element('IsCustomizable', 1),
    element('BusinessProcessType', 0),
    element('IsCustomProcessingStepAllowedForOtherPublishers', 1),
    element('ModernFlowType', 0),
    element('PrimaryEntity', 'none'),
    element('LocalizedNames', [element('LocalizedName', { languagecode: english, description: flow.name })]),
  ]);

export const connectorFile = (kind: string): string => `/Connector/${connectorName}_${kind}`;
export const iconFile = connectorFile('iconblob.Png');

const connectorXml = ({ title, description, properties, icon }: ConnectorSources): XmlElement =>
  element('Connector', [
    element('connectorid', connectorGuid),
    element('description', description),
    element('displayname', title),
    element('iconbrandcolor', properties.iconBrandColor),
    element('name', connectorName),
    element('connectortype', 1),
    element('openapidefinition', connectorFile('openapidefinition.json')),
    element('connectionparameters', connectorFile('connectionparameters.json')),
    element('policytemplateinstances', connectorFile('policytemplateinstances.json')),
    ...(icon === undefined ? [] : [element('iconblob', iconFile)]),
  ]);

const referenceXml = (api: Api, { ids, connector }: PackageSources): XmlElement =>
  element('connectionreference', { connectionreferencelogicalname: connectionReferenceName(api) }, [
    element('connectionreferencedisplayname', api === 'customerInsights' ? connector.title : apiTitles[api]),
    element('connectorid', providerPath(apiNameOf(api, ids))),
    ...(api === 'customerInsights'
      ? [element('customconnectorid', [element('connectorid', connectorGuid)])]
      : []),
    element('iscustomizable', 1),
    element('promptingbehavior', 0),
    element('statecode', 0),
    element('statuscode', 1),
  ]);

export const apisOfAll = (flows: readonly FlowSource[]): readonly Api[] => [
  ...new Set(flows.flatMap(apisOf)),
];

export const customizationsXml = (content: SolutionContent, sources: PackageSources): string =>
  xmlDocument(
    element('ImportExportXml', { 'xmlns:xsi': 'http://www.w3.org/2001/XMLSchema-instance' }, [
      element('Entities'),
      element('Roles'),
      element(
        'Workflows',
        content.flows ? sources.flows.map((flow) => workflowXml(flow, sources.version)) : [],
      ),
      element('FieldSecurityProfiles'),
      element('Templates'),
      element('EntityMaps'),
      element('EntityRelationships'),
      element('OrganizationSettings'),
      element('optionsets'),
      element('CustomControls'),
      element('EntityDataProviders'),
      element('Connectors', content.connector ? [connectorXml(sources.connector)] : []),
      element(
        'connectionreferences',
        content.flows ? apisOfAll(sources.flows).map((api) => referenceXml(api, sources)) : [],
      ),
      element('Languages', [element('Language', english)]),
    ]),
  );
