import { inEntity } from '../entity-parameters.ts';
import { entityRow } from '../entity-row.ts';
import { exampleInstanceId } from '../example.ts';
import { operation } from '../operation.ts';
import { integer, list, optional, record, text } from '../schema.ts';
import { retrievePartitionsV2 } from './retrieve-partitions.ts';

export const retrieveDataFromPartition = operation({
  operationId: 'RetrieveDataFromPartition',
  kind: 'action',
  method: 'GET',
  path: '/datasets/{dataset}/tables/{table}/partitions/data',
  function: 'proxy',
  authentication: 'user',
  counted: true,
  summary: 'Retrieve data from a partition',
  description:
    'Retrieves the rows of a partition that fit one answer. To read all rows, switch on paging or repeat the action with Next.',
  visibility: 'advanced',
  pathParameters: inEntity,
  queryParameters: record({
    partition: text({
      summary: 'Partition',
      description: 'A handle from Retrieve partitions for an entity, or Next of the previous answer.',
      minLength: 1,
      maxLength: 5000,
      pattern: '^[A-Za-z0-9_-]+$',
    }),
    pageSize: optional(
      integer({
        summary: 'Page Size',
        description: 'Largest number of rows in one answer; 1,000 if empty.',
        minimum: 1,
        maximum: 10_000,
        visibility: 'advanced',
      }),
    ),
  }),
  body: null,
  response: {
    status: 200,
    description: 'Rows of the partition',
    schema: record(
      {
        value: list(entityRow({ summary: 'Row', description: 'One row with the columns of the entity.' }), {
          summary: 'Rows',
          description: 'The rows, in the order of the partition.',
        }),
        next: optional(
          text({
            summary: 'Next',
            description: 'Handle of the rest of the partition; absent at its end.',
          }),
        ),
        '@odata.nextLink': optional(
          text({ summary: 'Next Link', description: 'Where the rest is.', visibility: 'internal' }),
        ),
      },
      { definition: 'PartitionRows' },
    ),
  },
  errors: {
    400: 'The handle is not one of ours for you and this entity, or has expired; retrieve the partitions again.',
    409: 'The partition has changed since; retrieve the partitions again.',
  },
  notification: null,
  pageable: true,
  exampleFrom: {
    partition: { operationId: retrievePartitionsV2.operationId, at: ['value', 0, 'partition'] },
  },
  example: {
    path: { dataset: exampleInstanceId, table: 'UnifiedActivity' },
    query: { partition: 'sealed-handle-of-a-partition', pageSize: 2 },
    body: null,
  },
});
