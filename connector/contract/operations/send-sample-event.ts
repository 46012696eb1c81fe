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
    'Sends an event with invented values to the flow of one of your subscriptions, to test the flow. Its event id begins with "sample-".',
  queryParameters: noParameters,
  response: {
    status: 202,
    description: 'The sample is on its way',
    schema: record(
      {
        eventId: text({ summary: 'Event Id', description: 'Id of the sample event; begins with "sample-".' }),
        deliveryId: text({
          summary: 'Delivery Id',
          description: 'Id of the delivery in List deliveries of a subscription.',
        }),
      },
      { definition: 'SampleEvent' },
    ),
  },
  errors: { ...onSubscription.errors, 409: 'The subscription is paused or has ended' },
});
