import type { SQSEvent, SQSMessageAttributes, SQSRecord } from 'aws-lambda';
import { isJsonObject } from '../../connector/emit/json.ts';
import type { LocalClock } from '../clock.ts';
import type { Outcome } from '../runtime/protocol.ts';
import { attributesDigest, bodyDigest } from '../sqs/message-digest.ts';
import type { ReceivedMessage } from '../sqs/queue-state.ts';
import type { MappingModel } from './model.ts';

/** The queue as its poller sees it. */
export interface SourceQueue {
  readonly arn: string;
  receive(max: number): readonly ReceivedMessage[];
  delete(receiptHandle: string): unknown;
  /** Calls back whenever a message may have become visible. @returns stops it */
  onAvailable(callback: () => void): () => void;
}

/** Batches at once when the mapping sets no maximum: Lambda begins with five pollers. */
const defaultConcurrency = 5;

export interface EventSource {
  stop(): void;
}

/**
 * Feeds a function from a queue as Lambda's event source mapping does: whole batches, at most so many at
 * once, what succeeded is deleted, what failed stays hidden until its visibility time-out runs out and is
 * then received again (or moved by the queue's redrive policy).
 * https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html
 */
export const startEventSource = (options: {
  readonly model: MappingModel;
  readonly queue: SourceQueue;
  readonly clock: LocalClock;
  readonly region: string;
  /**
   * No more batches at once than the function has environments: a message that waits would use up its
   * visibility.
   */
  readonly environments: number;
  readonly invoke: (functionName: string, event: SQSEvent) => Promise<Outcome>;
}): EventSource => {
  const { model, queue, clock } = options;
  const concurrency = Math.min(model.maximumConcurrency ?? defaultConcurrency, options.environments);
  let running = 0;
  let stopped = !model.enabled;

  const poll = (): void => {
    while (!stopped && running < concurrency) {
      const messages = queue.receive(model.batchSize);
      if (messages.length === 0) return;
      running += 1;
      void process(messages);
    }
  };

  const process = async (messages: readonly ReceivedMessage[]): Promise<void> => {
    const end = clock.begin();
    try {
      const Records = messages.map((message) => recordOf(message, queue.arn, options.region));
      const outcome = await options.invoke(model.functionName, { Records });
      if (stopped) return;
      const failed = failedMessages(model, outcome, messages);
      for (const { id, receiptHandle } of messages) if (!failed.has(id)) queue.delete(receiptHandle);
    } finally {
      running -= 1;
      // Before the end, so that the clock sees no gap between two batches.
      poll();
      end();
    }
  };

  const silence = queue.onAvailable(poll);
  poll();
  return {
    stop() {
      stopped = true;
      silence();
    },
  };
};

/** Ids of the messages that are to come back. */
const failedMessages = (
  model: MappingModel,
  outcome: Outcome,
  messages: readonly ReceivedMessage[],
): ReadonlySet<string> => {
  const all = new Set(messages.map(({ id }) => id));
  if (outcome.kind === 'error') return all;
  if (!model.reportsItemFailures) return new Set();
  const answer: unknown = JSON.parse(outcome.payload);
  const reported = isJsonObject(answer) ? answer.batchItemFailures : undefined;
  if (reported === undefined || reported === null) return new Set();
  if (!Array.isArray(reported)) return all;
  const failed = reported.map((item: unknown) => (isJsonObject(item) ? item.itemIdentifier : undefined));
  // An identifier that is missing, empty or unknown makes Lambda treat the whole batch as failed.
  return failed.every((id) => typeof id === 'string' && all.has(id)) ? new Set(failed.map(String)) : all;
};

const recordOf = (message: ReceivedMessage, queueArn: string, region: string): SQSRecord => {
  const digest = attributesDigest(message.attributes);
  return {
    messageId: message.id,
    receiptHandle: message.receiptHandle,
    body: message.body,
    attributes: {
      ApproximateReceiveCount: String(message.receiveCount),
      SentTimestamp: String(message.sentAtMs),
      SenderId: message.senderId,
      ApproximateFirstReceiveTimestamp: String(message.firstReceivedAtMs),
      ...(message.group === undefined ? {} : { MessageGroupId: message.group }),
      ...(message.deadLetterSource === undefined
        ? {}
        : { DeadLetterQueueSourceArn: message.deadLetterSource }),
    },
    messageAttributes: attributesOf(message),
    ...(digest === undefined ? {} : { md5OfMessageAttributes: digest }),
    md5OfBody: bodyDigest(message.body),
    eventSource: 'aws:sqs',
    eventSourceARN: queueArn,
    awsRegion: region,
  };
};

const attributesOf = ({ attributes }: ReceivedMessage): SQSMessageAttributes =>
  Object.fromEntries(
    Object.entries(attributes).map(([name, { DataType, StringValue, BinaryValue }]) => [
      name,
      {
        ...(StringValue === undefined ? {} : { stringValue: StringValue }),
        ...(BinaryValue === undefined ? {} : { binaryValue: BinaryValue }),
        stringListValues: [],
        binaryListValues: [],
        dataType: DataType,
      },
    ]),
  );
