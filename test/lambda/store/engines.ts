/** The state table on each engine that this machine has. */

import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { awsClient } from '../../../lambda/runtime/aws-client.ts';
import { dynamoDb } from '../../../lambda/runtime/aws-services.ts';
import { readsTogether } from '../../../lambda/runtime/reads-together.ts';
import { dynamoDbTable } from '../../../lambda/store/dynamodb-table.ts';
import type { Table } from '../../../lambda/store/table.ts';
import { createTable } from '../../../local/dynamodb/create-table.ts';
import { availableEngines, startDynamoDb } from '../../../local/dynamodb/start-engine.ts';
import { localPlace } from '../local-place.ts';
import { stateTable } from '../state-table.ts';

export interface EngineTable {
  readonly table: Table;
  /** The same, with reads that share requests. */
  readonly sharing: Table;
  close(): Promise<void>;
}

let tables = 0;

const open = async (engine: ReturnType<typeof availableEngines>[number]): Promise<EngineTable> => {
  const db = await startDynamoDb({ engine });
  const place = localPlace(db.url);
  const client = new DynamoDBClient(place);
  tables += 1;
  // An engine that runs already may keep the tables of an earlier run.
  const name = `state-${process.pid}-${Date.now()}-${tables}`;
  await createTable(client, stateTable(name));
  const options = { newVersion: () => crypto.randomUUID() };
  return {
    table: dynamoDbTable(awsClient(dynamoDb, place), name, options),
    sharing: dynamoDbTable(readsTogether(awsClient(dynamoDb, place)), name, options),
    async close() {
      client.destroy();
      await db.close();
    },
  };
};

export const engines = availableEngines().map((engine) => ({
  name: typeof engine === 'string' ? engine : `the engine at ${engine.endpoint}`,
  open: () => open(engine),
}));
