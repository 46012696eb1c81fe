import { completionDetails, completionProperties, outcomeOption } from '../completion.ts';
import { trigger } from '../trigger.ts';

export const onUnificationRefreshCompleted = trigger({
  operationId: 'OnUnificationRefreshCompleted',
  name: 'unification-refresh-completed',
  summary: 'When a unification refresh is completed',
  description:
    'Triggers a flow when the last of the stages map, match and merge of a refresh has ended, with or without success.',
  triggerHint: 'To test it, run unification, or send a sample event.',
  inputs: { outcome: outcomeOption },
  payload: completionProperties,
  details: completionDetails,
  exampleInputs: {},
});
