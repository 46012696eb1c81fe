/** The trigger for the trouble of other triggers. Its occurrences are found in the table (lambda/watch/tell-troubles.ts). */
import type { OperationById } from '../../../connector/contract/index.ts';
import { defaultConditions } from '../conditions.ts';
import { sampleId } from '../sample-id.ts';
import type { OwnPayload, TriggerDefinition } from '../trigger-definition.ts';

type Operation = OperationById<'OnTriggerTrouble'>;
export type TroublePayload = OwnPayload<Operation>;

/** What the owner of a trigger can do about its state. */
export const whatToDo: Readonly<Record<TroublePayload['state'], string>> = {
  paused:
    'If you need the trigger, turn the flow on, or save it, so that it registers again. Events of the time between are not sent.',
  ended:
    'If you need the trigger, save the flow, so that it registers again. Events of the time between are not sent.',
  failing:
    'Check that the flow is turned on and that its environment responds, and save the flow if its address has changed. Each event is retried for a day; an operator can send those that were given up again.',
  working: 'Nothing needs to be done. An operator can send events again that were given up.',
};

const words: Readonly<Record<TroublePayload['state'], string>> = {
  paused: 'is paused',
  ended: 'has ended',
  failing: 'is failing',
  working: 'works again',
};

export const onTriggerTrouble: TriggerDefinition<Operation> = {
  kind: 'subject',
  across: ({ triggers = 'mine' }) => triggers,
  inputs: ({ report }) => ({
    subject: null,
    threshold: null,
    ...(report === 'troubleAndRecovery' && { conditions: { ...defaultConditions, recoveries: true } }),
  }),
  // What is told is in our own table, and nothing of Customer Insights.
  baseline: async (_source, _instanceId, _body, now) => ({ baseline: { at: now, occurrences: [] } }),
  reads: null,
  needsRead: () => false,
  occurrences: () => [],
  evaluationNotes: () => [],
  mismatch: ({ conditions }, { payload }) =>
    payload.state === 'working' && conditions?.recoveries !== true
      ? 'this flow does not ask for triggers that work again'
      : undefined,
  anySubject: 'any other trigger',
  displayName: ({ label }) => label,
  linked: () => undefined,
  condition: ({ conditions }) =>
    conditions?.recoveries === true
      ? 'is paused, ended or failing, or works again'
      : 'is paused, ended or failing',
  happened: ({ payload: { label, state } }) => `The trigger "${label}" ${words[state]}`,
  sample: (occurredAt) => ({
    label: 'Sample segment: member count rises above 1,000 (sample instance)',
    flowName: 'Sample flow',
    state: 'paused',
    reason: 'This is a sample: no trigger is paused.',
    whatToDo: whatToDo.paused,
    since: occurredAt,
    troubledTrigger: 'OnSegmentThresholdCrossed',
    subscriptionId: sampleId,
    workflowId: sampleId,
    ownerId: sampleId,
  }),
};
