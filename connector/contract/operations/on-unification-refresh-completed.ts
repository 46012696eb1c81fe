import { completionDetails, completionProperties, outcomeOption } from '../completion.ts';
import { trigger } from '../trigger.ts';

export const onUnificationRefreshCompleted = trigger({
  operationId: 'OnUnificationRefreshCompleted',
  name: 'unification-refresh-completed',
  summary: 'When a unification refresh is completed',
  description:
    'Triggers a flow when the last of map, match and merge has ended in a refresh, however it ended and whoever started it.',
  triggerHint: 'Run unification to see it work.',
  inputs: { outcome: outcomeOption },
  payload: completionProperties,
  details: completionDetails,
  exampleInputs: {},
});
