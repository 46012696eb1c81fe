import { inEntity } from '../entity-parameters.ts';
import { exampleInstanceId } from '../example.ts';
import { noParameters, operation } from '../operation.ts';
import { dateTime, integer, list, record, text } from '../schema.ts';

const example = {
  path: { dataset: exampleInstanceId, table: 'UnifiedActivity' },
  query: {},
  body: null,
} as const;

const handle = text({
  summary: 'Partition',
  description: 'A sealed handle for Retrieve data from a partition. Works for you and this entity only.',
  visibility: 'advanced',
});

export const retrievePartitions = operation({
  operationId: 'RetrievePartitions',
  kind: 'action',
  method: 'GET',
  path: '/datasets/{dataset}/tables/{table}/partitions',
  function: 'proxy',
  authentication: 'user',
  counted: true,
  summary: 'Retrieve partitions for an entity (deprecated)',
  description:
    'Retrieves handles of the partitions of an entity (deprecated: use Retrieve partitions for an entity V2).',
  visibility: 'advanced',
  revision: { family: 'RetrievePartitions', number: 1, replacedBy: 'RetrievePartitionsV2' },
  pathParameters: inEntity,
  queryParameters: noParameters,
  body: null,
  response: {
    status: 200,
    description: 'The partitions',
    schema: record(
      {
        partitions: list(handle, {
          summary: 'Partitions',
          description: 'One handle for each partition; none for an empty entity.',
        }),
      },
      { definition: 'PartitionHandles' },
    ),
  },
  notification: null,
  example,
});

export const retrievePartitionsV2 = operation({
  operationId: 'RetrievePartitionsV2',
  kind: 'action',
  method: 'GET',
  path: '/datasets/{dataset}/tables/{table}/partitions/v2',
  function: 'proxy',
  authentication: 'user',
  counted: true,
  summary: 'Retrieve partitions for an entity V2',
  description:
    'Retrieves the partitions of an entity with number and expiry, for Retrieve data from a partition. Together they contain all its rows.',
  visibility: 'advanced',
  revision: { family: 'RetrievePartitions', number: 2 },
  pathParameters: inEntity,
  queryParameters: noParameters,
  body: null,
  response: {
    status: 200,
    description: 'The partitions',
    schema: record(
      {
        entity: text({ summary: 'Entity', description: 'The entity whose rows they hold.' }),
        count: integer({ summary: 'Count', description: 'Number of partitions.' }),
        value: list(
          record(
            {
              number: integer({ summary: 'Number', description: 'Position of the partition, from 1.' }),
              partition: handle,
              expiresAt: dateTime({
                summary: 'Expires At',
                description:
                  'The handle works until this time (UTC); afterwards retrieve the partitions again.',
              }),
            },
            { definition: 'Partition' },
          ),
          { summary: 'Partitions', description: 'The partitions in their order; none for an empty entity.' },
        ),
      },
      { definition: 'PartitionList' },
    ),
  },
  notification: null,
  example,
});
