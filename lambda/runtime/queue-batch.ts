import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import type { CallLog } from './log.ts';
import { loggedError } from './redaction.ts';

/**
 * Handles each message of a batch by itself. One that throws stays in the queue, is tried again after its visibility time-out,
 * and ends as a dead letter after the queue's maximum of receives.
 */
export const forEachMessage = async (
  event: SQSEvent,
  log: CallLog,
  handle: (body: string) => Promise<void>,
): Promise<SQSBatchResponse> => {
  const outcomes = await Promise.all(
    event.Records.map(async ({ body, messageId, attributes }) => {
      try {
        await handle(body);
        return [];
      } catch (error) {
        log.warn('message failed', {
          messageId,
          receives: attributes.ApproximateReceiveCount,
          error: loggedError(error),
        });
        return [{ itemIdentifier: messageId }];
      }
    }),
  );
  return { batchItemFailures: outcomes.flat() };
};
