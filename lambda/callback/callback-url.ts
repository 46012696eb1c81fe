import { ConnectorError } from '../runtime/errors.ts';
import { type FlowId, hashedId } from '../runtime/ids.ts';
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
  /** The one callback of the canary, admitted as it is; given only for what belongs to the canary. */
  readonly canary?: string | undefined;
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
  if (value === rules.canary) return new URL(value);
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
  if (url.protocol !== 'https:') throw new CallbackUrlRefused('The callback URL must start with https://.');
  if (url.port !== '') throw new CallbackUrlRefused('The callback URL must use port 443.');
  if (!rules.allowedHosts.some((pattern) => hostMatches(pattern, url.hostname)))
    throw new CallbackUrlRefused(
      `The callback URL's host ${url.hostname} is not allowed. Allowed are ${rules.allowedHosts.join(', ')}; callbacks.allowedHosts in the configuration decides.`,
    );
  return url;
};

/** The segments of a path; undefined where one is not correctly encoded. */
const segmentsOf = ({ pathname }: URL): readonly { raw: string; decoded: string }[] | undefined => {
  try {
    return pathname
      .split('/')
      .filter((raw) => raw !== '')
      .map((raw) => ({ raw: raw.toLowerCase(), decoded: decodeURIComponent(raw).toLowerCase() }));
  } catch {
    // Not a path of the platform: its URLs are encoded correctly.
    return undefined;
  }
};

/** Longest id of a workflow that is kept; those of the platform have 32 or 36 characters. */
const longestWorkflowId = 64;

/** The workflow and the trigger that a path of the platform names. */
const workflowIn = (url: URL) => {
  const segments = segmentsOf(url) ?? [];
  const at = segments.findIndex(({ decoded }) => decoded === 'workflows');
  const [workflow, triggers, trigger] = at < 0 ? [] : segments.slice(at + 1, at + 4);
  return workflow && trigger && triggers?.decoded === 'triggers' ? { workflow, trigger } : undefined;
};

/** The id of the workflow that a callback URL calls, in lower case; undefined for a URL of another form. */
export const workflowIdOf = (url: URL): string | undefined => {
  const id = workflowIn(url)?.workflow.decoded;
  return id !== undefined && id.length <= longestWorkflowId ? id : undefined;
};

/**
 * The flow's trigger that a callback URL belongs to: the version and the signature in the URL change with every
 * save. For a URL of another form, a hash of the whole URL. It proves nothing: anybody can write such a URL, and
 * only an accepted callback shows that its signature is right. The first workflow of the path counts, as it does
 * for the platform, however it is encoded: what follows the trigger is the flow's own, so that its author could
 * name another flow there.
 */
export const flowIdOf = (url: URL): FlowId => {
  const named = workflowIn(url);
  return (
    named
      ? hashedId('subscription', named.workflow.raw, named.trigger.raw)
      : hashedId('subscription', url.href)
  ) as FlowId;
};
