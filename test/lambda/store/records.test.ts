import { describe, expect, it } from 'vitest';
import type { DeliveryId, EventId, SubscriptionId } from '../../../lambda/runtime/ids.ts';
import { cursorStore } from '../../../lambda/store/cursors.ts';
import { type Delivery, deliveryRetentionSeconds, deliveryStore } from '../../../lambda/store/deliveries.ts';
import { recordStore, UnknownSchemaVersion } from '../../../lambda/store/record-store.ts';
import { type Key, type Table, untilWritten } from '../../../lambda/store/table.ts';
import { emptyCursor } from '../../../lambda/triggers/cursor.ts';
import { memoryTable } from '../memory-table.ts';
import { decimal } from './example-subscription.ts';

describe('a record', () => {
  interface Sample {
    readonly value: number;
  }
  const samples = (table: Table, schemaVersion: number) =>
    recordStore<string, Sample>(table, {
      kind: 'sample',
      schemaVersion,
      key: (name) => ({ pk: 'A', sk: name }),
      expiresAt: ({ value }) => value + 98,
    });
  const collect = async <Each>(found: AsyncIterable<Each>) => {
    const all: Each[] = [];
    for await (const each of found) all.push(each);
    return all;
  };

  it('states its schema version first, and comes back as it was', async () => {
    const table = memoryTable();
    const store = samples(table, 3);
    const version = await store.save('B', { value: 1 }, 'absent');
    const key = { pk: 'A', sk: 'B' };
    expect([...table.items.values()]).toEqual([
      { ...key, version, body: '{"v":3,"record":{"value":1}}', expiresAt: 99 },
    ]);
    expect(await store.find('B')).toEqual({ key, version, body: { value: 1 }, expiresAt: 99 });
    expect(await store.find('C')).toBeUndefined();
    expect(await Promise.all([store.versionOf('B'), store.versionOf('C')])).toEqual([version, 'absent']);
  });

  it('is written under the version found, with another time of expiry where one is given', async () => {
    const store = samples(memoryTable(), 3);
    const version = await store.save('B', { value: 1 }, 'absent');
    expect(await store.save('B', { value: 2 }, 'absent')).toBeUndefined();
    expect(await store.save('B', { value: 2 }, version ?? 'absent', { expiresAt: 7 })).toBeDefined();
    expect(await store.find('B')).toMatchObject({ body: { value: 2 }, expiresAt: 7 });
  });

  it('of a newer program is refused by name, left out of a range and reported, and may be replaced', async () => {
    const reported: string[] = [];
    const table = {
      ...memoryTable(),
      onUnreadable: ({ pk, sk }: Key, { message }: Error) => reported.push(`${pk}/${sk}: ${message}`),
    };
    await samples(table, 4).save('B', { value: 1 }, 'absent');
    const store = samples(table, 3);
    const message = 'sample A/B has schema version 4; this program knows 3';
    await expect(store.find('B')).rejects.toThrow(UnknownSchemaVersion);
    await expect(store.find('B')).rejects.toThrow(message);
    await store.save('A', { value: 3 }, 'absent');
    for (const read of [() => collect(store.range('A', 'A', 'C')), () => store.last('A', 'A', 'C', 2)]) {
      reported.length = 0;
      expect(await read()).toMatchObject([{ body: { value: 3 } }]);
      expect(reported).toEqual([expect.stringContaining(`A/B: ${message}`)]);
    }
    expect(await store.save('B', { value: 2 }, await store.versionOf('B'))).toBeDefined();
  });
});

/*
 * State: one record, counted up by several at once.
 * Events: an attempt that reads and writes; another write in between.
 * Invariants: no write is lost; an attempt that is always overtaken ends with an error that says what to do.
 */
describe('a read and a write', () => {
  it('are repeated until nobody else writes in between', async () => {
    const table = memoryTable();
    const counter = recordStore<string, { readonly count: number }>(table, {
      kind: 'counter',
      schemaVersion: 1,
      key: (name) => ({ pk: 'A', sk: name }),
    });
    const countUp = () =>
      untilWritten(async () => {
        const stored = await counter.find('B');
        const next = { count: (stored?.body.count ?? 0) + 1 };
        return (await counter.save('B', next, stored?.version ?? 'absent')) ? next.count : 'overtaken';
      }, 'Counted by too many at once.');
    const counts = await Promise.all(Array.from({ length: 8 }, countUp));
    expect(counts.sort()).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  });

  it('end with what to do when somebody is always faster', async () => {
    let attempts = 0;
    const always = untilWritten(async () => {
      attempts += 1;
      return 'overtaken';
    }, 'Too many at once. Try again.');
    await expect(always).rejects.toMatchObject({
      code: 'StoreUnavailable',
      message: 'Too many at once. Try again.',
    });
    expect(attempts).toBe(10);
  });
});

describe('a cursor', () => {
  it('is empty at first, and moves only for one of two watches', async () => {
    const cursors = cursorStore(memoryTable());
    const first = await cursors.find('instance');
    expect(first).toEqual({ cursor: emptyCursor, version: 'absent' });
    const mine = { ...emptyCursor, segments: { A: { at: 7, value: decimal('0.1') } } };
    const version = await cursors.save('instance', mine, first.version);
    expect(version).toBeDefined();
    expect(await cursors.save('instance', emptyCursor, first.version)).toBeUndefined();
    expect(await cursors.find('instance')).toEqual({ cursor: mine, version });
    expect(await cursors.find('other')).toEqual(first);
  });
});

describe('the history of deliveries', () => {
  const delivery = (deliveryId: string, occurredAt: string): Delivery => ({
    deliveryId: deliveryId as DeliveryId,
    eventId: 'event' as EventId,
    subscriptionId: 'subscription' as SubscriptionId,
    occurredAt,
    state: 'pending',
    round: 1,
    firstAttemptAt: Date.UTC(2026, 0, 10),
    begun: 1,
    attempts: [],
    leaseUntil: 0,
    nextAttemptAt: 0,
  });

  it('is of one subscription, in the order of its events, and kept for 30 days', async () => {
    const table = memoryTable();
    const deliveries = deliveryStore(table);
    const later = delivery('a', '2026-01-10T00:00:02.000Z');
    const earlier = delivery('b', '2026-01-10T00:00:01.000Z');
    const other = { ...delivery('c', '2026-01-10T00:00:01.000Z'), subscriptionId: 'other' as SubscriptionId };
    for (const each of [later, earlier, other]) expect(await deliveries.save(each, 'absent')).toBeDefined();
    const history: Delivery[] = [];
    for await (const each of deliveries.history('subscription' as SubscriptionId)) history.push(each);
    expect(history).toEqual([earlier, later]);
    expect(new Set([...table.items.values()].map(({ expiresAt }) => expiresAt))).toEqual(
      new Set([Date.UTC(2026, 0, 10) / 1000 + deliveryRetentionSeconds]),
    );
  });
});
