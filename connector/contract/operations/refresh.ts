import { objectDropDown } from '../drop-downs.ts';
import { exampleInstanceId } from '../example.ts';
import { noParameters, operation } from '../operation.ts';
import { inInstance } from '../parameters.ts';
import { refreshJobProperties } from '../refresh-job.ts';
import { formerInput, refreshTarget } from '../refresh-target.ts';
import { flag, optional, record, text } from '../schema.ts';

export const refresh = operation({
  operationId: 'Refresh',
  kind: 'action',
  method: 'POST',
  path: '/datasets/{dataset}/refreshes',
  function: 'proxy',
  authentication: 'user',
  counted: true,
  summary: 'Refresh',
  description:
    'Starts a refresh of a data source, a segment, a measure or everything and returns the job without waiting for its end. If the same refresh is already running, its job is returned.',
  pathParameters: inInstance,
  queryParameters: noParameters,
  body: record({
    target: refreshTarget({ summary: 'Target', description: 'What to refresh.' }),
    object: optional(
      text({
        summary: 'Object',
        description: 'The data source, segment or measure; select the target first. Empty for everything.',
        maxLength: 200,
        dynamicValues: objectDropDown('body/target'),
      }),
    ),
    dataSource: formerInput('Data Source'),
    segment: formerInput('Segment'),
    measure: formerInput('Measure'),
  }),
  response: {
    status: 200,
    description: 'The job',
    schema: record(
      {
        ...refreshJobProperties,
        alreadyUnderWay: flag({
          summary: 'Already Under Way',
          description: 'Whether the job was already running, so that none was started.',
        }),
      },
      { definition: 'StartedRefresh' },
    ),
  },
  errors: { 404: 'The instance, or what should be refreshed in it, does not exist.' },
  notification: null,
  example: {
    path: { dataset: exampleInstanceId },
    query: {},
    body: { target: 'segment', object: 'HighValueCustomers' },
  },
});
