/**
 * The refusals this issuer gives, with Microsoft Entra ID's codes, OAuth error names and texts.
 * Source: https://learn.microsoft.com/entra/identity-platform/reference-error-codes
 */
const refusals = {
  28000: {
    error: 'invalid_scope',
    text: 'The provided value for the input parameter scope is not valid because it contains more than one resource.',
  },
  50011: {
    error: 'invalid_request',
    text: 'The redirect URI specified in the request does not match the redirect URIs configured for the application.',
  },
  50013: { error: 'invalid_grant', text: 'Assertion failed signature validation.' },
  50027: { error: 'invalid_client', status: 401, text: 'Invalid JWT token.' },
  50034: { error: 'invalid_grant', text: 'The user account does not exist in the directory.' },
  50057: { error: 'invalid_grant', text: 'The user account is disabled.' },
  50058: {
    error: 'login_required',
    text: 'A silent sign-in request was sent but no user is signed in. Name one with login_hint.',
  },
  50076: {
    error: 'interaction_required',
    suberror: 'basic_action',
    text: 'Due to a configuration change made by your administrator, or because you moved to a new location, you must use multi-factor authentication to access the resource.',
  },
  50079: {
    error: 'interaction_required',
    suberror: 'basic_action',
    text: 'Due to a configuration change made by your administrator, or because you moved to a new location, you must enroll in multi-factor authentication to access the resource.',
  },
  53003: {
    error: 'interaction_required',
    suberror: 'message_only',
    text: 'Access has been blocked by Conditional Access policies.',
  },
  54005: { error: 'invalid_grant', text: 'OAuth2 Authorization code was already redeemed.' },
  65001: {
    error: 'invalid_grant',
    suberror: 'consent_required',
    text: 'The user or administrator has not consented to use the application. Send an interactive authorization request for this user and resource.',
  },
  70000: { error: 'invalid_grant', text: 'Authentication failed. The provided grant is invalid.' },
  70003: {
    error: 'unsupported_grant_type',
    text: 'The app requested an unsupported grant type.',
  },
  70008: {
    error: 'invalid_grant',
    text: 'The provided authorization code or refresh token has expired due to inactivity.',
  },
  70011: { error: 'invalid_scope', text: 'The provided value for the input parameter scope is not valid.' },
  90002: { error: 'invalid_request', text: 'Tenant not found.' },
  90033: {
    error: 'temporarily_unavailable',
    status: 503,
    text: 'A transient error has occurred. Please try again.',
  },
  500011: {
    error: 'invalid_resource',
    text: 'The resource principal was not found in the tenant.',
  },
  500112: {
    error: 'invalid_grant',
    text: 'The reply address does not match the reply address provided when requesting the authorization code.',
  },
  500131: {
    error: 'invalid_grant',
    text: 'Assertion audience does not match the Client app presenting the assertion.',
  },
  500133: { error: 'invalid_grant', text: 'Assertion is not within its valid time range.' },
  501481: {
    error: 'invalid_grant',
    text: 'The Code_Verifier does not match the code_challenge supplied in the authorization request.',
  },
  700016: { error: 'unauthorized_client', text: 'Application was not found in the directory.' },
  700024: {
    error: 'invalid_client',
    status: 401,
    text: 'Client assertion is not within its valid time range.',
  },
  700027: { error: 'invalid_client', status: 401, text: 'Client assertion failed signature validation.' },
  700211: {
    error: 'invalid_client',
    status: 401,
    text: 'No matching federated identity record found for presented assertion issuer.',
  },
  700212: {
    error: 'invalid_client',
    status: 401,
    text: 'No matching federated identity record found for presented assertion audience.',
  },
  700213: {
    error: 'invalid_client',
    status: 401,
    text: 'No matching federated identity record found for presented assertion subject.',
  },
  900144: { error: 'invalid_request', text: 'The request body is missing a required parameter.' },
  1002012: {
    error: 'invalid_scope',
    text: 'The provided value for scope is not valid. Client credential flows must have a scope value with /.default suffixed to the resource identifier.',
  },
  7000114: {
    error: 'invalid_grant',
    text: 'Application is not allowed to make application on-behalf-of calls.',
  },
  7000215: {
    error: 'invalid_client',
    status: 401,
    text: 'Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, not the client secret ID.',
  },
  7000218: {
    error: 'invalid_client',
    status: 401,
    text: "The request body must contain the following parameter: 'client_assertion' or 'client_secret'.",
  },
  7000222: { error: 'invalid_client', status: 401, text: 'The provided client secret keys are expired.' },
  9002313: { error: 'invalid_request', text: 'Invalid request. The request is malformed or invalid.' },
  9002325: {
    error: 'invalid_request',
    text: 'Proof Key for Code Exchange is required for authorization code redemption by public clients.',
  },
} as const satisfies Readonly<
  Record<
    number,
    { readonly error: string; readonly suberror?: string; readonly status?: number; readonly text: string }
  >
>;

export type AadstsCode = keyof typeof refusals;

/** What an answer to a refused request is made of, besides the code. */
export interface EntraErrorDetails {
  /** Follows the code's own text; names the parameter, application or address at fault. */
  readonly about?: string;
  /** A claims challenge, as JSON. */
  readonly claims?: string;
}

/** A refused request. */
export class EntraError extends Error {
  override readonly name = 'EntraError';
  readonly code: AadstsCode;
  readonly status: number;
  readonly details: EntraErrorDetails;

  constructor(code: AadstsCode, details: EntraErrorDetails = {}) {
    const refusal: { readonly status?: number; readonly text: string } = refusals[code];
    super(`AADSTS${code}: ${refusal.text}${details.about === undefined ? '' : ` ${details.about}`}`);
    this.code = code;
    this.status = refusal.status ?? 400;
    this.details = details;
  }

  /** The OAuth error name. */
  get error(): string {
    return refusals[this.code].error;
  }

  /** The body in Microsoft Entra ID's shape; `at` in ms since the epoch, the ids are GUIDs. */
  body(trace: { readonly at: number; readonly traceId: string; readonly correlationId: string }): object {
    const refusal: { readonly error: string; readonly suberror?: string } = refusals[this.code];
    const timestamp = `${new Date(trace.at).toISOString().slice(0, 19).replace('T', ' ')}Z`;
    return {
      error: refusal.error,
      error_description: `${this.message} Trace ID: ${trace.traceId} Correlation ID: ${trace.correlationId} Timestamp: ${timestamp}`,
      error_codes: [this.code],
      timestamp,
      trace_id: trace.traceId,
      correlation_id: trace.correlationId,
      error_uri: `https://login.microsoftonline.com/error?code=${this.code}`,
      ...(refusal.suberror !== undefined && { suberror: refusal.suberror }),
      ...(this.details.claims !== undefined && { claims: this.details.claims }),
    };
  }
}
