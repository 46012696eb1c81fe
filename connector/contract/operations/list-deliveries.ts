import { operation } from '../operation.ts';
import { list, record } from '../schema.ts';
import { onSubscription } from '../subscription-parameters.ts';
import { delivery, since } from '../subscription-texts.ts';

export const listDeliveries = operation({
  ...onSubscription,
  operationId: 'ListDeliveries',
  kind: 'action',
  method: 'GET',
  path: '/subscriptions/{subscriptionId}/deliveries',
  summary: 'List deliveries of a subscription',
  description:
    'Lists the events of the last days for one of your subscriptions, with the attempts to deliver them to the flow.',
  queryParameters: since,
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
});
