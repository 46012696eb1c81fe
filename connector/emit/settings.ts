/** settings.json: the arguments of paconn, which resolves the paths against the working directory. */
export interface ConnectorSettings {
  readonly connectorId: null;
  readonly environment: string;
  readonly apiProperties: string;
  readonly apiDefinition: string;
  readonly icon?: string;
  readonly powerAppsUrl: string;
  readonly powerAppsApiVersion: string;
}

export const fileNames = {
  definition: 'apiDefinition.swagger.json',
  properties: 'apiProperties.json',
  settings: 'settings.json',
  icon: 'icon.png',
  intro: 'intro.md',
  readme: 'readme.md',
} as const;

/** @param icon whether there is an icon; paconn skips a path that does not exist without a word */
export const emitSettings = (icon: boolean): ConnectorSettings => ({
  connectorId: null,
  // To be replaced by the id of an environment, a GUID or "Default-" and the tenant's.
  environment: '00000000-0000-0000-0000-000000000000',
  apiProperties: fileNames.properties,
  apiDefinition: fileNames.definition,
  ...(icon && { icon: fileNames.icon }),
  powerAppsUrl: 'https://api.powerapps.com',
  powerAppsApiVersion: '2016-11-01',
});
