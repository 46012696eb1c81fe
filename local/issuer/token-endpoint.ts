import { authenticateClient } from './client-authentication.ts';
import { EntraError } from './entra-error.ts';
import { grantAuthorizationCode } from './grants/authorization-code.ts';
import { grantClientCredentials } from './grants/client-credentials.ts';
import { grantOnBehalfOf } from './grants/on-behalf-of.ts';
import { grantRefreshToken } from './grants/refresh-token.ts';
import type { TokenResponse } from './grants/user-tokens.ts';
import { type Grant, grants } from './issuer-faults.ts';
import type { Tenant } from './tenant.ts';

/** Which grant a token request asks for; undefined for those this issuer does not know. */
export const requestedGrant = (form: URLSearchParams): Grant | undefined => {
  const asked = form.get('grant_type');
  return grants.find((grant) => grant === asked);
};

/** Answers a token request; refusals are thrown as {@link EntraError}. */
export const issueToken = async (
  tenant: Tenant,
  authorization: string | undefined,
  form: URLSearchParams,
): Promise<TokenResponse> => {
  if (!form.has('grant_type')) throw new EntraError(900144, { about: "'grant_type'." });
  const grant = requestedGrant(form);
  if (grant === undefined) throw new EntraError(70003);
  const client = await authenticateClient(tenant, authorization, form);
  switch (grant) {
    case 'authorization_code':
      return grantAuthorizationCode(tenant, client, form);
    case 'refresh_token':
      return grantRefreshToken(tenant, client, form);
    case 'client_credentials':
      return grantClientCredentials(tenant, client, form);
    case 'urn:ietf:params:oauth:grant-type:jwt-bearer':
      return grantOnBehalfOf(tenant, client, form);
  }
};
