import { setTimeout as wait } from 'node:timers/promises';
import {
  CreateTableCommand,
  DescribeTableCommand,
  type DynamoDBClient,
  UpdateTimeToLiveCommand,
} from '@aws-sdk/client-dynamodb';

/**
 * What the local run needs of a table; the rest of its properties (encryption, backup) has no meaning for an
 * embedded engine.
 */
export interface TableDescription {
  readonly name: string;
  /** Partition key first, then the sort key if there is one. */
  readonly key: readonly { readonly name: string; readonly role: 'HASH' | 'RANGE' }[];
  /** Types of the key attributes. */
  readonly attributes: readonly { readonly name: string; readonly type: 'S' | 'N' | 'B' }[];
  /** Attribute that holds the time of expiry (s since the Unix epoch). */
  readonly timeToLiveAttribute?: string;
}

const activeLimitMs = 10_000;

/**
 * Creates an on-demand table and waits until it is active. Expiry is only declared, and not even that where
 * the engine cannot (dynalite): no embedded engine deletes expired items, and DynamoDB itself may take days,
 * so readers check the time of expiry themselves.
 */
export const createTable = async (
  client: DynamoDBClient,
  table: TableDescription,
): Promise<{ readonly timeToLive: 'declared' | 'not wanted' | 'unknown to the engine' }> => {
  const created = await client.send(
    new CreateTableCommand({
      TableName: table.name,
      BillingMode: 'PAY_PER_REQUEST',
      KeySchema: table.key.map(({ name, role }) => ({ AttributeName: name, KeyType: role })),
      AttributeDefinitions: table.attributes.map(({ name, type }) => ({
        AttributeName: name,
        AttributeType: type,
      })),
    }),
  );
  let status = created.TableDescription?.TableStatus;
  for (let waitedMs = 0; status !== 'ACTIVE'; waitedMs += 5) {
    if (waitedMs > activeLimitMs)
      throw new Error(`Table ${table.name} is ${status} and not active after ${activeLimitMs / 1_000} s.`);
    await wait(5);
    status = (await client.send(new DescribeTableCommand({ TableName: table.name }))).Table?.TableStatus;
  }
  if (table.timeToLiveAttribute === undefined) return { timeToLive: 'not wanted' };
  try {
    await client.send(
      new UpdateTimeToLiveCommand({
        TableName: table.name,
        TimeToLiveSpecification: { Enabled: true, AttributeName: table.timeToLiveAttribute },
      }),
    );
  } catch (error) {
    if (error instanceof Error && error.name === 'UnknownOperationException')
      return { timeToLive: 'unknown to the engine' };
    throw error;
  }
  return { timeToLive: 'declared' };
};
