import type { IdentityErrorCode } from './identity-errors.ts';

interface ErrorKind {
  /** HTTP status of the answer. */
  readonly status: number;
  /** What the person who gets it should do; the reference in docs/proxy.md is this column. */
  readonly remedy: string;
}

/** Every code of ours in an error body beside those of lambda/identity, and what to do about it. */
export const errorKinds = {
  OperationNotFound: {
    status: 404,
    remedy:
      'Check the method and the path against the connector definition; import the current definition again.',
  },
  BodyTooLarge: { status: 413, remedy: 'Send a smaller body; 64 KB (65,536 bytes) is the most.' },
  BodyInvalid: {
    status: 400,
    remedy: 'Send one JSON document in UTF-8, as described at the named position.',
  },
  ContentTypeUnsupported: { status: 415, remedy: 'Send the header "Content-Type: application/json".' },
  RequestInvalid: { status: 400, remedy: 'Correct each of the parameters listed under details.' },
  QueryOptionInvalid: { status: 400, remedy: 'Correct the query option at the named position.' },
  FieldNotFilterable: { status: 400, remedy: 'Filter by one of the fields the message names.' },
  InstanceUnknown: {
    status: 404,
    remedy: 'Choose an instance from the list, or have it added to the configuration.',
  },
  EntityUnknown: { status: 404, remedy: 'Choose the name of an entity as Customer Insights lists it.' },
  SegmentUnknown: { status: 404, remedy: 'Choose a segment from the list.' },
  MeasureUnknown: { status: 404, remedy: 'Choose a measure from the list.' },
  ItemUnknown: { status: 404, remedy: 'Check the key of the item; keys are exact, capitals too.' },
  ItemNotAddressable: {
    status: 400,
    remedy: 'Use "Get items from an entity": the entity has no key of one column.',
  },
  JobUnknown: { status: 404, remedy: 'Take the job id from Refresh or from a trigger.' },
  NoInstance: {
    status: 403,
    remedy: 'Have an administrator of an instance give you a role there.',
  },
  MeasureNotScalar: {
    status: 400,
    remedy: 'Choose a business measure without a dimension.',
  },
  PartitionHandleInvalid: {
    status: 400,
    remedy: 'Retrieve the partitions again and use the handles of that answer.',
  },
  PartitionChanged: { status: 409, remedy: 'Retrieve the partitions again and begin anew.' },
  DataSourceUnknown: { status: 404, remedy: 'Choose a data source from the list.' },
  CallbackRefused: { status: 400, remedy: 'Save the flow again, so that Power Automate sends its own URL.' },
  SubscriptionUnknown: {
    status: 404,
    remedy: 'Choose one of your own subscriptions from the list.',
  },
  SubscriptionNotActive: {
    status: 409,
    remedy: 'Switch the flow on, or save it, so that it registers again.',
  },
  SubscriptionLimitReached: {
    status: 403,
    remedy: 'Delete flows that are no longer needed, or have the limit raised in the configuration.',
  },
  RateLimited: { status: 429, remedy: 'Wait as long as Retry-After says, then call again.' },
  LimitUnavailable: { status: 503, remedy: 'Call again after the seconds in Retry-After.' },
  StoreUnavailable: { status: 503, remedy: 'Call again after the seconds in Retry-After.' },
  SecretUnreadable: {
    status: 503,
    remedy: 'Check that the secret exists, has the documented form and may be read by the function.',
  },
  DeadlineExceeded: { status: 504, remedy: 'Ask for less at once, or call again later.' },
  UpstreamKeyRefused: {
    status: 502,
    remedy: 'Have the subscription keys of the instance in Secrets Manager checked.',
  },
  UpstreamTokenRefused: {
    status: 502,
    remedy: 'Have the API app registration and its permission for Customer Insights checked.',
  },
  UpstreamForbidden: {
    status: 403,
    remedy: 'Have an administrator of the instance give you a role there.',
  },
  UpstreamNotFound: { status: 404, remedy: 'Check the names and ids in the request.' },
  UpstreamConflict: {
    status: 409,
    remedy: 'Read the item; it is there already or was changed by somebody else.',
  },
  UpstreamRejected: { status: 400, remedy: 'Correct what the message of Customer Insights names.' },
  UpstreamThrottled: { status: 429, remedy: 'Wait as long as Retry-After says, then call again.' },
  UpstreamFailed: {
    status: 502,
    remedy: 'Call again later; if it stays, ask the Customer Insights support.',
  },
  UpstreamUnavailable: { status: 503, remedy: 'Call again after the seconds in Retry-After.' },
  UpstreamUnreachable: {
    status: 502,
    remedy: 'Check the address of Customer Insights in the configuration and the network path to it.',
  },
  UpstreamTimeout: { status: 504, remedy: 'Ask for less at once, or call again later.' },
  UpstreamUnreadable: {
    status: 502,
    remedy: 'Check that the configured address is the Customer Insights REST API.',
  },
  AnswerTooLarge: { status: 400, remedy: 'Ask for fewer rows with $top or fewer columns with $select.' },
  Internal: { status: 500, remedy: 'Report the correlation id of the message to the operator.' },
} as const satisfies Readonly<Record<string, ErrorKind>>;

export type ApiErrorCode = keyof typeof errorKinds;

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

export interface ApiErrorOptions extends ErrorOptions {
  readonly details?: readonly Problem[];
  /** Whole seconds; becomes the header Retry-After. */
  readonly retryAfterSeconds?: number;
}

/**
 * Everything that ends a request with an answer of ours. The message is written for the person who must act and is sent
 * to them: no token, no key, no callback URL belongs in it. `cause` is logged, never sent.
 */
export class ApiError<Code extends ApiErrorCode = ApiErrorCode> extends Error {
  override readonly name: string = 'ApiError';
  readonly code: Code;
  readonly status: number;
  readonly details: readonly Problem[] | undefined;
  readonly retryAfterSeconds: number | undefined;

  constructor(code: Code, message: string, options: ApiErrorOptions = {}) {
    super(message, options);
    this.code = code;
    this.status = errorKinds[code].status;
    this.details = options.details;
    this.retryAfterSeconds = options.retryAfterSeconds;
  }
}

export const isApiError = <Code extends ApiErrorCode>(
  error: unknown,
  ...codes: readonly Code[]
): error is ApiError<Code> =>
  error instanceof ApiError && (codes as readonly ApiErrorCode[]).includes(error.code);

/** The body of every answer that is not a success. */
export interface ErrorBody {
  readonly error: {
    readonly code: ApiErrorCode | IdentityErrorCode;
    readonly message: string;
    readonly details?: readonly Problem[];
  };
}
