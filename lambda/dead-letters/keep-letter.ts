import type { SQSRecord } from 'aws-lambda';
import type { QueueName } from '../functions.ts';
import { ConnectorError, hasCode } from '../runtime/errors.ts';
import type { CallLog } from '../runtime/log.ts';
import type { Count } from '../runtime/metrics.ts';
import type { DeadLetterStore } from '../store/dead-letters.ts';
import type { DeliveryMessage } from '../store/delivery-message.ts';
import { readMessage } from '../store/delivery-message-reader.ts';

export interface DeadLetterPorts {
  readonly letters: Pick<DeadLetterStore, 'keep'>;
  /** ARN of a dead-letter queue → the queue whose messages end there. */
  readonly queues: Readonly<Record<string, QueueName>>;
  readonly now: () => number;
  readonly log: CallLog;
  readonly count: Count;
}

/** The message came from a queue that the stack has not named. It stays there. */
export class UnknownQueue extends ConnectorError<'SettingsInvalid'> {
  constructor(arn: string) {
    super(
      'SettingsInvalid',
      `A dead letter came from ${arn}, which the function was not told of. Deploy the stack again.`,
    );
  }
}

/** What a letter is about, where it can be read: a newer program may have written it. */
const idsOf = (
  queue: QueueName,
  body: string,
): Partial<Pick<DeliveryMessage, 'deliveryId' | 'subscriptionId'>> => {
  if (queue === 'watch') return {};
  try {
    const { deliveryId, subscriptionId } = readMessage(body);
    return { deliveryId, subscriptionId };
  } catch (error) {
    if (hasCode(error, 'UnknownMessage')) return {};
    throw error;
  }
};

/**
 * Writes the record of a dead letter. When it returns, the message may be deleted: its text is in the table.
 * When it throws, the message stays in the dead-letter queue and comes back.
 * @throws UnknownQueue, RecordTooLarge
 */
export const keepLetter = async (
  { letters, queues, now, log, count }: DeadLetterPorts,
  { body, messageId, eventSourceARN, attributes }: SQSRecord,
): Promise<void> => {
  const queue = queues[eventSourceARN];
  if (queue === undefined) throw new UnknownQueue(eventSourceARN);
  const sentAt = Number(attributes.SentTimestamp);
  // A message that was received twice is one letter.
  if (!(await letters.keep({ queue, messageId, sentAt, storedAt: now(), body }))) return;
  count('DeadLettersKept');
  log.warn('dead letter kept', { queue, messageId, ...idsOf(queue, body) });
};
