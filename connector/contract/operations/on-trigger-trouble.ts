import { choice, dateTime, optional, text } from '../schema.ts';
import { acrossInstances, trigger } from '../trigger.ts';

export const onTriggerTrouble = trigger(
  {
    operationId: 'OnTriggerTrouble',
    name: 'trigger-trouble',
    summary: 'When one of my triggers is paused or ended or failing',
    description:
      'Triggers a flow when another trigger of yours, in any instance, no longer sends events or cannot deliver them. It never reports itself.',
    triggerHint:
      'To test it, turn off a flow with another trigger and let its event happen, or send a sample event.',
    inputs: {
      report: optional(
        choice(
          { trouble: 'Trouble only', troubleAndRecovery: 'Also when it works again' },
          {
            summary: 'Report',
            description:
              'trouble: the flow runs when a trigger is paused, ended or failing. troubleAndRecovery: also when the trigger has delivered an event again.',
            default: 'trouble',
          },
        ),
      ),
      triggers: optional(
        choice(
          { mine: 'My triggers', all: 'All triggers (operators only)' },
          {
            summary: 'Triggers',
            description:
              'mine: the triggers of your flows. all: those of all people; this requires the app role Operator.',
            default: 'mine',
            visibility: 'advanced',
          },
        ),
      ),
    },
    payload: {
      label: text({
        summary: 'Label',
        description: 'Subject, condition and instance of the trigger in trouble.',
      }),
      flowName: optional(
        text({
          summary: 'Flow Name',
          description: 'Name of its flow at the last registration, if the platform gave one.',
        }),
      ),
      state: choice(
        { paused: 'Paused', ended: 'Ended', failing: 'Failing', working: 'Works again' },
        {
          summary: 'State',
          description:
            'paused: the flow is turned off. ended: no more events are sent. failing: an event has waited for more than an hour. working: an event was delivered again.',
        },
      ),
      reason: text({ summary: 'Reason', description: 'Why it is in this state, in a sentence.' }),
      whatToDo: text({ summary: 'What To Do', description: 'How to make it work again, in a sentence.' }),
      since: dateTime({ summary: 'Since', description: 'Since when it has this state; UTC.' }),
    },
    details: {
      occurredAt: dateTime({
        summary: 'Occurred At',
        description: 'When the trigger came into this state, not when it was noticed; UTC.',
      }),
      troubledTrigger: text({
        summary: 'Trigger In Trouble',
        description: 'Operation id of the trigger in trouble.',
        visibility: 'advanced',
      }),
      subscriptionId: text({
        summary: 'Subscription Id',
        description: 'Id of its subscription, as the list of subscriptions has it.',
        visibility: 'advanced',
      }),
      workflowId: optional(
        text({
          summary: 'Workflow Id',
          description: 'Id of its flow, if the address of the flow contains it.',
          visibility: 'advanced',
        }),
      ),
      ownerId: text({
        summary: 'Owner Id',
        description: 'Object id, in Microsoft Entra ID, of the person whose flow it is.',
        visibility: 'advanced',
      }),
    },
    exampleInputs: {},
  },
  acrossInstances,
);
