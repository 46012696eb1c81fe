import { ConnectorError } from '../runtime/errors.ts';
import { hashedId, type SubscriptionId } from '../runtime/ids.ts';
import { isLoopbackHost } from '../runtime/loopback.ts';

/** Longest URL of the platform, characters. */
const maximumLength = 4096;

/** Why a callback URL is refused: a sentence for the flow's author. It never quotes the URL, whose signature is a secret. */
export class CallbackUrlRefused extends ConnectorError<'CallbackUrlRefused'> {
  constructor(message: string) {
    super('CallbackUrlRefused', message);
  }
}

export interface CallbackRules {
  /** `name.example` or `*.example`. */
  readonly allowedHosts: readonly string[];
  /** Admits http on the loopback address, any port: for the local run. */
  readonly allowLoopback: boolean;
}

/** `*.example` stands for every host below example, not for example itself. */
export const hostMatches = (pattern: string, host: string): boolean =>
  pattern.startsWith('*.')
    ? host.endsWith(pattern.slice(1)) && host.length > pattern.length - 1
    : host === pattern;

/**
 * Checks a callback URL before it is stored, and again before each call, because the rules may have changed.
 * @throws CallbackUrlRefused
 */
export const checkCallbackUrl = (value: string, rules: CallbackRules): URL => {
  if (value.length > maximumLength)
    throw new CallbackUrlRefused(`The callback URL is longer than ${maximumLength} characters.`);
  let url: URL;
  try {
    url = new URL(value);
  } catch {
    throw new CallbackUrlRefused('The callback URL is not an absolute URL.');
  }
  if (url.username !== '' || url.password !== '')
    throw new CallbackUrlRefused('The callback URL contains a user name or password; it must not.');
  if (value.includes('#'))
    throw new CallbackUrlRefused('The callback URL contains a fragment (#); it must not.');
  if (rules.allowLoopback && url.protocol === 'http:' && isLoopbackHost(url.hostname)) return url;
  if (url.protocol !== 'https:') throw new CallbackUrlRefused('The callback URL must begin with https://.');
  if (url.port !== '') throw new CallbackUrlRefused('The callback URL must use port 443.');
  if (!rules.allowedHosts.some((pattern) => hostMatches(pattern, url.hostname)))
    throw new CallbackUrlRefused(
      `The callback URL's host ${url.hostname} is not allowed. Allowed are ${rules.allowedHosts.join(', ')}; callbacks.allowedHosts in the configuration decides.`,
    );
  return url;
};

const workflowPath = /\/workflows\/([^/]+)\/triggers\/([^/]+)(?:\/|$)/i;

/**
 * The id of a callback URL's subscription: one per flow and trigger, because the version and the signature in
 * the URL change with every save. For a URL of another form, a hash of the whole URL.
 */
export const subscriptionIdOf = (url: URL): SubscriptionId => {
  const match = workflowPath.exec(url.pathname);
  return (
    match
      ? hashedId('subscription', (match[1] ?? '').toLowerCase(), (match[2] ?? '').toLowerCase())
      : hashedId('subscription', url.href)
  ) as SubscriptionId;
};
