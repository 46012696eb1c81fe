/** The first of the two files of a trigger that the connector does not have: its operation in the contract. */
import { exampleCallbackUrl, exampleInstanceId } from '../../../../connector/contract/example.ts';
import { noParameters, operation } from '../../../../connector/contract/operation.ts';
import { inInstance, notificationOf, subscription } from '../../../../connector/contract/parameters.ts';
import { callbackUrl, decimal, optional, record, text } from '../../../../connector/contract/schema.ts';

const segmentName = { summary: 'Segment', description: 'The segment to watch; empty for any.' };

export const onSegmentEvaluated = operation({
  operationId: 'OnSegmentEvaluated',
  kind: 'trigger',
  method: 'POST',
  path: '/datasets/{dataset}/subscriptions/segment-evaluated',
  function: 'subscriptions',
  authentication: 'user',
  counted: false,
  summary: 'When a segment was evaluated',
  description: 'Triggers a flow when a segment has a new successful evaluation, whether its value changed.',
  visibility: 'important',
  triggerHint: 'Refresh a segment to see it work.',
  pathParameters: inInstance,
  queryParameters: noParameters,
  body: record({ callbackUrl: callbackUrl(), segment: optional(text(segmentName)) }),
  response: {
    status: 201,
    description: 'Registered',
    schema: subscription,
    headers: { Location: 'Absolute URL that removes this subscription.' },
  },
  notification: notificationOf(
    {
      segmentName: text({ summary: 'Segment Name', description: 'Unique name of the segment.' }),
      memberCount: decimal({ summary: 'Member Count', description: 'The value of the evaluation.' }),
    },
    {},
    'SegmentEvaluated',
  ),
  example: {
    path: { dataset: exampleInstanceId },
    query: {},
    body: { callbackUrl: exampleCallbackUrl, segment: 'HighValueCustomers' },
  },
});
