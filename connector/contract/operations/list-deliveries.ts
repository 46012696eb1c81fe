import { operation } from '../operation.ts';
import { list, record } from '../schema.ts';
import { exampleSubscription, exampleSubscriptionId, ofSubscription } from '../subscription-parameters.ts';
import { delivery, since } from '../subscription-texts.ts';

export const listDeliveries = operation({
  operationId: 'ListDeliveries',
  kind: 'action',
  method: 'GET',
  path: '/subscriptions/{subscriptionId}/deliveries',
  function: 'subscriptions',
  authentication: 'user',
  counted: true,
  summary: 'List deliveries of a subscription',
  description:
    'Lists the events of the last days for one of your subscriptions, with every attempt to call the flow.',
  visibility: 'advanced',
  pathParameters: ofSubscription,
  queryParameters: since,
  body: null,
  response: {
    status: 200,
    description: 'The deliveries',
    schema: record(
      {
        value: list(delivery, {
          summary: 'Deliveries',
          description: 'By the time of the event, newest first; at most 500.',
        }),
      },
      { definition: 'DeliveryList' },
    ),
  },
  errors: { 404: 'No such subscription of yours' },
  notification: null,
  exampleFrom: exampleSubscription,
  example: { path: { subscriptionId: exampleSubscriptionId }, query: {}, body: null },
});
