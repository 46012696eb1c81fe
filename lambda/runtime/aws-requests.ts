/** How long the functions wait for DynamoDB, SQS and KMS: without limits of its own the SDK waits for ever. */

/** Time limit of one try, ms. */
export const requestTimeoutMs = 3_000;

/** The SDK's own number of tries. */
export const requestTries = 3;

/** Options of every client of the SDK. */
export const boundedRequests = {
  maxAttempts: requestTries,
  requestHandler: { requestTimeout: requestTimeoutMs, throwOnRequestTimeout: true },
} as const;
