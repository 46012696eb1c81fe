/** Parameters and records that several operations share. */
import { dynamicValues } from './operation.ts';
import { listInstances } from './operations/list-instances.ts';
import { runStatus } from './run-status-schema.ts';
import { choice, dateTime, decimal, integer, list, optional, record, text, uuid } from './schema.ts';

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
 * The keys every notification begins with. What may be missing in a notification is absent, never null: the platform
 * refuses a null where the schema says text (TriggerInputSchemaMismatch).
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
  instanceId: uuid({ summary: 'Instance Id', description: 'The Customer Insights instance.' }),
  instanceName: text({ summary: 'Instance Name', description: 'Name of the Customer Insights instance.' }),
  occurredAt: dateTime({
    summary: 'Occurred At',
    description: 'When it happened in Customer Insights (not when it was noticed); UTC.',
  }),
};

const directions = { above: 'Rises above', below: 'Falls below' } as const;

/** What the author of a threshold trigger may choose beside subject and threshold. */
export const thresholdOptions = {
  direction: optional(
    choice(directions, {
      summary: 'Direction',
      description:
        'above: runs when the value rises above the threshold. below: runs when it falls below. Exactly at the threshold is neither.',
      default: 'above',
      visibility: 'advanced',
    }),
  ),
  rearmLevel: optional(
    decimal({
      summary: 'Rearm Level',
      description:
        'Against flapping: after a run, the flow runs again only when the value has been at or beyond this level on the other side of the threshold. Empty: the threshold itself.',
      visibility: 'advanced',
    }),
  ),
};

export const thresholdProperties = {
  previousValue: decimal({ summary: 'Previous Value', description: 'The value at the evaluation before.' }),
  currentValue: decimal({ summary: 'Current Value', description: 'The value that crossed the threshold.' }),
  threshold: decimal({ summary: 'Threshold', description: 'The threshold of this subscription.' }),
  direction: choice(directions, {
    summary: 'Direction',
    description: 'Whether the value rose above the threshold or fell below it.',
  }),
};

/** Customer Insights gives no time at which a run began, only when it was asked for. */
const submittedAt = optional(
  dateTime({ summary: 'Submitted At', description: 'When the refresh was submitted; UTC.' }),
);

export const errorProperties = {
  errorCode: optional(
    text({ summary: 'Error Code', description: 'Error code given by Customer Insights, if any.' }),
  ),
  errorMessage: optional(
    text({ summary: 'Error Message', description: 'What Customer Insights says went wrong, if anything.' }),
  ),
};

/** What is told of the refresh of one data source. */
export const dataSourceRefreshProperties = {
  dataSourceId: optional(
    uuid({
      summary: 'Data Source Id',
      description: 'The data source; absent when it no longer exists or its name fits several.',
    }),
  ),
  dataSourceName: text({ summary: 'Data Source Name', description: 'Name of the data source.' }),
  jobId: uuid({ summary: 'Job Id', description: 'The refresh job in Customer Insights.' }),
  status: runStatus({ summary: 'Status', description: 'How the refresh ended.' }),
  submittedAt,
  endedAt: optional(dateTime({ summary: 'Ended At', description: 'When the refresh ended; UTC.' })),
};

/** Which ends of a refresh concern the flow. */
export const outcomeOption = optional(
  choice(
    { any: 'Any', succeeded: 'Succeeded', failed: 'Failed' },
    {
      summary: 'Outcome',
      description:
        'any: runs however the refresh ended. succeeded: only when everything in it succeeded. failed: only when something did not.',
      default: 'any',
      visibility: 'advanced',
    },
  ),
);

const stage = record(
  {
    operation: text({
      summary: 'Operation',
      description: 'Kind of the stage, in the words of Customer Insights: ingestion, map, match, merge …',
    }),
    name: optional(text({ summary: 'Name', description: 'What was refreshed, for example a data source.' })),
    status: runStatus({ summary: 'Status', description: 'How the stage ended.' }),
    submittedAt: optional(
      dateTime({ summary: 'Submitted At', description: 'When the stage was submitted; UTC.' }),
    ),
    endedAt: optional(dateTime({ summary: 'Ended At', description: 'When the stage ended; UTC.' })),
    ...errorProperties,
  },
  { definition: 'StageResult' },
);

/** What is told of a job that refreshed several things. */
export const completionProperties = {
  jobId: uuid({ summary: 'Job Id', description: 'The refresh job in Customer Insights.' }),
  outcome: choice(
    { succeeded: 'Succeeded', failed: 'Failed' },
    {
      summary: 'Outcome',
      description:
        'succeeded when everything that was to be refreshed was; failed when anything failed, timed out or was canceled.',
    },
  ),
  status: runStatus({ summary: 'Status', description: 'How the job stood when this happened.' }),
  startedBy: choice(
    { scheduled: 'Schedule', onDemand: 'Somebody', unknown: 'Unknown' },
    { summary: 'Started By', description: 'Whether a schedule or somebody started the job.' },
  ),
  submittedAt,
  endedAt: dateTime({ summary: 'Ended At', description: 'When the last stage ended; UTC.' }),
  stageCount: integer({ summary: 'Stage Count', description: 'How many stages there were.' }),
  successfulCount: integer({ summary: 'Successful Count', description: 'How many stages succeeded.' }),
  failedCount: integer({ summary: 'Failed Count', description: 'How many stages failed or timed out.' }),
  skippedCount: integer({
    summary: 'Skipped Count',
    description: 'How many stages were skipped: an earlier one failed, or the object is inactive.',
  }),
  canceledCount: integer({ summary: 'Canceled Count', description: 'How many stages were canceled.' }),
  stages: list(stage, {
    summary: 'Stages',
    description:
      'The result of each stage, in the order in which they ended; at most 100, those that did not succeed first.',
  }),
};
