import { exampleInstanceId } from '../example.ts';
import { noParameters, operation } from '../operation.ts';
import { dataset } from '../parameters.ts';
import { refreshJobProperties } from '../refresh-job.ts';
import { runStatus } from '../run-status-schema.ts';
import { dateTime, integer, list, nullable, record, text } from '../schema.ts';
import { refresh } from './refresh.ts';

export const getRefreshStatus = operation({
  operationId: 'GetRefreshStatus',
  kind: 'action',
  method: 'GET',
  path: '/datasets/{dataset}/refreshes/{jobId}',
  function: 'proxy',
  authentication: 'user',
  counted: true,
  summary: 'Get refresh status',
  description: 'Gets the status of a refresh job and of each of its tasks.',
  pathParameters: record({
    dataset,
    jobId: text({
      summary: 'Job Id',
      description: 'Id of the job, from Refresh or from a trigger.',
      minLength: 1,
      maxLength: 100,
    }),
  }),
  queryParameters: noParameters,
  body: null,
  response: {
    status: 200,
    description: 'The job and its tasks',
    schema: record(
      {
        ...refreshJobProperties,
        failedTasks: integer({ summary: 'Failed Tasks', description: 'How many of the tasks have failed.' }),
        tasks: list(
          record(
            {
              name: text({ summary: 'Name', description: 'Name of what the task refreshes.' }),
              operation: text({
                summary: 'Operation',
                description: 'Kind of the task, in the words of Customer Insights.',
              }),
              status: runStatus({ summary: 'Status', description: 'How the task stands.' }),
              endedAt: nullable(
                dateTime({ summary: 'Ended At', description: 'When the task ended; null before. UTC.' }),
              ),
              errorCode: nullable(
                text({ summary: 'Error Code', description: 'Error code of Customer Insights, if any.' }),
              ),
              errorMessage: nullable(
                text({
                  summary: 'Error Message',
                  description: 'What Customer Insights says went wrong, if anything.',
                }),
              ),
            },
            { definition: 'RefreshTask' },
          ),
          { summary: 'Tasks', description: 'The tasks: failed ones first, then by kind and name.' },
        ),
      },
      { definition: 'RefreshStatus' },
    ),
  },
  errors: { 404: 'The instance has no such job; old ones are forgotten.' },
  notification: null,
  exampleFrom: { jobId: { operationId: refresh.operationId, at: ['jobId'] } },
  example: {
    path: { dataset: exampleInstanceId, jobId: '00000000-0000-4000-8000-000000000000' },
    query: {},
    body: null,
  },
});
