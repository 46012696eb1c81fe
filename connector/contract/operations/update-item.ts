import { entityRow } from '../entity-row.ts';
import { exampleCustomerId, exampleInstanceId } from '../example.ts';
import { noParameters, operation } from '../operation.ts';
import { acceptedWrite, writeOptions } from '../row-write.ts';
import { record } from '../schema.ts';
import { getItem } from './get-item.ts';

export const updateItem = operation({
  operationId: 'UpdateItem',
  kind: 'action',
  method: 'PATCH',
  path: '/datasets/{dataset}/tables/{table}/items/{id}',
  function: 'proxy',
  authentication: 'user',
  counted: true,
  summary: 'Update item',
  description:
    'Updates a profile in Customer. Columns that are not given keep their values. The change is visible within seconds; segments and measures do not change.',
  visibility: 'advanced',
  pathParameters: getItem.pathParameters,
  queryParameters: noParameters,
  body: record({
    item: entityRow({
      summary: 'Item',
      description: 'The columns to change, with their new values.',
      minProperties: 1,
    }),
    ...writeOptions,
  }),
  response: {
    status: 202,
    description: 'Accepted; visible within seconds',
    schema: acceptedWrite,
  },
  errors: { 404: 'The entity has no such item, or the instance no such entity.' },
  notification: null,
  example: {
    path: { dataset: exampleInstanceId, table: 'Customer', id: exampleCustomerId },
    query: {},
    body: { item: { City: 'Lisbon', NewsletterOptIn: true }, caller: 'Example flow' },
  },
});
