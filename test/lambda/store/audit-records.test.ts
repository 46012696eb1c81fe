import { describe, expect, it } from 'vitest';
import type { SubscriptionId } from '../../../lambda/runtime/ids.ts';
import {
  type AuditRecord,
  auditRetentionMs,
  auditStore,
  pseudonymOf,
} from '../../../lambda/store/audit-records.ts';
import { listedSubscriptionStore } from '../../../lambda/store/listed-subscriptions.ts';
import { ending, pausing, stopSubscription } from '../../../lambda/store/stop-subscription.ts';
import type { Table } from '../../../lambda/store/table.ts';
import { memoryTable } from '../memory-table.ts';
import { noon } from '../subscriptions/world.ts';
import { segmentSubscription } from './example-subscription.ts';

/*
 * State: records of what was done, by month.
 * Events: a subscription is registered, marked, paused, ended, deleted; a process dies at any write.
 * Invariants:
 *  - no change is there without its record, wherever a process dies;
 *  - a mark is no registration;
 *  - records of a person can be found, and rewritten, without losing one.
 */
const id = 'subscription-of-a-flow' as SubscriptionId;
const person = { tenantId: 'tenant', objectId: 'user' };

const read = async (table: Table, since = noon - auditRetentionMs): Promise<readonly AuditRecord[]> => {
  const records: AuditRecord[] = [];
  for await (const { body } of auditStore(table).since(since, noon)) records.push(body);
  return records;
};

/** Lets writes through until one is left. */
const dyingAfter = (table: Table, writes: number): Table => {
  let left = writes;
  const died = new Error('The process died.');
  return {
    ...table,
    async swap(...swapped) {
      if (left === 0) throw died;
      left -= 1;
      return table.swap(...swapped);
    },
    async remove(...removed) {
      if (left === 0) throw died;
      left -= 1;
      return table.remove(...removed);
    },
  };
};

const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined };

/** The life of a subscription, each change by its own process. */
const changes = [
  [
    'registered',
    (table: Table) =>
      listedSubscriptionStore(table, { now: () => noon, by: 'owner' }).save(
        segmentSubscription(id, { principal: { ...person, clientAppId: 'app' } }),
        undefined,
      ),
  ],
  ...([pausing, ending] as const).map(
    (stop) =>
      [
        stop.state,
        async (table: Table) => {
          const subscriptions = listedSubscriptionStore(table, { now: () => noon, by: 'deliver' });
          const stored = (await subscriptions.find(id)) ?? expect.fail('not stored');
          const ports = { subscriptions, now: () => noon, log: quiet, count: () => undefined };
          await stopSubscription(ports, stored, stop, `it is ${stop.state}`);
        },
      ] as const,
  ),
  [
    'deleted',
    async (table: Table) => {
      const store = listedSubscriptionStore(table, { now: () => noon, by: 'owner' });
      await store.remove((await store.find(id)) ?? expect.fail('not stored'));
    },
  ],
] as const;

describe('the audit', () => {
  it('has a record of each change: who, what, when', async () => {
    const table = memoryTable();
    for (const [, change] of changes) await change(table);
    const at = new Date(noon).toISOString();
    const records = await read(table);
    expect(records.map(({ action, by }) => [action, by]).sort()).toEqual([
      ['deleted', 'owner'],
      ['ended', 'deliver'],
      ['paused', 'deliver'],
      ['registered', 'owner'],
    ]);
    for (const record of records) expect(record).toMatchObject({ at, person, subscriptionId: id });
    expect(records.find(({ action }) => action === 'ended')?.detail).toBe('it is ended');
  });

  it('has the record before the change, wherever the process dies', async () => {
    for (const [index, [action, change]] of changes.entries())
      for (let writes = 0; writes < 12; writes += 1) {
        const table = memoryTable();
        for (const [, before] of changes.slice(0, index)) await before(table);
        const earlier = [...table.items.values()].filter(({ pk }) => pk.startsWith('S#'));
        await change(dyingAfter(table, writes)).catch(() => undefined);
        const later = [...table.items.values()].filter(({ pk }) => pk.startsWith('S#'));
        if (JSON.stringify(later) === JSON.stringify(earlier)) continue;
        expect((await read(table)).map((record) => record.action)).toContain(action);
      }
  });

  it('does not take a mark for a registration', async () => {
    const table = memoryTable();
    const store = listedSubscriptionStore(table, { now: () => noon, by: 'owner' });
    await store.save(segmentSubscription(id), undefined);
    for (const contested of [true, true, undefined] as const) {
      const stored = (await store.find(id)) ?? expect.fail('not stored');
      const { contested: _, ...body } = stored.body;
      expect(await store.save({ ...body, ...(contested && { contested }) }, stored)).toBeDefined();
    }
    expect((await read(table)).map(({ action }) => action)).toEqual(['registered']);
  });

  it('is read over months, and forgets after 400 days', async () => {
    const table = memoryTable();
    const audit = auditStore(table);
    const times = [399, 200, 31, 1, 0].map((days) => new Date(noon - days * 86_400_000).toISOString());
    for (const at of times)
      await audit.add(
        { at, action: 'exported', by: 'operator', person, subscriptionId: null, detail: '' },
        at,
      );
    expect((await read(table)).map(({ at }) => at)).toEqual(times);
    expect((await read(table, noon - 32 * 86_400_000)).map(({ at }) => at)).toEqual(times.slice(2));
    const [oldest] = [...table.items.values()].map(({ expiresAt }) => expiresAt ?? 0).sort();
    expect((oldest ?? 0) * 1000).toBe(Date.parse(times[0] ?? '') + auditRetentionMs);
  });

  it('keeps changes of one millisecond apart, and rewrites them', async () => {
    const table = memoryTable();
    const audit = auditStore(table);
    const one = { at: new Date(noon).toISOString(), action: 'replayed', by: 'operator', detail: '' } as const;
    for (const objectId of ['user', 'other'])
      for (const change of ['a', 'b', 'b'])
        await audit.add({ ...one, person: { ...person, objectId }, subscriptionId: id }, change);
    expect(await read(table)).toHaveLength(4);
    const pseudonym = pseudonymOf(person, 'key');
    for await (const found of audit.since(noon, noon))
      if (found.body.person.objectId === 'user')
        await audit.rewrite(found, { ...found.body, person: { ...person, objectId: pseudonym } });
    expect((await read(table)).map(({ person: { objectId } }) => objectId).sort()).toEqual(
      [pseudonym, pseudonym, 'other', 'other'].sort(),
    );
    expect(JSON.stringify([...table.items.values()])).not.toContain('"user"');
  });
});

describe('a pseudonym', () => {
  it('is the same for a person, and another with another key or tenant', () => {
    expect(pseudonymOf(person, 'key')).toBe(pseudonymOf({ ...person }, 'key'));
    expect(pseudonymOf(person, 'key')).not.toBe(pseudonymOf(person, 'another key'));
    expect(pseudonymOf(person, 'key')).not.toBe(pseudonymOf({ ...person, tenantId: 'other' }, 'key'));
  });
});
