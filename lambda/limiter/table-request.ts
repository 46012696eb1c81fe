/**
 * The limiter's way to its table: one signed request, because the write of the limit is most of what a call
 * of the proxy costs.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { type AttributeValue, type DynamoDBClient, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { getEndpointFromInstructions } from '@smithy/core/endpoints';
import { keepAliveFetch, readBounded } from '../runtime/http-client.ts';

export type Item = Readonly<Record<string, AttributeValue>>;

/** DynamoDB's own refusal. */
export class TableRefusal extends Error {
  override readonly name = 'TableRefusal';
  /** DynamoDB's code, such as ConditionalCheckFailedException. */
  readonly code: string;
  readonly status: number;
  /** The current item, where the request asked for it. */
  readonly item: Item | undefined;

  constructor(code: string, status: number, message: string, item: Item | undefined) {
    super(message);
    this.code = code;
    this.status = status;
    this.item = item;
  }
}

/**
 * One request of DynamoDB's JSON protocol:
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.LowLevelAPI.html Rejects with
 * a {@link TableRefusal}, or with an Error when the outcome is unknown.
 */
export type TableRequest = (operation: 'UpdateItem' | 'GetItem', input: object) => Promise<TableAnswer>;

export interface TableAnswer {
  readonly Attributes?: Item;
  readonly Item?: Item;
}

export interface TableRequestOptions {
  /** Milliseconds of real time for a request with all its attempts. */
  readonly timeoutMs: number;
  /** A number in [0, 1), which spreads the attempts of processes that were throttled at once. */
  readonly random: () => number;
}

/** As many as the AWS SDK makes. */
const maximumAttempts = 3;
/** Milliseconds; twice as long after each attempt, less a random part. */
const firstPauseMs = 50;

const throttled: ReadonlySet<string> = new Set([
  'ProvisionedThroughputExceededException',
  'RequestLimitExceeded',
  'ThrottlingException',
]);

const mayPass = (error: unknown): boolean =>
  !(error instanceof TableRefusal) || error.status >= 500 || throttled.has(error.code);

interface Refusal {
  readonly __type?: string;
  readonly message?: string;
  readonly Message?: string;
  readonly Item?: Item;
}

const refusalOf = (status: number, text: string): TableRefusal => {
  let refusal: Refusal = {};
  try {
    refusal = JSON.parse(text) as Refusal;
  } catch {
    // A load balancer's page: the status says enough.
  }
  const { __type: type = 'UnknownError', message, Message, Item: item } = refusal;
  return new TableRefusal(
    type.slice(type.lastIndexOf('#') + 1),
    status,
    message ?? Message ?? `The limiter's table answered with status ${status}.`,
    item,
  );
};

/**
 * Requests with the endpoint, region and credentials of a client, signed by its signer, but without its chain
 * of middleware, which takes three times the CPU time of the request itself (`npm run bench:proxy`). A
 * failure that may be temporary is retried.
 */
export const createTableRequest = (
  client: DynamoDBClient,
  tableName: string,
  { timeoutMs, random }: TableRequestOptions,
): TableRequest => {
  const prepare = async () => {
    const { url } = await getEndpointFromInstructions(
      { TableName: tableName },
      UpdateItemCommand,
      client.config,
    );
    return { url, signer: await client.config.signer() };
  };
  let prepared: ReturnType<typeof prepare> | undefined;

  const attempt = async (operation: string, body: string, leftMs: number): Promise<TableAnswer> => {
    prepared ??= prepare().catch((error: unknown) => {
      prepared = undefined;
      throw error;
    });
    const { url, signer } = await prepared;
    const { headers } = await signer.sign({
      method: 'POST',
      protocol: url.protocol,
      hostname: url.hostname,
      path: url.pathname,
      headers: {
        host: url.host,
        'content-type': 'application/x-amz-json-1.0',
        'x-amz-target': `DynamoDB_20120810.${operation}`,
      },
      body,
    });
    const answer = await keepAliveFetch(url.href, {
      method: 'POST',
      headers,
      body,
      redirect: 'manual',
      timeoutMs: leftMs,
    });
    const { text } = await readBounded(answer, Number.POSITIVE_INFINITY);
    if (answer.status !== 200) throw refusalOf(answer.status, text);
    return JSON.parse(text) as TableAnswer;
  };

  return async (operation, input) => {
    const body = JSON.stringify({ TableName: tableName, ...input });
    const until = performance.now() + timeoutMs;
    for (let attempts = 1; ; attempts += 1) {
      try {
        return await attempt(operation, body, until - performance.now());
      } catch (error) {
        const pauseMs = firstPauseMs * 2 ** (attempts - 1) * random();
        const late = performance.now() + pauseMs >= until;
        if (late && !(error instanceof TableRefusal))
          throw new Error(`The limiter's table did not answer within ${timeoutMs} ms.`, { cause: error });
        if (late || attempts === maximumAttempts || !mayPass(error)) throw error;
        await sleep(pauseMs);
      }
    }
  };
};
