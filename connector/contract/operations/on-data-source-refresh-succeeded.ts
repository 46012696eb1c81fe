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
    'Triggers a flow when a refresh of a data source has succeeded. It runs once, even if Customer Insights had to retry the refresh.',
  triggerHint: 'To test it, refresh the data source, or send a sample event.',
  inputs: { dataSource: dataSourceInput },
  payload: dataSourceRefreshProperties,
  details: dataSourceRefreshDetails,
  exampleInputs: {},
});
