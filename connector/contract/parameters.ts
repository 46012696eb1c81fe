/** Parameters and records that several operations share. */
import { dynamicValues } from './operation.ts';
import { listInstances } from './operations/list-instances.ts';
import { dateTime, optional, record, text } from './schema.ts';

/**
 * The instance, under the key that the existing Customer Insights connector uses (`dataset`).
 * Its form is a GUID; a plain text here, so that any unknown one gets the same answer, which says what to do.
 */
export const dataset = text({
  summary: 'Instance',
  description: 'The Customer Insights instance (environment).',
  minLength: 1,
  maxLength: 100,
  dynamicValues: dynamicValues(listInstances, {
    parameters: {},
    collection: 'value',
    value: 'instanceId',
    title: 'name',
  }),
});

export const inInstance = record({ dataset });

/** The answer to a registration. The callback URL is a secret and never returned. */
export const subscription = record(
  {
    subscriptionId: text({ summary: 'Subscription Id', description: 'Public id of this subscription.' }),
    trigger: text({ summary: 'Trigger', description: 'The trigger that was registered.' }),
    createdAt: dateTime({
      summary: 'Created At',
      description: 'Events after this instant are sent; UTC. Saving the flow again keeps it.',
    }),
  },
  { definition: 'Subscription' },
);

/**
 * The keys every notification begins with. What may be missing in a notification is absent, never null: the
 * platform refuses a null where the schema says text (TriggerInputSchemaMismatch).
 */
export const eventProperties = {
  eventId: text({
    summary: 'Event Id',
    description: 'The same occurrence always has the same event id; use it to recognise a repeated delivery.',
  }),
  deliveryId: text({
    summary: 'Delivery Id',
    description: 'Identifies this event for this flow; the same in every attempt to deliver it.',
  }),
  trigger: text({ summary: 'Trigger', description: 'The trigger that fired.' }),
  instanceId: text({ summary: 'Instance Id', description: 'The Customer Insights instance.' }),
  instanceName: text({ summary: 'Instance Name', description: 'Name of the Customer Insights instance.' }),
  occurredAt: dateTime({
    summary: 'Occurred At',
    description: 'When it happened in Customer Insights (not when it was noticed); UTC.',
  }),
};

export const errorProperties = {
  errorCode: optional(
    text({ summary: 'Error Code', description: 'Error code given by Customer Insights, if any.' }),
  ),
  errorMessage: optional(
    text({ summary: 'Error Message', description: 'What Customer Insights says went wrong, if anything.' }),
  ),
};

/** How the entry of a list of measures begins. */
export const measureNames = {
  name: text({ summary: 'Name', description: 'Unique name of the measure; stays when it is renamed.' }),
  displayName: text({ summary: 'Display Name', description: 'Name shown in Customer Insights.' }),
};

/** Customer Insights gives no time at which a run began, only when it was asked for. */
export const submittedAt = optional(
  dateTime({ summary: 'Submitted At', description: 'When the refresh was submitted; UTC.' }),
);
