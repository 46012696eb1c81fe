import { BatchWriteItemCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { awsClient } from '../../lambda/runtime/aws-client.ts';
import { dynamoDb as protocol } from '../../lambda/runtime/aws-services.ts';
import { dynamoDbTable } from '../../lambda/store/dynamodb-table.ts';
import type { Item, Table } from '../../lambda/store/table.ts';
import { createTable } from '../../local/dynamodb/create-table.ts';
import { startDynamoDb } from '../../local/dynamodb/start-engine.ts';
import { localPlace } from '../../test/lambda/local-place.ts';
import { stateTable } from '../../test/lambda/state-table.ts';

export interface EngineTable {
  readonly engine: string;
  /** Of the engine. */
  readonly url: string;
  readonly table: Table;
  /** Another table like the deployed one of the limiter. */
  readonly addLimiterTable: (name: string) => Promise<void>;
  /** Writes many items at once. */
  readonly load: (items: readonly Item[]) => Promise<void>;
  readonly close: () => Promise<void>;
}

/** Most items of one BatchWriteItem. */
const batchSize = 25;
const batchesAtOnce = 8;

/** A state table like the deployed one, on the embedded engine of this machine. */
export const startEngineTable = async (name: string): Promise<EngineTable> => {
  const dynamoDb = await startDynamoDb();
  const place = localPlace(dynamoDb.url);
  const client = new DynamoDBClient(place);
  await createTable(client, stateTable(name));
  const writeBatch = async (items: readonly Item[]) => {
    const PutRequests = items.map(({ pk, sk, version, body }) => ({
      PutRequest: { Item: { pk: { S: pk }, sk: { S: sk }, version: { S: version }, body: { S: body } } },
    }));
    const { UnprocessedItems = {} } = await client.send(
      new BatchWriteItemCommand({ RequestItems: { [name]: PutRequests } }),
    );
    if (Object.keys(UnprocessedItems).length > 0)
      throw new Error('The engine left items of a batch unwritten; run the benchmark again.');
  };
  return {
    engine: dynamoDb.engine,
    url: dynamoDb.url,
    table: dynamoDbTable(awsClient(protocol, place), name, { newVersion: () => crypto.randomUUID() }),
    async addLimiterTable(limiterTable) {
      await createTable(client, {
        name: limiterTable,
        key: [{ name: 'id', role: 'HASH' }],
        attributes: [{ name: 'id', type: 'S' }],
      });
    },
    async load(items) {
      for (let from = 0; from < items.length; from += batchSize * batchesAtOnce)
        await Promise.all(
          Array.from({ length: batchesAtOnce }, (_, index) =>
            items.slice(from + index * batchSize, from + (index + 1) * batchSize),
          )
            .filter((batch) => batch.length > 0)
            .map(writeBatch),
        );
    },
    async close() {
      client.destroy();
      await dynamoDb.close();
    },
  };
};
