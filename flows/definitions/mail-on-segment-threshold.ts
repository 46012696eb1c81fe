import { flow, html, sendMail, setting, shownNumber, shownTime, text } from './authoring.ts';
import { instance, recipients, segment, segmentThreshold } from './flow-settings.ts';
import { openLink, ownerOr } from './object-texts.ts';

/**
 * "E-mail the data owners when a segment's threshold is crossed": the second example of the product's
 * documentation.
 */
export const mailOnSegmentThreshold = flow({
  id: 'mail-on-segment-threshold',
  name: 'Mail the data owners when a segment crosses its threshold',
  description:
    'Sends an e-mail to the data owners when the number of members of a segment rises above a threshold.',
  settings: [instance, segment, segmentThreshold, recipients],
  trigger: {
    name: 'When_a_segment_threshold_is_crossed',
    operationId: 'OnSegmentThresholdCrossed',
    parameters: {
      dataset: setting(instance),
      'body/segment': setting(segment),
      'body/threshold': setting(segmentThreshold),
    },
  },
  steps: (event) => [
    sendMail('Mail_the_data_owners', {
      to: ownerOr(event),
      subject: text`${event('segmentDisplayName')} now has ${shownNumber(event('currentValue'), '#,##0')} members`,
      body: text`<p>The segment <strong>${html(event('segmentDisplayName'))}</strong> in ${html(event('instanceName'))} has grown from ${shownNumber(event('previousValue'), '#,##0')} to ${shownNumber(event('currentValue'), '#,##0')} members.</p><p>The threshold is ${shownNumber(event('threshold'), '#,##0')}; it was crossed at ${shownTime(event('occurredAt'))} UTC.</p>${openLink(event)}`,
    }),
  ],
});
