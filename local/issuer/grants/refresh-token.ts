import type { Application } from '../directory.ts';
import { EntraError } from '../entra-error.ts';
import type { Tenant } from '../tenant.ts';
import { issueUserTokens, type TokenResponse } from './user-tokens.ts';

/** Issues new tokens, a new refresh token among them; as at Microsoft Entra ID the old one stays usable. */
export const grantRefreshToken = async (
  tenant: Tenant,
  client: Application,
  form: URLSearchParams,
): Promise<TokenResponse> => {
  const value = form.get('refresh_token');
  if (value === null) throw new EntraError(900144, { about: "'refresh_token'." });
  const held = tenant.refreshTokens.get(value);
  if (held === undefined || held.clientId !== client.appId) throw new EntraError(70000);
  if (tenant.clock.now() >= held.expiresAt) throw new EntraError(70008);
  const user = tenant.directory.user(held.userName);
  if (user === undefined) throw new EntraError(50034);
  const asked = form.get('scope') ?? held.scope;
  const scope = asked.split(' ').includes('offline_access') ? asked : `${asked} offline_access`;
  return issueUserTokens(tenant, { client, user, scope });
};
