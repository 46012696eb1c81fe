/** Whether the counters of subscriptions hold what they promise: never lower than what is there. */
import { listsOf, type SubscriptionList } from '../../lambda/store/lists.ts';
import type { Subscription } from '../../lambda/store/subscriptions.ts';
import type { Deployment } from './simulated-deployment.ts';

/** Lists whose counter is lower than the subscriptions that have not ended. */
export const uncountedPlaces = async ({ table, counters }: Deployment): Promise<readonly string[]> => {
  const live = new Map<SubscriptionList, number>();
  for (const { sk, body } of table.items.values()) {
    if (sk !== 'SUBSCRIPTION') continue;
    const { record } = JSON.parse(body) as { readonly record: Subscription };
    if (record.status.state === 'ended') continue;
    for (const list of listsOf(record)) live.set(list, (live.get(list) ?? 0) + 1);
  }
  const found: string[] = [];
  for (const [list, taken] of live) {
    const counted = (await counters.read(list))?.count ?? 0;
    if (counted < taken) found.push(`${list} has ${taken} subscriptions, and ${counted} are counted`);
  }
  return found;
};
