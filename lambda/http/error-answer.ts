import type { AnsweredCode } from '../runtime/error-codes.ts';
import { ConnectorError, type ErrorBody } from '../runtime/errors.ts';
import { retryAfterHeader } from '../runtime/retry-after.ts';

export interface ErrorAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: ErrorBody;
  /** A fault of this program; it is logged as one. */
  readonly unexpected: boolean;
}

const isAnswered = (error: unknown): error is ConnectorError<AnsweredCode> =>
  error instanceof ConnectorError && !error.kind.internal;

/**
 * What the caller sees of an error. An error that is not ours, or is internal, becomes a 500 that names only
 * the id under which the operator finds the error in the log.
 */
export const errorAnswer = (error: unknown, correlationId: string): ErrorAnswer => {
  if (!isAnswered(error))
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
  const { code, status, message, details = [], retryAfterSeconds } = error;
  return {
    status,
    headers: {
      ...(retryAfterSeconds !== undefined && retryAfterHeader(retryAfterSeconds)),
      // RFC 9110, section 15.5.2: a 401 names the scheme that would be accepted.
      ...(status === 401 && { 'WWW-Authenticate': 'Bearer' }),
    },
    body: { error: { code, message, ...(details.length > 0 && { details }) } },
    unexpected: code === 'Internal',
  };
};
