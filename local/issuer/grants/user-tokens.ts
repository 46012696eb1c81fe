import { dayMs } from '../../../lambda/runtime/time.ts';
import { accessTokenLifetimeS, idTokenClaims, userClaims } from '../claims.ts';
import type { Application, User } from '../directory.ts';
import { delegatedPermissions, randomId, signAccessToken, type Tenant, tokenBasis } from '../tenant.ts';

/** The body of a successful token response. */
export type TokenResponse = Readonly<Record<string, string | number>>;

/** How long refresh tokens live, in ms: 90 days. */
const refreshTokenLifetimeMs = 90 * dayMs;

/** Issues a user's access token, and the refresh and ID tokens that `scope` asks for. */
export const issueUserTokens = async (
  tenant: Tenant,
  request: {
    readonly client: Application;
    readonly user: User;
    readonly scope: string;
    readonly nonce?: string;
  },
): Promise<TokenResponse> => {
  const { client, user, scope, nonce } = request;
  const { api, scopes } = delegatedPermissions(tenant, client, scope);
  const asked = scope.split(' ');
  const refreshToken = asked.includes('offline_access') ? randomId(tenant, 48) : undefined;
  if (refreshToken !== undefined)
    tenant.refreshTokens.set(refreshToken, {
      clientId: client.appId,
      userName: user.userName,
      scope,
      expiresAt: tenant.clock.now() + refreshTokenLifetimeMs,
    });
  const identifier = api.exposes.identifierUris[0] ?? api.appId;
  const audience = api.exposes.audience;
  return {
    token_type: 'Bearer',
    scope: scopes.map((name) => `${identifier}/${name}`).join(' '),
    expires_in: accessTokenLifetimeS,
    ext_expires_in: accessTokenLifetimeS,
    access_token: await signAccessToken(
      tenant,
      api,
      userClaims(tokenBasis(tenant), { user, client, audience, scopes }),
    ),
    ...(refreshToken !== undefined && { refresh_token: refreshToken }),
    ...(asked.includes('openid') && {
      id_token: await tenant.keys.sign(
        idTokenClaims(tokenBasis(tenant), { user, client, ...(nonce !== undefined && { nonce }) }),
      ),
    }),
  };
};
