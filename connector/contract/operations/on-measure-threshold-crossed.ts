import { exampleCallbackUrl, exampleInstanceId } from '../example.ts';
import { dynamicValues, noParameters, operation } from '../operation.ts';
import {
  eventProperties,
  inInstance,
  subscription,
  thresholdOptions,
  thresholdProperties,
} from '../parameters.ts';
import { callbackUrl, dateTime, decimal, optional, record, text } from '../schema.ts';
import { listScalarMeasures } from './list-scalar-measures.ts';

export const onMeasureThresholdCrossed = operation({
  operationId: 'OnMeasureThresholdCrossed',
  kind: 'trigger',
  method: 'POST',
  path: '/datasets/{dataset}/subscriptions/measure-threshold-crossed',
  function: 'subscriptions',
  authentication: 'user',
  counted: false,
  summary: 'When a business measure threshold is crossed',
  description:
    'Triggers a flow when a business measure without a dimension rises above a threshold: not above before, above now.',
  visibility: 'important',
  triggerHint: 'Refresh a measure so that it rises above the threshold to see it work.',
  pathParameters: inInstance,
  queryParameters: noParameters,
  body: record({
    callbackUrl: callbackUrl(),
    measure: text({
      summary: 'Measure',
      description: 'The business measure to watch; only those without a dimension have one value.',
      minLength: 1,
      maxLength: 200,
      dynamicValues: dynamicValues(listScalarMeasures, {
        parameters: { dataset: { parameter: 'dataset' } },
        collection: 'value',
        value: 'name',
        title: 'displayName',
      }),
    }),
    threshold: decimal({
      summary: 'Threshold',
      description:
        'The flow runs when the measure rises above this number. Exactly this number is not above. Direction turns it round.',
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
      measureName: text({ summary: 'Measure Name', description: 'Unique name of the measure.' }),
      measureDisplayName: text({
        summary: 'Measure Display Name',
        description: 'Name shown in Customer Insights.',
      }),
      runId: optional(
        text({ summary: 'Run Id', description: 'The evaluation in Customer Insights, where it is known.' }),
      ),
      startedAt: optional(
        dateTime({ summary: 'Started At', description: 'When the evaluation started; UTC.' }),
      ),
      ...thresholdProperties,
    },
    { definition: 'MeasureThresholdCrossed' },
  ),
  example: {
    path: { dataset: exampleInstanceId },
    query: {},
    body: { callbackUrl: exampleCallbackUrl, measure: 'TotalRevenue', threshold: 8000000 },
  },
});
