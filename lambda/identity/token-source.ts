import { hash } from 'node:crypto';
import * as oauth from 'oauth4webapi';
import type { CoveredUp } from '../runtime/covered-up.ts';
import { ConnectorError, hasCode } from '../runtime/errors.ts';
import type { Fetch } from '../runtime/http-client.ts';
import { isRecord } from '../runtime/json.ts';
import { retryAfterSeconds } from '../runtime/retry-after.ts';
import { secondMs } from '../runtime/time.ts';
import { type AccessToken, createAccessTokenCache } from './access-token-cache.ts';
import { type Authority, authorityOf } from './authority.ts';
import type { Caller } from './caller.ts';
import { entraRefusal, type TokenRequestContext } from './entra-refusal.ts';

/**
 * Reads the client secret or the client assertion of our API's application. `fresh` asks for the current value past any
 * cache; it is set after Microsoft Entra ID refused the value given before, and later reads should give the fresh value
 * too.
 */
export type ReadCredential = (read: { readonly fresh: boolean }) => Promise<string>;

/** How our API's application proves to Microsoft Entra ID who it is. */
export interface ClientCredential {
  /** As the configuration calls them: `federated` reads a token of another issuer, as client assertion (RFC 7523). */
  readonly kind: 'client-secret' | 'federated';
  readonly read: ReadCredential;
}

/**
 * Access tokens for upstream APIs. `scope` is a resource's `.default` scope or one of its scopes.
 *
 * Both reject with ConsentRequired, InteractionRequired, ClientSecretInvalid, ClientSecretExpired, ClientSecretUnreadable,
 * ClientAssertionRefused, ClientAssertionUnavailable, ClientAppRefused or IdentityProviderUnavailable, or with TokenExpired or
 * TokenNotExchangeable when the caller's token ran out between its check and the exchange.
 */
export interface TokenSource {
  /** A token for the user behind `caller`, so that the upstream API applies that user's own rights. */
  onBehalfOf(caller: Pick<Caller, 'token'>, scope: string): Promise<AccessToken>;
  /** A token for the application itself. */
  clientCredentials(scope: string): Promise<AccessToken>;
}

export interface TokenSourceOptions {
  /**
   * The issuer's address, or an authority shared with the caller verifier so that discovery is read once for
   * both.
   */
  readonly authority: string | Authority;
  /** The application id of our API. */
  readonly clientId: string;
  readonly credential: ClientCredential;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly fetch?: Fetch;
  /** Tokens kept; see tokenCacheCapacity. */
  readonly cacheCapacity?: number;
  readonly coveredUp?: CoveredUp;
}

/**
 * https://learn.microsoft.com/entra/identity-platform/v2-oauth2-on-behalf-of-flow#access-token-request-with-a-shared-secret
 */
const jwtBearer = 'urn:ietf:params:oauth:grant-type:jwt-bearer';

/** RFC 7523, section 2.2, with a token that another issuer has signed. */
const clientAssertion =
  (token: string): oauth.ClientAuth =>
  (_server, client, body) => {
    body.set('client_id', client.client_id);
    body.set('client_assertion_type', 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer');
    body.set('client_assertion', token);
  };

const proofs = { 'client-secret': oauth.ClientSecretPost, federated: clientAssertion } as const;

/** Makes a token source with its own cache. Nothing is requested before the first token is asked for. */
export const createTokenSource = (options: TokenSourceOptions): TokenSource => {
  const { clientId, now } = options;
  const authority = authorityOf(options);
  const cache = createAccessTokenCache({
    now,
    ...(options.cacheCapacity !== undefined && { capacity: options.cacheCapacity }),
    ...(options.coveredUp && { coveredUp: options.coveredUp }),
  });
  const client: oauth.Client = { client_id: clientId };

  const { kind, read } = options.credential;
  const readSecret = async (fresh: boolean): Promise<string> => {
    try {
      return await read({ fresh });
    } catch (cause) {
      throw kind === 'federated'
        ? new ConnectorError(
            'ClientAssertionUnavailable',
            `AWS gave no identity token for application ${clientId}. Try again; if it stays, check that outbound identity federation is switched on in the account and that the function may call sts:GetWebIdentityToken.`,
            { cause },
          )
        : new ConnectorError(
            'ClientSecretUnreadable',
            `The client secret of application ${clientId} could not be read. Try again; if it stays, check that the secret exists and that the function may read it.`,
            { cause },
          );
    }
  };

  const ask = async (
    server: oauth.AuthorizationServer,
    secret: string,
    grant: TokenRequestContext['grant'],
    parameters: Readonly<Record<string, string>>,
  ): Promise<AccessToken> => {
    const { requestOptions } = authority;
    const authentication = proofs[kind](secret);
    const askedAt = now();
    const response =
      grant === 'clientCredentials'
        ? await oauth.clientCredentialsGrantRequest(
            server,
            client,
            authentication,
            { ...parameters },
            requestOptions,
          )
        : await oauth.genericTokenEndpointRequest(
            server,
            client,
            authentication,
            jwtBearer,
            { ...parameters },
            requestOptions,
          );
    const granted = await (grant === 'clientCredentials'
      ? oauth.processClientCredentialsResponse(server, client, response)
      : oauth.processGenericTokenEndpointResponse(server, client, response));
    // Counted from before the request, so that the time under way shortens the life and never lengthens it.
    return { value: granted.access_token, expiresAt: askedAt + (granted.expires_in ?? 0) * secondMs };
  };

  const request = async (
    grant: TokenRequestContext['grant'],
    parameters: Readonly<Record<string, string>> & { readonly scope: string },
  ): Promise<AccessToken> => {
    const context = { grant, clientId, scope: parameters.scope, issuer: authority.issuer };
    const server = await authority.metadata();
    const attempt = (secret: string) =>
      ask(server, secret, grant, parameters).catch(async (error: unknown) => {
        throw await identityError(error, context, now());
      });

    const secret = await readSecret(false);
    try {
      return await attempt(secret);
    } catch (error) {
      if (!isSecretRefused(error)) throw error;
      // The secret may have been rotated since it was cached; the same value again would get the same answer.
      const current = await readSecret(true);
      if (current === secret) throw error;
      return attempt(current);
    }
  };

  /** A caller who is known from an earlier call comes as the same object: its digest is made once. */
  const userKeys = new WeakMap<Pick<Caller, 'token'>, Map<string, string>>();
  const userKey = (caller: Pick<Caller, 'token'>, scope: string): string => {
    const keys = userKeys.get(caller) ?? new Map<string, string>();
    const key = keys.get(scope) ?? cacheKey('onBehalfOf', scope, caller.token);
    userKeys.set(caller, keys.set(scope, key));
    return key;
  };

  return {
    onBehalfOf: (caller, scope) =>
      cache.get(userKey(caller, scope), () =>
        request('onBehalfOf', { assertion: caller.token, scope, requested_token_use: 'on_behalf_of' }),
      ),
    clientCredentials: (scope) =>
      cache.get(cacheKey('clientCredentials', scope), () => request('clientCredentials', { scope })),
  };
};

/** A digest, so that the cache's keys do not hold users' tokens. */
const cacheKey = (...parts: readonly string[]): string => hash('sha256', JSON.stringify(parts), 'base64url');

const isSecretRefused = (error: unknown): boolean =>
  hasCode(error, 'ClientSecretInvalid', 'ClientSecretExpired', 'ClientAssertionRefused');

/** A wait beyond five minutes is cut: by then the flow's own retries are better informed. */
const longestWaitSeconds = 300;

const identityError = async (
  error: unknown,
  context: TokenRequestContext,
  now: number,
): Promise<ConnectorError> => {
  const waitOf = ({ headers }: Response): number | undefined => {
    const seconds = retryAfterSeconds(headers.get('retry-after'), now);
    return seconds === undefined ? undefined : Math.min(seconds, longestWaitSeconds);
  };
  if (error instanceof ConnectorError) return error;
  if (error instanceof oauth.ResponseBodyError)
    return entraRefusal(error.cause, context, waitOf(error.response));
  if (error instanceof oauth.WWWAuthenticateChallengeError) {
    // A refusal with a challenge carries the same body, which the library leaves unread.
    const body: unknown = await error.response.json().catch(() => undefined);
    if (isRecord(body)) return entraRefusal(body, context);
  }
  const response = error instanceof oauth.OperationProcessingError ? error.cause : undefined;
  const wait = response instanceof Response ? waitOf(response) : undefined;
  return new ConnectorError(
    'IdentityProviderUnavailable',
    'Microsoft Entra ID could not be reached or gave no usable response, so there is no token. Try again.',
    { cause: error, ...(wait !== undefined && { retryAfterSeconds: wait }) },
  );
};
