import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AwsRefusal, awsClient } from '../../../lambda/runtime/aws-client.ts';
import { dynamoDb } from '../../../lambda/runtime/aws-services.ts';
import { dynamoDbTable } from '../../../lambda/store/dynamodb-table.ts';
import { StoreUnavailable } from '../../../lambda/store/table.ts';
import { localPlace } from '../local-place.ts';
import { firstVersion, memoryTable } from '../memory-table.ts';
import { type EngineTable, engines } from './engines.ts';
import { tableContract } from './table-contract.ts';

describe('the table in memory', () => {
  const table = memoryTable();
  tableContract(() => table);
});

describe.each(engines)('the table in $name', ({ open }) => {
  let engine: EngineTable;
  beforeAll(async () => {
    engine = await open();
  });
  afterAll(() => engine.close());
  tableContract(() => engine.table);
  describe('with reads that share requests', () => {
    tableContract(() => engine.sharing);
    it('gives each read its own item', async () => {
      const keys = Array.from({ length: 120 }, (_, at) => ({ pk: `together ${at % 7}`, sk: `item ${at}` }));
      for (const key of keys.slice(10)) await engine.table.swap({ ...key, body: key.sk }, 'absent');
      const items = await Promise.all([...keys, ...keys].map((key) => engine.sharing.get(key)));
      const bodies = keys.map(({ sk }, at) => (at < 10 ? undefined : sk));
      expect(items.map((item) => item?.body)).toEqual([...bodies, ...bodies]);
    });
  });
});

/*
 * State: the reads asked for in this turn of the event loop. Events: a read, the end of the turn, the answer of a
 * request. What must hold: every read settles once, with its own item or with the failure of its own request.
 */
describe('reads that share requests', () => {
  type Attributes = Readonly<Record<string, { readonly S: string }>>;
  type Call = (operation: string, input: unknown) => Promise<unknown>;
  const keyOf = (sk: string) => ({ pk: { S: 'A' }, sk: { S: sk } });
  const itemOf = (sk: string) => ({ ...keyOf(sk), version: { S: 'v' }, body: { S: sk } });
  const keysIn = (input: unknown) =>
    (input as { RequestItems: { state: { Keys: readonly Attributes[] } } }).RequestItems.state.Keys;
  const alone: Call = async (_, input) => ({
    Item: itemOf((input as { Key: Attributes }).Key.sk?.S ?? ''),
  });
  /** @returns the requests, and a read by sort key */
  const sharing = (batch: Call) => {
    const requests: string[] = [];
    const client = ((operation, input) => {
      requests.push(operation);
      return operation === 'GetItem' ? alone(operation, input) : batch(operation, input);
    }) as Call as ReturnType<typeof awsClient<'dynamodb'>>;
    const table = dynamoDbTable(client, 'state', { newVersion: () => 'v', sharesReads: true });
    return { requests, read: async (sk: string) => (await table.get({ pk: 'A', sk }))?.body };
  };
  const found: Call = async (_, input) => ({
    Responses: {
      state: keysIn(input)
        .map(({ sk }) => itemOf(sk?.S ?? ''))
        .reverse(),
    },
  });
  const refusing = (code: string) => async () => {
    throw new AwsRefusal(code, 400, code, {});
  };

  it('are one request, whatever the order of its answer, and a read alone is a plain one', async () => {
    const { requests, read } = sharing(found);
    expect(await Promise.all(['a', 'b', 'c', 'a'].map(read))).toEqual(['a', 'b', 'c', 'a']);
    expect(requests).toEqual(['BatchGetItem']);
    expect(await read('d')).toBe('d');
    expect(requests).toEqual(['BatchGetItem', 'GetItem']);
  });

  it('are as many requests as DynamoDB needs for more than 100 keys', async () => {
    const sizes: number[] = [];
    const { read } = sharing((operation, input) => {
      sizes.push(keysIn(input).length);
      return found(operation, input);
    });
    const all = Array.from({ length: 250 }, (_, at) => `item ${at}`);
    expect(await Promise.all(all.map(read))).toEqual(all);
    expect(sizes).toEqual([100, 100, 50]);
  });

  it('read alone what the request left out', async () => {
    const { requests, read } = sharing(async () => ({
      Responses: { state: [itemOf('a')] },
      UnprocessedKeys: { state: { Keys: [keyOf('b')] } },
    }));
    expect(await Promise.all(['a', 'b', 'c'].map(read))).toEqual(['a', 'b', undefined]);
    expect(requests).toEqual(['BatchGetItem', 'GetItem']);
  });

  it('do not fail with a key that DynamoDB refuses', async () => {
    const { requests, read } = sharing(refusing('ValidationException'));
    expect(await Promise.all(['a', 'b'].map(read))).toEqual(['a', 'b']);
    expect(requests).toEqual(['BatchGetItem', 'GetItem', 'GetItem']);
  });

  it('fail together where the table does not answer', async () => {
    const { requests, read } = sharing(refusing('ThrottlingException'));
    const outcomes = await Promise.allSettled(['a', 'b'].map(read));
    for (const outcome of outcomes)
      expect(outcome).toMatchObject({ status: 'rejected', reason: expect.any(StoreUnavailable) });
    expect(requests).toEqual(['BatchGetItem']);
  });
});

describe('a store that does not answer', () => {
  // A port below 1024 that nothing listens on; the request is refused at once.
  const client = awsClient(dynamoDb, localPlace('http://127.0.0.1:1'));
  const table = dynamoDbTable(client, 'state', { newVersion: () => 'v' });
  const item = { pk: 'A', sk: 'B', body: '{}' };
  const drain = async () => {
    for await (const _ of table.range('A', 'B', 'C')) expect.fail('an item came back');
  };

  it.each([
    ['get', () => table.get(item)],
    ['swap', () => table.swap(item, 'absent')],
    ['remove', () => table.remove(item, firstVersion)],
    ['range', drain],
  ])('makes %s fail as StoreUnavailable, which an HTTP caller sees as 503', async (_, call) => {
    const error = await call().then(
      () => expect.fail('it answered'),
      (reason: unknown) => reason,
    );
    expect(error).toBeInstanceOf(StoreUnavailable);
    expect(error).toMatchObject({ status: 503, code: 'StoreUnavailable', cause: expect.any(Error) });
  });
});
