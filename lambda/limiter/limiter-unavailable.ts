/** The limit could not be counted, so the call is refused: answer 503 with Retry-After. `cause` is the store's error. */
export class LimiterUnavailable extends Error {
  override readonly name = 'LimiterUnavailable';
  readonly status = 503;
  /** Milliseconds. */
  readonly retryAfterMs = 1_000;

  constructor(cause: unknown) {
    super('The call limit could not be checked, so the call was not made. Try again in a moment.', { cause });
  }
}
