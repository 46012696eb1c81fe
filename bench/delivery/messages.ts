/** Subscriptions and messages in the form in which every version of the functions reads them (test/pins). */
import type { DeliveryId, EventId, SubscriptionId } from '../../lambda/runtime/ids.ts';
import type { DeliveryMessage } from '../../lambda/store/delivery-message.ts';
import type { Subscription } from '../../lambda/store/subscriptions.ts';
import { instance } from '../triggers/subscribers.ts';

/** The subscriptions that events are spread over. */
export const flows = 50;

export const flowId = (flow: number) => `flow-${flow}` as SubscriptionId;

/** @param run tells the events of one run from those of another */
export const messageFor = (event: number, flow: number, run = ''): DeliveryMessage => ({
  v: 1,
  deliveryId: `delivery-${run}${event}` as DeliveryId,
  eventId: `event-${run}${event}` as EventId,
  subscriptionId: flowId(flow),
  generation: 'generation',
  entry: null,
  payload: {
    eventId: `event-${run}${event}`,
    trigger: 'OnDataSourceRefreshFailed',
    instanceId: instance.id,
    instanceName: instance.name,
    occurredAt: new Date(Date.UTC(2026, 2, 1) + event).toISOString(),
    dataSourceName: 'Web shop',
    jobId: 'b0000000-0000-4000-8000-000000000001',
    status: 'failed',
  },
  crossing: null,
  round: 1,
});

export const activeSubscription = (
  subscriptionId: SubscriptionId,
  callback: Subscription['callback'],
): Subscription => ({
  subscriptionId,
  trigger: 'OnDataSourceRefreshFailed',
  instanceId: instance.id,
  subject: null,
  threshold: null,
  principal: { tenantId: 'tenant', objectId: 'user', clientAppId: 'connector' },
  generation: 'generation',
  baseline: { at: 0, occurrences: [] },
  callback,
  secretHash: 'hash',
  createdAt: '2026-01-01T00:00:00.000Z',
  registeredAt: '2026-01-01T00:00:00.000Z',
  status: { state: 'active', since: '2026-01-01T00:00:00.000Z', reason: 'registered by the flow' },
});
