import type { Fields } from '../aws/fields.ts';
import { ServiceError } from '../aws/service-error.ts';
import { invalidParameterValue, sqsError } from './sqs-error.ts';

const entryId = /^[A-Za-z0-9_-]{1,80}$/;

/**
 * The entries of a batch request: 1 to 10 with distinct ids, and no member that is not honoured. Throws a
 * ServiceError.
 */
export const readEntries = (input: Fields, members: readonly string[]): readonly Fields[] => {
  const entries = input.entries('Entries');
  if (entries.length === 0)
    throw sqsError('EmptyBatchRequest', 'There should be at least one entry in the request.');
  if (entries.length > 10)
    throw sqsError(
      'TooManyEntriesInBatchRequest',
      `Maximum number of entries per request are 10. You have sent ${entries.length}.`,
    );
  const ids = entries.map((entry) => entry.string('Id'));
  const invalid = ids.find((id) => !entryId.test(id));
  if (invalid !== undefined)
    throw sqsError(
      'InvalidBatchEntryId',
      `A batch entry id has 1 to 80 letters, digits, hyphens and underscores, not "${invalid}".`,
    );
  const repeated = ids.find((id, index) => ids.indexOf(id) !== index);
  if (repeated !== undefined) throw sqsError('BatchEntryIdsNotDistinct', `Id ${repeated} repeated.`);
  const ignored = entries
    .flatMap((entry) => entry.names())
    .find((name) => name !== 'Id' && !members.includes(name));
  if (ignored !== undefined)
    throw sqsError('UnsupportedOperation', `The local SQS does not honour ${ignored} of a batch entry.`);
  return entries;
};

/** Processes each entry and separates successes from failures. */
export const eachEntry = (
  entries: readonly Fields[],
  action: (entry: Fields) => object,
): { readonly Successful: readonly object[]; readonly Failed: readonly object[] } => {
  const Successful: object[] = [];
  const Failed: object[] = [];
  for (const entry of entries) {
    const Id = entry.string('Id');
    try {
      Successful.push({ Id, ...action(entry) });
    } catch (error) {
      if (!(error instanceof ServiceError)) throw error;
      Failed.push({ Id, SenderFault: true, Code: error.queryCode ?? error.type, Message: error.message });
    }
  }
  return { Successful, Failed };
};

/** Throws when the entries are longer together than one message may be. */
export const checkBatchBytes = (bytes: number): void => {
  if (bytes > 1_048_576)
    throw sqsError(
      'BatchRequestTooLong',
      `Batch requests cannot be longer than 1048576 bytes. You have sent ${bytes} bytes.`,
    );
};

/** The handle of a request, with an error for a missing one that names it. */
export const readHandle = (entry: Fields): string => {
  const handle = entry.string('ReceiptHandle');
  if (handle === '') throw invalidParameterValue('The request must contain the parameter ReceiptHandle.');
  return handle;
};
