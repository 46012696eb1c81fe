import { DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  dynamoDbPlaceCounters,
  memoryPlaceCounters,
  type PlaceCounters,
} from '../../../lambda/limiter/index.ts';
import { type LimiterTables, limiterEngines } from './engine-tables.ts';

/*
 * State: a count with its version and the time of its correction.
 * Events: a place is taken, given back; the count is corrected from the records.
 * Invariants: no take goes beyond the limit or is lost; a correction is written only over the count it was made for.
 */
const contract = (open: () => PlaceCounters): void => {
  let lists = 0;
  const newList = () => {
    lists += 1;
    return `list ${lists}`;
  };

  it('takes nothing of what was never counted', async () => {
    const [counters, list] = [open(), newList()];
    expect(await counters.read(list)).toBeUndefined();
    expect(await counters.take(list, 10)).toBe('never counted');
    await counters.release(list);
    expect(await counters.read(list)).toBeUndefined();
  });

  it('are read for several lists at once, in their order, never counted ones among them', async () => {
    const [counters, one, other, none] = [open(), newList(), newList(), newList()];
    await counters.correct(one, { count: 2, correctedAt: 5 }, undefined);
    await counters.correct(other, { count: 3, correctedAt: 6 }, undefined);
    const read = await counters.readEach([other, none, one]);
    expect(read).toEqual([await counters.read(other), undefined, await counters.read(one)]);
    expect(read).toMatchObject([{ count: 3, correctedAt: 6 }, undefined, { count: 2, correctedAt: 5 }]);
  });

  it('gives as many places as there are, to many at once', async () => {
    const [counters, list] = [open(), newList()];
    expect(await counters.correct(list, { count: 2, correctedAt: 5 }, undefined)).toBe(true);
    const taken = await Promise.all(Array.from({ length: 10 }, () => counters.take(list, 5)));
    expect(taken.filter((each) => each === 'taken')).toHaveLength(3);
    expect(taken.filter((each) => each === 'full')).toHaveLength(7);
    expect(await counters.read(list)).toMatchObject({ count: 5, correctedAt: 5 });
  });

  it('is counted for the first time once', async () => {
    const [counters, list] = [open(), newList()];
    const first = await Promise.all(
      [1, 2, 3].map((count) => counters.correct(list, { count, correctedAt: 0 }, undefined)),
    );
    expect(first.filter(Boolean)).toHaveLength(1);
  });

  it.each([
    ['a take', (counters: PlaceCounters, list: string) => counters.take(list, 10)],
    ['a release', (counters: PlaceCounters, list: string) => counters.release(list)],
  ])('is not corrected over %s that the correction has not seen', async (_, change) => {
    const [counters, list] = [open(), newList()];
    await counters.correct(list, { count: 3, correctedAt: 0 }, undefined);
    const known = await counters.read(list);
    await change(counters, list);
    const changed = await counters.read(list);
    expect(await counters.correct(list, { count: 1, correctedAt: 9 }, known)).toBe(false);
    expect(await counters.read(list)).toEqual(changed);
    expect(await counters.correct(list, { count: 1, correctedAt: 9 }, changed)).toBe(true);
    expect(await counters.read(list)).toMatchObject({ count: 1, correctedAt: 9 });
  });

  it('is given back by many at once, and never falls below nothing', async () => {
    const [counters, list] = [open(), newList()];
    await counters.correct(list, { count: 3, correctedAt: 0 }, undefined);
    await Promise.all(Array.from({ length: 3 }, () => counters.release(list)));
    expect(await counters.read(list)).toMatchObject({ count: 0 });
    await counters.release(list);
    expect(await counters.read(list)).toMatchObject({ count: 0 });
  });
};

describe('place counters in memory', () => contract(memoryPlaceCounters));

describe.each(limiterEngines)('place counters on $name', (engine) => {
  let tables: LimiterTables;
  let versions = 0;
  beforeAll(async () => {
    tables = await engine.start();
  });
  afterAll(async () => {
    await tables.stop();
  });
  contract(() =>
    dynamoDbPlaceCounters(tables.client, tables.tableName, {
      newVersion: () => {
        versions += 1;
        return `version ${versions}`;
      },
      now: Date.now,
    }),
  );

  it('are forgotten 90 days after their last change', async () => {
    const sdk = new DynamoDBClient(tables.place);
    const { Items = [] } = await sdk.send(new ScanCommand({ TableName: tables.tableName }));
    sdk.destroy();
    const counts = Items.filter(({ n }) => n !== undefined);
    expect(counts.length).toBeGreaterThan(0);
    for (const { expiresAt } of counts)
      expect(Number(expiresAt?.N) - Date.now() / 1000 - 90 * 86_400).toBeCloseTo(0, -3);
  });
});

describe('a batch that the table has read in part', () => {
  it('is completed one by one', async () => {
    const calls: string[] = [];
    const client = async (
      operation: string,
      { RequestItems }: { readonly RequestItems?: { readonly table: { readonly Keys: readonly object[] } } },
    ) => {
      calls.push(operation);
      if (RequestItems === undefined) return { Item: { n: { N: '7' }, v: { S: 'v' } } };
      const keys = RequestItems.table.Keys;
      return {
        Responses: { table: [{ ...keys[0], n: { N: '2' }, v: { S: 'w' } }] },
        UnprocessedKeys: { table: { Keys: keys.slice(1) } },
      };
    };
    const counters = dynamoDbPlaceCounters(client as never, 'table', { newVersion: () => 'x', now: () => 0 });
    expect(await counters.readEach(['one', 'other'])).toMatchObject([{ count: 2 }, { count: 7 }]);
    expect(calls).toEqual(['BatchGetItem', 'GetItem']);
  });
});
