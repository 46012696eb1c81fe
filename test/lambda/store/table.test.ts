import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { awsClient } from '../../../lambda/runtime/aws-client.ts';
import { dynamoDb } from '../../../lambda/runtime/aws-services.ts';
import { dynamoDbTable } from '../../../lambda/store/dynamodb-table.ts';
import { StoreUnavailable } from '../../../lambda/store/table.ts';
import { localPlace } from '../local-place.ts';
import { firstVersion, memoryTable } from '../memory-table.ts';
import { type EngineTable, engines } from './engines.ts';
import { tableContract } from './table-contract.ts';

describe('the table in memory', () => {
  const table = memoryTable();
  tableContract(() => table);
});

describe.each(engines)('the table in $name', ({ open }) => {
  let engine: EngineTable;
  beforeAll(async () => {
    engine = await open();
  });
  afterAll(() => engine.close());
  tableContract(() => engine.table);
  describe('with reads that share requests', () => {
    tableContract(() => engine.sharing);
    it('gives each read its own item', async () => {
      const keys = Array.from({ length: 120 }, (_, at) => ({ pk: `together ${at % 7}`, sk: `item ${at}` }));
      for (const key of keys.slice(10)) await engine.table.swap({ ...key, body: key.sk }, 'absent');
      const items = await Promise.all([...keys, ...keys].map((key) => engine.sharing.get(key)));
      const bodies = keys.map(({ sk }, at) => (at < 10 ? undefined : sk));
      expect(items.map((item) => item?.body)).toEqual([...bodies, ...bodies]);
    });
  });
});

describe('a store that does not answer', () => {
  // A port below 1024 that nothing listens on; the request is refused at once.
  const client = awsClient(dynamoDb, localPlace('http://127.0.0.1:1'));
  const table = dynamoDbTable(client, 'state', { newVersion: () => 'v' });
  const item = { pk: 'A', sk: 'B', body: '{}' };
  const drain = async () => {
    for await (const _ of table.range('A', 'B', 'C')) expect.fail('an item came back');
  };

  it.each([
    ['get', () => table.get(item)],
    ['swap', () => table.swap(item, 'absent')],
    ['remove', () => table.remove(item, firstVersion)],
    ['range', drain],
  ])('makes %s fail as StoreUnavailable, which an HTTP caller sees as 503', async (_, call) => {
    const error = await call().then(
      () => expect.fail('it answered'),
      (reason: unknown) => reason,
    );
    expect(error).toBeInstanceOf(StoreUnavailable);
    expect(error).toMatchObject({ status: 503, code: 'StoreUnavailable', cause: expect.any(Error) });
  });
});
