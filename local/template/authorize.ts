import { createRemoteJWKSet, errors, type JWTPayload, jwtVerify } from 'jose';
import type { JwtAuthorizerModel } from './model.ts';

export type Authorization =
  | {
      readonly kind: 'allowed';
      readonly claims: Readonly<Record<string, string>>;
      readonly scopes: readonly string[] | null;
    }
  /** 401: no token, or one that is not good. `challenge` goes into www-authenticate. */
  | { readonly kind: 'unauthorized'; readonly challenge: string }
  /** 403: a good token without any of the route's scopes. */
  | { readonly kind: 'forbidden'; readonly challenge: string };

export type Authorizer = (header: string | undefined, scopes: readonly string[]) => Promise<Authorization>;

/**
 * Checks a token as the JWT authorizer of an HTTP API does: RS256 key from the issuer's discovery document,
 * issuer, audience (`aud`, or `client_id` when there is none), expiry, not-before, issued-at, and at least
 * one of the route's scopes.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-jwt-authorizer.html
 */
export const createAuthorizer = (model: JwtAuthorizerModel, now: () => number): Authorizer => {
  let keys: Promise<ReturnType<typeof createRemoteJWKSet>> | undefined;
  const keySet = async () => {
    keys ??= discoverKeys(model.issuer);
    try {
      return await keys;
    } catch (error) {
      // The issuer may answer the next time.
      keys = undefined;
      throw error;
    }
  };

  return async (header, scopes) => {
    const token = header?.replace(/^bearer\s+/i, '').trim() ?? '';
    if (token === '') return { kind: 'unauthorized', challenge: 'Bearer' };
    try {
      const { payload } = await jwtVerify(token, await keySet(), {
        issuer: model.issuer,
        algorithms: ['RS256', 'RS384', 'RS512'],
        currentDate: new Date(now()),
        requiredClaims: ['exp'],
      });
      checkAudience(payload, model.audience);
      if (payload.iat !== undefined && payload.iat * 1000 > now())
        return refused('the token is not valid yet');
      const granted = scopesOf(payload);
      if (scopes.length > 0 && !scopes.some((scope) => granted.includes(scope))) {
        const challenge = `Bearer scope="${scopes.join(' ')}" error="insufficient_scope" error_description="the token lacks the scope of this route"`;
        return { kind: 'forbidden', challenge };
      }
      return { kind: 'allowed', claims: claimTexts(payload), scopes: scopes.length > 0 ? granted : null };
    } catch (error) {
      return refused(reasonOf(error));
    }
  };
};

const refused = (reason: string): Authorization => ({
  kind: 'unauthorized',
  challenge: `Bearer scope="" error="invalid_token" error_description="${reason.replaceAll('"', "'")}"`,
});

class WrongAudience extends Error {}

const checkAudience = (payload: JWTPayload, audience: readonly string[]): void => {
  const stated = payload.aud ?? payload.client_id;
  const found = Array.isArray(stated) ? stated : [stated];
  if (!found.some((one) => typeof one === 'string' && audience.includes(one))) throw new WrongAudience();
};

const reasonOf = (error: unknown): string => {
  if (error instanceof WrongAudience) return 'the token does not have a valid audience';
  if (error instanceof errors.JWTExpired) return 'the token has expired';
  if (error instanceof errors.JWTClaimValidationFailed) return `the token has an invalid ${error.claim}`;
  if (error instanceof errors.JWKSNoMatchingKey)
    return 'unable to find a signing key that matches the key id';
  if (error instanceof errors.JOSEError) return 'the token is not valid';
  return 'OIDC discovery endpoint communication error';
};

const discoverKeys = async (issuer: string): Promise<ReturnType<typeof createRemoteJWKSet>> => {
  const response = await fetch(`${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`, {
    signal: AbortSignal.timeout(5000),
  });
  const document: unknown = response.ok ? await response.json() : undefined;
  const uri =
    typeof document === 'object' && document !== null && 'jwks_uri' in document
      ? document.jwks_uri
      : undefined;
  if (typeof uri !== 'string') throw new Error(`${issuer} has no discovery document that names its keys`);
  return createRemoteJWKSet(new URL(uri));
};

/** `scp` (Entra) or `scope`, as a list. */
const scopesOf = (payload: JWTPayload): readonly string[] => {
  const stated = payload.scp ?? payload.scope;
  if (Array.isArray(stated)) return stated.map(String);
  return typeof stated === 'string' ? stated.split(' ').filter((scope) => scope !== '') : [];
};

/** The gateway hands every claim over as text; a list as `[a b]`. */
const claimTexts = (payload: JWTPayload): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(payload).map(([name, value]) => [
      name,
      Array.isArray(value) ? `[${value.join(' ')}]` : textOf(value),
    ]),
  );

const textOf = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));
