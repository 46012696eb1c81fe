import { ConnectorError } from '../runtime/errors.ts';
import {
  applicationPermission,
  customerInsightsApiName,
  customerInsightsAudience,
  delegatedPermission,
} from './customer-insights-access.ts';

/** The error body of Microsoft Entra ID's token endpoint, as far as it is read here. */
export interface EntraErrorBody {
  readonly error?: unknown;
  readonly error_description?: unknown;
  readonly error_codes?: unknown;
  readonly suberror?: unknown;
}

/** What was asked for when Microsoft Entra ID refused. */
export interface TokenRequestContext {
  readonly grant: 'onBehalfOf' | 'clientCredentials';
  readonly clientId: string;
  readonly scope: string;
  readonly issuer: string;
}

type RefusalKind =
  | 'consent'
  | 'interaction'
  | 'secretInvalid'
  | 'secretExpired'
  | 'clientAssertion'
  | 'assertionExpired'
  | 'assertion'
  | 'application';

/**
 * Codes that decide by themselves. Microsoft adds codes over time, so those not listed go by `error` and
 * `suberror`, and else count as unavailability. Source:
 * https://learn.microsoft.com/entra/identity-platform/reference-error-codes
 */
const kindByAadstsCode: Readonly<Record<number, RefusalKind>> = {
  65001: 'consent', // no consent for the application
  65004: 'consent', // the user declined
  90094: 'consent', // an administrator must consent
  501051: 'consent', // the application has no role at the resource
  50072: 'interaction', // must enrol for multi-factor authentication
  50074: 'interaction', // strong authentication required
  50076: 'interaction', // multi-factor authentication required
  50078: 'interaction', // multi-factor authentication expired
  50079: 'interaction', // must enrol for multi-factor authentication
  50158: 'interaction', // external challenge not satisfied
  50173: 'interaction', // session revoked, password changed
  53000: 'interaction', // device not compliant
  53003: 'interaction', // blocked by conditional access
  7000215: 'secretInvalid',
  7000222: 'secretExpired',
  50027: 'clientAssertion', // not a well-formed token
  70021: 'clientAssertion', // no federated identity credential fits
  700024: 'clientAssertion', // not within its time
  700027: 'clientAssertion', // signature not valid
  700211: 'clientAssertion', // no credential of this issuer
  700212: 'clientAssertion', // no credential for this audience
  700213: 'clientAssertion', // no credential for this subject
  500133: 'assertionExpired',
  50013: 'assertion',
  50057: 'assertion', // the user's account is disabled
  70011: 'application', // scope not valid
  90002: 'application', // tenant not found
  500011: 'application', // the API has no service principal in the tenant
  500131: 'application', // the assertion is for another application
  650057: 'application', // the API is not among the requested permissions
  700016: 'application', // application not found
  1002012: 'application', // client credentials without .default
  7000112: 'application', // application disabled
  7000114: 'application', // application may not act on behalf of users
  7000218: 'application', // client secret missing
};

/**
 * Turns a refusal by the token endpoint into the error that names who must do what.
 *
 * @param retryAfterSeconds from the response's Retry-After, for what turns out to be unavailability.
 */
export const entraRefusal = (
  body: EntraErrorBody,
  context: TokenRequestContext,
  retryAfterSeconds?: number,
): ConnectorError => {
  const code = aadstsCode(body);
  const shown = code === undefined ? String(oauthError(body) ?? 'no error code') : `AADSTS${code}`;
  // The description names users, addresses and times; it goes to the log through `cause`, never into an
  // answer.
  const options = { cause: body };
  switch ((code === undefined ? undefined : kindByAadstsCode[code]) ?? kindByOAuthError(body)) {
    case 'consent':
      return new ConnectorError('ConsentRequired', consentMessage(context, shown), options);
    case 'interaction':
      return new ConnectorError(
        'InteractionRequired',
        `Microsoft Entra ID asks the user for a further sign-in step, such as multi-factor authentication (${shown}). ` +
          'Open the connection in Power Automate, choose "Fix connection" and sign in again; then run the flow again.',
        options,
      );
    case 'secretInvalid':
      return new ConnectorError(
        'ClientSecretInvalid',
        `Microsoft Entra ID does not accept the client secret of application ${context.clientId} (${shown}). ` +
          "An administrator of this deployment stores the current value (not the secret's id) in the deployment's client secret in AWS Secrets Manager.",
        options,
      );
    case 'secretExpired':
      return new ConnectorError(
        'ClientSecretExpired',
        `The client secret of application ${context.clientId} has expired (${shown}). An administrator creates a new one under ` +
          "App registrations > Certificates & secrets and stores it in the deployment's client secret in AWS Secrets Manager.",
        options,
      );
    case 'clientAssertion':
      return new ConnectorError(
        'ClientAssertionRefused',
        `Microsoft Entra ID does not accept the identity token of AWS for application ${context.clientId} (${shown}). ` +
          'An administrator compares the federated credentials under App registrations > Certificates & secrets with issuer, subject and audience in docs/deployment.md.',
        options,
      );
    case 'assertionExpired':
      return new ConnectorError(
        'TokenExpired',
        `The access token expired before it could be exchanged (${shown}). Refresh it or sign in again.`,
        options,
      );
    case 'assertion':
      return new ConnectorError(
        'TokenNotExchangeable',
        `Microsoft Entra ID does not accept the access token for acting on behalf of the user (${shown}). Sign in again.`,
        options,
      );
    case 'application':
      return new ConnectorError(
        'ClientAppRefused',
        `Microsoft Entra ID refuses application ${context.clientId} a token for ${context.scope} (${shown}). ` +
          'An administrator checks that the app registration exists in the tenant, is enabled, and has the API permission.',
        options,
      );
    default:
      return new ConnectorError(
        'IdentityProviderUnavailable',
        `Microsoft Entra ID did not issue a token (${shown}). Try again; if the error persists, look up the code in Microsoft's list of AADSTS codes.`,
        retryAfterSeconds === undefined ? options : { ...options, retryAfterSeconds },
      );
  }
};

const consentMessage = (context: TokenRequestContext, shown: string): string => {
  const ofUser = context.grant === 'onBehalfOf';
  const permission = ofUser ? delegatedPermission : applicationPermission;
  const needed = context.scope.startsWith(`${customerInsightsAudience}/`)
    ? `the ${ofUser ? 'delegated' : 'application'} permission "${permission}" of "${customerInsightsApiName}"`
    : `the ${ofUser ? 'delegated' : 'application'} permission behind ${context.scope}`;
  return (
    `Application ${context.clientId} lacks consent to ${needed} (${shown}). An administrator of the tenant grants it under ` +
    `App registrations > ${context.clientId} > API permissions > Grant admin consent, or at ${adminConsentAddress(context)}`
  );
};

/**
 * https://learn.microsoft.com/entra/identity/enterprise-apps/grant-admin-consent#construct-the-url-for-granting-tenant-wide-admin-consent
 */
const adminConsentAddress = (context: TokenRequestContext): string =>
  `${context.issuer.replace(/\/v2\.0\/?$/, '')}/adminconsent?client_id=${encodeURIComponent(context.clientId)}`;

const kindByOAuthError = (body: EntraErrorBody): RefusalKind | undefined => {
  if (body.suberror === 'consent_required' || body.error === 'consent_required') return 'consent';
  if (body.error === 'interaction_required' || body.error === 'login_required') return 'interaction';
  if (body.error === 'invalid_client') return 'secretInvalid';
  if (body.error === 'unauthorized_client') return 'application';
  return undefined;
};

/** OAuth error names are of a small alphabet (RFC 6749, section 5.2); anything else is not repeated. */
const oauthError = (body: EntraErrorBody): string | undefined =>
  typeof body.error === 'string' && /^[a-z_]{1,40}$/.test(body.error) ? body.error : undefined;

/** The AADSTS number: the first of `error_codes`, else the one that starts the description. */
const aadstsCode = (body: EntraErrorBody): number | undefined => {
  const first: unknown = Array.isArray(body.error_codes) ? body.error_codes[0] : undefined;
  if (typeof first === 'number' && Number.isSafeInteger(first)) return first;
  const description = typeof body.error_description === 'string' ? body.error_description : '';
  const match = /^AADSTS(\d{4,9})\b/.exec(description);
  return match?.[1] === undefined ? undefined : Number(match[1]);
};
