/**
 * Names and ids of what a package holds. All of them are the same in every build, so that an import updates
 * what it made before.
 */
import { createHash } from 'node:crypto';
import { v5 } from 'uuid';
import type { Api, FlowSource, Setting } from '../definitions/authoring.ts';

/** Namespace of every GUID here, made once by chance. */
const namespace = '6f1d1a52-3b0e-4c8e-9d57-2f8a4d1f9b60';

/** A GUID, lower case. */
export const guidOf = (kind: string, name: string): string => v5(`${kind}:${name}`, namespace);

/** Prefix of the publisher: two to eight letters and digits. */
export const publisherPrefix = 'cic';
export const publisherOptionPrefix = 48_210;

/**
 * Name of the connector in Dataverse. Letters and digits behind the prefix, so that no encoding is needed.
 */
export const connectorName = `${publisherPrefix}_customerinsights`;
export const connectorGuid = guidOf('connector', connectorName);

/** Every character but letters and digits becomes a hyphen and two hexadecimal digits. */
export const encodedName = (name: string): string =>
  name
    .toLowerCase()
    .replace(/[^a-z0-9]/g, (character) => `-${character.charCodeAt(0).toString(16).padStart(2, '0')}`);

/**
 * The internal id of the connector as an environment would make it. The environment chooses the hash at
 * its end, so this one is invented. The import finds the connector by its GUID and its name.
 */
export const inventedApiName = `shared_${encodedName(connectorName)}-5f${createHash('sha256').update(connectorName).digest('hex').slice(0, 16)}`;

/** Whether an internal id is that of our connector, whatever the environment. */
export const isOurApiName = (apiName: string): boolean =>
  apiName.startsWith(`shared_${encodedName(connectorName)}-5f`);

export const apiNames: Readonly<Record<Exclude<Api, 'customerInsights'>, string>> = {
  teams: 'shared_teams',
  outlook: 'shared_office365',
};

export const apiTitles: Readonly<Record<Exclude<Api, 'customerInsights'>, string>> = {
  teams: 'Microsoft Teams',
  outlook: 'Office 365 Outlook',
};

/** The key under which a flow names the connection. */
export const connectionKeys: Readonly<Record<Api, string>> = {
  customerInsights: `shared_${encodedName(connectorName)}`,
  teams: apiNames.teams,
  outlook: apiNames.outlook,
};

/** `cic_sharedteams_4c5d6`. */
export const connectionReferenceName = (api: Api): string => {
  const plain = connectionKeys[api].replace(/-5f/g, '').replace(/[^a-z0-9]/g, '');
  return `${publisherPrefix}_${plain}_${guidOf('connection reference', api).slice(0, 5)}`;
};

export const providerPath = (apiName: string): string => `/providers/Microsoft.PowerApps/apis/${apiName}`;

export const hostVariable: Setting = {
  key: 'ApiHost',
  type: 'string',
  displayName: 'Customer Insights connector host',
  description: 'Host name of the deployed API, without https:// and without a slash at the end.',
  example: 'insights-connector.example.com',
};

export const schemaNameOf = ({ key }: Setting): string => `${publisherPrefix}_${key}`;

/** The key of a flow's parameter that an environment variable fills. */
export const parameterKeyOf = (setting: Setting): string =>
  `${setting.displayName} (${schemaNameOf(setting)})`;

export const flowGuid = ({ id }: FlowSource): string => guidOf('flow', id);

const longestFileName = 50;

/** The name of a flow's file in a solution: what is left of its name, and its GUID in upper case. */
export const flowFileName = (name: string, guid: string): string =>
  `${name.replace(/[^A-Za-z0-9_-]/g, '').slice(0, longestFileName)}-${guid.toUpperCase()}.json`;

/** The connectors that a flow uses, its own first. */
export const apisOf = ({ steps }: FlowSource): readonly Api[] => {
  const found = new Set<Api>(['customerInsights']);
  const visit = (list: FlowSource['steps']): void => {
    for (const { kind } of list) {
      if ('use' in kind) found.add(kind.use.api);
      else if ('yes' in kind) {
        visit(kind.yes);
        visit(kind.no);
      } else if ('steps' in kind) visit(kind.steps);
    }
  };
  visit(steps);
  return [...found];
};

/** The settings of flows, one that several have once. */
export const settingsOf = (flows: readonly FlowSource[]): readonly Setting[] => [
  ...new Map(flows.flatMap(({ settings }) => settings).map((setting) => [setting.key, setting])).values(),
];
