import { describe, expect, it } from 'vitest';
import { recordStore } from '../../../lambda/store/record-store.ts';
import { RecordTooLarge } from '../../../lambda/store/table.ts';
import { memoryTable } from '../memory-table.ts';

/** Invariant: a record that DynamoDB would refuse is refused before it is sent, with the part that is too large. */
describe('a record', () => {
  const store = (table = memoryTable()) => ({
    table,
    records: recordStore<{ readonly pk: string; readonly sk: string }, { readonly text: string }>(table, {
      kind: 'record',
      schemaVersion: 1,
      key: (key) => key,
    }),
  });
  const key = { pk: 'p', sk: 's' };

  it.each([
    ['item', key, 410_000],
    // Bytes count, not characters.
    ['item', key, 140_000, '語'],
    ['pk', { pk: 'p'.repeat(2_049), sk: 's' }, 1],
    ['sk', { pk: 'p', sk: 'ü'.repeat(513) }, 1],
  ])('whose %s is too large is not written', async (part, place, length, character = 'x') => {
    const { table, records } = store();
    const saving = records.save(place, { text: character.repeat(length) }, 'absent');
    await expect(saving).rejects.toThrow(`its ${part} has`);
    await expect(saving).rejects.toBeInstanceOf(RecordTooLarge);
    expect(table.items.size).toBe(0);
  });

  it('of just under 400 KB is written', async () => {
    const { table, records } = store();
    await records.save(key, { text: 'x'.repeat(400 * 1024 - 400) }, 'absent');
    expect(table.items.size).toBe(1);
  });
});
