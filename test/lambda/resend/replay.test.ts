import { describe, expect, it } from 'vitest';
import { readSince } from '../../../bin/operator/options.ts';
import { eventsFor, mostRecords, replay } from '../../../lambda/resend/replay.ts';
import { auditStore } from '../../../lambda/store/audit-records.ts';
import type { Delivery } from '../../../lambda/store/deliveries.ts';
import type { DeliveryMessage } from '../../../lambda/store/delivery-message.ts';
import { readMessage } from '../../../lambda/store/delivery-message-reader.ts';
import { ledgerStore } from '../../../lambda/store/ledger.ts';
import { type Conditions, defaultConditions } from '../../../lambda/triggers/conditions.ts';
import { at, completion, failure, noon, step } from '../ledger/occurrences.ts';
import { memoryTable } from '../memory-table.ts';
import {
  decimal,
  instanceId,
  segmentSubscription,
  sourceSubscription,
} from '../store/example-subscription.ts';

const watching = (conditions: Partial<Conditions>) =>
  segmentSubscription('a', { conditions: { ...defaultConditions, ...conditions } });
const minutes = (subscription: ReturnType<typeof watching>, occurrences: Parameters<typeof eventsFor>[1]) =>
  eventsFor(subscription, occurrences).map(({ finalAt }) => (finalAt - noon) / 60_000);

const walk = (...values: readonly number[]) =>
  values.slice(1).map((value, index) => step(index + 1, values[index] ?? 0, value));

describe('the events of a replay', () => {
  it('are those that cross as the subscription is now, also from before it was registered', () => {
    const subscription = segmentSubscription('a', { baseline: { at: at(100), occurrences: [] } });
    expect(minutes(subscription, walk(900, 1000, 1001, 1100, 900, 1200))).toEqual([2, 5]);
    expect(minutes(watching({ direction: 'below' }), walk(900, 1000, 1001, 999, 1000, 998))).toEqual([3, 5]);
  });

  it('heed the re-arm level', () => {
    const subscription = watching({ rearmLevel: decimal(800) });
    expect(minutes(subscription, walk(900, 1100, 900, 1100, 800, 1100, 900))).toEqual([1, 5]);
  });

  it('are of the data source, and of the outcome, that is asked for', () => {
    const failures = [failure(1, 'shop'), failure(2, 'other')];
    expect(minutes(sourceSubscription('a', 'shop'), failures)).toEqual([1]);
    expect(minutes(sourceSubscription('a', null), failures)).toEqual([1, 2]);
    const failed = sourceSubscription('a', null, {
      trigger: 'OnFullRefreshCompleted',
      conditions: { ...defaultConditions, outcome: 'failed' },
    });
    expect(minutes(failed, [completion(1, 'failed'), completion(2, 'succeeded')])).toEqual([1]);
  });
});

describe('a replay', () => {
  const world = async () => {
    const sent: DeliveryMessage[] = [];
    const table = memoryTable();
    const ledger = ledgerStore(table, { now: () => noon });
    await ledger.record(
      instanceId,
      walk(900, 1100, 900, 1100).map((occurrence) => ({
        kind: 'occurrence' as const,
        occurrence,
        deliveries: 1,
      })),
    );
    const past: Delivery[] = [];
    const ports = {
      ledger,
      audit: auditStore(table),
      operator: async () => 'operator test',
      now: () => noon,
      deliveries: {
        async *history() {
          yield* past;
        },
      },
      sendRetry: async (messages: readonly { readonly body: string }[]) => {
        sent.push(...messages.map(({ body }) => readMessage(body)));
      },
    };
    return {
      sent,
      audited: () => [...table.items.values()].filter(({ pk }) => pk.startsWith('A#')),
      past,
      ledger,
      run: (name: string, since = 0, dryRun = false, onlyMissed = false) =>
        replay(ports, segmentSubscription('a'), { name, since, dryRun, onlyMissed }),
    };
  };

  it('sends the events as they were, oldest first, with ids of its own', async () => {
    const { sent, run } = await world();
    expect(await run('one')).toHaveLength(2);
    expect(sent.map(({ payload }) => Date.parse(payload.occurredAt))).toEqual([at(1), at(3)]);
    expect(sent[0]).toMatchObject({
      origin: 'replay',
      generation: 'generation of a',
      deliveryId: expect.stringMatching(/^replay-/),
      eventId: walk(900, 1100)[0]?.eventId,
      crossing: { previous: '900', current: '1100', threshold: '1000', direction: 'above' },
    });
  });

  it('of the same name has the same ids, of another name others', async () => {
    const { sent, run } = await world();
    await run('one');
    await run('one');
    await run('two');
    expect(new Set(sent.map(({ deliveryId }) => deliveryId)).size).toBe(4);
  });

  it('begins at the time given, and sends nothing in a dry run', async () => {
    const { sent, run, audited } = await world();
    expect(await run('one', at(2))).toHaveLength(1);
    expect(audited()).toHaveLength(1);
    sent.length = 0;
    expect(await run('one', 0, true)).toHaveLength(2);
    expect(sent).toEqual([]);
    expect(audited()).toHaveLength(1);
  });

  const delivery = (eventId: string, deliveryId: string, state: Delivery['state']): Delivery =>
    ({ eventId, deliveryId, state, occurredAt: new Date(at(1)).toISOString() }) as Delivery;

  it('says what became of each event before, and does not send twice what it has sent itself', async () => {
    const { sent, past, run } = await world();
    const [first, second] = await run('one', 0, true);
    if (!first || !second) return expect.fail('two events');
    expect([first.history, second.history]).toEqual(['new', 'new']);

    past.push(delivery(first.occurrence.eventId, 'as an event', 'delivered'));
    past.push(delivery(second.occurrence.eventId, 'as an event', 'dead'));
    expect((await run('one', 0, true)).map(({ history, send }) => [history, send])).toEqual([
      ['accepted', true],
      ['notAccepted', true],
    ]);
    await run('one', 0, false, true);
    expect(sent.map(({ eventId }) => eventId)).toEqual([second.occurrence.eventId]);

    past.push(delivery(first.occurrence.eventId, first.deliveryId, 'delivered'));
    past.push(delivery(second.occurrence.eventId, second.deliveryId, 'pending'));
    sent.length = 0;
    expect((await run('one')).map(({ history, send }) => [history, send])).toEqual([
      ['repeated', false],
      ['underWay', true],
    ]);
    // An attempt that is under way is not repeated by its message: it has the same id.
    expect(sent.map(({ deliveryId }) => deliveryId)).toEqual([second.deliveryId]);
    // Another name is another replay.
    expect((await run('two', 0, true)).every(({ send }) => send)).toBe(true);
  });

  it('sends nothing when it would leave out the oldest records', async () => {
    const { ledger } = await world();
    const ports = {
      ledger: { ...ledger, ofSubject: async () => Array.from({ length: mostRecords }, () => ({}) as never) },
      deliveries: {
        async *history() {
          yield* [];
        },
      },
      audit: auditStore(memoryTable()),
      operator: async () => 'operator test',
      now: () => noon,
      sendRetry: async () => expect.fail('sent'),
    };
    await expect(
      replay(ports, segmentSubscription('a'), { name: 'x', since: 0, dryRun: false }),
    ).rejects.toThrow(/more than 10000 records/);
  });
});

describe('a time to look back to', () => {
  it.each([
    ['90m', noon - 90 * 60_000],
    ['24h', noon - 86_400_000],
    ['7d', noon - 7 * 86_400_000],
    ['2026-01-10', Date.UTC(2026, 0, 10)],
    ['2026-01-10T11:00:00Z', noon - 3_600_000],
  ])('%s is understood', (text, expected) => {
    expect(readSince(text, noon)).toBe(expected);
  });

  it.each([
    ['2026-01-10T11:00:00', noon - 3_600_000],
    ['2026-01-10T12:00:00+01:00', noon - 3_600_000],
    ['2026-01-10T10:00:00-01:00', noon - 3_600_000],
  ])('%s is UTC unless it has a zone', (text, expected) => {
    expect(readSince(text, noon)).toBe(expected);
  });

  it.each([
    ['2099-01-01', /in the future/],
    ['90d', /kept for 30 days/],
    ['2020-01-01', /kept for 30 days/],
  ])('%s is out of bounds', (text, message) => {
    expect(() => readSince(text, noon)).toThrow(message);
  });

  it.each(['yesterday', '7', '7w', '2026', '2026-13-40', '', '-1d'])('%s is not', (text) => {
    expect(() => readSince(text, noon)).toThrow(/takes a time such as/);
  });
});
