import { expect, it } from 'vitest';
import { AwsRefusal, type awsClient } from '../../../lambda/runtime/aws-client.ts';
import { readsTogether } from '../../../lambda/runtime/reads-together.ts';

/*
 * State: the reads asked for in this turn of the event loop. Events: a read, the end of the turn, the answer of a
 * request. What must hold: every read settles once, with its own item or with the failure of its own request.
 */

type Attributes = Readonly<Record<string, { readonly S: string }>>;
type Client = ReturnType<typeof awsClient<'dynamodb'>>;
type Call = (operation: string, input: unknown, withinMs?: number) => Promise<unknown>;
type Batch = (tables: RequestItems, withinMs?: number) => Promise<unknown>;
type RequestItems = Readonly<
  Record<string, { readonly Keys: readonly Attributes[]; readonly ConsistentRead: boolean }>
>;

/** The state's keys have two attributes, the limiter's one. */
const keyOf = (table: string, name: string): Attributes =>
  table === 'state' ? { pk: { S: 'A' }, sk: { S: name } } : { id: { S: name } };
const itemOf = (table: string, key: Attributes): Attributes => ({
  body: { S: `${(key.sk ?? key.id)?.S} of ${table}` },
  ...Object.fromEntries(Object.entries(key).reverse()),
});

const alone = async (input: unknown) => {
  const { TableName, Key } = input as { readonly TableName: string; readonly Key: Attributes };
  return { Item: itemOf(TableName, Key) };
};

/** @returns the requests, and a read that gives the body of an item */
const sharing = (batch: Batch) => {
  const requests: string[] = [];
  const call: Call = (operation, input, withinMs) => {
    requests.push(operation);
    return operation === 'BatchGetItem'
      ? batch((input as { readonly RequestItems: RequestItems }).RequestItems, withinMs)
      : alone(input);
  };
  const client = readsTogether(call as Client);
  const readOf =
    (TableName: string, ConsistentRead = true, withinMs?: number) =>
    async (name: string) =>
      (await client('GetItem', { TableName, Key: keyOf(TableName, name), ConsistentRead }, withinMs)).Item
        ?.body?.S;
  return { client, requests, readOf, read: readOf('state') };
};

/** All that was asked for, in another order. */
const found: Batch = async (tables) => ({
  Responses: Object.fromEntries(
    Object.entries(tables).map(([table, { Keys }]) => [
      table,
      Keys.map((key) => itemOf(table, key)).reverse(),
    ]),
  ),
});

const refusing = (code: string, status: number) => async () => {
  throw new AwsRefusal(code, status, code, {});
};

it('are one request, whatever the order of its answer, and a read alone is a plain one', async () => {
  const { requests, read } = sharing(found);
  expect(await Promise.all(['a', 'b', 'c', 'a'].map(read))).toEqual([
    'a of state',
    'b of state',
    'c of state',
    'a of state',
  ]);
  expect(requests).toEqual(['BatchGetItem']);
  expect(await read('d')).toBe('d of state');
  expect(requests).toEqual(['BatchGetItem', 'GetItem']);
});

it('are one request of several tables, each read as strongly as one of its reads asks for', async () => {
  const asked: RequestItems[] = [];
  const { requests, read, readOf } = sharing((tables) => {
    asked.push(tables);
    return found(tables);
  });
  const weakly = readOf('state', false);
  const limiter = readOf('limiter', false);
  expect(await Promise.all([weakly('a'), read('b'), limiter('a')])).toEqual([
    'a of state',
    'b of state',
    'a of limiter',
  ]);
  expect(requests).toEqual(['BatchGetItem']);
  expect(asked).toEqual([
    {
      state: { Keys: [keyOf('state', 'a'), keyOf('state', 'b')], ConsistentRead: true },
      limiter: { Keys: [keyOf('limiter', 'a')], ConsistentRead: false },
    },
  ]);
});

it('have the longest time limit of them, and none where one has none', async () => {
  const limits: (number | undefined)[] = [];
  const { readOf } = sharing((tables, withinMs) => {
    limits.push(withinMs);
    return found(tables);
  });
  await Promise.all([readOf('state', true, 10)('a'), readOf('state', true, 20)('b')]);
  await Promise.all([readOf('state', true, 10)('a'), readOf('state')('b')]);
  expect(limits).toEqual([20, Number.POSITIVE_INFINITY]);
});

it('are as many requests as DynamoDB needs for more than 100 keys', async () => {
  const sizes: (number | undefined)[] = [];
  const { read } = sharing((tables) => {
    sizes.push(tables.state?.Keys.length);
    return found(tables);
  });
  const all = Array.from({ length: 250 }, (_, at) => `item ${at}`);
  expect(await Promise.all(all.map(read))).toEqual(all.map((name) => `${name} of state`));
  expect(sizes).toEqual([100, 100, 50]);
});

it('read alone what the request left out, in each of its tables', async () => {
  const { requests, read, readOf } = sharing(async () => ({
    Responses: { state: [itemOf('state', keyOf('state', 'a'))], limiter: [] },
    UnprocessedKeys: {
      state: { Keys: [keyOf('state', 'b')] },
      limiter: { Keys: [keyOf('limiter', 'b')] },
    },
  }));
  const limiter = readOf('limiter');
  const reads = [...['a', 'b', 'c'].map(read), ...['a', 'b'].map(limiter)];
  expect(await Promise.all(reads)).toEqual([
    'a of state',
    'b of state',
    undefined,
    undefined,
    'b of limiter',
  ]);
  expect(requests).toEqual(['BatchGetItem', 'GetItem', 'GetItem']);
});

it.each([
  ['a key that DynamoDB refuses', 'ValidationException'],
  ['a table that a role may not read', 'AccessDeniedException'],
  ['a table that is missing', 'ResourceNotFoundException'],
])('do not fail with %s', async (_, code) => {
  const { requests, read } = sharing(refusing(code, 400));
  expect(await Promise.all(['a', 'b'].map(read))).toEqual(['a of state', 'b of state']);
  expect(requests).toEqual(['BatchGetItem', 'GetItem', 'GetItem']);
});

it.each([
  ['wants fewer requests', refusing('ThrottlingException', 400)],
  ['has a fault', refusing('InternalServerError', 500)],
  [
    'is not reached',
    async () => {
      throw new Error('DynamoDB did not answer BatchGetItem in 3 tries.');
    },
  ],
])('fail together where the database %s', async (_, batch) => {
  const { requests, read } = sharing(batch);
  for (const outcome of await Promise.allSettled(['a', 'b'].map(read)))
    expect(outcome.status).toBe('rejected');
  expect(requests).toEqual(['BatchGetItem']);
});

it('leave other requests as they are', async () => {
  const { client, requests, read } = sharing(found);
  const key = keyOf('state', 'a');
  await Promise.all([client('DeleteItem', { TableName: 'state', Key: key }), read('a')]);
  expect(requests).toEqual(['DeleteItem', 'GetItem']);
});
