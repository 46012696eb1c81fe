import { isConditionFailed, refusedItem } from '../runtime/aws-client.ts';
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

/** The state table in DynamoDB: partition key `pk`, sort key `sk`, TTL attribute `expiresAt`. */
export const dynamoDbTable = (
  client: AwsClient<'dynamodb'>,
  tableName: string,
  { newVersion, onUnreadable }: TableOptions,
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
  const get = async (key: Key): Promise<Item | undefined> => {
    const { Item } = await available(client('GetItem', { TableName, Key: keyOf(key), ConsistentRead: true }));
    return Item && toItem(Item);
  };
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
