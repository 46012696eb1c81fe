/**
 * Pages of dead letters. State: letters in two queues, of two people, several in one millisecond. Invariants: a page has
 * letters that its reader may see and no others; every such letter is on exactly one page, in the order of time; a page
 * makes at most 60 reads; an audit record says who sent a letter again.
 */
import { expect, it } from 'vitest';
import { operatorRole } from '../../../config/console.ts';
import { exampleConfiguration } from '../../../config/example.ts';
import { letterIdOf } from '../../../lambda/resend/letters.ts';
import { resendImplementations } from '../../../lambda/resend/resend-operations.ts';
import type { SubscriptionId } from '../../../lambda/runtime/ids.ts';
import { countNothing } from '../../../lambda/runtime/metrics.ts';
import { pauseStore } from '../../../lambda/store/agenda.ts';
import { auditStore } from '../../../lambda/store/audit-records.ts';
import { deadLetterStore } from '../../../lambda/store/dead-letters.ts';
import { deliveryStore } from '../../../lambda/store/deliveries.ts';
import { ledgerStore } from '../../../lambda/store/ledger.ts';
import { listStore, principalList } from '../../../lambda/store/lists.ts';
import { subscriptionStore } from '../../../lambda/store/subscriptions.ts';
import { triggers } from '../../../lambda/triggers/registry.ts';
import { countedTable } from '../counted-table.ts';
import { message } from '../deliver/deliver-world.ts';
import { memoryTable } from '../memory-table.ts';
import { segmentSubscription } from '../store/example-subscription.ts';
import { noon, subscriptionsWorld } from '../subscriptions/world.ts';

const lettersOfEach = 45;

const world = async () => {
  const { table, counts } = countedTable(memoryTable());
  const [letters, lists, subscriptions] = [
    deadLetterStore(table),
    listStore(table),
    subscriptionStore(table),
  ];
  const { on, items } = subscriptionsWorld();
  const people = on(items);
  const ids: Record<string, string[]> = { anna: [], bert: [] };
  for (const [at, person] of ['anna', 'bert'].entries()) {
    const principal = { tenantId: 'tenant', objectId: person, clientAppId: 'connector' };
    const subscriptionId = `of-${person}` as SubscriptionId;
    const subscription = segmentSubscription(subscriptionId, { principal, generation: 'first' });
    await lists.add(principalList(principal), subscriptionId, noon, subscription);
    await subscriptions.save(subscription, undefined);
    for (let number = 0; number < lettersOfEach; number += 1) {
      const name = {
        queue: number % 2 === 0 ? ('delivery' as const) : ('retry' as const),
        messageId: `m-${at}-${number}`,
        // Three in each millisecond, of either queue.
        sentAt: noon + Math.floor(number / 3),
      };
      await letters.keep({
        ...name,
        storedAt: noon,
        body: JSON.stringify(message({ subscriptionId, generation: 'first' })),
      });
      ids[person]?.push(letterIdOf(name));
    }
  }
  const sent: string[] = [];
  const operations = resendImplementations({
    settings: exampleConfiguration,
    triggers,
    subscriptions,
    lists,
    pauses: pauseStore(table),
    deliveries: deliveryStore(table),
    ledger: ledgerStore(table, { now: () => noon }),
    letters,
    audit: auditStore(table),
    sendRetry: async (messages) => {
      sent.push(...messages.map(({ body }) => body));
    },
    count: countNothing,
    now: () => noon + 60_000,
  });
  const person = people.as('anna');
  const operator = { ...person, caller: { ...person.caller, objectId: 'olga', roles: [operatorRole] } };
  const audit = async () => {
    const found: string[] = [];
    for await (const { body } of auditStore(table).since(noon, noon + 3_600_000))
      found.push(`${body.action} by ${body.by} of ${body.person.objectId}`);
    return found;
  };
  return { operations, counts, ids, sent, audit, callers: { anna: person, operator } };
};

it.each(['anna', 'operator'] as const)('puts each letter that %s may see on one page', async (who) => {
  const { operations, counts, ids, callers } = await world();
  const found: { readonly id: string; readonly at: string }[] = [];
  let after: string | null = null;
  do {
    counts.reads = 0;
    const { body }: Awaited<ReturnType<typeof operations.ConsoleListDeadLetters>> =
      await operations.ConsoleListDeadLetters(
        { path: {}, query: { ...(after !== null && { after }) }, body: null },
        callers[who],
      );
    expect(counts.reads).toBeLessThanOrEqual(60);
    found.push(...body.value.map(({ letterId, sentAt }) => ({ id: letterId, at: sentAt })));
    after = body.next;
  } while (after !== null);
  const expected = who === 'anna' ? ids.anna : [...(ids.anna ?? []), ...(ids.bert ?? [])];
  expect(found.map(({ id }) => id).sort()).toEqual([...(expected ?? [])].sort());
  expect(found.map(({ at }) => at)).toEqual(found.map(({ at }) => at).sort());
});

it('sends all in several calls, each once, and says in the audit who did it', async () => {
  const { operations, sent, audit, callers } = await world();
  let after: string | null = null;
  let total = 0;
  do {
    const { body }: Awaited<ReturnType<typeof operations.ConsoleRedrive>> = await operations.ConsoleRedrive(
      { path: {}, query: {}, body: { dryRun: false, ...(after !== null && { after }) } },
      callers.operator,
    );
    total += Number(body.sent);
    after = body.next;
  } while (after !== null);
  expect([total, sent.length]).toEqual([2 * lettersOfEach, 2 * lettersOfEach]);
  expect([...new Set(await audit())].sort()).toEqual([
    'redriven by operator olga of anna',
    'redriven by operator olga of bert',
  ]);
});

it('sends only the own letters of a person without the role', async () => {
  const { operations, sent, audit, callers, ids } = await world();
  const run = (letterIds?: string[]) =>
    operations.ConsoleRedrive(
      { path: {}, query: {}, body: { dryRun: false, ...(letterIds && { letterIds }) } },
      callers.anna,
    );
  await expect(run([...(ids.anna ?? []).slice(0, 2), ids.bert?.[0] ?? ''])).rejects.toMatchObject({
    code: 'DeadLetterUnknown',
  });
  expect(sent).toEqual([]);
  expect((await run()).body).toMatchObject({ sent: lettersOfEach, next: null });
  expect(sent.every((body) => body.includes('"of-anna"'))).toBe(true);
  expect(await audit()).toEqual(['redriven by owner of anna']);
});
