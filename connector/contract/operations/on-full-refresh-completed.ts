import { completionDetails, completionProperties, outcomeOption } from '../completion.ts';
import { choice, optional } from '../schema.ts';
import { trigger } from '../trigger.ts';

export const onFullRefreshCompleted = trigger({
  operationId: 'OnFullRefreshCompleted',
  name: 'full-refresh-completed',
  summary: 'When a full refresh is completed',
  description:
    'Triggers a flow when a full refresh (data sources, unification, segments, measures and system processes) has ended, with or without success.',
  triggerHint: 'To test it, run a full refresh, or send a sample event.',
  inputs: {
    runs: optional(
      choice(
        { all: 'All', scheduled: 'Scheduled only' },
        {
          summary: 'Runs',
          description:
            'all: scheduled refreshes and those that a person started. scheduled: only scheduled refreshes.',
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
