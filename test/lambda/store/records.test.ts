import { describe, expect, it } from 'vitest';
import type { DeliveryId, EventId, SubscriptionId } from '../../../lambda/runtime/ids.ts';
import { cursorStore } from '../../../lambda/store/cursors.ts';
import { type Delivery, deliveryRetentionSeconds, deliveryStore } from '../../../lambda/store/deliveries.ts';
import { recordKind, UnknownSchemaVersion } from '../../../lambda/store/record.ts';
import { emptyCursor } from '../../../lambda/triggers/cursor.ts';
import { firstVersion, memoryTable } from '../memory-table.ts';
import { decimal } from './example.ts';

describe('a record', () => {
  it('states its schema version first, and comes back as it was', async () => {
    const table = memoryTable();
    const kind = recordKind<{ readonly value: number }>('sample', 3);
    const item = kind.write({ pk: 'A', sk: 'B' }, { value: 1 }, 99);
    expect(item).toEqual({
      pk: 'A',
      sk: 'B',
      body: '{"v":3,"record":{"value":1}}',
      expiresAt: 99,
    });
    const version = await table.swap(item, 'absent');
    expect(await kind.get(table, item)).toEqual({ version, body: { value: 1 } });
    expect(await kind.get(table, { pk: 'A', sk: 'C' })).toBeUndefined();
  });

  it('of a newer program is refused by name, not misread', () => {
    const newer = recordKind<{ readonly value: number }>('sample', 4);
    const item = { ...newer.write({ pk: 'A', sk: 'B' }, { value: 1 }), version: firstVersion };
    const read = () => recordKind('sample', 3).read(item);
    expect(read).toThrow(UnknownSchemaVersion);
    expect(read).toThrow('sample A/B has schema version 4; this program knows 3');
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
