/** Tokens of another issuer as client assertions, which a federated identity credential of a registration trusts. */
import { createRemoteJWKSet, decodeJwt, errors, jwtVerify } from 'jose';
import { EntraError } from './entra-error.ts';
import type { Tenant } from './tenant.ts';

export const clientAssertionType = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';

const claimsOf = (token: string) => {
  try {
    return decodeJwt(token);
  } catch {
    throw new EntraError(50027, { about: 'The client assertion is not a token.' });
  }
};

/** The keys that an issuer publishes. */
const keysOf = async (issuer: string) => {
  const response = await fetch(`${issuer}/.well-known/openid-configuration`);
  const { jwks_uri: address } = (await response.json()) as { jwks_uri: string };
  return createRemoteJWKSet(new URL(address));
};

/** @throws EntraError unless the token is of a credential of the application, is signed by its issuer and has not expired */
export const checkClientAssertion = async (
  { directory, clock }: Tenant,
  appId: string,
  token: string,
): Promise<void> => {
  const { iss = '', sub = '', aud } = claimsOf(token);
  const ofIssuer = directory.federatedCredentialsOf(appId).filter(({ issuer }) => issuer === iss);
  if (ofIssuer.length === 0) throw new EntraError(700211, { about: `Issuer ${iss}.` });
  const ofSubject = ofIssuer.filter(({ subject }) => subject === sub);
  if (ofSubject.length === 0) throw new EntraError(700213, { about: `Subject ${sub}.` });
  if (!ofSubject.some(({ audience }) => audience === aud))
    throw new EntraError(700212, { about: `Audience ${String(aud)}.` });
  try {
    await jwtVerify(token, await keysOf(iss), {
      issuer: iss,
      algorithms: ['RS256'],
      requiredClaims: ['exp'],
      currentDate: new Date(clock.now()),
    });
  } catch (error) {
    if (error instanceof errors.JWTExpired) throw new EntraError(700024);
    throw new EntraError(700027, { about: error instanceof Error ? error.message : String(error) });
  }
};
