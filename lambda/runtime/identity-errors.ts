/** Why a caller's token was refused. */
export type CallerRefusedCode =
  | 'TokenMissing'
  | 'TokenScheme'
  | 'TokenMalformed'
  | 'TokenAlgorithm'
  | 'TokenSignature'
  | 'TokenIssuer'
  | 'TokenAudience'
  | 'TokenTenant'
  | 'TokenVersion'
  | 'TokenExpired'
  | 'TokenNotYetValid'
  | 'TokenAppOnly'
  | 'TokenScope'
  | 'TokenClientApp'
  | 'TokenNotExchangeable';

/** What is wrong with this deployment's own credentials at Microsoft Entra ID. */
export type UpstreamCredentialsCode = 'ClientSecretInvalid' | 'ClientSecretExpired' | 'ClientAppRefused';

/** What kept us from asking Microsoft Entra ID at all. */
export type IdentityUnavailableCode = 'IdentityProviderUnavailable' | 'ClientSecretUnreadable';

export type IdentityErrorCode =
  | CallerRefusedCode
  | UpstreamCredentialsCode
  | IdentityUnavailableCode
  | 'ConsentRequired'
  | 'InteractionRequired';

/**
 * Base of everything this folder throws. `status` is the HTTP status to answer with, `code` the stable code of the
 * error body, `message` is written for the person who must act and never holds a token or a secret.
 */
export abstract class IdentityError extends Error {
  abstract readonly code: IdentityErrorCode;
  abstract readonly status: 401 | 403 | 502 | 503;
}

/** The caller's token is missing or not acceptable. The only error of ours that is a 401. */
export class CallerRefused extends IdentityError {
  override readonly name = 'CallerRefused';
  readonly status = 401;
  readonly code: CallerRefusedCode;

  constructor(code: CallerRefusedCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** Microsoft Entra ID refuses this deployment's own application or its secret; the caller can do nothing about it. */
export class UpstreamCredentials extends IdentityError {
  override readonly name = 'UpstreamCredentials';
  readonly status = 502;
  readonly code: UpstreamCredentialsCode;

  constructor(code: UpstreamCredentialsCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** Nobody has consented yet to the permission that the exchange needs. */
export class ConsentRequired extends IdentityError {
  override readonly name = 'ConsentRequired';
  readonly status = 403;
  readonly code = 'ConsentRequired';
}

/** The user must sign in again, interactively: multi-factor step, conditional access, revoked session. */
export class InteractionRequired extends IdentityError {
  override readonly name = 'InteractionRequired';
  readonly status = 403;
  readonly code = 'InteractionRequired';
}

/** No answer that decides anything could be had. Safe to try again after `retryAfterSeconds`. */
export class IdentityUnavailable extends IdentityError {
  override readonly name = 'IdentityUnavailable';
  readonly status = 503;
  readonly code: IdentityUnavailableCode;
  readonly retryAfterSeconds: number;

  constructor(
    code: IdentityUnavailableCode,
    message: string,
    options?: ErrorOptions & { readonly retryAfterSeconds?: number },
  ) {
    super(message, options);
    this.code = code;
    this.retryAfterSeconds = options?.retryAfterSeconds ?? DEFAULT_RETRY_AFTER_SECONDS;
  }
}

/** Long enough for a failover at the provider, short enough for a flow's own retry to be worth it. */
export const DEFAULT_RETRY_AFTER_SECONDS = 5;
