import { exampleCallbackUrl, exampleInstanceId } from '../example.ts';
import { noParameters, operation } from '../operation.ts';
import {
  completionProperties,
  eventProperties,
  inInstance,
  outcomeOption,
  subscription,
} from '../parameters.ts';
import { callbackUrl, record } from '../schema.ts';

export const onUnificationRefreshCompleted = operation({
  operationId: 'OnUnificationRefreshCompleted',
  kind: 'trigger',
  method: 'POST',
  path: '/datasets/{dataset}/subscriptions/unification-refresh-completed',
  function: 'subscriptions',
  authentication: 'user',
  counted: false,
  summary: 'When a unification refresh is completed',
  description:
    'Triggers a flow when the last of map, match and merge has ended in a refresh, however it ended and whoever started it.',
  visibility: 'important',
  triggerHint: 'Run unification to see it work.',
  pathParameters: inInstance,
  queryParameters: noParameters,
  body: record({ callbackUrl: callbackUrl(), outcome: outcomeOption }),
  response: {
    status: 201,
    description: 'Registered',
    schema: subscription,
    headers: { Location: 'Absolute URL that removes this subscription.' },
  },
  notification: record(
    { ...eventProperties, ...completionProperties },
    { definition: 'UnificationRefreshCompleted' },
  ),
  example: { path: { dataset: exampleInstanceId }, query: {}, body: { callbackUrl: exampleCallbackUrl } },
});
