import { objectDropDown } from '../drop-downs.ts';
import { exampleInstanceId } from '../example.ts';
import { operation } from '../operation.ts';
import { inInstance } from '../parameters.ts';
import { formerInput, thresholdTarget } from '../refresh-target.ts';
import {
  choice,
  dateTime,
  decimal,
  flag,
  integer,
  list,
  nullable,
  optional,
  record,
  text,
} from '../schema.ts';
import { exactNumbers, thresholdOptions } from '../threshold.ts';

export const previewThreshold = operation({
  operationId: 'PreviewThreshold',
  kind: 'action',
  method: 'GET',
  path: '/datasets/{dataset}/threshold-preview',
  function: 'proxy',
  authentication: 'user',
  counted: true,
  summary: 'Preview a threshold',
  description:
    'Checks the evaluations of a segment or a measure over the last 30 days and lists when a trigger with this threshold would have fired.',
  pathParameters: inInstance,
  queryParameters: record({
    target: optional(
      thresholdTarget({ summary: 'Target', description: 'What to check.', default: 'segment' }),
    ),
    object: optional(
      text({
        summary: 'Object',
        description: 'The segment or measure whose value is checked; select the target first.',
        maxLength: 200,
        dynamicValues: objectDropDown('target'),
      }),
    ),
    threshold: decimal({
      summary: 'Threshold',
      description: `The number that the value must cross; a value equal to it is neither above nor below. ${exactNumbers}`,
    }),
    ...thresholdOptions,
    segment: formerInput('Segment'),
    measure: formerInput('Measure'),
  }),
  body: null,
  response: {
    status: 200,
    description: 'What would have happened',
    schema: record(
      {
        subject: choice(
          { segment: 'Segment', measure: 'Measure' },
          { summary: 'Subject', description: 'Whether a segment or a measure was checked.' },
        ),
        name: text({ summary: 'Name', description: 'Unique name of the segment or measure.' }),
        displayName: text({ summary: 'Display Name', description: 'Name shown in Customer Insights.' }),
        currentValue: nullable(
          decimal({
            summary: 'Current Value',
            description: 'The current value; null before the first evaluation.',
          }),
        ),
        from: nullable(
          dateTime({
            summary: 'From',
            description: 'Time of the oldest evaluation checked; UTC, null if there is none.',
          }),
        ),
        firingCount: integer({
          summary: 'Firing Count',
          description: 'How many times a flow would have run.',
        }),
        firings: list(
          record(
            {
              evaluatedAt: dateTime({ summary: 'Evaluated At', description: 'Time of the evaluation; UTC.' }),
              previousValue: decimal({
                summary: 'Previous Value',
                description: 'The value at the evaluation before.',
              }),
              currentValue: decimal({
                summary: 'Current Value',
                description: 'The value that crossed the threshold.',
              }),
            },
            { definition: 'PreviewedFiring' },
          ),
          { summary: 'Firings', description: 'When a flow would have run, oldest first.' },
        ),
        evaluations: list(
          record(
            {
              evaluatedAt: dateTime({ summary: 'Evaluated At', description: 'Time of the evaluation; UTC.' }),
              value: decimal({ summary: 'Value', description: 'Value of the evaluation.' }),
              fires: flag({ summary: 'Fires', description: 'Whether a flow would have run.' }),
            },
            { definition: 'PreviewedEvaluation' },
          ),
          { summary: 'Evaluations', description: 'The successful evaluations, oldest first.' },
        ),
      },
      { definition: 'ThresholdPreview' },
    ),
  },
  errors: { 404: 'The instance, or the segment or measure in it, does not exist.' },
  notification: null,
  example: {
    path: { dataset: exampleInstanceId },
    query: { target: 'segment', object: 'HighValueCustomers', threshold: 1200 },
    body: null,
  },
});
