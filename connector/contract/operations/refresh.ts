import { exampleInstanceId } from '../example.ts';
import { dynamicValues, noParameters, operation } from '../operation.ts';
import { inInstance } from '../parameters.ts';
import { refreshJobProperties } from '../refresh-job.ts';
import { choice, flag, optional, record, text } from '../schema.ts';
import { listDataSources } from './list-data-sources.ts';
import { listMeasures } from './list-measures.ts';
import { listSegments } from './list-segments.ts';

const fromInstance = { dataset: { parameter: 'dataset' } } as const;
const onlyFor = (what: string) => `Only with the target ${what}: the one to refresh.`;

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
    'Starts a refresh of a data source, a segment, a measure or everything and returns its job without waiting for its end. While the same refresh is under way, its job is returned instead.',
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
        dynamicValues: dynamicValues(listDataSources, {
          parameters: fromInstance,
          collection: 'value',
          value: 'dataSourceId',
          title: 'displayName',
        }),
      }),
    ),
    segment: optional(
      text({
        summary: 'Segment',
        description: onlyFor('A segment'),
        maxLength: 200,
        dynamicValues: dynamicValues(listSegments, {
          parameters: fromInstance,
          collection: 'value',
          value: 'name',
          title: 'displayName',
        }),
      }),
    ),
    measure: optional(
      text({
        summary: 'Measure',
        description: onlyFor('A measure'),
        maxLength: 200,
        dynamicValues: dynamicValues(listMeasures, {
          parameters: fromInstance,
          collection: 'value',
          value: 'name',
          title: 'displayName',
        }),
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
          description: 'Whether the job had been started before, and no other one was.',
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
