import pMap from 'p-map';
import type { AwsClient } from './aws-services.ts';
import { ConnectorError } from './errors.ts';

/** What SQS allows as a delay of one message, seconds. */
export const maximumDelaySeconds = 900;
/**
 * Most bytes of a message, and of all messages of a batch. Our own limit: SQS takes more by now, but what is
 * sent here must still fit where it does not, and into an item of the table.
 */
export const maximumMessageBytes = 256 * 1024;
/** Most messages in one SendMessageBatch. */
const batchSize = 10;
/** Batches under way at once. */
const batchesAtOnce = 8;

export interface Outgoing {
  readonly body: string;
  /** Whole seconds, at most {@link maximumDelaySeconds}. */
  readonly delaySeconds?: number;
  /**
   * Message group: a group that fills the queue does not delay the others. At most 128 letters, digits and
   * punctuation.
   * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-fair-queues.html
   */
  readonly group?: string;
}

/** Messages that the queue did not take. The caller repeats all of its work; ids make that harmless. */
export class QueueUnavailable extends ConnectorError<'QueueUnavailable'> {
  constructor(message: string, options?: ErrorOptions) {
    super('QueueUnavailable', message, options);
  }
}

/** A message that no queue takes, however often it is sent. Nothing was sent. */
export class MessageTooLarge extends ConnectorError<'MessageTooLarge'> {
  constructor(message: string) {
    super('MessageTooLarge', message);
  }
}

/** @throws MessageTooLarge */
export const checkMessageSize = ({ body }: Outgoing): void => {
  const bytes = Buffer.byteLength(body);
  if (bytes > maximumMessageBytes)
    throw new MessageTooLarge(
      `A message of ${bytes} bytes was not sent: a queue takes ${maximumMessageBytes} at most.`,
    );
};

/**
 * Sends to one queue. Resolves when every message is queued.
 * @throws MessageTooLarge before anything is sent
 */
export type Send = (messages: readonly Outgoing[]) => Promise<void>;

const batches = (messages: readonly Outgoing[]): readonly (readonly Outgoing[])[] => {
  const result: Outgoing[][] = [];
  let bytes = 0;
  for (const message of messages) {
    const size = Buffer.byteLength(message.body);
    const last = result.at(-1);
    if (!last || last.length === batchSize || bytes + size > maximumMessageBytes) {
      result.push([message]);
      bytes = size;
    } else {
      last.push(message);
      bytes += size;
    }
  }
  return result;
};

/** Sends in batches, several at once. Messages of a batch that the queue did not take are sent once more. */
export const sqsSend = (client: AwsClient<'sqs'>, queueUrl: string): Send => {
  const sendBatch = async (batch: readonly Outgoing[]): Promise<readonly Outgoing[]> => {
    const { Successful = [], Failed = [] } = await client('SendMessageBatch', {
      QueueUrl: queueUrl,
      Entries: batch.map(({ body, delaySeconds, group }, index) => ({
        Id: String(index),
        MessageBody: body,
        ...(delaySeconds !== undefined && { DelaySeconds: delaySeconds }),
        ...(group !== undefined && { MessageGroupId: group }),
      })),
    }).catch((cause: unknown) => {
      throw new QueueUnavailable('The queue did not answer.', { cause });
    });
    const unknown = Failed.find(({ Id }) => !batch.some((_, index) => String(index) === Id));
    // Which message was not taken is not known then. All are sent again by the caller.
    if (unknown !== undefined)
      throw new QueueUnavailable(
        `The queue refused a message (${unknown.Code}) that it calls ${JSON.stringify(unknown.Id)}, which is not one of the ${batch.length} of the batch.`,
      );
    const taken = new Set(Successful.map(({ Id }) => Id));
    for (const { Id } of Failed) taken.delete(Id);
    // Also those of which the answer says nothing.
    return batch.filter((_, index) => !taken.has(String(index)));
  };
  return async (messages) => {
    messages.forEach(checkMessageSize);
    const sendAll = async (batch: readonly Outgoing[]) => {
      const refused = await sendBatch(batch);
      const lost = refused.length > 0 ? await sendBatch(refused) : [];
      if (lost.length > 0)
        throw new QueueUnavailable(
          `The queue did not take ${lost.length} ${lost.length === 1 ? 'message' : 'messages'} of ${batch.length}.`,
        );
    };
    await pMap(batches(messages), sendAll, { concurrency: batchesAtOnce });
  };
};
