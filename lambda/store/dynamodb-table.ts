import { AwsRefusal, batchGet, isConditionFailed, refusedItem } from '../runtime/aws-client.ts';
import type { Attributes, AwsClient, InputOf } from '../runtime/aws-services.ts';
import {
  type Item,
  type Key,
  StoreUnavailable,
  type Table,
  type TableOptions,
  type Version,
} from './table.ts';

const keyOf = ({ pk, sk }: Key): Attributes => ({ pk: { S: pk }, sk: { S: sk } });

const toAttributes = (item: Item): Attributes => ({
  ...keyOf(item),
  version: { S: item.version },
  body: { S: item.body },
  ...(item.expiresAt !== undefined && { expiresAt: { N: String(item.expiresAt) } }),
});

const toItem = (attributes: Attributes): Item => {
  const text = (name: string) => attributes[name]?.S ?? '';
  const expiresAt = attributes.expiresAt?.N;
  return {
    pk: text('pk'),
    sk: text('sk'),
    version: text('version') as Version,
    body: text('body'),
    ...(expiresAt !== undefined && { expiresAt: Number(expiresAt) }),
  };
};

/** @throws StoreUnavailable for everything but a condition that does not hold */
const available = async <Result>(operation: Promise<Result>): Promise<Result> => {
  try {
    return await operation;
  } catch (cause) {
    if (isConditionFailed(cause)) throw cause;
    throw new StoreUnavailable('The state table did not answer. The request can be repeated.', { cause });
  }
};

type Read = (key: Key) => Promise<Item | undefined>;

/** The most keys that DynamoDB takes in one BatchGetItem. */
const mostKeys = 100;

const nameOf = ({ pk, sk }: Key): string => JSON.stringify([pk, sk]);

/**
 * Reads that are asked for in the same turn of the event loop become one request, which costs a process little more than
 * one read does. What that request leaves out is read alone, so that no read depends on another.
 */
const readsTogether = (client: AwsClient<'dynamodb'>, tableName: string, alone: Read): Read => {
  interface Asked {
    readonly key: Key;
    readonly resolve: (item: Promise<Item | undefined> | Item | undefined) => void;
    readonly reject: (reason: unknown) => void;
  }
  const readAll = async (all: ReadonlyMap<string, Asked>) => {
    const keys = [...all.values()].map(({ key }) => keyOf(key));
    const { items, left } = await available(batchGet(client, tableName, keys));
    const found = new Map(items.map(toItem).map((item) => [nameOf(item), item]));
    const unread = new Set(left.map(({ pk, sk }) => nameOf({ pk: pk?.S ?? '', sk: sk?.S ?? '' })));
    for (const [name, { key, resolve }] of all) resolve(unread.has(name) ? alone(key) : found.get(name));
  };
  let waiting = new Map<string, Asked>();
  let items = new Map<string, Promise<Item | undefined>>();
  const send = async () => {
    const all = waiting;
    waiting = new Map();
    items = new Map();
    // None: they were sent already, as the most that fit into one request.
    if (all.size < 2) {
      for (const { key, resolve } of all.values()) resolve(alone(key));
      return;
    }
    try {
      await readAll(all);
    } catch (error) {
      // A key that DynamoDB refuses is a fault of that read, and not of the others.
      const cause = error instanceof StoreUnavailable ? error.cause : undefined;
      const refused = cause instanceof AwsRefusal && cause.code === 'ValidationException';
      for (const { key, resolve, reject } of all.values()) refused ? resolve(alone(key)) : reject(error);
    }
  };
  return (key) => {
    const name = nameOf(key);
    const same = items.get(name);
    if (same !== undefined) return same;
    if (waiting.size === mostKeys) void send();
    if (waiting.size === 0) queueMicrotask(send);
    const item = new Promise<Item | undefined>((resolve, reject) => {
      waiting.set(name, { key, resolve, reject });
    });
    items.set(name, item);
    return item;
  };
};

/** The state table in DynamoDB: partition key `pk`, sort key `sk`, TTL attribute `expiresAt`. */
export const dynamoDbTable = (
  client: AwsClient<'dynamodb'>,
  tableName: string,
  {
    newVersion,
    onUnreadable,
    sharesReads = false,
  }: TableOptions & {
    /** Reads that begin in one turn of the event loop are one request; needs dynamodb:BatchGetItem. */
    readonly sharesReads?: boolean;
  },
): Table => {
  const TableName = tableName;
  const versionIs = (expected: Version) => ({
    ConditionExpression: '#version = :expected',
    ExpressionAttributeNames: { '#version': 'version' },
    ExpressionAttributeValues: { ':expected': { S: expected } },
  });
  const rangeQuery = (pk: string, from: string, to: string) => ({
    TableName,
    ConsistentRead: true,
    KeyConditionExpression: 'pk = :pk AND sk BETWEEN :from AND :to',
    ExpressionAttributeValues: { ':pk': { S: pk }, ':from': { S: from }, ':to': { S: to } },
  });
  const query = (input: InputOf<'dynamodb', 'Query'>) => available(client('Query', input));
  const getAlone: Read = async (key) => {
    const { Item } = await available(client('GetItem', { TableName, Key: keyOf(key), ConsistentRead: true }));
    return Item && toItem(Item);
  };
  const get = sharesReads ? readsTogether(client, tableName, getAlone) : getAlone;
  return {
    ...(onUnreadable && { onUnreadable }),
    get,
    async swap(item, expected) {
      const version = item.version ?? (newVersion() as Version);
      try {
        await available(
          client('PutItem', {
            TableName,
            Item: toAttributes({ ...item, version }),
            ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
            ...(expected === 'absent'
              ? { ConditionExpression: 'attribute_not_exists(pk)' }
              : versionIs(expected)),
          }),
        );
        return version;
      } catch (error) {
        if (!isConditionFailed(error)) throw error;
        // The client repeats a write whose answer was lost, and then finds the version of its own first attempt.
        const found = refusedItem(error);
        const stored = found ? toItem(found) : await get(item);
        return stored?.version === version ? version : undefined;
      }
    },
    async remove(key, expected) {
      try {
        const { Attributes } = await available(
          client('DeleteItem', {
            TableName,
            Key: keyOf(key),
            ...versionIs(expected),
            ConditionExpression: 'attribute_not_exists(pk) OR #version = :expected',
            ReturnValues: 'ALL_OLD',
          }),
        );
        return Attributes ? 'removed' : 'gone';
      } catch (error) {
        if (isConditionFailed(error)) return false;
        throw error;
      }
    },
    async *range(pk, from, to) {
      let start: Attributes | undefined;
      do {
        const page = await query({ ...rangeQuery(pk, from, to), ...(start && { ExclusiveStartKey: start }) });
        for (const attributes of page.Items ?? []) yield toItem(attributes);
        start = page.LastEvaluatedKey;
      } while (start);
    },
    async last(pk, from, to, most) {
      const found: Item[] = [];
      let start: Attributes | undefined;
      do {
        const page = await query({
          ...rangeQuery(pk, from, to),
          ScanIndexForward: false,
          Limit: most - found.length,
          ...(start && { ExclusiveStartKey: start }),
        });
        found.push(...(page.Items ?? []).map(toItem));
        start = page.LastEvaluatedKey;
      } while (start && found.length < most);
      return found;
    },
  };
};
