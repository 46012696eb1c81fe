import { randomUUID } from 'node:crypto';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll } from 'vitest';
import { awsClient } from '../../../lambda/runtime/aws-client.ts';
import { type AwsClient, dynamoDb as protocol } from '../../../lambda/runtime/aws-services.ts';
import { createTable } from '../../../local/dynamodb/create-table.ts';
import { availableEngines, startDynamoDb } from '../../../local/dynamodb/start-engine.ts';
import { localPlace } from '../local-place.ts';

export interface LimiterTables {
  readonly client: AwsClient<'dynamodb'>;
  /** For clients of the AWS SDK. */
  readonly place: ReturnType<typeof localPlace>;
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
    const place = localPlace(dynamoDb.url);
    const tables = new DynamoDBClient(place);
    const create = async (key: string): Promise<string> => {
      // An engine that runs already may hold tables of earlier runs.
      const name = `limiter-${randomUUID()}`;
      await createTable(tables, {
        name,
        key: [{ name: key, role: 'HASH' }],
        attributes: [{ name: key, type: 'S' }],
        timeToLiveAttribute: 'expiresAt',
      });
      return name;
    };
    return {
      // A busy machine must not look like a store that fails.
      client: awsClient(protocol, { ...place, timeoutMs: 30_000 }),
      place,
      tableName: await create('id'),
      createTable: create,
      async stop() {
        tables.destroy();
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
