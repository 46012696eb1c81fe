import {
  type AttributeValue,
  DynamoDBClient,
  GetItemCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { describe, expect, it } from 'vitest';
import {
  connectionKey,
  createLimiter,
  dynamoDbLimiterStore,
  maximumLimit,
} from '../../../lambda/limiter/index.ts';
import { futureStart } from '../times-of-engines.ts';
import { type LimiterTables, limiterEngines, useLimiterTables } from './engine-tables.ts';
import { itemBytes } from './item-size.ts';
import { checkAgainstExactLog } from './model-check.ts';
import { seeded } from './random.ts';
import { limiterContender, simulate } from './simulation.ts';
import { limiterStoreContract } from './store-contract.ts';

const policy = { limit: 100, windowMs: 60_000 };
const connectionOf = (objectId: string) => ({ tenantId: 'contoso', objectId, clientAppId: 'connector' });
/** The year in which the stored times have most digits before the spare byte is needed. */
const lateTime = Date.UTC(2057, 0, 1) + 1;

describe.each(limiterEngines)('the DynamoDB store on $name', (engine) => {
  let tables: LimiterTables;

  useLimiterTables(engine, (started) => {
    tables = started;
  });

  // A busy machine must not look like a store that fails.
  const store = () => dynamoDbLimiterStore(tables.client, tables.tableName, { timeoutMs: 30_000 });
  // Short traces, shortest on the engine in JavaScript (20 ms a write): bench/limiter.ts plays 20,000 calls on each.
  const slow = engine.name === 'dynalite';
  const [longTrace, shortTrace, overlapping] = slow ? [100, 30, 60] : [500, 150, 300];

  limiterStoreContract(store);

  it(`answers ${longTrace} calls as the exact log does`, async () => {
    await checkAgainstExactLog(store(), longTrace, policy, seeded(12));
  }, 60_000);

  it.each([1, 2, maximumLimit])('answers as the exact log does at a limit of %i', async (limit) => {
    await checkAgainstExactLog(store(), shortTrace, { limit, windowMs: 10_000 }, seeded(limit));
  });

  it.each(slow ? [1] : [1, 10])(
    'admits exactly 100 of 300 simultaneous calls from %i processes',
    async (processes) => {
      const now = () => futureStart;
      const limiters = Array.from({ length: processes }, () =>
        createLimiter({ random: Math.random, store: store(), ...policy, now }),
      );
      const connection = connectionOf(`parallel-${processes}`);
      const calls = Array.from({ length: 300 / processes }, () =>
        limiters.map((limiter) => limiter.admit(connection)),
      );
      const admissions = await Promise.all(calls.flat());
      expect(admissions.filter(({ admitted }) => admitted)).toHaveLength(100);
      expect(
        admissions.filter((admission) => !admission.admitted && admission.retryAfterMs === 60_000),
      ).toHaveLength(200);
    },
  );

  it('stays exact in overlapping calls from many processes', async () => {
    const scenario = {
      pattern: 'boundary',
      calls: overlapping,
      callers: 16,
      processes: 8,
      skewMs: 0,
      seed: 13,
      ...policy,
    } as const;
    const result = await simulate(scenario, limiterContender(store()));
    expect(result).toMatchObject({ overAdmitted: 0, falselyRefused: 0 });
  });

  it.each([100, maximumLimit])(
    'keeps the item of a limit of %i under 1,024 bytes, with a full list of the longest times',
    async (limit) => {
      const full = { limit, windowMs: 60_000 };
      const connection = connectionOf(`size-${limit}`);
      let now = lateTime;
      const limiter = createLimiter({ random: Math.random, store: store(), ...full, now: () => now });
      for (let call = 0; call < limit; call += 1) {
        now += 11;
        expect((await limiter.admit(connection)).admitted).toBe(true);
      }
      const item = await storedItem(connectionKey(connection, full));
      expect(item.t?.L).toHaveLength(limit);
      expect(itemBytes(item)).toBeGreaterThan(limit * 8);
      expect(itemBytes(item)).toBeLessThan(1_024);
    },
  );

  it('costs one write unit a call, and would cost two beyond 1,024 bytes', async () => {
    const connection = connectionOf(`size-${maximumLimit}`);
    const id = connectionKey(connection, { limit: maximumLimit, windowMs: 60_000 });
    expect(await unitsOfReplacement(id, maximumLimit)).toBe(1);
    const tooLong = Array.from({ length: 140 }, (_, slot) => ({ N: String(999_999_999_999 - slot) }));
    await sdk().send(
      new UpdateItemCommand({
        TableName: tables.tableName,
        Key: { id: { S: 'too-long' } },
        UpdateExpression: 'SET t = :t',
        ExpressionAttributeValues: { ':t': { L: tooLong } },
      }),
    );
    expect(await unitsOfReplacement('too-long', 140)).toBe(2);
  });

  it('lets the table delete a list a day after it stopped to count', async () => {
    const connection = connectionOf('expiry');
    const now = futureStart;
    await createLimiter({ random: Math.random, store: store(), ...policy, now: () => now }).admit(connection);
    expect((await storedItem(connectionKey(connection, policy))).expiresAt).toEqual({
      N: String(now / 1_000 + 60 + 86_400),
    });
  });

  it('refuses to count on with an item that is not a list of its length', async () => {
    const connection = connectionOf('malformed');
    await sdk().send(
      new UpdateItemCommand({
        TableName: tables.tableName,
        Key: { id: { S: connectionKey(connection, policy) } },
        UpdateExpression: 'SET t = :t',
        ExpressionAttributeValues: { ':t': { L: [{ N: '1' }, { N: '2' }] } },
      }),
    );
    const limiter = createLimiter({
      random: Math.random,
      store: store(),
      ...policy,
      now: () => futureStart,
    });
    const error = await limiter.admit(connection).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: 'LimitUnavailable', status: 503 });
    expect(error).toMatchObject({ cause: { message: expect.stringContaining('delete the item') } });
  });

  it('never admits when the table is missing', async () => {
    const missing = dynamoDbLimiterStore(tables.client, 'no-such-table');
    const limiter = createLimiter({
      random: Math.random,
      store: missing,
      ...policy,
      now: () => futureStart,
    });
    const error = await limiter.admit(connectionOf('missing')).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: 'LimitUnavailable', status: 503 });
    expect(error).toMatchObject({ status: 503, cause: { code: 'ResourceNotFoundException' } });
  });

  const sdk = () => new DynamoDBClient(tables.place);

  const storedItem = async (id: string): Promise<Record<string, AttributeValue>> => {
    const { Item } = await sdk().send(
      new GetItemCommand({ TableName: tables.tableName, Key: { id: { S: id } } }),
    );
    if (Item === undefined) throw new Error(`No item ${id}.`);
    return Item;
  };

  /** Write units of the expression the store uses, for which it does not ask itself. */
  const unitsOfReplacement = async (id: string, slots: number): Promise<number | undefined> => {
    const answer = await sdk().send(
      new UpdateItemCommand({
        TableName: tables.tableName,
        Key: { id: { S: id } },
        UpdateExpression: `SET t[${slots}] = :time REMOVE t[0]`,
        ConditionExpression: 't[0] <= :time',
        ExpressionAttributeValues: { ':time': { N: '999999999999' } },
        ReturnConsumedCapacity: 'TOTAL',
      }),
    );
    return answer.ConsumedCapacity?.CapacityUnits;
  };
});
