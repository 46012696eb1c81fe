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
    'Creates an activity in UnifiedActivity or in a source table that is set up as activities. Profiles can only be updated. The item is visible within seconds; segments and measures do not change.',
  visibility: 'advanced',
  pathParameters: inEntity,
  queryParameters: noParameters,
  body: record({
    item: entityRow({
      summary: 'Item',
      description: 'The columns of the new item, including its key.',
      minProperties: 1,
    }),
    ...writeOptions,
  }),
  response: {
    status: 202,
    description: 'Accepted; visible within seconds',
    schema: acceptedWrite,
  },
  errors: { 409: 'An item with this key already exists, created by another caller or with other columns.' },
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
