import { exampleCallbackUrl, exampleInstanceId } from '../example.ts';
import { dynamicValues, noParameters, operation } from '../operation.ts';
import {
  eventProperties,
  inInstance,
  subscription,
  thresholdOptions,
  thresholdProperties,
} from '../parameters.ts';
import { callbackUrl, decimal, record, text } from '../schema.ts';
import { listSegments } from './list-segments.ts';

export const onSegmentThresholdCrossed = operation({
  operationId: 'OnSegmentThresholdCrossed',
  kind: 'trigger',
  method: 'POST',
  path: '/datasets/{dataset}/subscriptions/segment-threshold-crossed',
  function: 'subscriptions',
  authentication: 'user',
  counted: false,
  summary: 'When a segment threshold is crossed',
  description:
    'Triggers a flow when the number of members of a segment rises above a threshold: not above before, above now.',
  visibility: 'important',
  triggerHint: 'Refresh a segment so that it grows above the threshold to see it work.',
  pathParameters: inInstance,
  queryParameters: noParameters,
  body: record({
    callbackUrl: callbackUrl(),
    segment: text({
      summary: 'Segment',
      description: 'The segment to watch.',
      minLength: 1,
      maxLength: 200,
      dynamicValues: dynamicValues(listSegments, {
        parameters: { dataset: { parameter: 'dataset' } },
        collection: 'value',
        value: 'name',
        title: 'displayName',
      }),
    }),
    threshold: decimal({
      summary: 'Threshold',
      description:
        'The flow runs when the member count rises above this number. Exactly this number is not above. Direction turns it round.',
    }),
    ...thresholdOptions,
  }),
  response: {
    status: 201,
    description: 'Registered',
    schema: subscription,
    headers: { Location: 'Absolute URL that removes this subscription.' },
  },
  notification: record(
    {
      ...eventProperties,
      segmentName: text({ summary: 'Segment Name', description: 'Unique name of the segment.' }),
      segmentDisplayName: text({
        summary: 'Segment Display Name',
        description: 'Name shown in Customer Insights.',
      }),
      ...thresholdProperties,
    },
    { definition: 'SegmentThresholdCrossed' },
  ),
  example: {
    path: { dataset: exampleInstanceId },
    query: {},
    body: { callbackUrl: exampleCallbackUrl, segment: 'HighValueCustomers', threshold: 1200 },
  },
});
