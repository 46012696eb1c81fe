import { noParameters, operation } from '../operation.ts';
import { dateTime, decimal, flag, list, nullable, record, text } from '../schema.ts';
import { subscriptionState } from '../subscription-texts.ts';

export const listSubscriptions = operation({
  operationId: 'ListSubscriptions',
  kind: 'action',
  method: 'GET',
  path: '/subscriptions',
  function: 'subscriptions',
  authentication: 'user',
  counted: true,
  summary: 'List subscriptions of my triggers',
  description:
    'Lists what your flows wait for: each trigger with its state, the reason for it, its last event and the last delivery.',
  visibility: 'advanced',
  pathParameters: noParameters,
  queryParameters: noParameters,
  body: null,
  response: {
    status: 200,
    description: 'The subscriptions',
    schema: record(
      {
        value: list(
          record(
            {
              subscriptionId: text({
                summary: 'Subscription Id',
                description: 'Public id of the subscription.',
              }),
              label: text({
                summary: 'Label',
                description: 'The trigger, its subject and its instance in a few words.',
              }),
              trigger: text({ summary: 'Trigger', description: 'The trigger that was registered.' }),
              instanceId: text({
                summary: 'Instance Id',
                description: 'The Customer Insights instance it watches.',
              }),
              instanceName: nullable(
                text({
                  summary: 'Instance Name',
                  description: 'Name of the instance; null when this connector serves it no more.',
                }),
              ),
              instanceServed: flag({
                summary: 'Instance Served',
                description: 'Whether the connector still serves the instance. If not, no events come.',
              }),
              subject: nullable(
                text({
                  summary: 'Subject',
                  description: 'Segment, measure or data source id; null for any, or where there is none.',
                }),
              ),
              threshold: nullable(
                decimal({ summary: 'Threshold', description: 'Of a threshold trigger; null for others.' }),
              ),
              condition: text({
                summary: 'Condition',
                description: 'When it fires, in words, with all that its author chose.',
              }),
              state: subscriptionState,
              reason: text({ summary: 'Reason', description: 'Why it is in this state, in a sentence.' }),
              since: dateTime({ summary: 'Since', description: 'When it came into this state; UTC.' }),
              createdAt: dateTime({
                summary: 'Created At',
                description: 'When it was first registered with these inputs; UTC.',
              }),
              registeredAt: dateTime({
                summary: 'Registered At',
                description: 'When the flow was saved or switched on last; UTC.',
              }),
              lastEventAt: nullable(
                dateTime({
                  summary: 'Last Event At',
                  description:
                    'When the newest event for it happened; UTC, null when there was none in 30 days.',
                }),
              ),
              lastDelivery: nullable(
                text({
                  summary: 'Last Delivery',
                  description: 'What became of the newest event: pending, delivered, dead or dropped.',
                }),
              ),
              lastAttemptAt: nullable(
                dateTime({
                  summary: 'Last Attempt At',
                  description: 'When the flow was called last for it; UTC, null when it was not.',
                }),
              ),
            },
            { definition: 'SubscriptionDetails' },
          ),
          { summary: 'Subscriptions', description: 'The subscriptions, the newest registration first.' },
        ),
      },
      { definition: 'SubscriptionList' },
    ),
  },
  notification: null,
  example: { path: {}, query: {}, body: null },
});
