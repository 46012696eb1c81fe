/** Turns an answer that is not a success into an error that says what to check. */

import {
  applicationPermission,
  customerInsightsApiName,
  customerInsightsAudience,
  delegatedPermission,
} from '../identity/customer-insights-access.ts';
import { ConnectorError } from '../runtime/errors.ts';
import { parseJson } from '../runtime/json.ts';
import { redacted } from '../runtime/redaction.ts';
import { list, model, type Read, text } from './fields.ts';

/** On whose behalf upstream is called. */
export type ActingAs = 'user' | 'application';

/** Waits, in seconds, where the source names none. */
const defaultThrottleSeconds = 10;
const defaultUnavailableSeconds = 5;

const longestQuote = 500;

/** The places where the published error bodies and the gateway in front of the API put their text. */
const errorBody = model({
  message: text,
  target: text,
  errorCode: text,
  messages: list(model({ message: text })),
  details: list(model({ message: text, target: text })),
  ciResults: list(model({ message: text })),
  error: model({ message: text, code: text, target: text }),
});

const parsed = <Value>(answer: string, read: Read<Value>): Value | undefined => {
  try {
    return read(parseJson(answer));
  } catch {
    // A gateway's error page is not JSON; it has no text for us then.
    return undefined;
  }
};

/** What the source says is wrong; undefined when it says nothing. Redacted and shortened. */
export const upstreamMessage = (answer: string): string | undefined => {
  const body = parsed(answer, errorBody);
  if (body === undefined) return undefined;
  const message =
    body.message ?? body.error?.message ?? body.messages?.[0]?.message ?? body.ciResults?.[0]?.message;
  const target = body.target ?? body.error?.target;
  if (message === undefined || message === '') return undefined;
  return redacted(target ? `${message} (${target})` : message).slice(0, longestQuote);
};

/**
 * Whether a 401 means the subscription key and not the token. Azure API Management, which checks the key,
 * names its own scheme in the challenge and says "subscription key" in the body:
 * https://learn.microsoft.com/azure/api-management/api-management-subscriptions
 */
export const isKeyRefused = (status: number, challenge: string | null, answer: string): boolean =>
  status === 401 && (/AzureApiManagementKey/i.test(challenge ?? '') || /subscription key/i.test(answer));

export interface Refusal {
  readonly status: number;
  readonly answer: string;
  readonly retryAfterSeconds: number | undefined;
  /** What was asked for, for the message: "the entity Customer". */
  readonly subject: string;
  readonly actingAs: ActingAs;
}

const forbidden: Readonly<Record<ActingAs, string>> = {
  user: 'Your account has no role there that allows it. Ask an administrator of the instance to add you under Settings > Permissions; a new role takes up to 15 minutes.',
  application:
    'The API app registration must be added as a user of the instance under Settings > Permissions, with a role; a new role takes up to 15 minutes.',
};

const tokenRefused: Readonly<Record<ActingAs, string>> = {
  user: `The API app registration needs the delegated permission ${delegatedPermission}`,
  application: `The API app registration needs the application permission ${applicationPermission} with an administrator's consent`,
};

export const refusalError = (refusal: Refusal): ConnectorError => {
  const { status, answer, subject, actingAs } = refusal;
  const said = upstreamMessage(answer);
  const quote = said === undefined ? '' : ` Customer Insights says: ${said}`;
  const quoted = said === undefined ? {} : { cause: new Error(`${status}: ${said}`) };
  switch (status) {
    case 400:
    case 406:
    case 422:
      return new ConnectorError(
        'UpstreamRejected',
        `Customer Insights did not accept the request for ${subject}.${quote}`,
      );
    case 401:
      return new ConnectorError(
        'UpstreamTokenRefused',
        `Customer Insights did not accept our token for ${subject}. ${tokenRefused[actingAs]} of "${customerInsightsApiName}", and its tokens the audience ${customerInsightsAudience}.`,
        quoted,
      );
    case 403:
      return new ConnectorError(
        'UpstreamForbidden',
        `Customer Insights does not give access to ${subject}. ${forbidden[actingAs]}${quote}`,
      );
    case 404:
    case 410:
      return new ConnectorError('UpstreamNotFound', `Customer Insights does not know ${subject}.${quote}`);
    case 409:
    case 412:
      return new ConnectorError(
        'UpstreamConflict',
        `Customer Insights reports a conflict for ${subject}.${quote}`,
      );
    case 429: {
      const seconds = refusal.retryAfterSeconds ?? defaultThrottleSeconds;
      return throttled(seconds);
    }
    case 503:
      return new ConnectorError(
        'UpstreamUnavailable',
        `Customer Insights is not available at the moment (asked for ${subject}).${quote} Try again later.`,
        { retryAfterSeconds: refusal.retryAfterSeconds ?? defaultUnavailableSeconds, ...quoted },
      );
    default:
      return new ConnectorError(
        'UpstreamFailed',
        `Customer Insights answered with status ${status} when asked for ${subject}. Try again later; if the error persists, contact Microsoft support.`,
        quoted,
      );
  }
};

export const throttled = (seconds: number): ConnectorError<'UpstreamThrottled'> =>
  new ConnectorError(
    'UpstreamThrottled',
    `Customer Insights has too many calls for this instance at the moment. Try again in ${seconds} ${seconds === 1 ? 'second' : 'seconds'}.`,
    { retryAfterSeconds: seconds },
  );

export const keyRefused = (instanceId: string): ConnectorError<'UpstreamKeyRefused'> =>
  new ConnectorError(
    'UpstreamKeyRefused',
    `Customer Insights accepts none of the stored subscription keys of the instance ${instanceId}. Copy the primary and the secondary key from Settings > Permissions > APIs of the instance into its secret.`,
  );
