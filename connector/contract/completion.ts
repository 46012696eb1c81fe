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

/** The payload for a job with several stages. */
export const completionProperties = {
  jobId: text({ summary: 'Job Id', description: 'The refresh job in Customer Insights.' }),
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
