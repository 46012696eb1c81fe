import { randomBytes as cryptoRandomBytes } from 'node:crypto';
import type { Clock } from '../clock.ts';
import { closeServer, listenOnLoopback } from '../loopback-server.ts';
import { applicationClaims, userClaims } from './claims.ts';
import {
  type Application,
  apiScope,
  type ClientSecret,
  type Consent,
  defaultUsers,
  openDirectory,
  type Registrations,
  type User,
} from './directory.ts';
import { createFaults, type Faults } from './issuer-faults.ts';
import { createIssuerServer, endpointPaths, type IssuerStats } from './issuer-server.ts';
import {
  type Claims,
  createSigningKeys,
  type GenerateKeyPair,
  generateRsaKeyPair,
  type HeaderOverrides,
} from './signing-keys.ts';
import { type Tenant, tokenBasis } from './tenant.ts';

export interface IssuerOptions {
  readonly clock: Clock;
  readonly tenantId: string;
  readonly applications: Registrations;
  readonly users?: readonly User[];
  /** 0, the default, takes a free one. */
  readonly port?: number;
  readonly randomBytes?: (size: number) => Buffer;
  /** Where keys come from; generated anew unless given. */
  readonly generateKeyPair?: GenerateKeyPair;
}

export interface TokenOverrides {
  /** Seconds from now until `exp`. */
  readonly expiresInS?: number;
  /** `nbf`, in seconds since the epoch. */
  readonly notBefore?: number;
  /** Claims to replace or add; one set to undefined is left out. */
  readonly claims?: Claims;
}

export interface UserTokenOptions extends TokenOverrides {
  /** A user or the name of one; the first known user unless given. */
  readonly user?: User | string;
  /** Our API's unless given. */
  readonly audience?: string;
  readonly scopes?: readonly string[];
  /** The connector's unless given. */
  readonly clientApp?: Application;
}

export interface AppTokenOptions extends TokenOverrides {
  /** The watcher's unless given. */
  readonly clientApp?: Application;
  /** Our API's unless given. */
  readonly audience?: string;
  readonly roles?: readonly string[];
}

/** A running issuer that signs real tokens and answers on 127.0.0.1 only. */
export interface Issuer {
  readonly url: string;
  /** The authority: the `iss` of its tokens and the base of its discovery document. */
  readonly issuer: string;
  readonly jwksUri: string;
  readonly tokenEndpoint: string;
  readonly authorizationEndpoint: string;
  readonly users: readonly User[];
  readonly applications: Registrations;
  readonly faults: Faults;
  stats(): IssuerStats;
  /** A token as sign-in gives it, without going through sign-in. */
  userToken(options?: UserTokenOptions): Promise<string>;
  /** An application's own token: roles, no scope, no user. */
  appToken(options?: AppTokenOptions): Promise<string>;
  /** Signs exactly these claims with the real key. */
  sign(claims: Claims, header?: HeaderOverrides): Promise<string>;
  /** Signs exactly these claims with a key nobody knows, under the real key's id. */
  forge(claims: Claims, header?: HeaderOverrides): Promise<string>;
  /** Signs with a new key from now on; the old ones stay published unless withdrawn. */
  rotateKeys(options?: { readonly withdrawOld: boolean }): Promise<void>;
  replaceSecrets(appId: string, secrets: readonly ClientSecret[]): void;
  replaceConsents(appId: string, consents: readonly Consent[]): void;
  close(): Promise<void>;
}

/** Starts a local issuer for one tenant, in the shapes of Microsoft Entra ID's version 2 endpoints. */
export const startIssuer = async (options: IssuerOptions): Promise<Issuer> => {
  const { clock, tenantId, applications, users = defaultUsers, port = 0 } = options;
  const keys = await createSigningKeys(options.generateKeyPair ?? generateRsaKeyPair);
  const faults = createFaults();
  const directory = openDirectory(applications, users);
  let url = '';
  const tenant: Tenant = {
    tenantId,
    get issuer() {
      return `${url}/${tenantId}/v2.0`;
    },
    clock,
    directory,
    keys,
    codes: new Map(),
    refreshTokens: new Map(),
    randomBytes: options.randomBytes ?? cryptoRandomBytes,
  };
  const { server, stats } = createIssuerServer({ tenant, url: () => url, faults });
  url = await listenOnLoopback(server, port);
  const paths = endpointPaths(tenantId);

  const userNamed = (user: User | string | undefined): User => {
    const found = typeof user === 'string' ? directory.user(user) : (user ?? users[0]);
    if (found === undefined)
      throw new Error(`No such user; known are: ${users.map((known) => known.userName).join(', ')}`);
    return found;
  };
  const overridden = (
    claims: Claims,
    { expiresInS, notBefore, claims: replaced }: TokenOverrides,
  ): Claims => ({
    ...claims,
    ...(expiresInS !== undefined && { exp: Math.floor(clock.now() / 1000) + expiresInS }),
    ...(notBefore !== undefined && { nbf: notBefore }),
    ...replaced,
  });
  const apiAudience = applications.api.exposes?.audience ?? applications.api.appId;

  return {
    url,
    issuer: tenant.issuer,
    jwksUri: url + paths.keys,
    tokenEndpoint: url + paths.token,
    authorizationEndpoint: url + paths.authorize,
    users,
    applications,
    faults,
    stats,
    async userToken({ user, audience, scopes, clientApp, ...overrides } = {}) {
      const claims = userClaims(tokenBasis(tenant), {
        user: userNamed(user),
        client: clientApp ?? applications.connector,
        audience: audience ?? apiAudience,
        scopes: scopes ?? [apiScope],
      });
      return keys.sign(overridden(claims, overrides));
    },
    async appToken({ clientApp, audience, roles, ...overrides } = {}) {
      const claims = applicationClaims(tokenBasis(tenant), {
        client: clientApp ?? applications.watcher,
        audience: audience ?? apiAudience,
        roles: roles ?? [],
      });
      return keys.sign(overridden(claims, overrides));
    },
    sign: keys.sign,
    forge: keys.signWithForeignKey,
    rotateKeys: (rotation = { withdrawOld: false }) => keys.rotate(rotation),
    replaceSecrets: directory.replaceSecrets,
    replaceConsents: directory.replaceConsents,
    close: () => closeServer(server),
  };
};
