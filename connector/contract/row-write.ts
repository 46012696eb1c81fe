/** What creating and updating an item have in common. */
import { dateTime, flag, optional, record, text } from './schema.ts';

export const writeOptions = {
  validUntil: optional(
    dateTime({
      summary: 'Valid Until',
      description:
        'The change is kept until this time (UTC), unless the data source contains it by then: at most 30 days ahead. If empty, 4 hours for profiles and 30 days for activities.',
      visibility: 'advanced',
    }),
  ),
  caller: optional(
    text({
      summary: 'Caller',
      description: 'Text that identifies the caller to Customer Insights, for example the name of the flow.',
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
      description: 'The change is kept until this time (UTC), unless the data source contains it by then.',
    }),
    alreadyAccepted: flag({
      summary: 'Already Accepted',
      description: 'Whether the same request was accepted before; then it is not carried out again.',
    }),
  },
  { definition: 'AcceptedWrite' },
);
