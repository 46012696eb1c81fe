import { noParameters, operation } from '../operation.ts';
import { list, record, text } from '../schema.ts';

/** By what people and programs know an instance. */
export const instanceProperties = {
  instanceId: text({ summary: 'Instance Id', description: 'Identifies the instance.' }),
  name: text({ summary: 'Name', description: 'Name of the instance.' }),
};

export const listInstances = operation({
  operationId: 'ListInstances',
  kind: 'lookup',
  method: 'GET',
  path: '/datasets',
  function: 'proxy',
  authentication: 'user',
  counted: true,
  summary: 'List instances',
  description: 'Lists the Customer Insights instances that you may see and this connector serves.',
  visibility: 'internal',
  pathParameters: noParameters,
  queryParameters: noParameters,
  body: null,
  response: {
    status: 200,
    description: 'The instances',
    schema: record(
      {
        value: list(record(instanceProperties, { definition: 'Instance' }), {
          summary: 'Instances',
          description: 'The instances, by name.',
        }),
      },
      { definition: 'InstanceList' },
    ),
  },
  notification: null,
  example: { path: {}, query: {}, body: null },
});
