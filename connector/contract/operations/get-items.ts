import { inEntity } from '../entity-parameters.ts';
import { entityRow } from '../entity-row.ts';
import { exampleInstanceId } from '../example.ts';
import { operation } from '../operation.ts';
import { integer, list, optional, record, text } from '../schema.ts';

/** Largest `$skip` and `$top` passed on: OData counts with 32 bits. */
const maximumCount = 2 ** 31 - 1;

/**
 * Characters of an option: with each of them percent-encoded as 12 bytes, the option still fits a request line beside
 * a token (docs/decisions/size-of-requests.md).
 */
const longestOption = 500;

export const getItems = operation({
  operationId: 'GetItems',
  kind: 'action',
  method: 'GET',
  path: '/datasets/{dataset}/tables/{table}/items',
  function: 'proxy',
  authentication: 'user',
  counted: true,
  summary: 'Get items from an entity',
  description:
    'Gets items of an entity, 100 per page. Fields that can be filtered: ActivityId, CustomerId, ActivityTime, ActivityType and ActivityTypeDisplay of UnifiedActivity; CustomerId and the indexed fields of Customer; CustomerId of other entities.',
  pathParameters: inEntity,
  queryParameters: record({
    $filter: optional(
      text({
        summary: 'Filter Query',
        description:
          "An OData filter, for example CustomerId eq '00112233445566778899aabbccddeeff'. At most 500 characters.",
        maxLength: longestOption,
      }),
    ),
    $orderby: optional(
      text({
        summary: 'Order By',
        description: 'Columns to sort by, for example ActivityTime desc.',
        maxLength: longestOption,
        visibility: 'advanced',
      }),
    ),
    $select: optional(
      text({
        summary: 'Select Query',
        description: 'Columns to return, separated by commas; all columns if empty. At most 500 characters.',
        maxLength: longestOption,
        visibility: 'advanced',
      }),
    ),
    $search: optional(
      text({
        summary: 'Search',
        description: 'Words to search for in the searchable fields of Customer.',
        maxLength: longestOption,
        visibility: 'advanced',
      }),
    ),
    $top: optional(
      integer({
        summary: 'Top Count',
        description:
          'Largest number of items. If empty: all of them with paging switched on in the settings of the action, otherwise the first 100.',
        minimum: 1,
        maximum: maximumCount,
      }),
    ),
    $skip: optional(
      integer({
        summary: 'Skip Count',
        description: 'Number of items to skip, to read page by page.',
        minimum: 0,
        maximum: maximumCount,
      }),
    ),
  }),
  body: null,
  response: {
    status: 200,
    description: 'One page of items',
    schema: record(
      {
        value: list(entityRow({ summary: 'Item', description: 'One item with the columns of the entity.' }), {
          summary: 'Items',
          description: 'The items of this page.',
        }),
        '@odata.nextLink': optional(
          text({ summary: 'Next Link', description: 'Where the next page is.', visibility: 'internal' }),
        ),
      },
      { definition: 'ItemPage' },
    ),
  },
  notification: null,
  pageable: true,
  example: {
    path: { dataset: exampleInstanceId, table: 'Customer' },
    query: { $top: 2, $skip: 0 },
    body: null,
  },
});
