/** An error that a service answers with, as its SDK client understands it. */
export class ServiceError extends Error {
  /** The `__type` of the body, with or without its namespace, e.g. `com.amazonaws.sqs#QueueDoesNotExist`. */
  readonly type: string;
  /** HTTP status. */
  readonly status: number;
  /** The code of the older query protocol, sent as `x-amzn-query-error` where the service has one (SQS). */
  readonly queryCode: string | undefined;

  constructor(
    type: string,
    message: string,
    options: { readonly status?: number; readonly queryCode?: string } = {},
  ) {
    super(message);
    this.name = 'ServiceError';
    this.type = type;
    this.status = options.status ?? 400;
    this.queryCode = options.queryCode;
  }
}
