import { type Application, stableGuid, stableId, type User } from './directory.ts';
import type { Claims } from './signing-keys.ts';

/** How long access tokens live, in s. Microsoft Entra ID gives 60 to 90 minutes. */
export const accessTokenLifetimeS = 3_600;

/** What the claims of every token are made from. */
export interface TokenBasis {
  readonly issuer: string;
  readonly tenantId: string;
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** The value of `uti`. */
  readonly uniqueId: string;
}

/** Claims of a version 2 access token for a user; lists of scopes are joined by spaces. */
export const userClaims = (
  basis: TokenBasis,
  token: {
    readonly user: User;
    readonly client: Pick<Application, 'appId' | 'secrets'>;
    readonly audience: string;
    readonly scopes: readonly string[];
  },
): Claims => {
  return {
    aud: token.audience,
    ...issuedNow(basis),
    azp: token.client.appId,
    azpacr: token.client.secrets.length > 0 ? '1' : '0',
    name: token.user.name,
    oid: token.user.objectId,
    preferred_username: token.user.userName,
    ...(token.user.roles && { roles: [...token.user.roles] }),
    scp: token.scopes.join(' '),
    // Subjects are pairwise: another audience sees another one.
    sub: stableId(token.user.objectId, token.audience),
    tid: basis.tenantId,
    uti: basis.uniqueId,
    ver: '2.0',
  };
};

/** Claims of an application's own token: roles in place of scp, and no user. */
export const applicationClaims = (
  basis: TokenBasis,
  token: {
    readonly client: Pick<Application, 'appId'>;
    readonly audience: string;
    readonly roles: readonly string[];
  },
): Claims => {
  const servicePrincipal = stableGuid('service principal', basis.tenantId, token.client.appId);
  return {
    aud: token.audience,
    ...issuedNow(basis),
    azp: token.client.appId,
    azpacr: '1',
    oid: servicePrincipal,
    ...(token.roles.length > 0 && { roles: [...token.roles] }),
    sub: servicePrincipal,
    tid: basis.tenantId,
    uti: basis.uniqueId,
    ver: '2.0',
  };
};

/** Claims of the ID token that goes to the client itself. */
export const idTokenClaims = (
  basis: TokenBasis,
  token: { readonly user: User; readonly client: Pick<Application, 'appId'>; readonly nonce?: string },
): Claims => ({
  aud: token.client.appId,
  ...issuedNow(basis),
  name: token.user.name,
  ...(token.nonce !== undefined && { nonce: token.nonce }),
  oid: token.user.objectId,
  preferred_username: token.user.userName,
  sub: stableId(token.user.objectId, token.client.appId),
  tid: basis.tenantId,
  uti: basis.uniqueId,
  ver: '2.0',
});

const issuedNow = (basis: TokenBasis): { iss: string; iat: number; nbf: number; exp: number } => {
  const at = Math.floor(basis.now / 1000);
  return { iss: basis.issuer, iat: at, nbf: at, exp: at + accessTokenLifetimeS };
};
