import type { Clock } from '../clock.ts';
import type { TokenBasis } from './claims.ts';
import type { Application, Directory, ExposedApi } from './directory.ts';
import { EntraError } from './entra-error.ts';
import type { Claims, SigningKeys } from './signing-keys.ts';

/** An authorization code waiting to be redeemed. */
export interface AuthorizationCode {
  readonly clientId: string;
  readonly userName: string;
  readonly redirectUri: string;
  readonly scope: string;
  readonly codeChallenge?: string;
  readonly nonce?: string;
  /** Milliseconds since the epoch. */
  readonly expiresAt: number;
  readonly redeemed: boolean;
}

export interface RefreshToken {
  readonly clientId: string;
  readonly userName: string;
  readonly scope: string;
  /** Milliseconds since the epoch. */
  readonly expiresAt: number;
}

/** Everything the endpoints of one running issuer share. */
export interface Tenant {
  readonly tenantId: string;
  readonly issuer: string;
  readonly clock: Clock;
  readonly directory: Directory;
  readonly keys: SigningKeys;
  readonly codes: Map<string, AuthorizationCode>;
  readonly refreshTokens: Map<string, RefreshToken>;
  readonly randomBytes: (size: number) => Buffer;
  /** Application ids of APIs whose registration asks for tokens of version 1, which is what a new one does. */
  readonly versionOne: Set<string>;
}

/** Signs an access token for an API, in the version that its registration asks for. */
export const signAccessToken = (
  { tenantId, versionOne, keys }: Tenant,
  api: Application & { readonly exposes: ExposedApi },
  claims: Claims,
): Promise<string> => {
  if (!versionOne.has(api.appId)) return keys.sign(claims);
  // https://learn.microsoft.com/entra/identity-platform/access-tokens#token-formats
  const { azp, ...others } = claims;
  return keys.sign({
    ...others,
    ...(azp !== undefined && { appid: azp }),
    aud: api.exposes.identifierUris[0] ?? api.appId,
    iss: `https://sts.windows.net/${tenantId}/`,
    ver: '1.0',
  });
};

/** @throws EntraError when the request names no client, or one that is not registered */
export const clientNamed = (tenant: Tenant, clientId: string | null): Application => {
  if (clientId === null) throw new EntraError(900144, { about: "'client_id'." });
  const client = tenant.directory.application(clientId);
  if (client === undefined)
    throw new EntraError(700016, { about: `Application with identifier ${clientId}.` });
  return client;
};

/** Values of `uti`, codes and refresh tokens. */
export const randomId = (tenant: Tenant, bytes = 16): string =>
  tenant.randomBytes(bytes).toString('base64url');

export const tokenBasis = (tenant: Tenant): TokenBasis => ({
  issuer: tenant.issuer,
  tenantId: tenant.tenantId,
  now: tenant.clock.now(),
  uniqueId: randomId(tenant),
});

/** Scopes that name no API (OpenID Connect Core 1.0, section 5.4 and 11). */
export const openidScopes: ReadonlySet<string> = new Set(['openid', 'profile', 'email', 'offline_access']);

/** Splits `https://api.example/.default` into the API and the permission's name. */
export const requestedApi = (
  tenant: Tenant,
  scope: string,
): { readonly api: Application & { readonly exposes: ExposedApi }; readonly permission: string } => {
  const slash = scope.lastIndexOf('/');
  if (slash <= 0) throw new EntraError(70011, { about: `The scope ${scope} names no API.` });
  const identifier = scope.slice(0, slash).replace(/\/$/, '');
  const api = tenant.directory.api(identifier);
  if (api === undefined)
    throw new EntraError(500011, { about: `The resource principal named ${identifier}.` });
  return { api, permission: scope.slice(slash + 1) };
};

/**
 * The API and delegated permissions that a user's token gets for a list of scopes: those consented to, or an
 * error.
 */
export const delegatedPermissions = (
  tenant: Tenant,
  client: Application,
  scope: string,
): { readonly api: Application & { readonly exposes: ExposedApi }; readonly scopes: readonly string[] } => {
  const requested = scope
    .split(' ')
    .filter((one) => one !== '' && !openidScopes.has(one))
    .map((one) => requestedApi(tenant, one));
  const first = requested[0];
  if (first === undefined) throw new EntraError(70011, { about: 'No API is named.' });
  const { api } = first;
  if (requested.some((one) => one.api.appId !== api.appId)) throw new EntraError(28000);
  const consented = tenant.directory.consentOf(client, api)?.scopes ?? [];
  const named = requested.map((one) => one.permission).filter((name) => name !== '.default');
  for (const name of named) {
    if (!api.exposes.scopes.includes(name))
      throw new EntraError(70011, { about: `${api.name} has no scope ${name}.` });
  }
  const scopes = requested.some((one) => one.permission === '.default') ? consented : named;
  if (scopes.length === 0 || scopes.some((name) => !consented.includes(name)))
    throw new EntraError(65001, { about: `Application ${client.appId}, named ${client.name}.` });
  return { api, scopes };
};
