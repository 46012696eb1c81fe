import {
  call,
  dataAction,
  flow,
  html,
  item,
  sendMail,
  setting,
  shownTime,
  statusWord,
  text,
  words,
} from './authoring.ts';
import { instance, recipients } from './flow-settings.ts';

export const stagesOnFullRefresh = flow({
  id: 'stages-on-full-refresh',
  name: 'Mail the failed stages of a full refresh',
  description:
    'Sends the stages that did not succeed as a table by e-mail when a full refresh has ended badly.',
  settings: [instance, recipients],
  trigger: {
    name: 'When_a_full_refresh_is_completed',
    operationId: 'OnFullRefreshCompleted',
    parameters: { dataset: setting(instance), 'body/outcome': 'failed' },
  },
  steps: (event) => {
    const failed = dataAction('Stages_that_did_not_succeed', 'Query', {
      from: event('stages'),
      where: call('not', call('equals', item('status'), 'successful')),
    });
    const table = dataAction('Table_of_stages', 'Table', {
      from: failed.body,
      format: 'HTML',
      columns: [
        { header: words('Stage'), value: call('concat', item('operation'), ' ', item('name')) },
        { header: words('Status'), value: statusWord(item('status')) },
        { header: words('Ended (UTC)'), value: item('endedAt') },
        {
          header: words('What went wrong'),
          value: call('coalesce', item('errorMessage'), item('errorCode'), ''),
        },
      ],
    });
    return [
      failed,
      table,
      sendMail('Mail_the_stages', {
        to: setting(recipients),
        subject: text`Full refresh of ${event('instanceName')}: ${call('string', event('failedCount'))} of ${call('string', event('stageCount'))} stages failed`,
        body: text`<p>The full refresh of ${html(event('instanceName'))} ended at ${shownTime(event('endedAt'))} UTC. Of its stages ${call('string', event('failedCount'))} failed, ${call('string', event('skippedCount'))} were skipped and ${call('string', event('canceledCount'))} were canceled.</p>${table.body}`,
        importance: 'High',
      }),
    ];
  },
});
