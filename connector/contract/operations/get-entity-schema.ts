import { inEntity } from '../entity-parameters.ts';
import { exampleInstanceId } from '../example.ts';
import { noParameters, operation } from '../operation.ts';
import { choice, record, row, text } from '../schema.ts';

/** Gives the designer the columns of an entity; the key names follow the platform's tabular protocol. */
export const getEntitySchema = operation({
  operationId: 'GetEntitySchema',
  kind: 'lookup',
  method: 'GET',
  path: '/datasets/{dataset}/tables/{table}/schema',
  function: 'proxy',
  authentication: 'user',
  counted: true,
  summary: 'Get the columns of an entity',
  description: 'Describes the items of an entity: names, titles and types of its columns.',
  visibility: 'internal',
  pathParameters: inEntity,
  queryParameters: noParameters,
  body: null,
  response: {
    status: 200,
    description: 'The columns',
    schema: record(
      {
        name: text({ summary: 'Name', description: 'Unique name of the entity.' }),
        title: text({ summary: 'Title', description: 'Name for people.' }),
        'x-ms-permission': choice(
          { 'read-write': 'Items can be created or updated', 'read-only': 'Items can only be read' },
          { summary: 'Permission', description: 'Whether items of the entity can be written.' },
        ),
        schema: row({ summary: 'Schema', description: 'JSON schema of one item.' }),
      },
      { definition: 'EntitySchema' },
    ),
  },
  errors: { 404: 'The instance has no such entity.' },
  notification: null,
  example: { path: { dataset: exampleInstanceId, table: 'Customer' }, query: {}, body: null },
});
