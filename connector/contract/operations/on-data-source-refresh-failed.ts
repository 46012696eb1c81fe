import { exampleCallbackUrl, exampleInstanceId } from '../example.ts';
import { dynamicValues, noParameters, operation } from '../operation.ts';
import {
  dataSourceRefreshProperties,
  errorProperties,
  eventProperties,
  inInstance,
  subscription,
} from '../parameters.ts';
import { callbackUrl, optional, record, text } from '../schema.ts';
import { listDataSources } from './list-data-sources.ts';

export const onDataSourceRefreshFailed = operation({
  operationId: 'OnDataSourceRefreshFailed',
  kind: 'trigger',
  method: 'POST',
  path: '/datasets/{dataset}/subscriptions/data-source-refresh-failed',
  function: 'subscriptions',
  authentication: 'user',
  counted: false,
  summary: 'When a data source refresh fails',
  description:
    'Triggers a flow when a refresh of a data source has failed for good; not while Customer Insights still retries it.',
  visibility: 'important',
  triggerHint: 'Let a refresh of the data source fail to see it work.',
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
      ...errorProperties,
    },
    { definition: 'DataSourceRefreshFailed' },
  ),
  example: { path: { dataset: exampleInstanceId }, query: {}, body: { callbackUrl: exampleCallbackUrl } },
});
