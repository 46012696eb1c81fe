import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  GetItemCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { withinStoreTime } from './store.ts';
import type { UpstreamPauseStore } from './upstream-budget.ts';

/**
 * Keeps pauses in the limiter's table: `u` holds the time until which the source wants no calls, in Unix
 * milliseconds. Needs dynamodb:GetItem and dynamodb:UpdateItem.
 */
export const dynamoDbUpstreamPauseStore = (client: DynamoDBClient, tableName: string): UpstreamPauseStore => {
  const keyOf = (id: string) => ({ TableName: tableName, Key: { id: { S: id } } });
  return {
    async read(id) {
      // Half a read unit; what it may miss is at most the pause of the last second, which the source then
      // repeats.
      const command = new GetItemCommand({ ...keyOf(id), ConsistentRead: false });
      const { Item } = await withinStoreTime(client.send(command));
      return Item?.u?.N === undefined ? undefined : Number(Item.u.N);
    },

    async extend(id, until, expiresAt) {
      const command = new UpdateItemCommand({
        ...keyOf(id),
        UpdateExpression: 'SET u = :until, expiresAt = :expiresAt',
        ConditionExpression: 'attribute_not_exists(u) OR u < :until',
        ExpressionAttributeValues: { ':until': { N: String(until) }, ':expiresAt': { N: String(expiresAt) } },
      });
      await withinStoreTime(client.send(command)).catch((error: unknown) => {
        // A later pause is stored already.
        if (!(error instanceof ConditionalCheckFailedException)) throw error;
      });
    },

    async replace(id, expected, until, expiresAt) {
      const command = new UpdateItemCommand({
        ...keyOf(id),
        UpdateExpression: 'SET u = :until, expiresAt = :expiresAt',
        ConditionExpression: 'u = :expected',
        ExpressionAttributeValues: {
          ':until': { N: String(until) },
          ':expected': { N: String(expected) },
          ':expiresAt': { N: String(expiresAt) },
        },
      });
      try {
        await withinStoreTime(client.send(command));
        return true;
      } catch (error) {
        if (error instanceof ConditionalCheckFailedException) return false;
        throw error;
      }
    },
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
