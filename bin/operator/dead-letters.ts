import {
  ChangeMessageVisibilityCommand,
  DeleteMessageCommand,
  ReceiveMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';

export interface DeadLetter {
  readonly messageId: string;
  readonly body: string;
  /** Epoch ms; when it was sent to its present queue, or to its source queue. */
  readonly sentAt: number;
  readonly handle: string;
}

/**
 * A dead-letter queue. A received message is hidden from other receivers for a while, and then visible again.
 */
export interface DeadLetterQueue {
  /** Describes its messages. */
  readonly name: string;
  /** At most ten; empty when there are no more. */
  receive(): Promise<readonly DeadLetter[]>;
  remove(letter: DeadLetter): Promise<void>;
  /** Makes it visible again at once. */
  release(letter: DeadLetter): Promise<void>;
}

/**
 * Longer than a run takes, seconds. If a run ends early, its messages stay hidden for this time; they are not
 * lost.
 */
const hiddenSeconds = 600;

export const sqsDeadLetters = (client: SQSClient, name: string, queueUrl: string): DeadLetterQueue => ({
  name,
  async receive() {
    const { Messages = [] } = await client.send(
      new ReceiveMessageCommand({
        QueueUrl: queueUrl,
        MaxNumberOfMessages: 10,
        VisibilityTimeout: hiddenSeconds,
        // Queries all servers of the queue.
        WaitTimeSeconds: 1,
        MessageSystemAttributeNames: ['SentTimestamp'],
      }),
    );
    return Messages.map(({ MessageId = '', Body = '', ReceiptHandle = '', Attributes }) => ({
      messageId: MessageId,
      body: Body,
      sentAt: Number(Attributes?.SentTimestamp ?? 0),
      handle: ReceiptHandle,
    }));
  },
  async remove({ handle }) {
    await client.send(new DeleteMessageCommand({ QueueUrl: queueUrl, ReceiptHandle: handle }));
  },
  async release({ handle }) {
    await client.send(
      new ChangeMessageVisibilityCommand({
        QueueUrl: queueUrl,
        ReceiptHandle: handle,
        VisibilityTimeout: 0,
      }),
    );
  },
});
