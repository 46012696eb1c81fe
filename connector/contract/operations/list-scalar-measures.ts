import { exampleInstanceId } from '../example.ts';
import { noParameters, operation } from '../operation.ts';
import { inInstance, measureNames } from '../parameters.ts';
import { list, record } from '../schema.ts';

export const listScalarMeasures = operation({
  operationId: 'ListScalarMeasures',
  kind: 'lookup',
  method: 'GET',
  path: '/datasets/{dataset}/scalar-measures',
  function: 'proxy',
  authentication: 'user',
  counted: true,
  summary: 'List scalar measures',
  description:
    'Lists the business measures without a dimension, which have one value for the whole instance.',
  visibility: 'internal',
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
            },
            { definition: 'ScalarMeasure' },
          ),
          { summary: 'Measures', description: 'The measures, by display name.' },
        ),
      },
      { definition: 'ScalarMeasureList' },
    ),
  },
  notification: null,
  example: { path: { dataset: exampleInstanceId }, query: {}, body: null },
});
