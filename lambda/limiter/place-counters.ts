import { hash } from 'node:crypto';
import { isConditionFailed, refusedItem } from '../runtime/aws-client.ts';
import type { Attributes, AttributeValue, AwsClient } from '../runtime/aws-services.ts';
import { readsTogether } from '../runtime/reads-together.ts';
import { daySeconds, wholeSeconds } from '../runtime/time.ts';
import { limitUnavailable, storeTimeoutMs } from './store.ts';

/** How many places of a list are taken, as far as counted: may be too high, never too low. */
export interface PlaceCount {
  readonly count: number;
  /** Unix milliseconds of the last correction from the records; 0 when there was none. */
  readonly correctedAt: number;
  /** New with every change. */
  readonly version: string;
}

/**
 * Counts the places that are taken in each list, so that one more costs the same however many there are. What
 * throws is a ConnectorError LimitUnavailable: then nothing is known of the change.
 */
export interface PlaceCounters {
  /** Undefined: never counted. */
  read(list: string): Promise<PlaceCount | undefined>;
  /** As `read` for each of several different lists, in one request. */
  readEach(lists: readonly string[]): Promise<readonly (PlaceCount | undefined)[]>;
  /** Takes one more place while fewer than `limit` are taken: one write, no read. */
  take(list: string, limit: number): Promise<'taken' | 'full' | 'never counted'>;
  /**
   * Writes what was counted from the records, unless the count has changed since `known` was read.
   * @param known undefined: never counted
   * @returns false when it has changed; nothing was written then
   */
  correct(
    list: string,
    counted: Omit<PlaceCount, 'version'>,
    known: PlaceCount | undefined,
  ): Promise<boolean>;
  /** Gives a place back that the caller alone has freed. Where that fails the count stays too high. */
  release(list: string): Promise<void>;
}

/**
 * A count is deleted so long after its last change, seconds: it holds the hash of a person who may be gone. When it is
 * needed again, it is counted from the records.
 */
export const counterRetentionSeconds = 90 * daySeconds;

/** A release that loses against others so often leaves the count too high. */
const releaseTries = 10;

/** 32 bytes, in the same table as the lists of calls and never one of their keys. */
const counterKey = (list: string): string =>
  hash('sha256', JSON.stringify(['places/1', list]), 'base64url').slice(0, 32);

const countOf = (item: Attributes | undefined): PlaceCount | undefined =>
  item?.n?.N === undefined
    ? undefined
    : { count: Number(item.n.N), correctedAt: Number(item.a?.N ?? 0), version: item.v?.S ?? '' };

/**
 * Keeps the counts in the limiter's table: `n` the count, `a` when it was corrected, `v` its version. Needs
 * dynamodb:GetItem, dynamodb:BatchGetItem and dynamodb:UpdateItem.
 * @param newVersion an unguessable text, new each time
 */
export const dynamoDbPlaceCounters = (
  client: AwsClient<'dynamodb'>,
  tableName: string,
  { newVersion, now }: { readonly newVersion: () => string; readonly now: () => number },
): PlaceCounters => {
  const number = (value: number): AttributeValue => ({ N: String(value) });
  const expiresAt = () => wholeSeconds(now()) + counterRetentionSeconds;
  const keyOf = (list: string) => ({ TableName: tableName, Key: { id: { S: counterKey(list) } } });
  const request = <Answer>(sent: Promise<Answer>): Promise<Answer> =>
    sent.catch((error: unknown) => {
      throw isConditionFailed(error) ? error : limitUnavailable(error);
    });
  const together = readsTogether(client);
  const read = async (list: string): Promise<PlaceCount | undefined> => {
    const { Item } = await request(
      together('GetItem', { ...keyOf(list), ConsistentRead: true }, storeTimeoutMs),
    );
    return countOf(Item);
  };
  const readEach = (lists: readonly string[]): Promise<readonly (PlaceCount | undefined)[]> =>
    Promise.all(lists.map(read));
  /** @returns "changed", or what is there instead */
  const change = async (
    list: string,
    UpdateExpression: string,
    ConditionExpression: string,
    values: Attributes,
  ): Promise<'changed' | PlaceCount | undefined> => {
    try {
      await request(
        client(
          'UpdateItem',
          {
            ...keyOf(list),
            UpdateExpression: `${UpdateExpression}, expiresAt = :expiresAt`,
            ConditionExpression,
            ExpressionAttributeValues: { ...values, ':expiresAt': number(expiresAt()) },
            ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
          },
          storeTimeoutMs,
        ),
      );
      return 'changed';
    } catch (error) {
      if (!isConditionFailed(error)) throw error;
      // Some engines do not return what they found.
      const item = refusedItem(error);
      return item ? countOf(item) : read(list);
    }
  };
  return {
    read,
    readEach,
    async take(list, limit) {
      const found = await change(list, 'SET n = n + :one, v = :version', 'n < :limit', {
        ':one': number(1),
        ':limit': number(limit),
        ':version': { S: newVersion() },
      });
      if (found === 'changed') return 'taken';
      return found ? 'full' : 'never counted';
    },
    async correct(list, { count, correctedAt }, known) {
      const found = await change(
        list,
        'SET n = :count, a = :at, v = :version',
        known ? 'v = :known' : 'attribute_not_exists(n)',
        {
          ':count': number(count),
          ':at': number(correctedAt),
          ':version': { S: newVersion() },
          ...(known && { ':known': { S: known.version } }),
        },
      );
      return found === 'changed';
    },
    async release(list) {
      let known = await read(list);
      for (let made = 0; known && known.count > 0 && made < releaseTries; made += 1) {
        const version = newVersion();
        const found: 'changed' | PlaceCount | undefined = await change(
          list,
          'SET n = :count, v = :version',
          'v = :known',
          {
            ':count': number(known.count - 1),
            ':version': { S: version },
            ':known': { S: known.version },
          },
        );
        // The client repeats a write whose answer was lost, and then finds the version of its own first attempt.
        if (found === 'changed' || found?.version === version) return;
        known = found;
      }
    },
  };
};

/** Keeps the counts in this process: for tests and simulation. */
export const memoryPlaceCounters = (): PlaceCounters => {
  const counts = new Map<string, PlaceCount>();
  let versions = 0;
  const set = (list: string, count: number, correctedAt: number) => {
    versions += 1;
    counts.set(list, { count, correctedAt, version: String(versions) });
  };
  return {
    async read(list) {
      return counts.get(list);
    },
    readEach: async (lists) => lists.map((list) => counts.get(list)),
    async take(list, limit) {
      const known = counts.get(list);
      if (!known) return 'never counted';
      if (known.count >= limit) return 'full';
      set(list, known.count + 1, known.correctedAt);
      return 'taken';
    },
    async correct(list, { count, correctedAt }, known) {
      if (counts.get(list)?.version !== known?.version) return false;
      set(list, count, correctedAt);
      return true;
    },
    async release(list) {
      const known = counts.get(list);
      if (known && known.count > 0) set(list, known.count - 1, known.correctedAt);
    },
  };
};
