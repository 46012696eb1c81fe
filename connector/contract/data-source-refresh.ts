/** Shared by the triggers on data sources. */
import { dataSourceDropDown } from './drop-downs.ts';
import { ownershipProperties, submittedAt } from './parameters.ts';
import { runStatus } from './run-status-schema.ts';
import { dateTime, optional, text } from './schema.ts';

export const dataSourceInput = optional(
  text({
    summary: 'Data Source',
    description: 'The data source to watch: its id or its unique name. Leave empty for any.',
    maxLength: 200,
    dynamicValues: dataSourceDropDown,
  }),
);

/** The payload for the refresh of one data source. */
export const dataSourceRefreshProperties = {
  dataSourceName: text({
    summary: 'Data Source Name',
    description: 'Name of the data source, as Customer Insights shows it.',
  }),
  status: runStatus({ summary: 'Status', description: 'How the refresh ended.' }),
};

export const dataSourceRefreshDetails = {
  ...ownershipProperties,
  endedAt: optional(dateTime({ summary: 'Ended At', description: 'When the refresh ended; UTC.' })),
  submittedAt,
  dataSourceId: optional(
    text({
      summary: 'Data Source Id',
      description: 'Id of the data source; absent if it no longer exists or several have its name.',
      visibility: 'advanced',
    }),
  ),
  jobId: text({
    summary: 'Job Id',
    description: 'The refresh job in Customer Insights.',
    visibility: 'advanced',
  }),
};
