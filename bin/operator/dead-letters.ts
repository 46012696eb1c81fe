import {
  ChangeMessageVisibilityCommand,
  DeleteMessageCommand,
  ReceiveMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';

export interface DeadLetter {
  readonly messageId: string;
  readonly body: string;
  /** Epoch ms; when it was sent to the queue it lies in, or to the one it came from. */
  readonly sentAt: number;
  readonly handle: string;
}

/** A dead-letter queue. What is received is hidden from others for a while, and comes back by itself. */
export interface DeadLetterQueue {
  /** What its messages have in common, in words. */
  readonly name: string;
  /** At most ten; empty when there are no more. */
  receive(): Promise<readonly DeadLetter[]>;
  remove(letter: DeadLetter): Promise<void>;
  /** Shows it again at once. */
  release(letter: DeadLetter): Promise<void>;
}

/** Longer than a run takes, seconds; one that dies leaves its messages hidden for as long, not lost. */
const hiddenSeconds = 600;

export const sqsDeadLetters = (client: SQSClient, name: string, queueUrl: string): DeadLetterQueue => ({
  name,
  async receive() {
    const { Messages = [] } = await client.send(
      new ReceiveMessageCommand({
        QueueUrl: queueUrl,
        MaxNumberOfMessages: 10,
        VisibilityTimeout: hiddenSeconds,
        // Asks all of the queue's servers, not some.
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
