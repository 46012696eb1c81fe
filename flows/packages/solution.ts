/** Solution zips for Dataverse: connector, flows, connection references, environment variables. */
import { connectorJson } from '../../connector/emit/json.ts';
import { definitionFor, type FlowSource, type Setting } from '../definitions/authoring.ts';
import type { ValueObject } from '../expressions/values.ts';
import { jsonFile, type PackageFile, textFile, zipped } from './archive.ts';
import { settingValue } from './environment-ids.ts';
import {
  apisOf,
  connectionKeys,
  connectionReferenceName,
  connectorGuid,
  connectorName,
  flowGuid,
  hostVariable,
  providerPath,
  publisherOptionPrefix,
  publisherPrefix,
  schemaNameOf,
  settingsOf,
} from './package-names.ts';
import {
  apisOfAll,
  connectorFile,
  customizationsXml,
  english,
  fileOf,
  iconFile,
  type SolutionContent,
} from './solution-customizations.ts';
import type { PackageSources } from './sources.ts';

export type { SolutionContent } from './solution-customizations.ts';

import { settingInLanguage } from '../definitions/tokens.ts';
import { apiNameOf, literalTarget, solutionTarget } from './targets.ts';
import { element, type XmlElement, xmlDocument } from './xml.ts';

const localized = (name: string, text: string): XmlElement =>
  element(`${name}s`, [element(name, { description: text, languagecode: english })]);

const variablesOf = (
  { connector, flows, environmentVariables }: SolutionContent,
  sources: PackageSources,
): readonly Setting[] =>
  environmentVariables
    ? [
        ...(connector
          ? [
              {
                ...settingInLanguage(hostVariable, sources.language),
                example: sources.connector.definition.host,
              },
            ]
          : []),
        ...(flows ? settingsOf(sources.flows) : []),
      ]
    : [];

const solutionXml = (content: SolutionContent, sources: PackageSources): string => {
  const { title, publisher } = sources.connector;
  return xmlDocument(
    element(
      'ImportExportXml',
      {
        version: '9.2.0.0',
        SolutionPackageVersion: '9.2',
        languagecode: english,
        generatedBy: 'CrmLive',
        'xmlns:xsi': 'http://www.w3.org/2001/XMLSchema-instance',
      },
      [
        element('SolutionManifest', [
          element('UniqueName', content.uniqueName),
          localized('LocalizedName', content.displayName),
          element('Descriptions', [
            element('Description', {
              description: `${title}: made by insights-connector`,
              languagecode: english,
            }),
          ]),
          element('Version', sources.version),
          element('Managed', 0),
          element('Publisher', [
            element('UniqueName', publisherPrefix),
            localized('LocalizedName', publisher),
            element('Descriptions'),
            element('EMailAddress', { 'xsi:nil': 'true' }),
            element('SupportingWebsiteUrl', { 'xsi:nil': 'true' }),
            element('CustomizationPrefix', publisherPrefix),
            element('CustomizationOptionValuePrefix', publisherOptionPrefix),
            element('Addresses'),
          ]),
          element('RootComponents', [
            ...(content.flows
              ? sources.flows.map((flow) =>
                  element('RootComponent', { type: 29, id: `{${flowGuid(flow)}}`, behavior: 0 }),
                )
              : []),
            ...(content.connector
              ? [
                  element('RootComponent', {
                    type: 372,
                    id: `{${connectorGuid}}`,
                    schemaName: connectorName,
                    behavior: 0,
                  }),
                ]
              : []),
            ...(content.rootEnvironmentVariables
              ? variablesOf(content, sources).map((variable) =>
                  element('RootComponent', { type: 380, schemaName: schemaNameOf(variable), behavior: 0 }),
                )
              : []),
          ]),
          element('MissingDependencies'),
        ]),
      ],
    ),
  );
};

const variableTypes = { string: 100_000_000, number: 100_000_001 } as const;

const variableFile = (setting: Setting, sources: PackageSources): PackageFile => {
  const { displayName, description, type } = setting;
  const schemaName = schemaNameOf(setting);
  const labelled = (name: string, text: string) =>
    element(name, { default: text }, [element('label', { description: text, languagecode: english })]);
  return textFile(
    `environmentvariabledefinitions/${schemaName}/environmentvariabledefinition.xml`,
    xmlDocument(
      element('environmentvariabledefinition', { schemaname: schemaName }, [
        element('defaultvalue', String(settingValue(setting, sources.ids))),
        labelled('description', description),
        labelled('displayname', displayName),
        element('introducedversion', sources.version),
        element('iscustomizable', 1),
        element('isrequired', 0),
        element('secretstore', 0),
        element('type', variableTypes[type]),
      ]),
    ),
  );
};

const hostExpression = `@environmentVariables("${schemaNameOf(hostVariable)}")`;

const connectorFiles = (
  content: SolutionContent,
  { connector, ids }: PackageSources,
): readonly PackageFile[] => {
  const { definition, properties, icon } = connector;
  const name = (file: string) => file.slice(1);
  const host = content.environmentVariables
    ? hostExpression
    : String(ids.values?.[hostVariable.key] ?? definition.host);
  return [
    textFile(
      name(connectorFile('connectionparameters.json')),
      connectorJson(properties.connectionParameters),
    ),
    ...(icon === undefined ? [] : [{ name: name(iconFile), content: icon }]),
    textFile(name(connectorFile('openapidefinition.json')), connectorJson({ ...definition, host })),
    textFile(
      name(connectorFile('policytemplateinstances.json')),
      connectorJson(properties.policyTemplateInstances),
    ),
  ];
};

/** What Dataverse calls clientdata. */
export const clientData = (
  flow: FlowSource,
  content: Pick<SolutionContent, 'environmentVariables'>,
  sources: PackageSources,
): ValueObject => {
  const { ids } = sources;
  // Inside a solution actions need no authentication of their own: newer exports have none.
  const literal = literalTarget(ids, 'B');
  const solution = solutionTarget(ids);
  const target = content.environmentVariables
    ? solution
    : { ...literal, action: solution.action, trigger: solution.trigger };
  return {
    properties: {
      connectionReferences: Object.fromEntries(
        apisOf(flow).map((api) => [
          connectionKeys[api],
          {
            runtimeSource: 'embedded',
            connection: { connectionReferenceLogicalName: connectionReferenceName(api) },
            api: {
              name: apiNameOf(api, ids),
              ...(api === 'customerInsights' && { logicalName: connectorName }),
            },
          },
        ]),
      ),
      definition: definitionFor(flow, target),
      templateName: '',
    },
    schemaVersion: '1.0.0.0',
  };
};

const contentTypes = (files: readonly PackageFile[]): string => {
  const extensions = new Set(['xml', ...files.map(({ name }) => name.slice(name.lastIndexOf('.') + 1))]);
  return xmlDocument(
    element(
      'Types',
      { xmlns: 'http://schemas.openxmlformats.org/package/2006/content-types' },
      [...extensions]
        .sort()
        .map((extension) =>
          element('Default', { Extension: extension, ContentType: 'application/octet-stream' }),
        ),
    ),
  );
};

const byName = (a: PackageFile, b: PackageFile): number => (a.name < b.name ? -1 : 1);

/** The files of a solution, in the order in which exports have them. */
export const solutionFiles = (content: SolutionContent, sources: PackageSources): readonly PackageFile[] => {
  const parts = [
    ...(content.connector ? connectorFiles(content, sources) : []),
    ...(content.flows
      ? sources.flows.map((flow) => jsonFile(`Workflows/${fileOf(flow)}`, clientData(flow, content, sources)))
      : []),
    ...variablesOf(content, sources).map((variable) => variableFile(variable, sources)),
  ].sort(byName);
  return [
    textFile('customizations.xml', customizationsXml(content, sources)),
    textFile('solution.xml', solutionXml(content, sources)),
    ...parts,
    textFile('[Content_Types].xml', contentTypes(parts)),
  ];
};

export const solutionZip = (content: SolutionContent, sources: PackageSources): Uint8Array =>
  zipped(solutionFiles(content, sources));

/** The file that `pac solution import --settings-file` reads. Ids of connections are to be filled in. */
export const deploymentSettings = (content: SolutionContent, sources: PackageSources): ValueObject => ({
  EnvironmentVariables: variablesOf(content, sources).map((variable) => ({
    SchemaName: schemaNameOf(variable),
    Value: String(settingValue(variable, sources.ids)),
  })),
  ConnectionReferences: content.flows
    ? apisOfAll(sources.flows).map((api) => ({
        LogicalName: connectionReferenceName(api),
        ConnectionId: sources.ids.connections?.[api] ?? '',
        ConnectorId: providerPath(apiNameOf(api, sources.ids)),
      }))
    : [],
});
