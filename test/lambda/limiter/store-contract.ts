import { expect, it } from 'vitest';
import type { LimiterStore } from '../../../lambda/limiter/index.ts';
import { neverTaken } from '../../../lambda/limiter/window.ts';
import { futureExpiry } from '../times-of-engines.ts';

const expiresAt = futureExpiry;

/** What every limiter store has to do. `open` gives the store; each test uses an id of its own. */
export const limiterStoreContract = (open: () => LimiterStore): void => {
  const replacement = (id: string, slot: number, notAfter: number, time: number, slots = 3) => ({
    id,
    slots,
    slot,
    notAfter,
    time,
    expiresAt,
  });

  it('finds no list where none was created', async () => {
    const answer = await open().replace(replacement('missing', 0, 100, 200));
    expect(answer).toEqual({ replaced: false, times: undefined });
  });

  it('creates a list once and then shows the one that is there', async () => {
    const store = open();
    expect(await store.create({ id: 'once', times: [1, 2, 3], expiresAt })).toEqual({ created: true });
    expect(await store.create({ id: 'once', times: [4, 5, 6], expiresAt })).toEqual({
      created: false,
      times: [1, 2, 3],
    });
  });

  it('frees a slot at or before the given time and appends the new time', async () => {
    const store = open();
    await store.create({ id: 'replace', times: [neverTaken, neverTaken, 100], expiresAt });
    expect(await store.replace(replacement('replace', 0, 50, 110))).toEqual({
      replaced: true,
      times: [neverTaken, 100, 110],
    });
    expect(await store.replace(replacement('replace', 0, 60, 120))).toEqual({
      replaced: true,
      times: [100, 110, 120],
    });
    expect(await store.replace(replacement('replace', 0, 100, 160))).toEqual({
      replaced: true,
      times: [110, 120, 160],
    });
  });

  it('leaves a list alone whose slot was taken later', async () => {
    const store = open();
    await store.create({ id: 'taken', times: [100, 110, 120], expiresAt });
    const answer = await store.replace(replacement('taken', 0, 99, 159));
    expect(answer.replaced).toBe(false);
    // A store may not say; then the next step of a caller is to create, which tells.
    if (answer.times !== undefined) expect(answer.times).toEqual([100, 110, 120]);
    expect(await store.create({ id: 'taken', times: [1, 2, 3], expiresAt })).toEqual({
      created: false,
      times: [100, 110, 120],
    });
  });

  it('frees a slot in the middle or at the end as well', async () => {
    const store = open();
    await store.create({ id: 'middle', times: [300, 100, 200], expiresAt });
    expect(await store.replace(replacement('middle', 1, 100, 400))).toEqual({
      replaced: true,
      times: [300, 200, 400],
    });
    expect(await store.replace(replacement('middle', 2, 400, 500))).toEqual({
      replaced: true,
      times: [300, 200, 500],
    });
  });

  it('keeps lists of one slot and of a hundred at their length', async () => {
    const store = open();
    for (const slots of [1, 2, 100]) {
      const id = `length-${slots}`;
      const first = Array.from({ length: slots }, (_, slot) => slot);
      await store.create({ id, times: first, expiresAt });
      for (let time = slots; time < slots + 3; time += 1) {
        const answer = await store.replace(replacement(id, 0, time - slots, time, slots));
        expect(answer).toEqual({
          replaced: true,
          times: Array.from({ length: slots }, (_, slot) => time - slots + 1 + slot),
        });
      }
    }
  });

  it('lets one of many simultaneous creations and replacements win', async () => {
    const store = open();
    const callers = Array.from({ length: 20 }, (_, caller) => caller);
    const creations = await Promise.all(
      callers.map((caller) => store.create({ id: 'race', times: [neverTaken, caller, caller], expiresAt })),
    );
    expect(creations.filter(({ created }) => created)).toHaveLength(1);
    const replacements = await Promise.all(
      callers.map((caller) => store.replace(replacement('race', 0, -1, 100 + caller))),
    );
    expect(replacements.filter(({ replaced }) => replaced)).toHaveLength(1);
  });

  it('keeps the lists of connections apart', async () => {
    const store = open();
    await store.create({ id: 'one', times: [1, 2, 3], expiresAt });
    await store.create({ id: 'two', times: [4, 5, 6], expiresAt });
    expect(await store.replace(replacement('two', 0, 4, 64))).toEqual({ replaced: true, times: [5, 6, 64] });
    expect(await store.replace(replacement('one', 0, 1, 61))).toEqual({ replaced: true, times: [2, 3, 61] });
  });
};
