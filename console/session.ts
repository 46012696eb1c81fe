/**
 * Sign-in with Entra ID: authorization code with PKCE, as a single-page application. Tokens are in the memory of this page
 * and nowhere else; what must survive the way to the sign-in and back (state, verifier, place) is in the tab's session.
 */
import * as oauth from 'oauth4webapi';
import { home, type Settings } from './page-settings.ts';

/** The sign-in refused, in its own words. */
export class SignInRefused extends Error {
  override readonly name = 'SignInRefused';
}

export interface Session {
  /**
   * An access token that is valid by this machine's clock. Without one the page leaves for the sign-in, and this never
   * settles.
   */
  token(): Promise<string>;
  /** The API did not take the token: the next one is new. */
  expired(): void;
  /** Leaves for the sign-in, to come back to this address. */
  signIn(): Promise<never>;
  /** Forgets the tokens and shows the entry. */
  signOut(): void;
  /** Whether a user is signed in. */
  readonly isSignedIn: boolean;
}

interface Pending {
  readonly state: string;
  readonly verifier: string;
  /** Where to go afterwards: path and query. */
  readonly place: string;
}

interface Tokens {
  readonly access: string;
  readonly refresh: string | undefined;
  /** Of `performance.now()`, ms. */
  readonly until: number;
}

const pendingKey = 'console-sign-in';

/** A token is renewed this long before its end, ms. */
const reserveMs = 60_000;

const redirectUri = (): string => `${location.origin}${home}`;

/** Plain http is for the local run, on loopback. */
const insecure = (authority: string) => ({
  [oauth.allowInsecureRequests]: new URL(authority).protocol === 'http:',
});

const takePending = (): Pending | undefined => {
  const text = sessionStorage.getItem(pendingKey);
  sessionStorage.removeItem(pendingKey);
  return text === null ? undefined : (JSON.parse(text) as Pending);
};

const forever = new Promise<never>(() => undefined);

/**
 * Opens the session; when the page was called back by the sign-in, redeems its code first.
 * @throws SignInRefused
 */
export const openSession = async (settings: Settings & { readonly clientId: string }): Promise<Session> => {
  const { authority, clientId, scope } = settings;
  const client: oauth.Client = { client_id: clientId, token_endpoint_auth_method: 'none' };
  const allow = insecure(authority);
  let discovered: Promise<oauth.AuthorizationServer> | undefined;
  let tokens: Tokens | undefined;
  let renewing: Promise<string> | undefined;

  const server = (): Promise<oauth.AuthorizationServer> => {
    discovered ??= (async () => {
      const url = new URL(authority);
      return oauth.processDiscoveryResponse(
        url,
        await oauth.discoveryRequest(url, { algorithm: 'oidc', ...allow }),
      );
    })();
    discovered.catch(() => {
      discovered = undefined;
    });
    return discovered;
  };

  const keep = ({ access_token, refresh_token, expires_in = 0 }: oauth.TokenEndpointResponse): string => {
    tokens = {
      access: access_token,
      refresh: refresh_token ?? tokens?.refresh,
      until: performance.now() + expires_in * 1000 - reserveMs,
    };
    return access_token;
  };

  const signIn = async (): Promise<never> => {
    const [issuer, verifier, state] = [
      await server(),
      oauth.generateRandomCodeVerifier(),
      oauth.generateRandomState(),
    ];
    const pending: Pending = { state, verifier, place: `${location.pathname}${location.search}` };
    sessionStorage.setItem(pendingKey, JSON.stringify(pending));
    const address = new URL(issuer.authorization_endpoint ?? '');
    address.search = new URLSearchParams({
      client_id: clientId,
      response_type: 'code',
      redirect_uri: redirectUri(),
      scope,
      state,
      code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
    }).toString();
    location.assign(address);
    return forever;
  };

  const redeem = async (): Promise<void> => {
    const query = new URLSearchParams(location.search);
    if (!query.has('state') || !(query.has('code') || query.has('error'))) return;
    const pending = takePending();
    history.replaceState(null, '', pending?.place ?? home);
    if (pending === undefined) return;
    const issuer = await server();
    try {
      const answer = oauth.validateAuthResponse(issuer, client, query, pending.state);
      const response = await oauth.authorizationCodeGrantRequest(
        issuer,
        client,
        oauth.None(),
        answer,
        redirectUri(),
        pending.verifier,
        allow,
      );
      keep(await oauth.processAuthorizationCodeResponse(issuer, client, response));
    } catch (error) {
      throw new SignInRefused(reasonOf(error));
    }
  };

  /** A new access token by the refresh token, or by the sign-in. */
  const renew = async (): Promise<string> => {
    const refresh = tokens?.refresh;
    if (refresh === undefined) return signIn();
    const issuer = await server();
    const response = await oauth.refreshTokenGrantRequest(issuer, client, oauth.None(), refresh, {
      ...allow,
      additionalParameters: { scope },
    });
    try {
      return keep(await oauth.processRefreshTokenResponse(issuer, client, response));
    } catch (error) {
      if (!(error instanceof oauth.ResponseBodyError)) throw error;
      // The person must be asked again: the refresh token has ended, or a rule asks for it.
      tokens = undefined;
      return signIn();
    }
  };

  await redeem();

  return {
    get isSignedIn() {
      return tokens !== undefined;
    },
    async token() {
      if (tokens !== undefined && performance.now() < tokens.until) return tokens.access;
      renewing ??= renew().finally(() => {
        renewing = undefined;
      });
      return renewing;
    },
    expired() {
      if (tokens) tokens = { ...tokens, until: 0 };
    },
    signIn,
    signOut() {
      tokens = undefined;
      location.assign(home);
    },
  };
};

const reasonOf = (error: unknown): string => {
  if (error instanceof oauth.AuthorizationResponseError || error instanceof oauth.ResponseBodyError)
    return error.error_description ?? error.error;
  return error instanceof Error ? error.message : String(error);
};
