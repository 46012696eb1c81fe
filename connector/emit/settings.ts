/** settings.json: the arguments of paconn, which resolves the paths against the working directory. */
import type { Json, JsonObject } from './json.ts';

export const fileNames = {
  definition: 'apiDefinition.swagger.json',
  properties: 'apiProperties.json',
  settings: 'settings.json',
  icon: 'icon.png',
  intro: 'intro.md',
  readme: 'readme.md',
} as const;

/**
 * Settings that a build writes. They never contain the connector's location, because paconn does not ask for
 * it when a placeholder is set.
 */
interface BuiltSettings {
  readonly apiProperties: string;
  readonly apiDefinition: string;
  readonly icon?: string;
  readonly powerAppsUrl: string;
  readonly powerAppsApiVersion: string;
}

/**
 * Settings that paconn and people add: the connector's location, and the sign-in of paconn. A build keeps
 * them.
 */
export interface KeptSettings {
  /** Of the connector that `paconn create` made; `paconn update` works on it. */
  readonly connectorId?: string;
  /** Id of the Power Platform environment: a GUID, or "Default-" and the tenant's. */
  readonly environment?: string;
  readonly powerAppsUrl?: string;
  readonly powerAppsApiVersion?: string;
  readonly [key: string]: Json | undefined;
}

export type ConnectorSettings = BuiltSettings & KeptSettings;

/** The build sets the paths of the files that it writes. */
const ownKeys: ReadonlySet<string> = new Set(['apiProperties', 'apiDefinition', 'icon']);

/** paconn reads these as texts. */
const textKeys = ['connectorId', 'environment', 'powerAppsUrl', 'powerAppsApiVersion'] as const;

/** Earlier builds wrote this when the environment was not known. */
const nilEnvironment = '00000000-0000-0000-0000-000000000000';

const saysNothing = (key: string, value: Json): boolean =>
  value === null || value === '' || (key === 'environment' && value === nilEnvironment);

/**
 * The settings in the target folder that a build keeps.
 * @throws TypeError when a value is not of the kind that paconn reads, naming its key
 */
export const keptSettings = (existing: JsonObject): KeptSettings => {
  const kept = Object.entries(existing).filter(
    ([key, value]) => !ownKeys.has(key) && !saysNothing(key, value),
  );
  for (const [key, value] of kept)
    if (textKeys.some((text) => text === key) && typeof value !== 'string')
      throw new TypeError(`${key} is ${JSON.stringify(value)}, which is not a text`);
  return Object.fromEntries(kept);
};

/**
 * @param icon whether there is an icon; paconn silently skips a path that does not exist
 * @param kept of the settings that are there already
 */
export const emitSettings = (icon: boolean, kept: KeptSettings = {}): ConnectorSettings => {
  const { connectorId, environment, powerAppsUrl, powerAppsApiVersion, ...others } = kept;
  return {
    ...(connectorId !== undefined && { connectorId }),
    ...(environment !== undefined && { environment }),
    apiProperties: fileNames.properties,
    apiDefinition: fileNames.definition,
    ...(icon && { icon: fileNames.icon }),
    powerAppsUrl: powerAppsUrl ?? 'https://api.powerapps.com',
    powerAppsApiVersion: powerAppsApiVersion ?? '2016-11-01',
    ...others,
  };
};
