import { conditional } from '../runtime/aws-client.ts';
import type { AwsClient, InputOf } from '../runtime/aws-services.ts';
import { storeTimeoutMs } from './store.ts';
import type { UpstreamPauseStore } from './upstream-budget.ts';

/**
 * Keeps pauses in the limiter's table: `u` holds the time until which the source wants no calls, in Unix
 * milliseconds. Needs dynamodb:GetItem and dynamodb:UpdateItem.
 */
export const dynamoDbUpstreamPauseStore = (
  client: AwsClient<'dynamodb'>,
  tableName: string,
): UpstreamPauseStore => {
  const keyOf = (id: string) => ({ TableName: tableName, Key: { id: { S: id } } });
  const write = (
    id: string,
    until: number,
    expiresAt: number,
    condition: Required<
      Pick<InputOf<'dynamodb', 'UpdateItem'>, 'ConditionExpression' | 'ExpressionAttributeValues'>
    >,
  ): Promise<boolean> => {
    const input = {
      ...keyOf(id),
      UpdateExpression: 'SET u = :until, expiresAt = :expiresAt',
      ...condition,
      ExpressionAttributeValues: {
        ...condition.ExpressionAttributeValues,
        ':until': { N: String(until) },
        ':expiresAt': { N: String(expiresAt) },
      },
    };
    return conditional(client('UpdateItem', input, storeTimeoutMs));
  };
  return {
    async read(id) {
      // Half a read unit; what it may miss is at most the pause of the last second, which the source then
      // repeats.
      const { Item } = await client('GetItem', { ...keyOf(id), ConsistentRead: false }, storeTimeoutMs);
      return Item?.u?.N === undefined ? undefined : Number(Item.u.N);
    },

    async extend(id, until, expiresAt) {
      // Where it is refused, a later pause is stored already.
      await write(id, until, expiresAt, {
        ConditionExpression: 'attribute_not_exists(u) OR u < :until',
        ExpressionAttributeValues: {},
      });
    },

    replace: (id, expected, until, expiresAt) =>
      write(id, until, expiresAt, {
        ConditionExpression: 'u = :expected',
        ExpressionAttributeValues: { ':expected': { N: String(expected) } },
      }),
  };
};

/** Keeps pauses in this process: for simulation. */
export const memoryUpstreamPauseStore = (): UpstreamPauseStore => {
  const pauses = new Map<string, number>();
  return {
    async read(id) {
      return pauses.get(id);
    },
    async extend(id, until) {
      pauses.set(id, Math.max(until, pauses.get(id) ?? 0));
    },
    async replace(id, expected, until) {
      if (pauses.get(id) !== expected) return false;
      pauses.set(id, until);
      return true;
    },
  };
};
