import { exampleInstanceId } from '../example.ts';
import { noParameters, operation } from '../operation.ts';
import { inInstance, listedOwnership, measureNames } from '../parameters.ts';
import { runStatus } from '../run-status-schema.ts';
import { choice, dateTime, decimal, flag, list, nullable, record } from '../schema.ts';

export const listMeasures = operation({
  operationId: 'ListMeasures',
  kind: 'action',
  method: 'GET',
  path: '/datasets/{dataset}/measures',
  function: 'proxy',
  authentication: 'user',
  counted: true,
  summary: 'List measures with values',
  description:
    'Lists the measures of an instance, with the value of each business measure without a dimension.',
  pathParameters: inInstance,
  queryParameters: noParameters,
  body: null,
  response: {
    status: 200,
    description: 'The measures',
    schema: record(
      {
        value: list(
          record(
            {
              ...measureNames,
              kind: choice(
                {
                  customerAttribute: 'Customer attribute',
                  customerMeasure: 'Customer measure',
                  businessMeasure: 'Business measure',
                },
                {
                  summary: 'Kind',
                  description:
                    'Customer attributes and customer measures have one value per customer; read them with Get items from an entity.',
                },
              ),
              hasValue: flag({
                summary: 'Has Value',
                description:
                  'Whether it is a business measure without a dimension: one value for the whole instance.',
              }),
              value: nullable(
                decimal({
                  summary: 'Value',
                  description: 'Value at the last successful evaluation; null if there is none.',
                }),
              ),
              evaluatedAt: nullable(
                dateTime({ summary: 'Evaluated At', description: 'Start of that evaluation; UTC.' }),
              ),
              status: runStatus({ summary: 'Status', description: 'State of the latest evaluation.' }),
              ...listedOwnership,
            },
            { definition: 'Measure' },
          ),
          { summary: 'Measures', description: 'The measures, by display name.' },
        ),
      },
      { definition: 'MeasureList' },
    ),
  },
  notification: null,
  example: { path: { dataset: exampleInstanceId }, query: {}, body: null },
});
