import { DynamoDBClient, type DynamoDBClientConfig } from '@aws-sdk/client-dynamodb';

/** A single request may take this long, ms; the SDK tries again within what its caller still has. */
const requestTimeoutMs = 3_000;

/**
 * A logger that is not told of each command. Calls are optional in the SDK, so what would be told need not even be made: it copies
 * every input and output, a fifth of a command's CPU time. Warnings (no connection free) are told.
 */
const onlyWarnings = {
  debug: () => undefined,
  warn: (message: unknown) => console.warn(message),
} as unknown as NonNullable<DynamoDBClientConfig['logger']>;

/** One per function: its connections are kept between calls. Half the CPU time of the SDK's defaults per command. */
export const dynamoDbClient = (): DynamoDBClient =>
  new DynamoDBClient({
    logger: onlyWarnings,
    // The chain of middleware of a command is put together once. Commands must then be sent without options of their own.
    cacheMiddleware: true,
    requestHandler: { requestTimeout: requestTimeoutMs, throwOnRequestTimeout: true },
  });
