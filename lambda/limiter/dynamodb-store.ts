import type { AttributeValue, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type {
  CreationAnswer,
  LimiterStore,
  ListCreation,
  ReplacementAnswer,
  SlotReplacement,
} from './store.ts';
import { storeTimeoutMs } from './store.ts';
import { createTableRequest, type Item, TableRefusal, type TableRequestOptions } from './table-request.ts';
import type { LimiterTime } from './window.ts';

/*
 * The item: `id` (S, 32 bytes), `t` (list of the last call times, as many as the limit), `expiresAt` (the
 * table's TTL attribute). Setting the element after the last one appends it; the removal closes the gap, so
 * the list keeps its length.
 */
const replaceExpression = (slots: number, slot: number) => ({
  UpdateExpression: `SET t[${slots}] = :time, expiresAt = :expiresAt REMOVE t[${slot}]`,
  ConditionExpression: `t[${slot}] <= :notAfter`,
});

const createExpression = {
  UpdateExpression: 'SET t = :times, expiresAt = :expiresAt',
  ConditionExpression: 'attribute_not_exists(t)',
};

/*
 * Returned values cost no read units:
 * https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_UpdateItem.html#DDB-UpdateItem-request-ReturnValues
 */
const returnLists = { ReturnValues: 'ALL_NEW', ReturnValuesOnConditionCheckFailure: 'ALL_OLD' } as const;

const number = (value: number): AttributeValue => ({ N: String(value) });

export interface DynamoDbLimiterStoreOptions extends Pick<TableRequestOptions, 'random'> {
  /** Milliseconds (of real time) after which a request counts as failed; 3,000 by default. */
  readonly timeoutMs?: number;
}

const isConditionFailed = (error: unknown): error is TableRefusal =>
  error instanceof TableRefusal && error.code === 'ConditionalCheckFailedException';

/**
 * Keeps the lists in a DynamoDB table with the string key `id`. Needs dynamodb:UpdateItem, and
 * dynamodb:GetItem for engines that do not return the item when a condition fails.
 */
export const dynamoDbLimiterStore = (
  client: DynamoDBClient,
  tableName: string,
  { timeoutMs = storeTimeoutMs, random }: DynamoDbLimiterStoreOptions,
): LimiterStore => {
  const request = createTableRequest(client, tableName, { timeoutMs, random });
  const keyOf = (id: string) => ({ Key: { id: { S: id } } });

  return {
    async replace({
      id,
      slots,
      slot,
      notAfter,
      time,
      expiresAt,
    }: SlotReplacement): Promise<ReplacementAnswer> {
      const input = {
        ...keyOf(id),
        ...replaceExpression(slots, slot),
        ExpressionAttributeValues: {
          ':time': number(time),
          ':notAfter': number(notAfter),
          ':expiresAt': number(expiresAt),
        },
        ...returnLists,
      };
      try {
        const { Attributes } = await request('UpdateItem', input);
        return { replaced: true, times: timesOf(Attributes, slots) };
      } catch (error) {
        if (!isConditionFailed(error)) throw error;
        return { replaced: false, times: error.item === undefined ? undefined : timesOf(error.item, slots) };
      }
    },

    async create({ id, times, expiresAt }: ListCreation): Promise<CreationAnswer> {
      const input = {
        ...keyOf(id),
        ...createExpression,
        ExpressionAttributeValues: { ':times': { L: times.map(number) }, ':expiresAt': number(expiresAt) },
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
      };
      try {
        await request('UpdateItem', input);
        return { created: true };
      } catch (error) {
        if (!isConditionFailed(error)) throw error;
        const item = error.item ?? (await request('GetItem', { ...keyOf(id), ConsistentRead: true })).Item;
        return { created: false, times: item === undefined ? undefined : timesOf(item, times.length) };
      }
    },
  };
};

/** @throws Error when the list is not one of ours: using it could admit too many calls. */
export const timesOf = (item: Item | undefined, slots: number): readonly LimiterTime[] => {
  const times = (item?.t?.L ?? []).map((element) => Number(element.N));
  if (times.length !== slots || !times.every(Number.isSafeInteger))
    throw new Error(
      `A limiter item has ${times.length} call times where ${slots} were expected; delete the item to start a new list.`,
    );
  return times;
};
