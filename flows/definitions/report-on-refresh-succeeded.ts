import { action, flow, sendMail, setting, text } from './authoring.ts';
import { instance, recipients } from './flow-settings.ts';

export const reportOnRefreshSucceeded = flow({
  id: 'report-on-refresh-succeeded',
  name: 'Mail a status report when a data source refresh succeeds',
  description:
    'Sends the status report of the data sources by e-mail when a refresh of any of them has succeeded.',
  settings: [instance, recipients],
  trigger: {
    name: 'When_a_data_source_refresh_succeeds',
    operationId: 'OnDataSourceRefreshSucceeded',
    parameters: { dataset: setting(instance) },
  },
  steps: (event) => {
    const report = action('Get_the_status_report', 'SendStatusReport', {
      dataset: setting(instance),
      reportType: 'dataSources',
    });
    return [
      report,
      sendMail('Mail_the_report', {
        to: setting(recipients),
        subject: text`${event('dataSourceName')} was refreshed: ${report.output('subject')}`,
        body: text`${report.output('body')}`,
      }),
    ];
  },
});
