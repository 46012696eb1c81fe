/** What the operations of the function share. */
import type { FunctionSettings } from '../../config/schema.ts';
import type { CallContext } from '../http/implementations.ts';
import { actorOf } from '../http/operator.ts';
import { ConnectorError } from '../runtime/errors.ts';
import type { Send } from '../runtime/queue.ts';
import type { AuditStore, OperatorAuditPorts } from '../store/audit-records.ts';
import type { DeadLetterStore } from '../store/dead-letters.ts';
import type { DeliveryStore } from '../store/deliveries.ts';
import type { LedgerStore } from '../store/ledger.ts';
import type { Subscription, SubscriptionStore } from '../store/subscriptions.ts';
import { isOwner } from '../subscriptions/ownership.ts';
import type { SubscriptionPagePorts } from '../subscriptions/subscription-pages.ts';
import { instanceNameOf } from '../triggers/instance.ts';
import type { Triggers } from '../triggers/trigger-set.ts';

export interface ResendPorts extends Omit<SubscriptionPagePorts, 'store'> {
  readonly settings: Pick<FunctionSettings, 'instances'>;
  readonly triggers: Triggers;
  readonly subscriptions: Pick<SubscriptionStore, 'find'>;
  readonly deliveries: DeliveryStore;
  readonly ledger: Pick<LedgerStore, 'ofSubject' | 'ofEvent'>;
  readonly letters: DeadLetterStore;
  readonly audit: AuditStore;
  readonly sendRetry: Send;
  readonly now: () => number;
}

/** The audit says who sent again: the owner, or which operator. */
export const auditPorts = (ports: ResendPorts, context: CallContext): OperatorAuditPorts => ({
  audit: ports.audit,
  now: ports.now,
  operator: async () => actorOf(context),
});

/** What tells whose delivery it is. */
export const placeOf = ({ settings }: ResendPorts, subscription: Subscription, context: CallContext) => ({
  subscriptionId: subscription.subscriptionId,
  trigger: subscription.trigger,
  instanceName: instanceNameOf(settings.instances, subscription.instanceId) ?? null,
  flowName: subscription.names?.flow ?? null,
  isOwn: isOwner(subscription, context),
});

/** @throws ConnectorError PayloadOfAnother, of a subscription that an operator may see and does not own */
export const mustOwn = (subscription: Subscription, context: CallContext): void => {
  if (!isOwner(subscription, context))
    throw new ConnectorError(
      'PayloadOfAnother',
      'The subscription is of another person. What is sent to a flow is shown to its owner only.',
    );
};
