import { noParameters, operation } from '../operation.ts';
import { record, text } from '../schema.ts';
import { onSubscription } from '../subscription-parameters.ts';

export const sendSampleEvent = operation({
  ...onSubscription,
  operationId: 'SendSampleEvent',
  kind: 'action',
  method: 'POST',
  path: '/subscriptions/{subscriptionId}/sample-event',
  summary: 'Send a sample event to a flow',
  description:
    'Calls the flow of one of your subscriptions with invented values, so that you see it run. The event id begins with "sample-".',
  queryParameters: noParameters,
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
  errors: { ...onSubscription.errors, 409: 'The subscription is paused or has ended' },
});
