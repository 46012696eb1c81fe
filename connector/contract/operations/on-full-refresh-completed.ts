import { completionDetails, completionProperties, outcomeOption } from '../completion.ts';
import { choice, optional } from '../schema.ts';
import { trigger } from '../trigger.ts';

export const onFullRefreshCompleted = trigger({
  operationId: 'OnFullRefreshCompleted',
  name: 'full-refresh-completed',
  summary: 'When a full refresh is completed',
  description:
    'Triggers a flow when a full refresh (data sources, unification, segments, measures and the rest) has ended, however it ended.',
  triggerHint: 'Refresh everything to see it work.',
  inputs: {
    runs: optional(
      choice(
        { all: 'All', scheduled: 'Scheduled only' },
        {
          summary: 'Runs',
          description:
            'all: also full refreshes that somebody started. scheduled: only those of the schedule.',
          default: 'all',
          visibility: 'advanced',
        },
      ),
    ),
    outcome: outcomeOption,
  },
  payload: completionProperties,
  details: completionDetails,
  exampleInputs: {},
});
