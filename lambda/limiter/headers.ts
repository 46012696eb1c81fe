import { retryAfterHeader } from '../runtime/retry-after.ts';
import { secondMs, wholeSeconds } from '../runtime/time.ts';
import type { Admission, Refused } from './limiter.ts';
import type { LimitPolicy } from './policy.ts';

/** Names the policy in both fields; a connector has one. */
const policyName = '"connection"';

/**
 * What an answer says about the limit. `r` is what remains, `t` the seconds until more does.
 * https://datatracker.ietf.org/doc/html/draft-ietf-httpapi-ratelimit-headers-11 sections 3 and 4; section 6:
 * Retry-After must not be earlier than the end of `t`, so on a refusal they are the same number.
 */
export const rateLimitHeaders = (
  policy: LimitPolicy,
  admission: Admission,
): Readonly<Record<string, string>> => {
  const remaining = admission.admitted ? admission.remaining : 0;
  const seconds = wholeSeconds(admission.admitted ? admission.resetMs : admission.retryAfterMs);
  return {
    'RateLimit-Policy': `${policyName};q=${policy.limit};w=${wholeSeconds(policy.windowMs)}`,
    RateLimit: `${policyName};r=${remaining};t=${seconds}`,
    ...(admission.admitted ? {} : retryAfterHeader(seconds)),
  };
};

const whenAgain = (refusal: Refused): string => {
  const seconds = wholeSeconds(refusal.retryAfterMs);
  return `Try again in ${seconds} ${seconds === 1 ? 'second' : 'seconds'}.`;
};

/** The text of a 429: what was exceeded and when to come back. */
export const refusalMessage = (policy: LimitPolicy, refusal: Refused): string => {
  const window = policy.windowMs / secondMs;
  return `This connection has made ${policy.limit} calls in the last ${window} seconds, which is its limit. ${whenAgain(refusal)}`;
};

/** The same for the registrations of a person. */
export const registrationsRefusedMessage = (policy: LimitPolicy, refusal: Refused): string => {
  const window = policy.windowMs / secondMs;
  return `You have saved or switched on flows ${policy.limit} times in the last ${window} seconds, which is the limit of one person. ${whenAgain(refusal)}`;
};
