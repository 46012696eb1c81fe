import { noParameters, operation } from '../operation.ts';
import { record, text } from '../schema.ts';

export const deleteSubscription = operation({
  operationId: 'DeleteSubscription',
  kind: 'unsubscribe',
  method: 'DELETE',
  path: '/subscriptions/{subscriptionId}/{secret}',
  function: 'subscriptions',
  authentication: 'location',
  counted: false,
  summary: 'Stop a trigger',
  description:
    'Removes a subscription that a trigger has registered. Called by Power Automate, without credentials.',
  visibility: 'internal',
  pathParameters: record({
    subscriptionId: text({
      summary: 'Subscription Id',
      description: 'Public id of the subscription.',
      minLength: 1,
      maxLength: 64,
    }),
    secret: text({
      summary: 'Secret',
      description: 'The delete secret of the registration, from its Location header.',
      minLength: 1,
      maxLength: 64,
    }),
  }),
  queryParameters: noParameters,
  body: null,
  response: {
    status: 204,
    description: 'Removed, or already gone. A superseded secret removes nothing and also gets this answer.',
    schema: null,
  },
  notification: null,
  example: {
    path: { subscriptionId: 'AAAAAAAAAAAAAAAAAAAAAA', secret: 'BBBBBBBBBBBBBBBBBBBBBB' },
    query: {},
    body: null,
  },
});
