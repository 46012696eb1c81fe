import { ConnectorError } from './errors.ts';

/** `scheme://host/path?query`: the query of a callback URL or of a partition's address is a credential. */
const urlQuery = /(\bhttps?:\/\/[^\s?#"'<>]*)[?#][^\s"'<>]*/gi;
/** Three base64url parts, the first of which is a JSON object: a token. */
const token = /\beyJ[\w-]+\.[\w-]+\.[\w-]*/g;
/** Long enough to be one, so that a sentence about the Bearer scheme stays readable. */
const bearer = /\bbearer\s+[\w.~+/-]{8,}=*/gi;

/** A text fit for the log: without tokens and without the query part of URLs. */
export const redacted = (text: string): string =>
  text.replace(token, '[token]').replace(bearer, 'Bearer [token]').replace(urlQuery, '$1?[removed]');

export interface LoggedError {
  readonly name: string;
  readonly message: string;
  readonly code?: string;
  /** What to do about an error of ours. */
  readonly remedy?: string;
  readonly stack?: string;
  readonly cause?: LoggedError;
  /** Of an AggregateError. */
  readonly errors?: readonly LoggedError[];
}

/** Causes followed, so that a chain that refers to itself ends. */
const maximumCauses = 5;

/** An error for the log, redacted, with its causes. */
export const loggedError = (error: unknown, depth = 0): LoggedError => {
  if (!(error instanceof Error))
    return { name: typeof error, message: redacted(String(error)).slice(0, 1_000) };
  const code = 'code' in error && typeof error.code === 'string' ? error.code : undefined;
  return {
    name: error.name,
    message: redacted(error.message),
    ...(code !== undefined && { code }),
    ...(error instanceof ConnectorError && { remedy: error.remedy }),
    ...(error.stack !== undefined && { stack: redacted(error.stack) }),
    ...(error instanceof AggregateError &&
      depth < maximumCauses && { errors: error.errors.map((one) => loggedError(one, depth + 1)) }),
    ...(error.cause !== undefined && depth < maximumCauses && { cause: loggedError(error.cause, depth + 1) }),
  };
};
