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
  description: 'This operation gets the entities (tables) of an instance.',
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
              name: text({ summary: 'Name', description: 'Unique name, as the other actions take it.' }),
              displayName: text({
                summary: 'Display Name',
                description: 'Name for people; a source table has its data source in brackets.',
              }),
              entityType: text({
                summary: 'Entity Type',
                description:
                  'profile, unifiedActivity, activity, segment, aggregateKpi (measure) and others.',
              }),
              dataSourceName: nullable(
                text({
                  summary: 'Data Source Name',
                  description: 'The data source of the table; null for what Customer Insights makes itself.',
                }),
              ),
              canBeWritten: flag({
                summary: 'Can Be Written',
                description:
                  'Whether Create item or Update item may apply: profiles are updated, activities are created.',
              }),
              columnCount: integer({ summary: 'Column Count', description: 'How many columns it has.' }),
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
