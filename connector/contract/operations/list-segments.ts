import { exampleInstanceId } from '../example.ts';
import { noParameters, operation } from '../operation.ts';
import { inInstance } from '../parameters.ts';
import { integer, list, nullable, record, text } from '../schema.ts';

export const listSegments = operation({
  operationId: 'ListSegments',
  kind: 'lookup',
  method: 'GET',
  path: '/datasets/{dataset}/segments',
  function: 'proxy',
  authentication: 'user',
  counted: true,
  summary: 'List segments',
  description: 'Lists the segments of an instance with their member counts.',
  visibility: 'internal',
  pathParameters: inInstance,
  queryParameters: noParameters,
  body: null,
  response: {
    status: 200,
    description: 'The segments',
    schema: record(
      {
        value: list(
          record(
            {
              name: text({
                summary: 'Name',
                description: 'Unique name of the segment; stays when it is renamed.',
              }),
              displayName: text({ summary: 'Display Name', description: 'Name shown in Customer Insights.' }),
              memberCount: nullable(
                integer({
                  summary: 'Member Count',
                  description: 'Members at the last successful evaluation; null before the first.',
                }),
              ),
            },
            { definition: 'Segment' },
          ),
          { summary: 'Segments', description: 'The segments, by display name.' },
        ),
      },
      { definition: 'SegmentList' },
    ),
  },
  notification: null,
  example: { path: { dataset: exampleInstanceId }, query: {}, body: null },
});
