import { LimiterUnavailable, unavailableHeaders } from '../limiter/index.ts';
import { ApiError, type ErrorBody } from '../runtime/errors.ts';
import { IdentityError, IdentityUnavailable } from '../runtime/identity-errors.ts';

export interface ErrorAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: ErrorBody;
  /** Nobody foresaw it: it is a fault of ours and logged as one. */
  readonly unexpected: boolean;
}

const retryAfter = (seconds: number | undefined): Readonly<Record<string, string>> =>
  seconds === undefined ? {} : { 'Retry-After': String(Math.max(0, Math.ceil(seconds))) };

/**
 * What an error of ours, of lambda/identity or of lambda/limiter looks like to the caller. Anything else becomes a 500
 * that says nothing but the id under which the operator finds it in the log.
 */
export function errorAnswer(error: unknown, correlationId: string): ErrorAnswer {
  if (error instanceof ApiError)
    return {
      status: error.status,
      headers: retryAfter(error.retryAfterSeconds),
      body: {
        error: {
          code: error.code,
          message: error.message,
          ...(error.details && error.details.length > 0 && { details: error.details }),
        },
      },
      unexpected: error.code === 'Internal',
    };
  if (error instanceof IdentityError)
    return {
      status: error.status,
      headers: {
        ...retryAfter(error instanceof IdentityUnavailable ? error.retryAfterSeconds : undefined),
        // RFC 9110, section 15.5.2: a 401 names the scheme that would be accepted.
        ...(error.status === 401 && { 'WWW-Authenticate': 'Bearer' }),
      },
      body: { error: { code: error.code, message: error.message } },
      unexpected: false,
    };
  if (error instanceof LimiterUnavailable)
    return {
      status: 503,
      headers: unavailableHeaders(error),
      body: { error: { code: 'LimitUnavailable', message: error.message } },
      unexpected: false,
    };
  return {
    status: 500,
    headers: {},
    body: {
      error: {
        code: 'Internal',
        message: `Something went wrong on our side. Try again; if it stays, give the operator the correlation id ${correlationId}.`,
      },
    },
    unexpected: true,
  };
}
