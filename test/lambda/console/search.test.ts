/**
 * The search over 10,000 subscriptions. State: memberships of one instance, each with its subscription. Invariants: every
 * subscription is on exactly one page; a page makes at most 60 reads of the table.
 */
import { expect, it } from 'vitest';
import { operatorRole } from '../../../config/console.ts';
import { exampleConfiguration } from '../../../config/example.ts';
import { searchSubscriptions } from '../../../lambda/console/search.ts';
import { acrossInstances, type SubscriptionId } from '../../../lambda/runtime/ids.ts';
import { countNothing } from '../../../lambda/runtime/metrics.ts';
import { pauseStore } from '../../../lambda/store/agenda.ts';
import { cursorStore } from '../../../lambda/store/cursors.ts';
import { deliveryStore } from '../../../lambda/store/deliveries.ts';
import { ledgerStore } from '../../../lambda/store/ledger.ts';
import { instanceList, listStore } from '../../../lambda/store/lists.ts';
import { subscriptionStore } from '../../../lambda/store/subscriptions.ts';
import type { Table } from '../../../lambda/store/table.ts';
import { triggers } from '../../../lambda/triggers/registry.ts';
import { memoryTable } from '../memory-table.ts';
import { segmentSubscription } from '../store/example-subscription.ts';
import { instanceId, noon, subscriptionsWorld } from '../subscriptions/world.ts';

const subscriptions = 10_000;

/** DynamoDB gives at most 1 MB of a range in one read. */
const megabyte = 1_000_000;

/** The table, and how many reads it has answered. */
const counted = (table: Table) => {
  const reads = { count: 0 };
  const counting: Table = {
    ...table,
    get(key) {
      reads.count += 1;
      return table.get(key);
    },
    last(...range) {
      reads.count += 1;
      return table.last(...range);
    },
    async *range(...bounds) {
      reads.count += 1;
      let bytes = 0;
      for await (const item of table.range(...bounds)) {
        bytes += JSON.stringify(item).length;
        if (bytes > megabyte) {
          reads.count += 1;
          bytes = 0;
        }
        yield item;
      }
    },
  };
  return { reads, counting };
};

it('puts each of 10,000 subscriptions on one page, with at most 60 reads a page', async () => {
  const { reads, counting } = counted(memoryTable());
  const [lists, store] = [listStore(counting), subscriptionStore(counting)];
  for (let at = 0; at < subscriptions; at += 1) {
    const subscriptionId = `s${at}` as SubscriptionId;
    const subscription = segmentSubscription(subscriptionId, { instanceId, subject: `Segment${at % 100}` });
    await lists.add(instanceList(instanceId), subscriptionId, at, subscription);
    await store.save(subscription, undefined);
  }
  const about = acrossInstances({ tenantId: 'tenant', objectId: 'another' });
  const teller = segmentSubscription('teller', {
    trigger: 'OnTriggerTrouble',
    instanceId: about,
    subject: null,
    threshold: null,
  });
  await lists.add(instanceList(about), teller.subscriptionId, 0, teller);
  await store.save(teller, undefined);
  const { context: own } = subscriptionsWorld();
  const now = () => noon;
  const search = searchSubscriptions({
    triggers,
    settings: exampleConfiguration,
    cursors: cursorStore(counting),
    ledger: ledgerStore(counting, { now }),
    sendDelivery: async () => undefined,
    count: countNothing,
    now,
    newSecret: () => 'unused',
    lists,
    store,
    deliveries: deliveryStore(counting),
    pauses: pauseStore(counting),
  });
  const context = { ...own, caller: { ...own.caller, roles: [operatorRole] } };

  const pagesOf = async (words: string) => {
    const found: string[] = [];
    let after: string | null = null;
    do {
      reads.count = 0;
      const { body }: Awaited<ReturnType<typeof search>> = await search(
        { query: { search: words, ...(after !== null && { after }) } },
        context,
      );
      expect(reads.count).toBeLessThanOrEqual(60);
      found.push(...body.value.map(({ subscriptionId }) => subscriptionId));
      after = body.next;
    } while (after !== null && found.length < 200);
    return found;
  };

  const first = await pagesOf('');
  expect(first.slice(0, 3)).toEqual(['s9999', 's9998', 's9997']);
  expect(new Set(first).size).toBe(200);
  const named = await pagesOf('segment42');
  expect(named).toHaveLength(100);
  expect(new Set(named).size).toBe(100);
  expect(await pagesOf('segment42 nothing')).toEqual([]);
  // Those that are in no instance belong to every operator's search.
  expect(await pagesOf('all instances')).toEqual(['teller']);
});
