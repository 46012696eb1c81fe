import { scalarMeasureDropDown, segmentDropDown } from '../drop-downs.ts';
import { exampleInstanceId } from '../example.ts';
import { operation } from '../operation.ts';
import { inInstance } from '../parameters.ts';
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
    'Replays the evaluations of a segment or a measure over the last 30 days and tells when a trigger with this threshold would have fired.',
  pathParameters: inInstance,
  queryParameters: record({
    segment: optional(
      text({
        summary: 'Segment',
        description: 'The segment whose member count is compared; empty when a measure is chosen.',
        maxLength: 200,
        dynamicValues: segmentDropDown,
      }),
    ),
    measure: optional(
      text({
        summary: 'Measure',
        description: 'The measure whose value is compared; empty when a segment is chosen.',
        maxLength: 200,
        dynamicValues: scalarMeasureDropDown,
      }),
    ),
    threshold: decimal({
      summary: 'Threshold',
      description: `The number that the value is compared with. Exactly this number is neither above nor below. ${exactNumbers}`,
    }),
    ...thresholdOptions,
  }),
  body: null,
  response: {
    status: 200,
    description: 'What would have happened',
    schema: record(
      {
        subject: choice(
          { segment: 'Segment', measure: 'Measure' },
          { summary: 'Subject', description: 'Whether it is about a segment or a measure.' },
        ),
        name: text({ summary: 'Name', description: 'Unique name of the segment or measure.' }),
        displayName: text({ summary: 'Display Name', description: 'Name shown in Customer Insights.' }),
        currentValue: nullable(
          decimal({
            summary: 'Current Value',
            description: 'The value now; null before the first evaluation.',
          }),
        ),
        from: nullable(
          dateTime({
            summary: 'From',
            description: 'The oldest evaluation replayed; null without any. UTC.',
          }),
        ),
        firingCount: integer({ summary: 'Firing Count', description: 'How often a flow would have run.' }),
        firings: list(
          record(
            {
              evaluatedAt: dateTime({ summary: 'Evaluated At', description: 'The evaluation; UTC.' }),
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
              evaluatedAt: dateTime({ summary: 'Evaluated At', description: 'The evaluation; UTC.' }),
              value: decimal({ summary: 'Value', description: 'Its value.' }),
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
    query: { segment: 'HighValueCustomers', threshold: 1200 },
    body: null,
  },
});
