import { exampleInstanceId } from '../example.ts';
import { noParameters, operation } from '../operation.ts';
import { inInstance } from '../parameters.ts';
import { dateTime, flag, integer, list, nullable, record, text } from '../schema.ts';

export const getEntities = operation({
  operationId: 'GetEntities',
  kind: 'action',
  method: 'GET',
  path: '/datasets/{dataset}/tables',
  function: 'proxy',
  authentication: 'user',
  counted: true,
  summary: 'Get entities',
  description: 'Lists the entities (tables) of an instance with their properties.',
  pathParameters: inInstance,
  queryParameters: noParameters,
  body: null,
  response: {
    status: 200,
    description: 'The entities',
    schema: record(
      {
        value: list(
          record(
            {
              name: text({ summary: 'Name', description: 'Unique name, for the other actions.' }),
              displayName: text({
                summary: 'Display Name',
                description: 'Name shown to people, with the data source of a source table in brackets.',
              }),
              entityType: text({
                summary: 'Entity Type',
                description:
                  'profile, unifiedActivity, activity, segment, aggregateKpi (measure) and others.',
              }),
              dataSourceName: nullable(
                text({
                  summary: 'Data Source Name',
                  description: 'Data source of the table; null for tables that Customer Insights creates.',
                }),
              ),
              canBeWritten: flag({
                summary: 'Can Be Written',
                description:
                  'Whether items can be written: profiles with Update item, activities with Create item.',
              }),
              columnCount: integer({ summary: 'Column Count', description: 'Number of columns.' }),
              refreshedAt: nullable(
                dateTime({
                  summary: 'Refreshed At',
                  description: 'Last refresh; null before the first. UTC.',
                }),
              ),
            },
            { definition: 'Entity' },
          ),
          { summary: 'Entities', description: 'The entities, by display name.' },
        ),
      },
      { definition: 'EntityList' },
    ),
  },
  notification: null,
  example: { path: { dataset: exampleInstanceId }, query: {}, body: null },
});
