import { exampleCallbackUrl, exampleInstanceId } from '../example.ts';
import { noParameters, operation } from '../operation.ts';
import {
  completionProperties,
  eventProperties,
  inInstance,
  outcomeOption,
  subscription,
} from '../parameters.ts';
import { callbackUrl, choice, optional, record } from '../schema.ts';

export const onFullRefreshCompleted = operation({
  operationId: 'OnFullRefreshCompleted',
  kind: 'trigger',
  method: 'POST',
  path: '/datasets/{dataset}/subscriptions/full-refresh-completed',
  function: 'subscriptions',
  authentication: 'user',
  counted: false,
  summary: 'When a full refresh is completed',
  description:
    'Triggers a flow when a full refresh (data sources, unification, segments, measures and the rest) has ended, however it ended.',
  visibility: 'important',
  triggerHint: 'Refresh everything to see it work.',
  pathParameters: inInstance,
  queryParameters: noParameters,
  body: record({
    callbackUrl: callbackUrl(),
    runs: optional(
      choice(
        { all: 'All', scheduled: 'Scheduled only' },
        {
          summary: 'Runs',
          description:
            'all: also full refreshes that somebody started. scheduled: only those of the schedule.',
          default: 'all',
          visibility: 'advanced',
        },
      ),
    ),
    outcome: outcomeOption,
  }),
  response: {
    status: 201,
    description: 'Registered',
    schema: subscription,
    headers: { Location: 'Absolute URL that removes this subscription.' },
  },
  notification: record(
    { ...eventProperties, ...completionProperties },
    { definition: 'FullRefreshCompleted' },
  ),
  example: { path: { dataset: exampleInstanceId }, query: {}, body: { callbackUrl: exampleCallbackUrl } },
});
