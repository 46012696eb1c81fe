import { randomUUID } from 'node:crypto';
import { DynamoDBClient, type DynamoDBClientConfig } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll } from 'vitest';
import { createTable } from '../../../local/dynamodb/create-table.ts';
import { availableEngines, startDynamoDb } from '../../../local/dynamodb/start-engine.ts';

export interface LimiterTables {
  readonly client: DynamoDBClient;
  readonly clientConfig: DynamoDBClientConfig;
  /** A table like the deployed one. */
  readonly tableName: string;
  /** Creates one more table with this string key; resolves to its name. */
  createTable(key: string): Promise<string>;
  stop(): Promise<void>;
}

/** Every engine present here, for suites that run on each. */
export const limiterEngines = availableEngines().map((engine) => ({
  name: typeof engine === 'string' ? engine : engine.endpoint,
  async start(): Promise<LimiterTables> {
    const dynamoDb = await startDynamoDb({ engine });
    const clientConfig = {
      endpoint: dynamoDb.url,
      region: 'eu-west-1',
      credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    };
    const client = new DynamoDBClient(clientConfig);
    const create = async (key: string): Promise<string> => {
      // An engine that runs already may hold tables of earlier runs.
      const name = `limiter-${randomUUID()}`;
      await createTable(client, {
        name,
        key: [{ name: key, role: 'HASH' }],
        attributes: [{ name: key, type: 'S' }],
        timeToLiveAttribute: 'expiresAt',
      });
      return name;
    };
    return {
      client,
      clientConfig,
      tableName: await create('id'),
      createTable: create,
      async stop() {
        client.destroy();
        await dynamoDb.close();
      },
    };
  },
}));

/** Tables of an engine for the tests of a block: started before the first, ended after the last. */
export const useLimiterTables = (
  engine: (typeof limiterEngines)[number],
  started: (tables: LimiterTables) => void,
): void => {
  let tables: LimiterTables | undefined;
  beforeAll(async () => {
    tables = await engine.start();
    started(tables);
  });
  afterAll(() => tables?.stop());
};
