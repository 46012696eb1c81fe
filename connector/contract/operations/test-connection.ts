import { noParameters, operation } from '../operation.ts';
import { integer, record } from '../schema.ts';

export const testConnection = operation({
  operationId: 'TestConnection',
  kind: 'lookup',
  method: 'GET',
  path: '/connection',
  function: 'proxy',
  authentication: 'user',
  counted: true,
  summary: 'Test the connection',
  description:
    'Checks that sign-in and consent work and that at least one instance can be used with this account.',
  visibility: 'internal',
  pathParameters: noParameters,
  queryParameters: noParameters,
  body: null,
  response: {
    status: 200,
    description: 'The connection works',
    schema: record(
      {
        instances: integer({
          summary: 'Instances',
          description: 'How many instances can be used with this account; at least 1.',
        }),
      },
      { definition: 'WorkingConnection' },
    ),
  },
  errors: {
    403: 'The account sees none of the instances of this connector, or lacks the consent to use them.',
  },
  notification: null,
  testsConnection: true,
  example: { path: {}, query: {}, body: null },
});
