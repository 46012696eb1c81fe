import { errors, type JWTPayload, jwtVerify } from 'jose';
import type { Application } from '../directory.ts';
import { EntraError } from '../entra-error.ts';
import type { Tenant } from '../tenant.ts';
import { issueUserTokens, type TokenResponse } from './user-tokens.ts';

/**
 * Exchanges a user's token for one that lets `client` call a further API as that user. The assertion must be
 * a token of this issuer for `client` itself, of a user, and within its time. Source:
 * https://learn.microsoft.com/entra/identity-platform/v2-oauth2-on-behalf-of-flow
 */
export const grantOnBehalfOf = async (
  tenant: Tenant,
  client: Application,
  form: URLSearchParams,
): Promise<TokenResponse> => {
  const assertion = form.get('assertion');
  const scope = form.get('scope');
  if (assertion === null) throw new EntraError(900144, { about: "'assertion'." });
  if (scope === null) throw new EntraError(900144, { about: "'scope'." });
  if (form.get('requested_token_use') !== 'on_behalf_of')
    throw new EntraError(900144, { about: "'requested_token_use' must be on_behalf_of." });
  const claims = await checkAssertion(tenant, client, assertion);
  if (typeof claims.scp !== 'string') throw new EntraError(7000114);
  const user = tenant.directory.users.find((one) => one.objectId === claims.oid);
  if (user === undefined) throw new EntraError(50034);
  return issueUserTokens(tenant, { client, user, scope });
};

const checkAssertion = async (
  tenant: Tenant,
  client: Application,
  assertion: string,
): Promise<JWTPayload> => {
  try {
    const { payload } = await jwtVerify(assertion, tenant.keys.find, {
      algorithms: ['RS256'],
      issuer: tenant.issuer,
      audience: client.exposes?.audience ?? client.appId,
      requiredClaims: ['exp', 'nbf'],
      currentDate: new Date(tenant.clock.now()),
    });
    return payload;
  } catch (error) {
    if (error instanceof errors.JWTExpired) throw new EntraError(500133);
    if (error instanceof errors.JWTClaimValidationFailed) {
      if (error.claim === 'aud') throw new EntraError(500131);
      if (error.claim === 'nbf') throw new EntraError(500133);
    }
    throw new EntraError(50013);
  }
};
