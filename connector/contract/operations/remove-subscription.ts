import { noParameters, operation } from '../operation.ts';
import { record, text } from '../schema.ts';
import { onSubscription } from '../subscription-parameters.ts';

export const removeSubscription = operation({
  ...onSubscription,
  operationId: 'RemoveSubscription',
  kind: 'action',
  method: 'DELETE',
  path: '/subscriptions/{subscriptionId}',
  summary: 'Remove an orphaned subscription',
  description:
    'Removes one of your subscriptions whose flow no longer exists. A flow that still exists gets no events until it is saved again.',
  queryParameters: noParameters,
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
});
