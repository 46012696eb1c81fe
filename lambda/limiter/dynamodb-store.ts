import { isConditionFailed, refusedItem } from '../runtime/aws-client.ts';
import type { Attributes, AttributeValue, AwsClient } from '../runtime/aws-services.ts';
import type {
  CreationAnswer,
  LimiterStore,
  ListCreation,
  ReplacementAnswer,
  SlotReplacement,
} from './store.ts';
import { storeTimeoutMs } from './store.ts';
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

/**
 * Keeps the lists in a DynamoDB table with the string key `id`. Needs dynamodb:UpdateItem, and
 * dynamodb:GetItem for engines that do not return the item when a condition fails.
 * @param options.timeoutMs (of real time) after which a request counts as failed
 */
export const dynamoDbLimiterStore = (
  client: AwsClient<'dynamodb'>,
  tableName: string,
  { timeoutMs = storeTimeoutMs }: { readonly timeoutMs?: number } = {},
): LimiterStore => {
  const keyOf = (id: string) => ({ TableName: tableName, Key: { id: { S: id } } });

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
        const { Attributes } = await client('UpdateItem', input, timeoutMs);
        return { replaced: true, times: timesOf(Attributes, slots) };
      } catch (error) {
        if (!isConditionFailed(error)) throw error;
        const item = refusedItem(error);
        return { replaced: false, times: item === undefined ? undefined : timesOf(item, slots) };
      }
    },

    async create({ id, times, expiresAt }: ListCreation): Promise<CreationAnswer> {
      const input = {
        ...keyOf(id),
        ...createExpression,
        ExpressionAttributeValues: { ':times': { L: times.map(number) }, ':expiresAt': number(expiresAt) },
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
      } as const;
      try {
        await client('UpdateItem', input, timeoutMs);
        return { created: true };
      } catch (error) {
        if (!isConditionFailed(error)) throw error;
        const item =
          refusedItem(error) ??
          (await client('GetItem', { ...keyOf(id), ConsistentRead: true }, timeoutMs)).Item;
        return { created: false, times: item === undefined ? undefined : timesOf(item, times.length) };
      }
    },
  };
};

/** @throws Error when the list is not one of ours: using it could admit too many calls. */
export const timesOf = (item: Attributes | undefined, slots: number): readonly LimiterTime[] => {
  const times = (item?.t?.L ?? []).map((element) => Number(element.N));
  if (times.length !== slots || !times.every(Number.isSafeInteger))
    throw new Error(
      `A limiter item has ${times.length} call times where ${slots} were expected; delete the item to start a new list.`,
    );
  return times;
};
