import { exampleCallbackUrl, exampleInstanceId } from '../example.ts';
import { dynamicValues, noParameters, operation } from '../operation.ts';
import { dataSourceRefreshProperties, eventProperties, inInstance, subscription } from '../parameters.ts';
import { callbackUrl, optional, record, text } from '../schema.ts';
import { listDataSources } from './list-data-sources.ts';

export const onDataSourceRefreshSucceeded = operation({
  operationId: 'OnDataSourceRefreshSucceeded',
  kind: 'trigger',
  method: 'POST',
  path: '/datasets/{dataset}/subscriptions/data-source-refresh-succeeded',
  function: 'subscriptions',
  authentication: 'user',
  counted: false,
  summary: 'When a data source refresh succeeds',
  description:
    'Triggers a flow when a refresh of a data source has succeeded; once, also when Customer Insights had to retry it.',
  visibility: 'important',
  triggerHint: 'Refresh the data source to see it work.',
  pathParameters: inInstance,
  queryParameters: noParameters,
  body: record({
    callbackUrl: callbackUrl(),
    dataSource: optional(
      text({
        summary: 'Data Source',
        description: 'The data source to watch. Leave empty for any.',
        maxLength: 100,
        dynamicValues: dynamicValues(listDataSources, {
          parameters: { dataset: { parameter: 'dataset' } },
          collection: 'value',
          value: 'dataSourceId',
          title: 'displayName',
        }),
      }),
    ),
  }),
  response: {
    status: 201,
    description: 'Registered',
    schema: subscription,
    headers: { Location: 'Absolute URL that removes this subscription.' },
  },
  notification: record(
    {
      ...eventProperties,
      ...dataSourceRefreshProperties,
    },
    { definition: 'DataSourceRefreshSucceeded' },
  ),
  example: { path: { dataset: exampleInstanceId }, query: {}, body: { callbackUrl: exampleCallbackUrl } },
});
