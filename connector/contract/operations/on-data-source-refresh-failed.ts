import {
  dataSourceInput,
  dataSourceRefreshDetails,
  dataSourceRefreshProperties,
} from '../data-source-refresh.ts';
import { errorProperties } from '../parameters.ts';
import { trigger } from '../trigger.ts';

export const onDataSourceRefreshFailed = trigger({
  operationId: 'OnDataSourceRefreshFailed',
  name: 'data-source-refresh-failed',
  summary: 'When a data source refresh fails',
  description:
    'Triggers a flow when a refresh of a data source has failed and Customer Insights will not retry it.',
  triggerHint: 'To test it, let a refresh of the data source fail, or send a sample event.',
  inputs: { dataSource: dataSourceInput },
  payload: { ...dataSourceRefreshProperties, ...errorProperties },
  details: dataSourceRefreshDetails,
  exampleInputs: {},
});
