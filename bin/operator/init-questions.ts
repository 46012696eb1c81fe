/** What `init` asks for: where each value is found, and its check. */

export interface Question {
  readonly option: string;
  /** Path in the configuration. */
  readonly key: readonly string[];
  readonly asks: string;
  /** Where a person finds the value. */
  readonly where: string;
  readonly optional?: true;
  /** @returns what is wrong; undefined when nothing is */
  readonly check: (value: string) => string | undefined;
}

const guid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
export const isGuid = (value: string): string | undefined =>
  guid.test(value) ? undefined : 'It is a GUID, such as 01234567-89ab-cdef-0123-456789abcdef.';
const isHttps = (value: string): string | undefined =>
  /^https:\/\/[^\s/]+(\/\S*[^/\s])?$/.test(value)
    ? undefined
    : 'It is an https address without a slash at the end.';
const isText = (value: string): string | undefined => (value.trim() === '' ? 'It is blank.' : undefined);

export const questions: readonly Question[] = [
  {
    option: 'tenant',
    key: ['tenantId'],
    asks: 'Tenant of Microsoft Entra ID',
    where: 'az account show --query tenantId, or Overview > Tenant ID in https://entra.microsoft.com',
    check: isGuid,
  },
  {
    option: 'connectorApp',
    key: ['applications', 'connector', 'clientId'],
    asks: 'Application id of the connector',
    where:
      'App registrations > the connector > Application (client) ID; the commands below make the registration',
    check: isGuid,
  },
  {
    option: 'apiApp',
    key: ['applications', 'api', 'clientId'],
    asks: 'Application id of the API',
    where: 'App registrations > the API > Application (client) ID; the commands below make the registration',
    check: isGuid,
  },
  {
    option: 'consoleApp',
    key: ['console', 'clientId'],
    asks: 'Application id of the console (empty: no console)',
    where: 'App registrations > the console > Application (client) ID',
    optional: true,
    check: isGuid,
  },
  {
    option: 'publisher',
    key: ['connector', 'publisher'],
    asks: 'Publisher that makers see',
    where: 'the name of your organisation',
    check: isText,
  },
  {
    option: 'contactName',
    key: ['connector', 'contact', 'name'],
    asks: 'Contact for makers: name',
    where: 'the team that runs the connector',
    check: isText,
  },
  {
    option: 'contactEmail',
    key: ['connector', 'contact', 'email'],
    asks: 'Contact for makers: e-mail address',
    where: 'of that team',
    check: (value) =>
      /^[^@\s]+@[^@\s][^@\s.]*\.[^@\s]+$/.test(value) ? undefined : 'It is an e-mail address.',
  },
  {
    option: 'contactUrl',
    key: ['connector', 'contact', 'url'],
    asks: 'Contact for makers: page',
    where: 'of that team, for support',
    check: isHttps,
  },
  {
    option: 'website',
    key: ['connector', 'website'],
    asks: 'Website',
    where: 'of your organisation',
    check: isHttps,
  },
  {
    option: 'privacyPolicy',
    key: ['connector', 'privacyPolicy'],
    asks: 'Privacy policy',
    where: 'of your organisation',
    check: isHttps,
  },
];
