import { noParameters, operation } from '../operation.ts';
import { record, text } from '../schema.ts';
import { exampleSubscription, exampleSubscriptionId, ofSubscription } from '../subscription-parameters.ts';

export const removeSubscription = operation({
  operationId: 'RemoveSubscription',
  kind: 'action',
  method: 'DELETE',
  path: '/subscriptions/{subscriptionId}',
  function: 'subscriptions',
  authentication: 'user',
  counted: true,
  summary: 'Remove a subscription left behind',
  description:
    'Removes one of your subscriptions whose flow is gone. A flow that still exists gets no more events until it is saved again.',
  visibility: 'advanced',
  pathParameters: ofSubscription,
  queryParameters: noParameters,
  body: null,
  response: {
    status: 200,
    description: 'Removed',
    schema: record(
      {
        subscriptionId: text({
          summary: 'Subscription Id',
          description: 'The subscription that was removed.',
        }),
      },
      { definition: 'RemovedSubscription' },
    ),
  },
  errors: { 404: 'No such subscription of yours' },
  notification: null,
  exampleFrom: exampleSubscription,
  example: { path: { subscriptionId: exampleSubscriptionId }, query: {}, body: null },
});
