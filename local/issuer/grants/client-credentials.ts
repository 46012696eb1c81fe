import { accessTokenLifetimeS, applicationClaims } from '../claims.ts';
import type { Application } from '../directory.ts';
import { EntraError } from '../entra-error.ts';
import { requestedApi, signAccessToken, type Tenant, tokenBasis } from '../tenant.ts';
import type { TokenResponse } from './user-tokens.ts';

/** Issues an application's own token. Without consent it has no roles, which the API called then refuses. */
export const grantClientCredentials = async (
  tenant: Tenant,
  client: Application,
  form: URLSearchParams,
): Promise<TokenResponse> => {
  const scope = form.get('scope');
  if (scope === null) throw new EntraError(900144, { about: "'scope'." });
  if (scope.includes(' ') || !scope.endsWith('/.default')) throw new EntraError(1002012);
  const { api } = requestedApi(tenant, scope);
  const roles = tenant.directory.consentOf(client, api)?.roles ?? [];
  const claims = applicationClaims(tokenBasis(tenant), { client, audience: api.exposes.audience, roles });
  return {
    token_type: 'Bearer',
    expires_in: accessTokenLifetimeS,
    ext_expires_in: accessTokenLifetimeS,
    access_token: await signAccessToken(tenant, api, claims),
  };
};
