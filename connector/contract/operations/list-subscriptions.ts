import { noParameters, operation } from '../operation.ts';
import { dateTime, decimal, flag, list, nullable, record, text } from '../schema.ts';
import { subscriptionState } from '../subscription-texts.ts';

/** What is told of a subscription in a list. */
export const subscriptionProperties = {
  subscriptionId: text({
    summary: 'Subscription Id',
    description: 'Public id of the subscription.',
  }),
  label: text({
    summary: 'Label',
    description: 'Subject, condition and instance of the trigger, to tell subscriptions apart.',
  }),
  trigger: text({ summary: 'Trigger', description: 'The trigger that was registered.' }),
  instanceId: text({
    summary: 'Instance Id',
    description: 'The Customer Insights instance it watches.',
  }),
  instanceName: nullable(
    text({
      summary: 'Instance Name',
      description: 'Name of the instance; null if it was removed from the connector.',
    }),
  ),
  instanceServed: flag({
    summary: 'Instance Served',
    description: 'Whether the instance belongs to the connector. If not, no events are sent.',
  }),
  subject: nullable(
    text({
      summary: 'Subject',
      description: 'Unique name of the segment or measure, or data source id; null for any or none.',
    }),
  ),
  subjectDisplayName: nullable(
    text({
      summary: 'Subject Display Name',
      description: 'Name of the subject at the last registration; null for any or none.',
    }),
  ),
  workflowId: nullable(
    text({
      summary: 'Workflow Id',
      description: 'Id of the flow, as in its address; null if its address does not contain it.',
    }),
  ),
  flowName: nullable(
    text({
      summary: 'Flow Name',
      description: 'Name of the flow at the last registration; null if the platform gave none.',
    }),
  ),
  threshold: nullable(
    decimal({
      summary: 'Threshold',
      description: 'Threshold of a threshold trigger; null for others.',
    }),
  ),
  condition: text({
    summary: 'Condition',
    description: 'When the trigger fires, in words, with all its options.',
  }),
  state: subscriptionState,
  reason: text({ summary: 'Reason', description: 'Why it is in this state, in a sentence.' }),
  since: dateTime({ summary: 'Since', description: 'Since when it has this state; UTC.' }),
  createdAt: dateTime({
    summary: 'Created At',
    description: 'When it was first registered with these inputs; UTC.',
  }),
  registeredAt: dateTime({
    summary: 'Registered At',
    description: 'When the flow was last saved or turned on; UTC.',
  }),
  lastEventAt: nullable(
    dateTime({
      summary: 'Last Event At',
      description: 'When its newest event happened; UTC. Null if there was none in the last 30 days.',
    }),
  ),
  lastDelivery: nullable(
    text({
      summary: 'Last Delivery',
      description: 'Result of the newest event: pending, delivered, dead or dropped.',
    }),
  ),
  lastAttemptAt: nullable(
    dateTime({
      summary: 'Last Attempt At',
      description: 'When the flow was last called; UTC. Null if it was not.',
    }),
  ),
};

export const listSubscriptions = operation({
  operationId: 'ListSubscriptions',
  kind: 'action',
  method: 'GET',
  path: '/subscriptions',
  function: 'subscriptions',
  authentication: 'user',
  counted: true,
  summary: 'List my trigger subscriptions',
  description:
    'Lists the triggers of your flows with their state, the reason for it, the last event and the last delivery.',
  visibility: 'advanced',
  pathParameters: noParameters,
  queryParameters: noParameters,
  body: null,
  response: {
    status: 200,
    description: 'The subscriptions',
    schema: record(
      {
        value: list(record(subscriptionProperties, { definition: 'SubscriptionDetails' }), {
          summary: 'Subscriptions',
          description: 'The subscriptions, the newest registration first.',
        }),
      },
      { definition: 'SubscriptionList' },
    ),
  },
  notification: null,
  example: { path: {}, query: {}, body: null },
});
