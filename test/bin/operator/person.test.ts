import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { endPerson, erasePerson, exportPerson, type PersonPorts } from '../../../bin/operator/person.ts';
import { pseudonymKey } from '../../../bin/operator/pseudonym-key.ts';
import { remainders } from '../../../bin/operator/remainders.ts';
import { deliveryId, type EventId, type SubscriptionId } from '../../../lambda/runtime/ids.ts';
import { auditStore } from '../../../lambda/store/audit-records.ts';
import { deliveryStore } from '../../../lambda/store/deliveries.ts';
import { failureStore } from '../../../lambda/store/failures.ts';
import { listedSubscriptionStore } from '../../../lambda/store/listed-subscriptions.ts';
import { listStore, principalList } from '../../../lambda/store/lists.ts';
import { rewriteEnded } from '../../../lambda/store/stop-subscription.ts';
import type { Table } from '../../../lambda/store/table.ts';
import { crashBefore, steppedTable } from '../../lambda/store/schedules.ts';
import { type Registered, subscriptionsWorld } from '../../lambda/subscriptions/world.ts';

/*
 * State: subscriptions of two people, their deliveries, their audit records.
 * Events: a person is exported, ended, erased; the command dies at any step and is repeated; a flow is saved meanwhile.
 * Invariants:
 *  - nothing of another person changes;
 *  - after an erasure the object id stands nowhere in the state table, and no callback URL of the person;
 *  - records that keep an event from being sent twice are still there;
 *  - the audit says who erased, when, and under which pseudonym.
 */
const person = { tenantId: 'tenant', objectId: 'user' };
const key = 'k'.repeat(43);

const portsOn = (world: ReturnType<typeof subscriptionsWorld>, table: Table = world.items): PersonPorts => {
  const now = () => world.clock.now;
  const operator = async () => 'operator arn:aws:iam::1:user/op';
  return {
    audit: auditStore(table),
    operator,
    subscriptions: listedSubscriptionStore(table, { now, by: operator }),
    lists: listStore(table),
    deliveries: deliveryStore(table),
    failures: failureStore(table, { now }),
    rewriteEnded: (stored, next) => rewriteEnded(table, stored, next),
    now,
  };
};

const populated = async () => {
  const world = subscriptionsWorld();
  const mine = [await world.watchSource('one'), await world.watchSegment('two', 500)];
  const { caller } = world.context;
  const theirs = await world.watchSourceAs({ ...caller, objectId: 'colleague' }, 'three');
  const deliveries = deliveryStore(world.items);
  for (const { subscriptionId } of [...mine, theirs]) {
    const id = subscriptionId as SubscriptionId;
    await deliveries.save(
      {
        deliveryId: deliveryId('event' as EventId, id, 'generation'),
        eventId: 'event' as EventId,
        subscriptionId: id,
        occurredAt: new Date(world.clock.now).toISOString(),
        state: 'delivered',
        round: 1,
        firstAttemptAt: world.clock.now,
        begun: 1,
        attempts: [],
        leaseUntil: 0,
        nextAttemptAt: 0,
      },
      'absent',
    );
  }
  return { world, mine, theirs };
};

const contentOf = (world: ReturnType<typeof subscriptionsWorld>): string =>
  JSON.stringify([...world.items.items.values()]);
const stateOf = async (world: ReturnType<typeof subscriptionsWorld>, { subscriptionId }: Registered) =>
  (await world.store.find(subscriptionId as SubscriptionId))?.body.status.state;
const deliveriesIn = (world: ReturnType<typeof subscriptionsWorld>) =>
  [...world.items.items.values()].filter(({ pk }) => pk.startsWith('D#')).length;

describe('export', () => {
  it('has everything of the person, no credential, nothing of others, and is recorded', async () => {
    const { world, mine, theirs } = await populated();
    const found = await exportPerson(portsOn(world), person);
    expect(found.subscriptions.map(({ subscription }) => subscription.subscriptionId).sort()).toEqual(
      mine.map(({ subscriptionId }) => subscriptionId).sort(),
    );
    for (const { deliveries } of found.subscriptions) expect(deliveries).toHaveLength(1);
    const text = JSON.stringify(found);
    expect(text).not.toMatch(/sealed|secretHash|logic\.azure\.com|colleague/);
    expect(text).not.toContain(theirs.subscriptionId);
    expect(found.audit.map(({ action }) => action).sort()).toEqual(['exported', 'registered', 'registered']);
    expect(found.audit.find(({ action }) => action === 'exported')?.by).toBe(
      'operator arn:aws:iam::1:user/op',
    );
  });
});

describe('end everything of a person', () => {
  it('ends the subscriptions of the person only, with the reason, and may be repeated', async () => {
    const { world, mine, theirs } = await populated();
    const ports = portsOn(world);
    const first = await endPerson(ports, person, 'Left the company.');
    expect(first.ended).toHaveLength(2);
    for (const one of mine) {
      expect(await stateOf(world, one)).toBe('ended');
      const stored = await world.store.find(one.subscriptionId as SubscriptionId);
      expect(stored?.body.status.reason).toBe('Left the company.');
    }
    expect(await stateOf(world, theirs)).toBe('active');
    expect(await endPerson(ports, person, 'again')).toMatchObject({
      ended: [],
      before: { length: 2 },
      active: [],
    });
  });

  it('ends one again that is registered at the same moment, and says when it cannot', async () => {
    const { world, mine } = await populated();
    const saves = (times: number) => {
      let left = times;
      const ports = portsOn(world);
      return {
        ...ports,
        subscriptions: {
          ...ports.subscriptions,
          async stop(...stopped: Parameters<typeof ports.subscriptions.stop>) {
            if (stopped[0].body.subscriptionId === mine[0]?.subscriptionId && left > 0) {
              left -= 1;
              await world.watchSource('one');
            }
            return ports.subscriptions.stop(...stopped);
          },
        },
      };
    };
    expect((await endPerson(saves(1), person, 'x')).ended).toHaveLength(2);
    await world.watchSource('one');
    expect((await endPerson(saves(9), person, 'x')).active).toEqual([mine[0]?.subscriptionId]);
  });
});

describe('erase a person', () => {
  it('again leaves no place for a registration that has begun before', async () => {
    const { world, mine } = await populated();
    await erasePerson(portsOn(world), person, key);
    const id = mine[0]?.subscriptionId as SubscriptionId;
    const known = (await world.store.find(id)) ?? expect.fail('not stored');
    // As a registration does: it reads the record, takes its place, and then writes the record.
    await world.lists.add(principalList(person), id, world.clock.now);
    await erasePerson(portsOn(world), person, key);
    const next = { ...known.body, status: { ...known.body.status, state: 'active' as const } };
    expect(await world.store.save(next, known)).toBeUndefined();
    expect(contentOf(world)).not.toContain('#user');
  });

  it('leaves the place of a registration whose record is not there yet, says so, and removes it later', async () => {
    const { world } = await populated();
    const id = 'begun' as SubscriptionId;
    await world.lists.add(principalList(person), id, world.clock.now);
    expect(await erasePerson(portsOn(world), person, key)).toMatchObject({ active: [id] });
    expect(await world.lists.find(principalList(person), id)).toBeDefined();
    world.clock.now += 5 * 60_000 + 1;
    expect(await erasePerson(portsOn(world), person, key)).toMatchObject({ active: [] });
    expect(contentOf(world)).not.toContain('#user');
  });

  it('leaves nothing of them but a pseudonym, keeps what prevents duplicates, and says so in the audit', async () => {
    const { world, mine, theirs } = await populated();
    const [before, colleague] = [
      deliveriesIn(world),
      await world.store.find(theirs.subscriptionId as SubscriptionId),
    ];
    const { pseudonym, ended, auditRecords } = await erasePerson(portsOn(world), person, key);
    expect([ended.length, auditRecords]).toEqual([2, 4]);
    const content = contentOf(world);
    expect(content).not.toContain('user"');
    expect(content).not.toContain('#user');
    expect(content).not.toMatch(/workflows\/(one|two)/);
    expect(content).toContain(pseudonym);
    expect(deliveriesIn(world)).toBe(before);
    expect(await world.store.find(theirs.subscriptionId as SubscriptionId)).toEqual(colleague);
    for (const one of mine) {
      const stored = await world.store.find(one.subscriptionId as SubscriptionId);
      expect(stored?.body).toMatchObject({
        principal: { objectId: pseudonym },
        secretHash: '',
        status: { state: 'ended' },
      });
      expect(stored).toHaveProperty('expiresAt');
    }
    const erasures = [];
    for await (const { body } of auditStore(world.items).since(0, world.clock.now))
      if (body.action === 'erased') erasures.push(body);
    expect(erasures).toMatchObject([
      { by: 'operator arn:aws:iam::1:user/op', person: { objectId: pseudonym }, at: expect.any(String) },
    ]);
  });

  it('is completed by a repetition, wherever it died', async () => {
    let step = 1;
    for (; step < 500; step += 1) {
      const { world } = await populated();
      const before = deliveriesIn(world);
      const died = await crashBefore(
        (each) => erasePerson(portsOn(world, steppedTable(world.items, each)), person, key),
        step,
      );
      await erasePerson(portsOn(world), person, key);
      expect(contentOf(world), `died before step ${step}`).not.toMatch(/user"|#user|workflows\/(one|two)/);
      expect(deliveriesIn(world)).toBe(before);
      if (!died) break;
    }
    expect(step).toBeGreaterThan(20);
    expect(step).toBeLessThan(500);
  });

  it('lets the person begin anew, and deletes nothing at an address of before', async () => {
    const { world, mine } = await populated();
    await erasePerson(portsOn(world), person, key);
    for (const one of mine) await world.remove(one);
    expect(await stateOf(world, mine[0] ?? expect.fail('none'))).toBe('ended');
    const again = await world.watchSource('one');
    expect(await stateOf(world, again)).toBe('active');
  });
});

describe('the key of pseudonyms', () => {
  const folder = mkdtempSync(join(tmpdir(), 'pseudonyms-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('is made once, for its user only, and read again', () => {
    const file = join(folder, 'new.key');
    const made = pseudonymKey(file);
    expect(made.created).toBe(true);
    expect(statSync(file).mode & 0o077).toBe(0);
    expect(pseudonymKey(file)).toEqual({ ...made, created: false });
    expect(Buffer.from(made.key, 'base64url')).toHaveLength(32);
  });

  it('is refused where the file holds something else', () => {
    const file = join(folder, 'wrong.key');
    writeFileSync(file, 'hello\n');
    expect(() => pseudonymKey(file)).toThrow(/holds no key/);
    expect(readFileSync(file, 'utf8')).toBe('hello\n');
  });
});

describe('what an erasure cannot reach', () => {
  it('is listed with its end, and the page says the same', () => {
    const now = Date.UTC(2026, 0, 10);
    const page = readFileSync('docs/privacy.md', 'utf8');
    for (const { days, until } of remainders(now)) {
      expect(until).toBe(days === null ? null : new Date(now + days * 86_400_000).toISOString());
      if (days !== null) expect(page, `${days} days`).toMatch(new RegExp(`\\b${days} days\\b`));
    }
    expect(remainders(now).map(({ where }) => where)).toEqual(
      expect.arrayContaining(['Queues', 'Dead-letter queues', 'Logs', 'Backups']),
    );
  });
});
