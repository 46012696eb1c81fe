import * as oauth from 'oauth4webapi';
import { createCache } from '../runtime/cache.ts';
import { ConnectorError } from '../runtime/errors.ts';
import { type Fetch, keepAliveFetch } from '../runtime/http-client.ts';
import { isLoopbackHost } from '../runtime/loopback.ts';
import { secondMs } from '../runtime/time.ts';
import { type IdentityFetch, settlingFetch } from './settling-fetch.ts';

/** Most a request to the identity provider may take, in ms: a fifth of the 25 s that a whole action has. */
export const identityRequestTimeoutMs = 5 * secondMs;

/** The identity provider of one tenant, with its discovery document read once. */
export interface Authority {
  /** The issuer exactly as tokens carry it, such as `https://login.microsoftonline.com/{tenant}/v2.0`. */
  readonly issuer: string;
  /** True only for plain http on loopback, which is how the local run reaches its issuer. */
  readonly insecure: boolean;
  /** Settles within the time limit, whatever the provider does; see {@link settlingFetch}. */
  readonly fetch: IdentityFetch;
  /** For requests through oauth4webapi. */
  readonly requestOptions: OAuthRequestOptions;
  /**
   * The discovery document; concurrent callers share one request, a failed read is retried by the next
   * caller.
   */
  metadata(): Promise<oauth.AuthorizationServer>;
}

export interface OAuthRequestOptions {
  readonly [oauth.customFetch]: IdentityFetch;
  readonly [oauth.allowInsecureRequests]: boolean;
}

export interface AuthorityOptions {
  /** The issuer; https, or http on loopback. */
  readonly authority: string;
  /** {@link keepAliveFetch} by default. */
  readonly fetch?: Fetch;
  /** Milliseconds; {@link identityRequestTimeoutMs} by default. */
  readonly requestTimeoutMs?: number;
}

/**
 * Describes an identity provider without calling it yet.
 *
 * `metadata()` fails with IdentityProviderUnavailable when the document cannot be read or names another
 * issuer (OpenID Connect Discovery 1.0, section 4.3).
 *
 * @throws TypeError when the address is neither https nor http on loopback.
 */
export const openAuthority = (options: AuthorityOptions): Authority => {
  const url = new URL(options.authority);
  const insecure = url.protocol === 'http:' && isLoopbackHost(url.hostname);
  if (url.protocol !== 'https:' && !insecure)
    throw new TypeError(
      `The authority "${options.authority}" must be an https address (http is for loopback only).`,
    );
  const fetch = settlingFetch(
    options.fetch ?? keepAliveFetch,
    options.requestTimeoutMs ?? identityRequestTimeoutMs,
  );
  // Read once and for ever, so that no clock is needed.
  const documents = createCache<oauth.AuthorizationServer>({ now: () => 0, capacity: 1 });

  const requestOptions: OAuthRequestOptions = {
    [oauth.customFetch]: fetch,
    [oauth.allowInsecureRequests]: insecure,
  };

  const discover = async (): Promise<oauth.AuthorizationServer> => {
    try {
      const response = await oauth.discoveryRequest(url, { algorithm: 'oidc', ...requestOptions });
      return await oauth.processDiscoveryResponse(url, response);
    } catch (cause) {
      throw new ConnectorError(
        'IdentityProviderUnavailable',
        `The sign-in service at ${options.authority} could not be read. Try again; if it stays, check the authority in the configuration.`,
        { cause },
      );
    }
  };

  return {
    issuer: options.authority,
    insecure,
    fetch,
    requestOptions,
    metadata: () => documents.get(options.authority, discover),
  };
};

/** An authority that is given by its address, or shared so that its discovery document is read once. */
export const authorityOf = ({
  authority,
  fetch,
}: {
  readonly authority: string | Authority;
  readonly fetch?: Fetch;
}): Authority =>
  typeof authority === 'string' ? openAuthority({ authority, ...(fetch && { fetch }) }) : authority;
