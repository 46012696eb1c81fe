import {
  action,
  call,
  dataAction,
  flow,
  html,
  postToChannel,
  type Step,
  setting,
  statusWord,
  text,
} from './authoring.ts';
import { channel, instance, segmentToRefresh, team } from './flow-settings.ts';

export const segmentAfterUnification = flow({
  id: 'segment-after-unification',
  name: 'Refresh a segment after unification',
  description:
    'Refreshes one segment when a unification refresh has succeeded, waits for the end and posts how it ended to Teams.',
  settings: [instance, segmentToRefresh, team, channel],
  trigger: {
    name: 'When_a_unification_refresh_is_completed',
    operationId: 'OnUnificationRefreshCompleted',
    parameters: { dataset: setting(instance), 'body/outcome': 'succeeded' },
  },
  steps: (event) => {
    const refresh = action('Refresh_the_segment', 'Refresh', {
      dataset: setting(instance),
      'body/target': 'segment',
      'body/object': setting(segmentToRefresh),
    });
    const status = action('Get_its_status', 'GetRefreshStatus', {
      dataset: setting(instance),
      jobId: refresh.output('jobId'),
    });
    const untilFinished: Step = {
      name: 'Until_it_has_ended',
      kind: {
        type: 'Until',
        expression: call('equals', status.output('isFinished'), true),
        limit: { count: 120, timeout: 'PT4H' },
        steps: [dataAction('Wait_two_minutes', 'Wait', { interval: { count: 2, unit: 'Minute' } }), status],
      },
    };
    return [
      refresh,
      untilFinished,
      postToChannel(
        'Post_how_it_ended',
        { team: setting(team), channel: setting(channel) },
        text`<p>After the unification of ${html(event('instanceName'))} the segment <strong>${html(setting(segmentToRefresh))}</strong> was refreshed: ${statusWord(status.output('status'))}.</p>`,
      ),
    ];
  },
});
