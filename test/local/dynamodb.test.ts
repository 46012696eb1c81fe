import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import {
  ConditionalCheckFailedException,
  DescribeTableCommand,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
} from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTable } from '../../local/dynamodb/create-table.ts';
import { dynoxideBinary } from '../../local/dynamodb/dynoxide.ts';
import { availableEngines, type LocalDynamoDb, startDynamoDb } from '../../local/dynamodb/start-engine.ts';
import { stateTable } from '../lambda/state-table.ts';

const titleOf = (engine: ReturnType<typeof availableEngines>[number]) =>
  typeof engine === 'string' ? engine : `the engine at ${engine.endpoint}`;

describe.each(availableEngines().map((engine) => [titleOf(engine), engine] as const))('%s', (_, engine) => {
  let db: LocalDynamoDb;
  let client: DynamoDBClient;
  // An engine that runs already may keep the tables of an earlier run.
  const table = `state-${process.pid}-${Date.now()}`;

  beforeAll(async () => {
    db = await startDynamoDb({ engine });
    client = new DynamoDBClient({
      endpoint: db.url,
      region: 'eu-west-1',
      credentials: { accessKeyId: 'AKIDLOCAL', secretAccessKey: 'secret' },
    });
  });

  afterAll(async () => {
    client.destroy();
    await db.close();
  });

  it('creates a table that is ready to use', async () => {
    const { timeToLive } = await createTable(client, stateTable(table));
    expect(timeToLive).toBe(engine === 'dynalite' ? 'unknown to the engine' : 'declared');
    const { Table } = await client.send(new DescribeTableCommand({ TableName: table }));
    expect(Table?.TableStatus).toBe('ACTIVE');
    expect(Table?.KeySchema).toEqual([
      { AttributeName: 'pk', KeyType: 'HASH' },
      { AttributeName: 'sk', KeyType: 'RANGE' },
    ]);
  });

  it('writes on a condition and reads back numbers of 38 digits', async () => {
    const number = '12345678901234567890123456789012345678';
    const put = new PutItemCommand({
      TableName: table,
      Item: { pk: { S: 'a' }, sk: { S: 'b' }, value: { N: number } },
      ConditionExpression: 'attribute_not_exists(pk)',
    });
    await client.send(put);
    await expect(client.send(put)).rejects.toBeInstanceOf(ConditionalCheckFailedException);
    const { Item } = await client.send(
      new GetItemCommand({ TableName: table, Key: { pk: { S: 'a' }, sk: { S: 'b' } }, ConsistentRead: true }),
    );
    expect(Item?.value).toEqual({ N: number });
  });

  it('refuses a table that exists', async () => {
    const again = createTable(client, {
      name: table,
      key: [{ name: 'id', role: 'HASH' }],
      attributes: [{ name: 'id', type: 'S' }],
    });
    await expect(again).rejects.toThrow(expect.objectContaining({ name: 'ResourceInUseException' }));
  });
});

describe('the choice of an engine', () => {
  it('prefers the endpoint of the environment, and always has dynalite', () => {
    const engines = availableEngines({ DYNAMODB_ENDPOINT: 'http://127.0.0.1:8000' });
    expect(engines[0]).toEqual({ endpoint: 'http://127.0.0.1:8000' });
    expect(engines.at(-1)).toBe('dynalite');
    expect(availableEngines({})[0]).toBe(dynoxideBinary() === undefined ? 'dynalite' : 'dynoxide');
  });

  it('reaches an engine that runs already and leaves it running', async () => {
    const running = await startDynamoDb({ engine: 'dynalite' });
    const reached = await startDynamoDb({}, { DYNAMODB_ENDPOINT: `${running.url}/` });
    expect(reached).toMatchObject({ engine: 'endpoint', url: running.url });
    await reached.close();
    expect((await fetch(running.url)).status).toBeGreaterThan(0);
    await running.close();
    await expect(startDynamoDb({}, { DYNAMODB_ENDPOINT: running.url })).rejects.toThrow(
      `No DynamoDB engine answers at ${running.url}. Start the engine there`,
    );
    await expect(startDynamoDb({}, { DYNAMODB_ENDPOINT: 'localhost:8000' })).rejects.toThrow(
      'is not an http URL',
    );
  });

  it.each(availableEngines({}).map((engine) => [titleOf(engine), engine] as const))(
    'says that the port is taken (%s)',
    async (name, engine) => {
      const other = createServer().listen(0, '127.0.0.1');
      await once(other, 'listening');
      const { port } = other.address() as AddressInfo;
      await expect(startDynamoDb({ engine, port })).rejects.toThrow(
        new RegExp(`The DynamoDB engine ${name}.* did not start on port ${port}: .*in use`, 'i'),
      );
      other.close();
    },
  );
});

/** Starts the engine in a process of its own, and follows both by what the operating system closes. */
const startInProcess = async (after: string) => {
  const source = `
    import { startDynamoDb } from ${JSON.stringify(new URL('../../local/dynamodb/start-engine.ts', import.meta.url).href)};
    const { url } = await startDynamoDb({ engine: 'dynoxide' });
    process.stdout.write(url);
    process.stdin.once('data', () => { ${after} });`;
  const parent = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '--eval', source], {
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  const ended = once(parent, 'exit');
  const [url] = await once(parent.stdout, 'data');
  const socket = connect(Number(new URL(String(url)).port), '127.0.0.1');
  await once(socket, 'connect');
  // The engine never closes this idle connection itself: it ends with the engine.
  const engineEnded = closed(socket);
  return { parent, ended, engineEnded, url: String(url) };
};

/** An engine that is killed may end a connection or reset it: both close it. */
const closed = (socket: Socket): Promise<void> =>
  new Promise((resolve) => {
    socket.resume();
    socket.on('error', () => undefined);
    socket.once('close', () => resolve());
  });

const withoutBinary = dynoxideBinary() === undefined;
if (withoutBinary)
  console.warn(
    'Skipped: "the engine process ends with its parent", because @dynoxide/linux-x64 is not installed.',
  );

describe.skipIf(withoutBinary)('the engine process ends with its parent', () => {
  it('killed with SIGKILL', async () => {
    const { parent, ended, engineEnded, url } = await startInProcess('');
    parent.kill('SIGKILL');
    await ended;
    await engineEnded;
    await expect(fetch(url)).rejects.toThrow();
  });

  it('crashed', async () => {
    const { parent, ended, engineEnded, url } = await startInProcess(`throw new Error('crash');`);
    parent.stdin.write('go');
    await ended;
    await engineEnded;
    await expect(fetch(url)).rejects.toThrow();
  });

  it('and at close, although connections are open', async () => {
    const db = await startDynamoDb({ engine: 'dynoxide' });
    const socket = connect(Number(new URL(db.url).port), '127.0.0.1');
    await once(socket, 'connect');
    const engineEnded = closed(socket);
    await db.close();
    await engineEnded;
    await expect(fetch(db.url)).rejects.toThrow();
  });
});
