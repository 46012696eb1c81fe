import { createRemoteJWKSet, type JWTPayload, jwtVerify } from 'jose';
import type { Clock } from '../../clock.ts';
import { ServiceError } from './errors.ts';

/** Audience of the service's tokens (3.2). */
export const customerInsightsAudience = 'https://api.ci.ai.microsoft.com';

/** Checks signature, issuer, audience and expiry; throws when any is wrong. */
export type VerifyToken = (token: string) => Promise<JWTPayload>;
export type Authority = { readonly issuer: string; readonly jwksUri: string } | VerifyToken;

export interface Principal {
  /** Every id by which a role may have been given to this caller, the object id first. */
  readonly ids: readonly string[];
  readonly type: 'user' | 'app';
}

export function tokenVerifier(authority: Authority, audience: string, clock: Clock): VerifyToken {
  if (typeof authority === 'function') return authority;
  const keys = createRemoteJWKSet(new URL(authority.jwksUri), { cooldownDuration: 0 });
  return async (token) => {
    const currentDate = new Date(clock.now());
    const { payload } = await jwtVerify(token, keys, { issuer: authority.issuer, audience, currentDate });
    return payload;
  };
}

/** @throws ServiceError 401 with a challenge that says what was wrong with the token. */
export async function authenticate(header: string | undefined, verify: VerifyToken): Promise<Principal> {
  const token = /^Bearer ([^\s]+)$/i.exec(header ?? '')?.[1];
  if (token === undefined) throw unauthorized('the request carries no bearer token');
  let claims: JWTPayload;
  try {
    claims = await verify(token);
  } catch (cause) {
    throw unauthorized(cause instanceof Error ? cause.message : 'the token is not valid');
  }
  return principalOf(claims);
}

function principalOf(claims: JWTPayload): Principal {
  const text = (name: string): string | undefined =>
    typeof claims[name] === 'string' ? (claims[name] as string) : undefined;
  const scopes = text('scp')?.split(' ') ?? [];
  const roles = Array.isArray(claims.roles) ? claims.roles : [];
  const present = (ids: readonly (string | undefined)[]): readonly string[] =>
    ids.filter((id) => id !== undefined);
  if (scopes.includes('user_impersonation')) {
    return { type: 'user', ids: present([text('oid'), claims.sub]) };
  }
  if (roles.includes('api.access')) {
    return { type: 'app', ids: present([text('oid'), text('azp'), text('appid'), claims.sub]) };
  }
  throw unauthorized('the token has neither the scope user_impersonation nor the role api.access');
}

function unauthorized(reason: string): ServiceError {
  const description = reason.replace(/["\r\n]/g, "'");
  return new ServiceError(401, 'authInvalidToken', reason, {
    headers: { 'WWW-Authenticate': `Bearer error="invalid_token", error_description="${description}"` },
  });
}
