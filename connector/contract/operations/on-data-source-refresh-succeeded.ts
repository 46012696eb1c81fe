import {
  dataSourceInput,
  dataSourceRefreshDetails,
  dataSourceRefreshProperties,
} from '../data-source-refresh.ts';
import { trigger } from '../trigger.ts';

export const onDataSourceRefreshSucceeded = trigger({
  operationId: 'OnDataSourceRefreshSucceeded',
  name: 'data-source-refresh-succeeded',
  summary: 'When a data source refresh succeeds',
  description:
    'Triggers a flow when a refresh of a data source has succeeded; once, also when Customer Insights had to retry it.',
  triggerHint: 'Refresh the data source to see it work.',
  inputs: { dataSource: dataSourceInput },
  payload: dataSourceRefreshProperties,
  details: dataSourceRefreshDetails,
  exampleInputs: {},
});
