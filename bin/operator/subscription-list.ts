/** The subscriptions of a deployment as an operator sees them: of everybody, without secrets. */

import pMap from 'p-map';
import { acrossPeople } from '../../lambda/runtime/ids.ts';
import type { Delivery } from '../../lambda/store/deliveries.ts';
import type { Subscription } from '../../lambda/store/subscriptions.ts';
import { triggers } from '../../lambda/triggers/registry.ts';
import { conditionOf, subjectName } from '../../lambda/triggers/trigger-set.ts';
import type { Deployment } from './deployment-place.ts';
import { shownInstance } from './instance-names.ts';
import { subscriptionsOf } from './status.ts';

export const subscriptionStates = ['active', 'paused', 'ended'] as const;

export interface ListedSubscription {
  readonly subscriptionId: string;
  readonly state: (typeof subscriptionStates)[number];
  /** RFC 3339; of the state. */
  readonly since: string;
  readonly reason: string;
  readonly trigger: string;
  readonly subject: string;
  /** In words. */
  readonly condition: string;
  readonly instanceId: string;
  readonly instance: string | null;
  /** Object id of the person or application in Entra ID. */
  readonly owner: string;
  readonly createdAt: string;
  readonly registeredAt: string;
  /** RFC 3339; null when there was none in 30 days. */
  readonly lastEventAt: string | null;
  readonly lastDelivery: Delivery['state'] | null;
}

export interface SubscriptionFilter {
  readonly instanceId?: string | undefined;
  readonly state?: string | undefined;
  readonly owner?: string | undefined;
  readonly trigger?: string | undefined;
}

/** @param name of its instance */
export const listed = (
  subscription: Subscription,
  name: string | undefined,
  last: Delivery | undefined,
): ListedSubscription => ({
  subscriptionId: subscription.subscriptionId,
  state: subscription.status.state,
  since: subscription.status.since,
  reason: subscription.status.reason,
  trigger: subscription.trigger,
  subject: subjectName(triggers, subscription),
  condition: conditionOf(triggers, subscription),
  instanceId: subscription.instanceId,
  instance: name ?? null,
  owner: subscription.principal.objectId,
  createdAt: subscription.createdAt,
  registeredAt: subscription.registeredAt,
  lastEventAt: last?.occurredAt ?? null,
  lastDelivery: last?.state ?? null,
});

export interface SubscriptionListing {
  readonly subscriptions: readonly ListedSubscription[];
  /** Records of a newer program, which this one cannot read. */
  readonly unreadable: number;
}

/**
 * The newest registration first.
 * @param names instance id in lower case → name
 */
export const listSubscriptions = async (
  deployment: Pick<Deployment, 'subscriptions' | 'lists' | 'leases' | 'deliveries'>,
  { instanceId, state, owner, trigger }: SubscriptionFilter,
  names: ReadonlyMap<string, string>,
): Promise<SubscriptionListing> => {
  const ids =
    instanceId === undefined ? [...(await deployment.leases.all()).keys(), acrossPeople] : [instanceId];
  const found = (await pMap(ids, (id) => subscriptionsOf(deployment, id), { concurrency: 5 })).flat();
  const readable = found.filter((one) => one !== 'unreadable');
  const wanted = readable.filter(
    ({ status, principal, trigger: own }) =>
      (state === undefined || status.state === state) &&
      (owner === undefined || principal.objectId.toLowerCase() === owner.toLowerCase()) &&
      (trigger === undefined || own === trigger),
  );
  const rows = await pMap(
    wanted,
    async (one) => {
      const [last] = await deployment.deliveries.newest(one.subscriptionId, 1);
      return listed(one, shownInstance(names, one.instanceId), last);
    },
    { concurrency: 25 },
  );
  return {
    subscriptions: rows.toSorted((a, b) => (a.registeredAt < b.registeredAt ? 1 : -1)),
    unreadable: found.length - readable.length,
  };
};
