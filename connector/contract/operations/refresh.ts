import { dataSourceDropDown, measureDropDown, segmentDropDown } from '../drop-downs.ts';
import { exampleInstanceId } from '../example.ts';
import { noParameters, operation } from '../operation.ts';
import { inInstance } from '../parameters.ts';
import { refreshJobProperties } from '../refresh-job.ts';
import { choice, flag, optional, record, text } from '../schema.ts';

const onlyFor = (what: string) => `Required if Target is ${what}, otherwise empty.`;

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
    target: choice(
      {
        dataSource: 'A data source',
        segment: 'A segment',
        measure: 'A measure',
        all: 'Everything (full refresh)',
      },
      { summary: 'Target', description: 'What to refresh.' },
    ),
    dataSource: optional(
      text({
        summary: 'Data Source',
        description: onlyFor('A data source'),
        maxLength: 200,
        dynamicValues: dataSourceDropDown,
      }),
    ),
    segment: optional(
      text({
        summary: 'Segment',
        description: onlyFor('A segment'),
        maxLength: 200,
        dynamicValues: segmentDropDown,
      }),
    ),
    measure: optional(
      text({
        summary: 'Measure',
        description: onlyFor('A measure'),
        maxLength: 200,
        dynamicValues: measureDropDown,
      }),
    ),
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
    body: { target: 'segment', segment: 'HighValueCustomers' },
  },
});
