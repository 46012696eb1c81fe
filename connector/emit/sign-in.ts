/** Sign-in through Microsoft Entra ID, as both files of the connector need it. */
import type { OpenAPIV2 } from 'openapi-types';
import type { Configuration } from '../../config/schema.ts';

/** The delegated permission that the API's application exposes and the connector asks for. */
export const delegatedScope = 'access_as_user';

export const loginUri = 'https://login.microsoftonline.com';

/** Application ID URI of our API, the resource that a token is asked for. */
export const resourceUri = ({ applications }: Configuration): string => `api://${applications.api.clientId}`;

export const fullScope = (configuration: Configuration): string =>
  `${resourceUri(configuration)}/${delegatedScope}`;

/** Authorization code is the only OAuth flow that the platform supports. */
export const securityDefinition = (
  configuration: Configuration,
): OpenAPIV2.SecuritySchemeOauth2AccessCode => ({
  type: 'oauth2',
  flow: 'accessCode',
  authorizationUrl: `${loginUri}/${configuration.tenantId}/oauth2/v2.0/authorize`,
  tokenUrl: `${loginUri}/${configuration.tenantId}/oauth2/v2.0/token`,
  scopes: { [fullScope(configuration)]: 'Use the connector as the person who signs in.' },
});
