import { inEntity } from '../entity-parameters.ts';
import { entityRow } from '../entity-row.ts';
import { exampleInstanceId } from '../example.ts';
import { noParameters, operation } from '../operation.ts';
import { acceptedWrite, writeOptions } from '../row-write.ts';
import { record } from '../schema.ts';

export const createItem = operation({
  operationId: 'CreateItem',
  kind: 'action',
  method: 'POST',
  path: '/datasets/{dataset}/tables/{table}/items',
  function: 'proxy',
  authentication: 'user',
  counted: true,
  summary: 'Create item',
  description:
    'This operation creates an item on an entity: an activity, in UnifiedActivity or in a source table set up as activities. Profiles can be updated only. Visible within seconds; segments and measures do not change.',
  pathParameters: inEntity,
  queryParameters: noParameters,
  body: record({
    item: entityRow({
      summary: 'Item',
      description: 'The columns of the new item, its key among them.',
      minProperties: 1,
    }),
    ...writeOptions,
  }),
  response: {
    status: 202,
    description: 'Accepted; visible within seconds',
    schema: acceptedWrite,
  },
  errors: { 409: 'There is an item with this key already, made by somebody else or with other columns.' },
  notification: null,
  example: {
    path: { dataset: exampleInstanceId, table: 'PoS_posPurchases' },
    query: {},
    body: {
      item: {
        PurchaseId: 'EXAMPLE_PURCHASE_1',
        LoyaltyId: 'LOYID_000001',
        PurchasedOn: '2026-05-31T16:20:00Z',
        TotalPrice: 49.9,
        ActivityTypeDisplay: 'Store purchase',
      },
      caller: 'Example flow',
    },
  },
});
