import { describe, expect, it } from 'vitest';
import { createSentRows, sentRowMs } from '../../../lambda/proxy/sent-rows.ts';
import type { Table } from '../../../lambda/store/table.ts';
import { memoryTable } from '../memory-table.ts';

/*
 * State: the requests remembered, the time.
 * Events: a request is remembered, taken back, or expires; any of it between two calls of another to the store.
 * Invariant: a request is a repetition only of one that is remembered at that moment.
 */
const world = (table: Table = memoryTable()) => {
  const clock = { now: Date.UTC(2026, 0, 10, 12) };
  return {
    clock,
    rows: createSentRows({ table, now: () => clock.now }),
  };
};

describe('a row that was sent', () => {
  it('is known until it is taken back', async () => {
    const { rows } = world();
    const first = await rows.remember('request');
    expect(first.repeated).toBe(false);
    expect((await rows.remember('request')).repeated).toBe(true);
    await first.forget();
    expect((await rows.remember('request')).repeated).toBe(false);
  });

  it('is known no longer than it is remembered', async () => {
    const { rows, clock } = world();
    await rows.remember('request');
    clock.now += sentRowMs;
    expect((await rows.remember('request')).repeated).toBe(false);
  });

  it('is none when it was taken back while the next one looked', async () => {
    const table = memoryTable();
    const { rows } = world(table);
    const first = await rows.remember('request');
    const late = world({
      ...table,
      async get(key) {
        await first.forget();
        return table.get(key);
      },
    });
    expect((await late.rows.remember('request')).repeated).toBe(false);
    expect((await rows.remember('request')).repeated).toBe(true);
  });
});
