import { flow, html, postToChannel, setting, shownNumber, text } from './authoring.ts';
import { channel, instance, measure, measureReset, measureThreshold, team } from './flow-settings.ts';
import { openLink } from './object-texts.ts';

export const teamsOnMeasureBelow = flow({
  id: 'teams-on-measure-below',
  name: 'Post to Teams when a measure falls below its threshold',
  description:
    'Posts a message to Teams when a business measure falls below a threshold; again only after it has returned to the reset level.',
  settings: [instance, measure, measureThreshold, measureReset, team, channel],
  trigger: {
    name: 'When_a_measure_falls_below_its_threshold',
    operationId: 'OnMeasureThresholdCrossed',
    parameters: {
      dataset: setting(instance),
      'body/measure': setting(measure),
      'body/threshold': setting(measureThreshold),
      'body/direction': 'below',
      'body/rearmLevel': setting(measureReset),
    },
  },
  steps: (event) => [
    postToChannel(
      'Post_the_fall',
      { team: setting(team), channel: setting(channel) },
      text`<p><strong>${html(event('measureDisplayName'))}</strong> in ${html(event('instanceName'))} fell from ${shownNumber(event('previousValue'), '#,##0.##')} to ${shownNumber(event('currentValue'), '#,##0.##')}, below ${shownNumber(event('threshold'), '#,##0.##')}.</p>${openLink(event)}`,
    ),
  ],
});
