import { LimiterUnavailable } from '../limiter/index.ts';
import { ApiError } from '../runtime/errors.ts';
import { IdentityError, IdentityUnavailable } from '../runtime/identity-errors.ts';

/**
 * Whether an error is the source's, or that of the way to it: then only this instance has to wait. Errors of
 * the store or the queue are not, and send the message back.
 * @returns how long the source asks to be left alone, ms
 */
export const sourceFailure = (error: unknown): { readonly retryAfterMs: number } | undefined => {
  if (error instanceof IdentityError)
    return { retryAfterMs: error instanceof IdentityUnavailable ? error.retryAfterSeconds * 1000 : 0 };
  if (error instanceof ApiError && /^(Upstream|Secret|Deadline)/.test(error.code))
    return { retryAfterMs: (error.retryAfterSeconds ?? 0) * 1000 };
  // What the instance grants could not be read.
  if (error instanceof LimiterUnavailable) return { retryAfterMs: error.retryAfterMs };
  return undefined;
};
