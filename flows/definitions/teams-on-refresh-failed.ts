import { call, flow, html, postToChannel, setting, shownTime, text, words } from './authoring.ts';
import { channel, instance, team } from './flow-settings.ts';
import { openLink } from './object-texts.ts';

/**
 * "Post a message to a Teams channel if a data source refresh fails": the first example of the product's
 * documentation.
 */
export const teamsOnRefreshFailed = flow({
  id: 'teams-on-refresh-failed',
  name: 'Post to Teams when a data source refresh fails',
  description:
    'Posts a message to a channel of Microsoft Teams when a refresh of any data source has failed and will not be retried.',
  settings: [instance, team, channel],
  trigger: {
    name: 'When_a_data_source_refresh_fails',
    operationId: 'OnDataSourceRefreshFailed',
    parameters: { dataset: setting(instance) },
  },
  steps: (event) => [
    postToChannel(
      'Post_the_failure',
      { team: setting(team), channel: setting(channel) },
      text`<p><strong>${html(event('dataSourceName'))}</strong> could not be refreshed in ${html(event('instanceName'))}.</p><p>${html(call('coalesce', event('errorMessage'), words('Customer Insights gives no reason.')))}</p><p>Error code: ${html(call('coalesce', event('errorCode'), words('none')))}<br>Ended: ${shownTime(call('coalesce', event('endedAt'), event('occurredAt')))} UTC<br>Owner: ${html(call('coalesce', event('ownerEmail'), words('unknown')))}<br>Job: ${event('jobId')}</p>${openLink(event)}`,
    ),
  ],
});
