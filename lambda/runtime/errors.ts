/**
 * Every error that the connector itself throws: one class, codes of one closed table. Decide by code or by
 * origin.
 */
import {
  type AnsweredCode,
  type ErrorCode,
  type ErrorKind,
  type ErrorOrigin,
  errorKinds,
} from './error-codes.ts';

/** One thing that is wrong with a request. */
export interface Problem {
  /** The parameter, query option or body property. */
  readonly parameter: string;
  /** What is wrong. */
  readonly problem: string;
  /** What would be accepted. */
  readonly allowed?: string;
  /** Where in the value it is wrong, counted from 1, in characters. */
  readonly position?: number;
}

export interface ConnectorErrorOptions extends ErrorOptions {
  readonly details?: readonly Problem[];
  /** Becomes the header Retry-After, rounded up to whole seconds; the one of the code by default. */
  readonly retryAfterSeconds?: number;
}

/**
 * An error of this program. The message is written for the person who must act and, unless the code is
 * internal, is sent to them: no token, no key, no callback URL belongs in it. `cause` is logged, never sent.
 */
export class ConnectorError<Code extends ErrorCode = ErrorCode> extends Error {
  readonly code: Code;
  readonly status: number;
  readonly details: readonly Problem[] | undefined;
  readonly retryAfterSeconds: number | undefined;

  constructor(code: Code, message: string, options: ConnectorErrorOptions = {}) {
    super(message, options);
    // The log shows the name; nothing decides by it.
    this.name = code;
    this.code = code;
    const kind: ErrorKind = errorKinds[code];
    this.status = kind.status;
    this.details = options.details;
    this.retryAfterSeconds = options.retryAfterSeconds ?? kind.retryAfterSeconds;
  }

  /** What the table says about the code. */
  get kind(): ErrorKind {
    return errorKinds[this.code];
  }

  get remedy(): string {
    return this.kind.remedy;
  }
}

/** The former name. */
export { ConnectorError as ApiError };

/** Whether an error is one of ours with one of these codes. */
export const hasCode = <Code extends ErrorCode>(
  error: unknown,
  ...codes: readonly Code[]
): error is ConnectorError<Code> =>
  error instanceof ConnectorError && (codes as readonly ErrorCode[]).includes(error.code);

/** Whether an error is one of ours with one of these origins. */
export const isFaultOf = (error: unknown, ...origins: readonly ErrorOrigin[]): error is ConnectorError =>
  error instanceof ConnectorError && origins.includes(error.kind.origin);

/** The body of every answer that is not a success. */
export interface ErrorBody {
  readonly error: {
    readonly code: AnsweredCode;
    readonly message: string;
    readonly details?: readonly Problem[];
  };
}
