/**
 * Closed lists of words, value → what people read. In a separate file from their schemas, so that functions
 * can import only them.
 */

/** The states of a run in Customer Insights, in the words of its System page. */
export const runStatuses = {
  notStarted: 'Not started',
  queued: 'Queued',
  running: 'Refreshing',
  successful: 'Successful',
  failed: 'Failed',
  timedOut: 'Failed (timed out)',
  canceled: 'Canceled',
  skipped: 'Skipped',
  outdated: 'Needs update',
  unknown: 'Unknown',
} as const;

export type RunStatus = keyof typeof runStatuses;

/** The same, as the status report tells them: a run that follows a failure is not yet in order. */
export const reportStatuses = { ...runStatuses, retrying: 'Refreshing again after a failure' } as const;

export type ReportStatus = keyof typeof reportStatuses;

/** Sections of the status report. */
export const reportSections = {
  dataSources: 'Data sources',
  segments: 'Segments',
  measures: 'Measures',
  system: 'System processes',
} as const;

export type ReportSection = keyof typeof reportSections;
