import { reportSections, reportStatuses } from '../display-names.ts';
import { exampleInstanceId } from '../example.ts';
import { operation } from '../operation.ts';
import { inInstance, listedOwnership } from '../parameters.ts';
import { choice, dateTime, decimal, flag, integer, list, nullable, record, text } from '../schema.ts';

/** Under the existing connector's key and texts; its values are not published. */
const ofType = record({
  reportType: choice(
    { all: 'Everything', ...reportSections },
    { summary: 'Report Type', description: 'Select the report type.' },
  ),
});

const generatedAt = dateTime({ summary: 'Generated At', description: 'When the report was made; UTC.' });
const failed = (what: string) =>
  integer({ summary: 'Failed', description: `Number of ${what} whose last completed run failed.` });

export const sendStatusReport = operation({
  operationId: 'SendStatusReport',
  kind: 'action',
  method: 'GET',
  path: '/datasets/{dataset}/status-report',
  function: 'proxy',
  authentication: 'user',
  counted: true,
  summary: 'Sends the status report',
  description:
    'Returns the status report as subject and body of an e-mail. It sends nothing: send it with an action of your mail connector.',
  revision: { family: 'SendStatusReport', number: 1 },
  pathParameters: inInstance,
  queryParameters: ofType,
  body: null,
  response: {
    status: 200,
    description: 'The report',
    schema: record(
      {
        subject: text({ summary: 'Subject', description: 'One line with the state of the instance.' }),
        body: text({ summary: 'Body', description: 'The report in HTML, for the body of an e-mail.' }),
        healthy: flag({
          summary: 'Healthy',
          description: 'Whether nothing in the report has failed, or is being refreshed after a failure.',
        }),
        generatedAt,
      },
      { definition: 'StatusReportText' },
    ),
  },
  notification: null,
  example: { path: { dataset: exampleInstanceId }, query: { reportType: 'all' }, body: null },
});

export const sendStatusReportV2 = operation({
  operationId: 'SendStatusReportV2',
  kind: 'action',
  method: 'GET',
  path: '/datasets/{dataset}/status-report/v2',
  function: 'proxy',
  authentication: 'user',
  counted: true,
  summary: 'Sends the status report V2',
  description:
    'Returns the status report in sections with figures, so that a flow can decide what to do. It sends nothing.',
  revision: { family: 'SendStatusReport', number: 2 },
  pathParameters: inInstance,
  queryParameters: ofType,
  body: null,
  response: {
    status: 200,
    description: 'The report',
    schema: record(
      {
        instanceName: text({ summary: 'Instance Name', description: 'Name of the instance.' }),
        healthy: flag({
          summary: 'Healthy',
          description: 'Whether nothing in the report has failed, or is being refreshed after a failure.',
        }),
        failed: failed('objects in the report'),
        generatedAt,
        sections: list(
          record(
            {
              section: choice(reportSections, {
                summary: 'Section',
                description: 'What the section is about.',
              }),
              title: text({ summary: 'Title', description: 'Heading of the section.' }),
              total: integer({ summary: 'Total', description: 'How many objects the section lists.' }),
              failed: failed('objects of the section'),
              entries: list(
                record(
                  {
                    name: text({ summary: 'Name', description: 'Unique name or id of the object.' }),
                    displayName: text({
                      summary: 'Display Name',
                      description: 'Name shown in Customer Insights.',
                    }),
                    status: choice(reportStatuses, {
                      summary: 'Status',
                      description: 'State of its last run; retrying is a run after one that failed.',
                    }),
                    updatedAt: nullable(
                      dateTime({
                        summary: 'Updated At',
                        description: 'End of the run that the status is of, where known; UTC.',
                      }),
                    ),
                    value: nullable(
                      decimal({
                        summary: 'Value',
                        description: 'Members of a segment, or value of a measure without a dimension.',
                      }),
                    ),
                    error: nullable(
                      text({ summary: 'Error', description: 'What Customer Insights says went wrong.' }),
                    ),
                    ...listedOwnership,
                  },
                  { definition: 'StatusReportEntry' },
                ),
                { summary: 'Entries', description: 'The objects: failed ones first, then by name.' },
              ),
            },
            { definition: 'StatusReportSection' },
          ),
          { summary: 'Sections', description: 'The sections that the report type names.' },
        ),
      },
      { definition: 'StatusReport' },
    ),
  },
  notification: null,
  example: { path: { dataset: exampleInstanceId }, query: { reportType: 'dataSources' }, body: null },
});
