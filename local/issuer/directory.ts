import { createHash } from 'node:crypto';
import { consolePath, consoleScope, operatorRole } from '../../config/console.ts';
import {
  applicationPermission,
  customerInsightsApiName,
  customerInsightsAudience,
  delegatedPermission,
} from '../../lambda/identity/customer-insights-access.ts';

/** A person who can sign in. */
export interface User {
  readonly objectId: string;
  /** The name to sign in with; what `login_hint` names. */
  readonly userName: string;
  readonly name: string;
  /** App roles that are assigned to this person on our API's registration. */
  readonly roles?: readonly string[];
}

export interface ClientSecret {
  readonly value: string;
  /** Milliseconds since the epoch; without it the secret does not expire. */
  readonly expiresAt?: number;
}

/** A federated identity credential: whose tokens a registration trusts, all three exactly. */
export interface FederatedCredential {
  readonly issuer: string;
  /** Of the tokens: for AWS the ARN of a role. */
  readonly subject: string;
  readonly audience: string;
}

/** What an application offers to others as an API. */
export interface ExposedApi {
  /** The `aud` of the tokens issued for it. */
  readonly audience: string;
  readonly identifierUris: readonly string[];
  /** Delegated permissions. */
  readonly scopes: readonly string[];
  /** Application permissions. */
  readonly roles: readonly string[];
}

/** Permissions of another API that an administrator granted to an application. */
export interface Consent {
  /** The application id of the API. */
  readonly api: string;
  readonly scopes: readonly string[];
  readonly roles: readonly string[];
}

export interface Application {
  readonly appId: string;
  readonly name: string;
  /** Without a secret it is a public client, which must use PKCE. */
  readonly secrets: readonly ClientSecret[];
  readonly redirectUris: readonly string[];
  /** Pages may redeem codes from their origin: the platform "single-page application" of the redirect addresses. */
  readonly isPage?: boolean;
  readonly exposes?: ExposedApi;
  readonly consents: readonly Consent[];
}

/** The applications of one deployment, and the API of Customer Insights that they call. */
export interface Registrations {
  /** Signs users in for the connector. */
  readonly connector: Application;
  /** Our API: the audience of users' tokens, and the client of the on-behalf-of exchange. */
  readonly api: Application;
  /** Watches Customer Insights by itself; the API's own application unless the deployment separates them. */
  readonly watcher: Application;
  readonly customerInsights: Application;
  /** Signs people in to the console. */
  readonly console: Application;
}

/** The users that exist when a run names none. */
export const defaultUsers: readonly User[] = [
  {
    objectId: '5b1d0a52-6f6c-4a4e-9a39-0c7f3f1f0a01',
    userName: 'maya.maker@contoso.example',
    name: 'Maya Maker',
  },
  {
    objectId: '5b1d0a52-6f6c-4a4e-9a39-0c7f3f1f0a02',
    userName: 'omar.operator@contoso.example',
    name: 'Omar Operator',
    roles: [operatorRole],
  },
];

/** The scope our API exposes to the connector. */
export const apiScope = 'access_as_user';

export interface RegistrationOptions {
  readonly connectorAppId: string;
  readonly connectorSecret: string;
  /** On loopback the port of a redirect address is not compared. */
  readonly redirectUris: readonly string[];
  readonly apiAppId: string;
  /** Undefined: the registration trusts tokens of another issuer instead; see `replaceFederatedCredentials`. */
  readonly apiSecret: string | undefined;
  /** An invented one by default. */
  readonly consoleAppId?: string | undefined;
  /** Left out: the API's application watches. */
  readonly watcher?: { readonly appId: string; readonly secret: string };
}

/** Registrations as a deployment needs them, with every consent granted. */
export const createRegistrations = (options: RegistrationOptions): Registrations => {
  const customerInsights: Application = {
    appId: '00000000-0000-4000-8000-00000000c111',
    name: customerInsightsApiName,
    secrets: [],
    redirectUris: [],
    exposes: {
      audience: customerInsightsAudience,
      identifierUris: [customerInsightsAudience],
      scopes: [delegatedPermission],
      roles: [applicationPermission],
    },
    consents: [],
  };
  const asApplication: Consent = { api: customerInsights.appId, scopes: [], roles: [applicationPermission] };
  const asUser: Consent = { api: customerInsights.appId, scopes: [delegatedPermission], roles: [] };
  const api: Application = {
    appId: options.apiAppId,
    name: 'Customer Insights connector API',
    secrets: options.apiSecret === undefined ? [] : [{ value: options.apiSecret }],
    redirectUris: [],
    exposes: {
      audience: options.apiAppId,
      identifierUris: [`api://${options.apiAppId}`],
      scopes: [apiScope, consoleScope],
      roles: [],
    },
    consents: [options.watcher === undefined ? { ...asUser, roles: asApplication.roles } : asUser],
  };
  const watcher: Application =
    options.watcher === undefined
      ? api
      : {
          appId: options.watcher.appId,
          name: 'Customer Insights connector watcher',
          secrets: [{ value: options.watcher.secret }],
          redirectUris: [],
          consents: [asApplication],
        };
  const connector: Application = {
    appId: options.connectorAppId,
    name: 'Customer Insights connector',
    secrets: [{ value: options.connectorSecret }],
    redirectUris: options.redirectUris,
    consents: [{ api: api.appId, scopes: [apiScope], roles: [] }],
  };
  const console: Application = {
    appId: options.consoleAppId ?? '00000000-0000-4000-8000-0000000c0501',
    name: 'Customer Insights connector console',
    secrets: [],
    // On loopback the port is not compared.
    redirectUris: [`http://127.0.0.1${consolePath}`, `http://localhost${consolePath}`],
    isPage: true,
    consents: [{ api: api.appId, scopes: [consoleScope], roles: [] }],
  };
  return { connector, api, watcher, customerInsights, console };
};

/** The registrations and users of one running issuer, with what may change while it runs. */
export interface Directory {
  readonly users: readonly User[];
  readonly registrations: Registrations;
  application(appId: string): Application | undefined;
  /** The API that a resource identifier (application id or identifier URI) names. */
  api(identifier: string): (Application & { readonly exposes: ExposedApi }) | undefined;
  user(userName: string): User | undefined;
  secretsOf(appId: string): readonly ClientSecret[];
  replaceSecrets(appId: string, secrets: readonly ClientSecret[]): void;
  federatedCredentialsOf(appId: string): readonly FederatedCredential[];
  replaceFederatedCredentials(appId: string, credentials: readonly FederatedCredential[]): void;
  consentOf(client: Application, api: Application): Consent | undefined;
  replaceConsents(appId: string, consents: readonly Consent[]): void;
}

export const openDirectory = (registrations: Registrations, users: readonly User[]): Directory => {
  const applications = new Map(Object.values(registrations).map((app: Application) => [app.appId, app]));
  const secrets = new Map<string, readonly ClientSecret[]>();
  const consents = new Map<string, readonly Consent[]>();
  const federated = new Map<string, readonly FederatedCredential[]>();

  return {
    users,
    registrations,
    application: (appId) => applications.get(appId),
    api(identifier) {
      for (const application of applications.values()) {
        const { exposes } = application;
        if (exposes === undefined) continue;
        if ([application.appId, ...exposes.identifierUris].includes(identifier))
          return { ...application, exposes };
      }
      return undefined;
    },
    user: (userName) => users.find((user) => user.userName.toLowerCase() === userName.toLowerCase()),
    secretsOf: (appId) => secrets.get(appId) ?? applications.get(appId)?.secrets ?? [],
    replaceSecrets(appId, replacement) {
      secrets.set(appId, replacement);
    },
    federatedCredentialsOf: (appId) => federated.get(appId) ?? [],
    replaceFederatedCredentials(appId, replacement) {
      federated.set(appId, replacement);
    },
    consentOf: (client, to) =>
      (consents.get(client.appId) ?? client.consents).find((consent) => consent.api === to.appId),
    replaceConsents(appId, replacement) {
      consents.set(appId, replacement);
    },
  };
};

/** An id that stays the same for the same parts; for pairwise subjects and service principals. */
export const stableId = (...parts: readonly string[]): string =>
  createHash('sha256').update(parts.join('\n')).digest('base64url');

/** As {@link stableId}, in the form of a GUID. */
export const stableGuid = (...parts: readonly string[]): string => {
  const hex = createHash('sha256').update(parts.join('\n')).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
};
