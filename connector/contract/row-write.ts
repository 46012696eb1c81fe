/** What creating and updating an item have in common. */
import { dateTime, flag, optional, record, text } from './schema.ts';

export const writeOptions = {
  validUntil: optional(
    text({
      summary: 'Valid Until',
      description:
        'Until when the change is kept unless the data source brings it too: ISO 8601, at most 30 days ahead. When empty 4 hours for profiles, 30 days for activities.',
      maxLength: 64,
      visibility: 'advanced',
    }),
  ),
  caller: optional(
    text({
      summary: 'Caller',
      description: 'Free text that names you to Customer Insights, for example the name of the flow.',
      maxLength: 200,
      visibility: 'advanced',
    }),
  ),
};

export const acceptedWrite = record(
  {
    id: text({ summary: 'Item Id', description: 'Key of the item.' }),
    validUntil: dateTime({
      summary: 'Valid Until',
      description: 'Until when the change is kept unless the data source brings it too; UTC.',
    }),
    alreadyAccepted: flag({
      summary: 'Already Accepted',
      description: 'Whether this very request had been carried out before, and was not again.',
    }),
  },
  { definition: 'AcceptedWrite' },
);
