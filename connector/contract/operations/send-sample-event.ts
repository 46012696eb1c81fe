import { noParameters, operation } from '../operation.ts';
import { record, text } from '../schema.ts';
import { exampleSubscription, exampleSubscriptionId, ofSubscription } from '../subscription-parameters.ts';

export const sendSampleEvent = operation({
  operationId: 'SendSampleEvent',
  kind: 'action',
  method: 'POST',
  path: '/subscriptions/{subscriptionId}/sample-event',
  function: 'subscriptions',
  authentication: 'user',
  counted: true,
  summary: 'Send a sample event to a flow',
  description:
    'Calls the flow of one of your subscriptions with invented values, so that you see it run. The event id begins with "sample-".',
  visibility: 'advanced',
  pathParameters: ofSubscription,
  queryParameters: noParameters,
  body: null,
  response: {
    status: 202,
    description: 'The sample is on its way',
    schema: record(
      {
        eventId: text({ summary: 'Event Id', description: 'Of the sample; begins with "sample-".' }),
        deliveryId: text({
          summary: 'Delivery Id',
          description: 'Under which the deliveries of the subscription list it.',
        }),
      },
      { definition: 'SampleEvent' },
    ),
  },
  errors: { 404: 'No such subscription of yours', 409: 'The subscription is paused or has ended' },
  notification: null,
  exampleFrom: exampleSubscription,
  example: { path: { subscriptionId: exampleSubscriptionId }, query: {}, body: null },
});
