/** Who may see and change a subscription: its owner, and an operator in the console. */
import type { CallContext } from '../http/implementations.ts';
import { ConnectorError } from '../runtime/errors.ts';
import type { SubscriptionId } from '../runtime/ids.ts';
import type { Stored } from '../store/record-store.ts';
import type { Subscription, SubscriptionStore } from '../store/subscriptions.ts';

export const isOwner = ({ principal }: Subscription, { caller }: CallContext): boolean =>
  principal.tenantId === caller.tenantId && principal.objectId === caller.objectId;

/** @throws ConnectorError SubscriptionUnknown, also for one of another person */
export const subscriptionOfCaller = async (
  {
    store,
    isOperator: mayActForOthers,
  }: {
    readonly store: Pick<SubscriptionStore, 'find'>;
    /** Whether the caller may act on what others own; absent: no. */
    readonly isOperator?: (context: CallContext) => boolean;
  },
  subscriptionId: string,
  context: CallContext,
): Promise<Stored<Subscription>> => {
  const stored = await store.find(subscriptionId as SubscriptionId);
  if (!stored || !(isOwner(stored.body, context) || mayActForOthers?.(context)))
    throw new ConnectorError(
      'SubscriptionUnknown',
      `You have no subscription ${JSON.stringify(subscriptionId)}. Choose one of your own from the list.`,
    );
  return stored;
};

/** @throws ConnectorError SubscriptionNotActive */
export const mustBeActive = ({ status: { state, reason } }: Subscription): void => {
  if (state !== 'active')
    throw new ConnectorError(
      'SubscriptionNotActive',
      `The subscription is ${state}: ${reason} Switch the flow on, or save it, so that it registers again.`,
    );
};
