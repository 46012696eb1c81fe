import { exampleInstanceId } from '../example.ts';
import { noParameters, operation } from '../operation.ts';
import { inInstance, listedOwnership } from '../parameters.ts';
import { list, record, text } from '../schema.ts';

export const listDataSources = operation({
  operationId: 'ListDataSources',
  kind: 'action',
  method: 'GET',
  path: '/datasets/{dataset}/data-sources',
  function: 'proxy',
  authentication: 'user',
  counted: true,
  summary: 'List data sources',
  description: 'Lists the data sources of an instance with their ids, as the triggers take them.',
  pathParameters: inInstance,
  queryParameters: noParameters,
  body: null,
  response: {
    status: 200,
    description: 'The data sources',
    schema: record(
      {
        value: list(
          record(
            {
              dataSourceId: text({
                summary: 'Data Source Id',
                description: 'Id of the data source, for triggers and Refresh.',
              }),
              name: text({ summary: 'Name', description: 'Unique name of the data source.' }),
              displayName: text({ summary: 'Display Name', description: 'Name shown in Customer Insights.' }),
              ...listedOwnership,
            },
            { definition: 'DataSource' },
          ),
          { summary: 'Data Sources', description: 'The data sources, by display name.' },
        ),
      },
      { definition: 'DataSourceList' },
    ),
  },
  notification: null,
  example: { path: { dataset: exampleInstanceId }, query: {}, body: null },
});
