import { exampleInstanceId } from '../example.ts';
import { noParameters, operation } from '../operation.ts';
import { dataset } from '../parameters.ts';
import { objectTarget } from '../refresh-target.ts';
import { list, record, text } from '../schema.ts';

/** One drop-down for the object of an action: what it lists depends on the target. */
export const listObjects = operation({
  operationId: 'ListObjects',
  kind: 'lookup',
  method: 'GET',
  path: '/datasets/{dataset}/objects/{target}',
  function: 'proxy',
  authentication: 'user',
  counted: true,
  summary: 'List objects that can be refreshed',
  description: 'Lists the data sources, the segments or the measures of an instance; nothing for everything.',
  visibility: 'internal',
  pathParameters: record({
    dataset,
    target: objectTarget({ summary: 'Target', description: 'What to list.' }),
  }),
  queryParameters: noParameters,
  body: null,
  response: {
    status: 200,
    description: 'The objects',
    schema: record(
      {
        value: list(
          record(
            {
              object: text({
                summary: 'Object',
                description: 'Id of a data source, or unique name of a segment or measure.',
              }),
              displayName: text({ summary: 'Display Name', description: 'Name shown in Customer Insights.' }),
            },
            { definition: 'RefreshableObject' },
          ),
          { summary: 'Objects', description: 'The objects, by display name.' },
        ),
      },
      { definition: 'RefreshableObjectList' },
    ),
  },
  notification: null,
  example: { path: { dataset: exampleInstanceId, target: 'segment' }, query: {}, body: null },
});
