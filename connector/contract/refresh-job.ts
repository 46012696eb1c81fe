/** A refresh job, as several operations answer it. */
import { runStatus } from './run-status-schema.ts';
import { dateTime, flag, list, nullable, text } from './schema.ts';

export const refreshJobProperties = {
  jobId: text({ summary: 'Job Id', description: 'Identifies the job; give it to Get refresh status.' }),
  status: runStatus({ summary: 'Status', description: 'How the job stands.' }),
  isFinished: flag({
    summary: 'Is Finished',
    description: 'Whether the job has ended, however it ended. Repeat Get refresh status until it has.',
  }),
  isSuccessful: flag({ summary: 'Is Successful', description: 'Whether the job has ended with success.' }),
  operation: text({
    summary: 'Operation',
    description:
      'What is refreshed, in the words of Customer Insights: all, ingestion, segmentation, measures.',
  }),
  subjects: list(
    text({ summary: 'Subject', description: 'Id of a data source, or name of a segment or measure.' }),
    {
      summary: 'Subjects',
      description: 'What the job was asked to refresh; empty for everything of its kind.',
    },
  ),
  submittedBy: text({
    summary: 'Submitted By',
    description: 'scheduled for a job of the schedule, onDemand for one that somebody started.',
  }),
  submittedAt: nullable(
    dateTime({ summary: 'Submitted At', description: 'When the job was submitted; UTC.' }),
  ),
  endedAt: nullable(dateTime({ summary: 'Ended At', description: 'When the job ended; null before. UTC.' })),
};
