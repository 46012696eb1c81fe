import { exampleInstanceId } from '../example.ts';
import { noParameters, operation } from '../operation.ts';
import { inInstance, listedOwnership } from '../parameters.ts';
import { runStatus } from '../run-status-schema.ts';
import { dateTime, flag, integer, list, nullable, record, text } from '../schema.ts';

/** An action, and the list behind every drop-down of segments. */
export const listSegments = operation({
  operationId: 'ListSegments',
  kind: 'action',
  method: 'GET',
  path: '/datasets/{dataset}/segments',
  function: 'proxy',
  authentication: 'user',
  counted: true,
  summary: 'List segments with counts',
  description: 'Lists the segments of an instance with their member counts.',
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
                description: 'Unique name of the segment; does not change when it is renamed.',
              }),
              displayName: text({ summary: 'Display Name', description: 'Name shown in Customer Insights.' }),
              memberCount: nullable(
                integer({
                  summary: 'Member Count',
                  description: 'Members at the last successful evaluation; null before the first.',
                }),
              ),
              countedAt: nullable(
                dateTime({ summary: 'Counted At', description: 'When the members were counted; UTC.' }),
              ),
              status: runStatus({ summary: 'Status', description: 'State of the latest evaluation.' }),
              isActive: flag({
                summary: 'Is Active',
                description: 'Whether the segment is refreshed; an inactive segment keeps its last count.',
              }),
              ...listedOwnership,
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
