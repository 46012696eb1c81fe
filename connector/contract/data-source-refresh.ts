/** Shared by the triggers on data sources. */
import { dataSourceDropDown } from './drop-downs.ts';
import { submittedAt } from './parameters.ts';
import { runStatus } from './run-status-schema.ts';
import { dateTime, optional, text } from './schema.ts';

export const dataSourceInput = optional(
  text({
    summary: 'Data Source',
    description: 'The data source to watch. Leave empty for any.',
    maxLength: 100,
    dynamicValues: dataSourceDropDown,
  }),
);

/** The payload for the refresh of one data source. */
export const dataSourceRefreshProperties = {
  dataSourceId: optional(
    text({
      summary: 'Data Source Id',
      description: 'The data source; absent when it no longer exists or its name fits several.',
    }),
  ),
  dataSourceName: text({ summary: 'Data Source Name', description: 'Name of the data source.' }),
  jobId: text({ summary: 'Job Id', description: 'The refresh job in Customer Insights.' }),
  status: runStatus({ summary: 'Status', description: 'How the refresh ended.' }),
  submittedAt,
  endedAt: optional(dateTime({ summary: 'Ended At', description: 'When the refresh ended; UTC.' })),
};
