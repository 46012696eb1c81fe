/** Shared by the triggers on refreshes with several stages. */
import { errorProperties, submittedAt } from './parameters.ts';
import { runStatus } from './run-status-schema.ts';
import { choice, dateTime, integer, list, optional, record, text } from './schema.ts';

/** The outcomes of a refresh that the flow runs for. */
export const outcomeOption = optional(
  choice(
    { any: 'Any', succeeded: 'Succeeded', failed: 'Failed' },
    {
      summary: 'Outcome',
      description:
        'any: the flow runs after each refresh. succeeded: only if everything in it succeeded. failed: only if something in it did not.',
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

/** The payload for a job with several stages. */
export const completionProperties = {
  outcome: choice(
    { succeeded: 'Succeeded', failed: 'Failed' },
    {
      summary: 'Outcome',
      description:
        'succeeded: everything that was to be refreshed was. failed: something failed, timed out or was canceled.',
    },
  ),
  failedCount: integer({ summary: 'Failed Count', description: 'How many stages failed or timed out.' }),
  stageCount: integer({ summary: 'Stage Count', description: 'How many stages there were.' }),
  stages: list(stage, {
    summary: 'Stages',
    description:
      'The result of each stage, in the order in which they ended; at most 100, those that did not succeed first.',
  }),
  startedBy: choice(
    { scheduled: 'Schedule', onDemand: 'A person', unknown: 'Unknown' },
    { summary: 'Started By', description: 'Whether the schedule or a person started the job.' },
  ),
};

export const completionDetails = {
  endedAt: dateTime({ summary: 'Ended At', description: 'When the last stage ended; UTC.' }),
  submittedAt,
  successfulCount: integer({ summary: 'Successful Count', description: 'How many stages succeeded.' }),
  skippedCount: integer({
    summary: 'Skipped Count',
    description: 'How many stages were skipped: an earlier one failed, or the object is inactive.',
  }),
  canceledCount: integer({ summary: 'Canceled Count', description: 'How many stages were canceled.' }),
  status: runStatus({
    summary: 'Status',
    description: 'State of the job when this happened.',
    visibility: 'advanced',
  }),
  jobId: text({
    summary: 'Job Id',
    description: 'The refresh job in Customer Insights.',
    visibility: 'advanced',
  }),
};
