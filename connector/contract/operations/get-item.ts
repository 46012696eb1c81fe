import { table } from '../entity-parameters.ts';
import { entityRow } from '../entity-row.ts';
import { exampleCustomerId, exampleInstanceId } from '../example.ts';
import { noParameters, operation } from '../operation.ts';
import { dataset } from '../parameters.ts';
import { record, text } from '../schema.ts';

export const getItem = operation({
  operationId: 'GetItem',
  kind: 'action',
  method: 'GET',
  path: '/datasets/{dataset}/tables/{table}/items/{id}',
  function: 'proxy',
  authentication: 'user',
  counted: true,
  summary: 'Get item',
  description: 'Gets an item of an entity by its key, for example a customer by CustomerId.',
  pathParameters: record({
    dataset,
    table,
    id: text({
      summary: 'Item Id',
      description: 'Key of the item: the CustomerId in Customer, the ActivityId in UnifiedActivity.',
      minLength: 1,
      maxLength: 300,
    }),
  }),
  queryParameters: noParameters,
  body: null,
  response: {
    status: 200,
    description: 'The item',
    schema: entityRow({ summary: 'Item', description: 'The item with the columns of the entity.' }),
  },
  errors: { 404: 'The entity has no such item, or the instance no such entity.' },
  notification: null,
  example: {
    path: { dataset: exampleInstanceId, table: 'Customer', id: exampleCustomerId },
    query: {},
    body: null,
  },
});
