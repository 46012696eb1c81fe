/** A refresh job, as several operations answer it. */
import { runStatus } from './run-status-schema.ts';
import { dateTime, flag, list, nullable, text } from './schema.ts';

export const refreshJobProperties = {
  jobId: text({ summary: 'Job Id', description: 'Id of the job, for Get refresh status.' }),
  status: runStatus({ summary: 'Status', description: 'State of the job.' }),
  isFinished: flag({
    summary: 'Is Finished',
    description:
      'Whether the job has ended, with or without success. Repeat Get refresh status until it has.',
  }),
  isSuccessful: flag({ summary: 'Is Successful', description: 'Whether the job has ended successfully.' }),
  operation: text({
    summary: 'Operation',
    description:
      'What is refreshed, in the words of Customer Insights: all, ingestion, segmentation, measures.',
  }),
  subjects: list(
    text({ summary: 'Subject', description: 'Id of a data source, or unique name of a segment or measure.' }),
    {
      summary: 'Subjects',
      description: 'What the job refreshes; empty if it refreshes everything of its kind.',
    },
  ),
  submittedBy: text({
    summary: 'Submitted By',
    description: 'scheduled: by the schedule. onDemand: by a person or a program.',
  }),
  submittedAt: nullable(
    dateTime({ summary: 'Submitted At', description: 'When the job was submitted; UTC.' }),
  ),
  endedAt: nullable(dateTime({ summary: 'Ended At', description: 'When the job ended; null before. UTC.' })),
};
