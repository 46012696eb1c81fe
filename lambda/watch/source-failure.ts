import { hasCode, isFaultOf } from '../runtime/errors.ts';

/**
 * Whether an error is the source's, or that of the way to it: then only this instance has to wait. Errors of
 * the store or the queue are not, and send the message back.
 * @returns how long the source asks to be left alone, ms
 */
export const sourceFailure = (error: unknown): { readonly retryAfterMs: number } | undefined =>
  // LimitUnavailable: what the instance grants could not be read.
  // AnswerTooLarge: a list of this instance is too large to be read.
  isFaultOf(error, 'source', 'credentials') || hasCode(error, 'LimitUnavailable', 'AnswerTooLarge')
    ? { retryAfterMs: (error.retryAfterSeconds ?? 0) * 1_000 }
    : undefined;
