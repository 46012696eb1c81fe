import { expect, it } from 'vitest';
import { cursorStore } from '../../../lambda/store/cursors.ts';
import { emptyCursor, type StartingValue } from '../../../lambda/triggers/cursor.ts';
import { countedTable } from '../counted-table.ts';
import { memoryTable } from '../memory-table.ts';

const at = Date.UTC(2026, 2, 1);
const startingValue = (name: string): StartingValue => ({
  kind: 'segment',
  name,
  at,
  value: null,
  readAt: at,
});

const filled = async (segments: number) => {
  const { table, counts } = countedTable(memoryTable());
  const store = cursorStore(table);
  const names = Array.from({ length: segments }, (_, index) => `Segment${index}`);
  const cursor = {
    ...emptyCursor,
    valuesReadAt: at,
    absentSegments: Object.fromEntries(names.map((name) => [name, at])),
  };
  await store.save('i', cursor, 'absent');
  await store.start('i', startingValue('A'));
  await store.start('i', startingValue('B'));
  await store.begin('i', { at, jobsFrom: at - 1 });
  await store.notListed('i', 'Gone', at);
  await table.swap({ pk: 'C#i', sk: 'FANOUT#event', body: '{"v":1,"record":{"sent":3}}' }, 'absent');
  // Of another instance.
  await store.start('j', startingValue('C'));
  return { store, table, counts };
};

it.each([
  ['of the usual size', 3],
  ['that is packed', 30_000],
])('a cursor %s is read with all that a poll needs, at once', async (_, segments) => {
  const { store, counts } = await filled(segments);
  const found = await store.find('i');
  expect(Object.keys(found.cursor.absentSegments ?? {})).toHaveLength(segments);
  const expected = {
    ...found,
    starting: await store.startingValues('i'),
    fanOuts: [{ sent: 3 }],
    absent: await store.absentSegments('i'),
  };
  expect(expected.starting).toHaveLength(2);

  const { reads } = counts;
  const { beginning, ...state } = await store.pollState('i');
  expect(counts.reads - reads).toBe(1);
  expect(state).toEqual(expected);
  expect(beginning()).toEqual({ at, jobsFrom: at - 1 });
});

it('an instance that was never polled has an empty cursor', async () => {
  const { beginning, ...state } = await cursorStore(memoryTable()).pollState('i');
  const nothing = { starting: [], fanOuts: [], absent: new Map() };
  expect(state).toEqual({ cursor: emptyCursor, version: 'absent', ...nothing });
  expect(beginning()).toBeUndefined();
});

it('records of a newer program are left out, and its cursor stops the poll', async () => {
  const { store, table } = await filled(1);
  const newer = '{"v":9,"record":{}}';
  await table.swap({ pk: 'C#i', sk: 'START#segment#Newer', body: newer }, 'absent');
  expect((await store.pollState('i')).starting).toHaveLength(2);

  const { version } = await store.find('i');
  await table.swap({ pk: 'C#i', sk: 'CURSOR', body: newer }, version);
  await expect(store.pollState('i')).rejects.toMatchObject({ code: 'UnknownSchemaVersion' });
});
