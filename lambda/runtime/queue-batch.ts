import type { SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import type { CallLog } from './log.ts';
import { type Count, countNothing } from './metrics.ts';
import { loggedError } from './redaction.ts';

/** When a message was sent, epoch ms of the queue's clock; undefined where the queue does not say. */
export const sentAtOf = ({ attributes }: SQSRecord): number | undefined =>
  Number(attributes.SentTimestamp) || undefined;

/**
 * Handles each message of a batch on its own. A message whose handler throws stays in the queue, is received
 * again after the visibility time-out, and is moved to the dead-letter queue after the maximum number of
 * receives. It is logged and counted.
 */
export const forEachMessage = async (
  event: SQSEvent,
  log: CallLog,
  handle: (body: string, record: SQSRecord) => Promise<void>,
  count: Count = countNothing,
): Promise<SQSBatchResponse> => {
  const outcomes = await Promise.all(
    event.Records.map(async (record) => {
      const { body, messageId, attributes } = record;
      try {
        await handle(body, record);
        return [];
      } catch (error) {
        count('MessagesFailed');
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
