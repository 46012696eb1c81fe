import { describe, expect, it } from 'vitest';
import { mostCallsPerSecond } from '../../../config/stack-options.ts';
import { createCallbackOpener, createCallbackSealer } from '../../../lambda/callback/sealed-url.ts';
import type { InputOf } from '../../../lambda/runtime/aws-services.ts';
import { hasCode } from '../../../lambda/runtime/errors.ts';
import type { SubscriptionId } from '../../../lambda/runtime/ids.ts';
import { latestAheadMs, sealingKeyLifetimeMs, sharedSealingKey } from '../../../lambda/store/sealing-key.ts';
import type { Table } from '../../../lambda/store/table.ts';
import { fakeKms } from '../callback/fake-kms.ts';
import { countedTable } from '../counted-table.ts';
import { memoryTable } from '../memory-table.ts';
import { dying, everySchedule, interleave, type Process, type Step, steppedTable } from './schedules.ts';

/*
 * State: the record of the current key, absent or of some age, under this key of KMS or another; in each process, the key
 * that it has decrypted.
 * Events: a process starts, and seals; time passes, in one process faster than in another; two processes make a key at
 * once; one dies between two calls; the answer of a write is lost; KMS or the table refuses; an older table is put back;
 * the deployment gets another key of KMS; the record is damaged.
 * Invariants:
 *  - each sealed URL can be opened with what stands beside it, by a role that may not decrypt the record;
 *  - a key seals only once it is stored, so that processes that make one at once use the same, all but none is stored;
 *  - no URL is sealed later than a week after its key was made, by the clock of the process that seals;
 *  - a process asks KMS once for each key that it seals with;
 *  - after a refusal nothing is sealed, and the next call tries again.
 */

const id = 'subscription' as SubscriptionId;
const keyId = 'key-1';
const url = 'https://prod-01.westeurope.logic.azure.com/workflows/a';

const world = () => {
  const { kms, calls, refuses } = fakeKms();
  const items = memoryTable();
  const clock = { now: 1_000_000 };
  const start = (table: Table = items, { key = keyId, now = () => clock.now, client = kms } = {}) =>
    createCallbackSealer(sharedSealingKey(table, client, key, now));
  const opened = (sealed: Awaited<ReturnType<ReturnType<typeof start>['seal']>>, key = keyId) =>
    createCallbackOpener(kms, key, () => clock.now).open(sealed, id);
  return { kms, calls, refuses, items, clock, start, opened };
};

const made = ['GenerateDataKey callback-url', 'Encrypt callback-url-sealing'];
const read = ['Decrypt callback-url-sealing'];

describe('the key that seals callback URLs', () => {
  it('is made by the first process, read by the others, and asked for once in each', async () => {
    const { start, calls, opened, items } = world();
    const counted = countedTable(items);
    const [first, second] = [start(), start(counted.table)];
    const sealed = [await first.seal(url, id), await first.seal(url, id), await second.seal(url, id)];
    await second.seal(url, id);
    expect(calls).toEqual([...made, ...read]);
    expect(counted.counts).toMatchObject({ reads: 1, writes: 0 });
    expect(new Set(sealed.map(({ dataKey }) => dataKey)).size).toBe(1);
    for (const each of sealed) expect(await opened(each)).toBe(url);
    expect([...items.items.values()].map(({ pk, sk }) => `${pk} / ${sk}`)).toEqual(['SEAL / CURRENT']);
  });

  it('lies in the table encrypted, so that what stands beside a URL opens it, and the record does not', async () => {
    const { start, items, opened } = world();
    const sealed = await start().seal(url, id);
    const [item] = items.items.values();
    const { record } = JSON.parse(item?.body ?? '{}') as { record: { forSealing: string } };
    expect(record).toEqual({
      keyId,
      madeAt: 1_000_000,
      forOpening: sealed.dataKey,
      forSealing: expect.any(String),
    });
    // As a role sees it that may decrypt keys of URLs alone.
    await expect(opened({ ...sealed, dataKey: record.forSealing })).rejects.toMatchObject({
      code: 'KeysUnavailable',
    });
    expect(await opened(sealed)).toBe(url);
  });

  it('is the same for a process that knows the ARN of the key of KMS', async () => {
    const { kms, start, items, calls } = world();
    const sealed = await start().seal(url, id);
    calls.length = 0;
    const arn = `arn:aws:kms:eu-west-1:111122223333:key/${keyId}`;
    const client = (async (operation: 'Decrypt', input: InputOf<'kms', 'Decrypt'>) =>
      kms(operation, { ...input, KeyId: input.KeyId.replace(arn, keyId) })) as typeof kms;
    expect((await start(items, { key: arn, client }).seal(url, id)).dataKey).toBe(sealed.dataKey);
    expect(calls).toEqual(read);
  });

  it('seals until it is a week old, in a process that has it too', async () => {
    const { start, clock, opened } = world();
    const first = start();
    const before = await first.seal(url, id);
    clock.now += sealingKeyLifetimeMs - 1;
    const second = start();
    expect((await first.seal(url, id)).dataKey).toBe(before.dataKey);
    expect((await second.seal(url, id)).dataKey).toBe(before.dataKey);
    clock.now += 1;
    const after = await second.seal(url, id);
    expect(after.dataKey).not.toBe(before.dataKey);
    expect((await first.seal(url, id)).dataKey).toBe(after.dataKey);
    expect(await opened(before)).toBe(url);
  });

  it('is the same for processes that make it at once, whatever the order; one that dies leaves it or nothing', async () => {
    const schedules = await everySchedule(async (choose) => {
      const { kms, items, clock, start, opened } = world();
      const sealed: Awaited<ReturnType<ReturnType<typeof start>['seal']>>[] = [];
      const process: Process = async (step: Step) => {
        const client = (async (...request: Parameters<typeof kms>) => {
          await step();
          return kms(...request);
        }) as typeof kms;
        sealed.push(await start(steppedTable(items, step), { client }).seal(url, id));
      };
      await interleave([dying(process, 1 + choose(5)), process, process], choose, 2);
      clock.now += 1;
      sealed.push(await start().seal(url, id));
      expect(sealed.length).toBeGreaterThanOrEqual(3);
      expect(new Set(sealed.map(({ dataKey }) => dataKey)).size).toBe(1);
      for (const each of sealed) expect(await opened(each)).toBe(url);
    }, 20_000);
    expect(schedules).toBeGreaterThan(100);
  });

  it('is that which was written where the answer of the write was lost', async () => {
    const { start, items, opened } = world();
    let lost = false;
    const table: Table = {
      ...items,
      async swap(item, expected) {
        const version = await items.swap(item, expected);
        if (lost) return version;
        lost = true;
        throw new Error('The connection was closed.');
      },
    };
    const process = start(table);
    await expect(process.seal(url, id)).rejects.toThrow('The connection was closed.');
    const sealed = await process.seal(url, id);
    expect(await opened(sealed)).toBe(url);
    expect((await start().seal(url, id)).dataKey).toBe(sealed.dataKey);
  });

  it.each(['GenerateDataKey', 'Encrypt', 'Decrypt'])(
    'is not there when KMS refuses %s; nothing is sealed then, and the next call tries again',
    async (operation) => {
      const { start, refuses, items, opened } = world();
      if (operation === 'Decrypt') await start().seal(url, id);
      const stored = items.items.size;
      refuses.add(operation);
      const process = start();
      await expect(process.seal(url, id)).rejects.toMatchObject({ code: 'KeysUnavailable' });
      expect(items.items.size).toBe(stored);
      refuses.clear();
      expect(await opened(await process.seal(url, id))).toBe(url);
    },
  );

  it('is used again, until its own end, when an older table is put back', async () => {
    const { start, clock, items, opened } = world();
    const before = await start().seal(url, id);
    const old = [...items.items.values()];
    clock.now += sealingKeyLifetimeMs;
    const after = await start().seal(url, id);
    const restored = memoryTable();
    for (const item of old) await restored.swap(item, 'absent');
    clock.now -= 1;
    expect((await start(restored).seal(url, id)).dataKey).toBe(before.dataKey);
    clock.now += 1;
    expect((await start(restored).seal(url, id)).dataKey).not.toBe(before.dataKey);
    expect(await opened(after)).toBe(url);
  });

  it('is made anew under another key of KMS, and where KMS says that the stored one is none', async () => {
    const { start, items, opened, calls } = world();
    await start().seal(url, id);
    const under = await start(items, { key: 'key-2' }).seal(url, id);
    expect(await opened(under, 'key-2')).toBe(url);
    const [item] = items.items.values();
    if (!item) return expect.fail('nothing stored');
    await items.swap(
      { ...item, body: item.body.replace('"keyId":"key-2"', `"keyId":"${keyId}"`) },
      item.version,
    );
    calls.length = 0;
    expect(await opened(await start().seal(url, id))).toBe(url);
    expect(calls).toEqual([...read, ...made, 'Decrypt callback-url']);
  });

  it('seals fewer URLs than its random nonces allow, at the most calls that can be configured', () => {
    expect((mostCallsPerSecond * (sealingKeyLifetimeMs + latestAheadMs)) / 1_000).toBeLessThan(2 ** 32);
  });

  it('of a clock that is far ahead is replaced, so that its time ends', async () => {
    const { start, items, clock } = world();
    const near = await start(items, { now: () => clock.now + latestAheadMs }).seal(url, id);
    expect((await start().seal(url, id)).dataKey).toBe(near.dataKey);
    clock.now += sealingKeyLifetimeMs + latestAheadMs;
    const far = await start(items, { now: () => clock.now + latestAheadMs + 1 }).seal(url, id);
    expect((await start().seal(url, id)).dataKey).not.toBe(far.dataKey);
  });

  it('of a newer release is an error, and stays', async () => {
    const { start, items } = world();
    await items.swap({ pk: 'SEAL', sk: 'CURRENT', body: '{"v":2,"record":{}}' }, 'absent');
    const refused = await start()
      .seal(url, id)
      .catch((error: unknown) => error);
    expect(hasCode(refused, 'UnknownSchemaVersion')).toBe(true);
    expect(items.items.size).toBe(1);
  });
});
