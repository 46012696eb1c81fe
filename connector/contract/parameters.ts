/** Parameters and records that several operations share. */
import { dynamicValues } from './operation.ts';
import { listInstances } from './operations/list-instances.ts';
import { dateTime, nullable, optional, record, type TSchema, text } from './schema.ts';

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

/** Who answers for an object. What they are in a notification they are in a list, where they may be null. */
const owner = {
  summary: 'Owner',
  description: 'E-mail address of the person who created it, if Customer Insights gives one.',
};
const editor = {
  summary: 'Last Editor',
  description: 'Sign-in name of the person who changed it last, if Customer Insights gives one.',
};
const link = text({
  summary: 'Link',
  description: 'Opens the object in Customer Insights, or its instance where the object has no page.',
  format: 'uri',
});

/** Of the object that a notification is about. */
export const ownershipProperties = {
  ownerEmail: optional(text({ ...owner, format: 'email' })),
  lastEditor: optional(text(editor)),
};

/** Of an object in a list. */
export const listedOwnership = {
  ownerEmail: nullable(text({ ...owner, format: 'email' })),
  lastEditor: nullable(text(editor)),
  link,
};

/**
 * A notification: its properties in the order in which makers need them; ids come last. What may be missing in a
 * notification is absent, never null: the platform refuses a null where the schema says text
 * (TriggerInputSchemaMismatch).
 * @param payload what is particular to the trigger
 * @param details what makers need less often than time and link
 */
export const notificationOf = <
  Payload extends Record<string, TSchema>,
  Details extends Record<string, TSchema>,
>(
  payload: Payload,
  details: Details,
  definition: string,
) =>
  record(
    {
      instanceName: text({
        summary: 'Instance Name',
        description: 'Name of the Customer Insights instance.',
      }),
      ...payload,
      occurredAt: dateTime({
        summary: 'Occurred At',
        description: 'When it happened in Customer Insights, not when it was noticed; UTC.',
      }),
      link: optional(link),
      ...details,
      trigger: text({
        summary: 'Trigger',
        description: 'The trigger that fired.',
        visibility: 'advanced',
      }),
      instanceId: text({
        summary: 'Instance Id',
        description: 'Id of the Customer Insights instance.',
        visibility: 'advanced',
      }),
      eventId: text({
        summary: 'Event Id',
        description:
          'The same occurrence always has the same event id; use it to recognise a repeated delivery.',
        visibility: 'advanced',
      }),
      deliveryId: text({
        summary: 'Delivery Id',
        description: 'Identifies this event for this flow; the same in every attempt to deliver it.',
        visibility: 'advanced',
      }),
    },
    { definition },
  );

export const errorProperties = {
  errorMessage: optional(
    text({ summary: 'Error Message', description: 'What Customer Insights says went wrong, if anything.' }),
  ),
  errorCode: optional(
    text({ summary: 'Error Code', description: 'Error code given by Customer Insights, if any.' }),
  ),
};

/** How the entry of a list of measures begins. */
export const measureNames = {
  name: text({
    summary: 'Name',
    description: 'Unique name of the measure; does not change when it is renamed.',
  }),
  displayName: text({ summary: 'Display Name', description: 'Name shown in Customer Insights.' }),
};

/** Customer Insights gives no time at which a run began, only when it was asked for. */
export const submittedAt = optional(
  dateTime({ summary: 'Submitted At', description: 'When the refresh was submitted; UTC.' }),
);
