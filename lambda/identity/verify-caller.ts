import { type JWTPayload, type JWTVerifyGetKey, jwtVerify } from 'jose';
import * as errors from 'jose/errors';
import type { CoveredUp } from '../runtime/covered-up.ts';
import type { ErrorCodeWith } from '../runtime/error-codes.ts';
import { ConnectorError } from '../runtime/errors.ts';
import type { Fetch } from '../runtime/http-client.ts';
import { secondMs } from '../runtime/time.ts';
import { type Authority, authorityOf } from './authority.ts';
import type { Caller } from './caller.ts';
import { createSigningKeys } from './signing-keys.ts';
import { createVerifiedTokens } from './verified-tokens.ts';

/**
 * How far, in seconds, `exp` and `nbf` may be off. The issuer's and the functions' clocks are kept in step
 * within milliseconds; this covers rounding to whole seconds and the time a request is under way. More would
 * only move the refusal to the on-behalf-of exchange, which gives less.
 */
export const clockToleranceSeconds = 5;

/**
 * Longest Authorization header looked at, in characters; HTTP APIs pass on at most 10,240 bytes of headers.
 */
const maximumHeaderLength = 16_384;

/** Why a caller's token was refused: every code with the status 401, and no other code has it. */
export type CallerRefusedCode = ErrorCodeWith<{ readonly status: 401 }>;

/**
 * Resolves to the caller, or rejects with a {@link CallerRefusedCode} or with IdentityProviderUnavailable (no
 * keys to check).
 */
export type VerifyCaller = (authorizationHeader: string | undefined) => Promise<Caller>;

export interface CallerVerifierOptions {
  /**
   * The issuer's address, or an authority shared with the token source so that discovery is read once for
   * both.
   */
  readonly authority: string | Authority;
  /** The `aud` that tokens for our API may have: its names, the usual one first. */
  readonly audiences: readonly [string, ...string[]];
  readonly tenantId: string;
  /** Application ids that may call, normally just the connector's. */
  readonly allowedClientApps: readonly string[];
  /** The delegated scope, such as `access_as_user`. */
  readonly requiredScope: string;
  /** Keys to check with instead of the authority's own. */
  readonly jwks?: JWTVerifyGetKey;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly fetch?: Fetch;
  readonly coveredUp?: CoveredUp;
}

/**
 * Makes the check that every authenticated request passes: signature (RS256 only, keys of the configured
 * issuer only), issuer, audience, time, tenant, version, a user and not an application alone, scope, client
 * application. A token that has passed is known again for a few minutes; only its time is checked then.
 * Claims: https://learn.microsoft.com/entra/identity-platform/access-token-claims-reference
 */
export const createCallerVerifier = (options: CallerVerifierOptions): VerifyCaller => {
  const { audiences, requiredScope, now } = options;
  const authority = authorityOf(options);
  const keys =
    options.jwks ??
    createSigningKeys({ authority, now, ...(options.coveredUp && { coveredUp: options.coveredUp }) });
  const allowedClientApps = new Set(options.allowedClientApps.map((id) => id.toLowerCase()));
  const expected = `Expected an access token of version 2 from ${authority.issuer} for audience ${audiences[0]} with scope ${requiredScope}.`;
  const refuse = (code: CallerRefusedCode, cause?: unknown) =>
    new ConnectorError(code, `${refusals[code]} ${expected}`, cause === undefined ? undefined : { cause });

  // A token without a key id would be tried against whichever key fits; Entra ID always names its key.
  const namedKey: JWTVerifyGetKey = (header, token) => {
    if (typeof header.kid !== 'string') throw new errors.JWSInvalid('The token names no key');
    return keys(header, token);
  };

  const verified = createVerifiedTokens({ now, toleranceMs: clockToleranceSeconds * secondMs });

  const verifiedClaims = async (token: string): Promise<JWTPayload> => {
    try {
      const { payload } = await jwtVerify(token, namedKey, {
        algorithms: ['RS256'],
        issuer: authority.issuer,
        audience: [...audiences],
        requiredClaims: ['exp', 'nbf'],
        clockTolerance: clockToleranceSeconds,
        currentDate: new Date(now()),
      });
      return payload;
    } catch (error) {
      if (error instanceof errors.JOSEError) throw refuse(refusalCode(error), error.code);
      throw error;
    }
  };

  return async (authorizationHeader) => {
    const presented = bearerToken(authorizationHeader);
    if ('refused' in presented) throw refuse(presented.refused);
    const known = verified.find(presented.token);
    if (known !== undefined) return known;
    const claims = await verifiedClaims(presented.token);

    const { tid, oid, azp, scp, exp } = claims;
    if (typeof tid !== 'string' || tid.toLowerCase() !== options.tenantId.toLowerCase())
      throw refuse('TokenTenant');
    if (claims.ver !== '2.0') throw refuse('TokenVersion');
    // idtyp is an optional claim; an application's own token never has scp.
    if (claims.idtyp === 'app' || typeof scp !== 'string') throw refuse('TokenAppOnly');
    if (!scp.split(' ').includes(requiredScope)) throw refuse('TokenScope');
    if (typeof azp !== 'string' || !allowedClientApps.has(azp.toLowerCase())) throw refuse('TokenClientApp');
    if (typeof oid !== 'string' || oid === '' || exp === undefined) throw refuse('TokenMalformed');

    return verified.keep({
      tenantId: tid,
      objectId: oid,
      clientAppId: azp,
      ...(typeof claims.preferred_username === 'string' && { userName: claims.preferred_username }),
      ...(Array.isArray(claims.roles) && { roles: claims.roles.filter((role) => typeof role === 'string') }),
      token: presented.token,
      expiresAt: exp * secondMs,
    });
  };
};

/** RFC 6750, section 2.1; the scheme is case-insensitive (RFC 9110, section 11.1). */
const bearerToken = (
  header: string | undefined,
): { readonly token: string } | { readonly refused: CallerRefusedCode } => {
  if (header === undefined || header.trim() === '') return { refused: 'TokenMissing' };
  if (header.length > maximumHeaderLength) return { refused: 'TokenMalformed' };
  const [scheme, token, ...rest] = header.trim().split(/[ \t]+/);
  if (scheme?.toLowerCase() !== 'bearer') return { refused: 'TokenScheme' };
  if (token === undefined) return { refused: 'TokenMissing' };
  if (rest.length > 0) return { refused: 'TokenMalformed' };
  return { token };
};

const refusalCode = (error: errors.JOSEError): CallerRefusedCode => {
  if (error instanceof errors.JWTExpired) return 'TokenExpired';
  if (error instanceof errors.JOSEAlgNotAllowed) return 'TokenAlgorithm';
  if (error instanceof errors.JWSSignatureVerificationFailed || error instanceof errors.JWKSNoMatchingKey)
    return 'TokenSignature';
  if (error instanceof errors.JWTClaimValidationFailed) {
    if (error.claim === 'iss') return 'TokenIssuer';
    if (error.claim === 'aud') return 'TokenAudience';
    if (error.claim === 'nbf' && error.reason === 'check_failed') return 'TokenNotYetValid';
  }
  return 'TokenMalformed';
};

/** What is wrong and what to do about it; nothing of the presented token is repeated. */
const refusals: Readonly<Record<CallerRefusedCode, string>> = {
  TokenMissing: 'The request has no access token. Send "Authorization: Bearer <access token>".',
  TokenScheme:
    'The Authorization header does not use the Bearer scheme. Send "Authorization: Bearer <access token>".',
  TokenMalformed: 'The access token is not a well-formed token of Microsoft Entra ID. Sign in again.',
  TokenAlgorithm: 'The access token is not signed with RS256.',
  TokenSignature: 'The access token is not signed with a current key of the issuer. Sign in again.',
  TokenIssuer:
    'The access token comes from another issuer. If it is a version 1 token, set requestedAccessTokenVersion to 2 in the manifest of the API app registration.',
  TokenAudience:
    'The access token is meant for another API. Use a connection of this connector; its resource must be this API.',
  TokenTenant:
    'The access token belongs to another tenant. Sign in with an account of the tenant this API serves.',
  TokenVersion:
    'The access token is not of version 2. Set requestedAccessTokenVersion to 2 in the manifest of the API app registration.',
  TokenExpired: 'The access token has expired. Refresh it or sign in again.',
  TokenNotYetValid: 'The access token is not valid yet. Check the clock of the caller.',
  TokenAppOnly: 'The access token belongs to an application without a user. Sign in as a user.',
  TokenScope: 'The access token lacks the scope this API requires. Sign in again and consent to it.',
  TokenClientApp:
    "The access token was issued to an application that may not call this API. Use the connector, or add the application to the deployment's allowed client applications.",
  TokenNotExchangeable:
    'Microsoft Entra ID does not accept the access token for acting on behalf of the user. Sign in again.',
};
