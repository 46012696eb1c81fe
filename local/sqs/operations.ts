import type { Permission } from '../aws/authorize.ts';
import type { Fields } from '../aws/fields.ts';
import type { JsonService, ServiceOperation } from '../aws/json-server.ts';
import { checkBatchBytes, eachEntry, readEntries, readHandle } from './batch.ts';
import type { LocalQueue } from './local-queue.ts';
import { reportedAttributes } from './queue-settings.ts';
import type { Queues } from './queues.ts';
import { receivedAnswer } from './received.ts';
import { readSend, sendMembers, sendTo } from './send-request.ts';
import { accessDenied, invalidParameterValue, sqsError, unknownAction } from './sqs-error.ts';

const visibilityRange = { min: 0, max: 43_200 };

/**
 * SQS over AWS JSON 1.0.
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_Operations.html
 */
export const sqsService = (queues: Queues, url: () => string): JsonService => {
  const queueOf = (input: Fields): LocalQueue => queues.byUrl(input.string('QueueUrl'));
  /** An operation on the queue that QueueUrl names. */
  const onQueue = (
    action: string,
    members: readonly string[],
    run: (queue: LocalQueue, input: Fields, aborted: AbortSignal) => object | Promise<object>,
  ): ServiceOperation => ({
    members: ['QueueUrl', ...members],
    permissions: (input) => [{ action: `sqs:${action}`, resource: queueOf(input).arn }],
    run: (input, aborted) => run(queueOf(input), input, aborted),
  });

  return {
    title: 'SQS',
    target: 'AmazonSQS',
    unknownOperation: unknownAction,
    unsupported: (message) => sqsError('UnsupportedOperation', message),
    malformed: invalidParameterValue,
    accessDenied,
    operations: {
      CreateQueue: {
        members: ['QueueName', 'Attributes', 'tags'],
        permissions: (input) => [
          { action: 'sqs:CreateQueue', resource: queues.arnOf(input.string('QueueName')) },
        ],
        run: (input) => ({
          QueueUrl: queues.create(
            input.string('QueueName'),
            input.optionalStringMap('Attributes') ?? {},
            url(),
          ).url,
        }),
      },
      GetQueueUrl: {
        members: ['QueueName'],
        permissions: (input) => [
          { action: 'sqs:GetQueueUrl', resource: queues.arnOf(input.string('QueueName')) },
        ],
        run: (input) => ({ QueueUrl: queues.get(input.string('QueueName')).url }),
      },
      ListQueues: {
        members: ['QueueNamePrefix'],
        permissions: () => [{ action: 'sqs:ListQueues', resource: '*' }],
        run: (input) => {
          const prefix = input.optionalString('QueueNamePrefix') ?? '';
          return {
            QueueUrls: queues
              .list()
              .filter(({ name }) => name.startsWith(prefix))
              .map((queue) => queue.url),
          };
        },
      },
      GetQueueAttributes: onQueue('GetQueueAttributes', ['AttributeNames'], (queue, input) => {
        const names = input.strings('AttributeNames');
        const all = Object.entries(queueAttributes(queue));
        return {
          Attributes: Object.fromEntries(
            all.filter(([name]) => names.includes('All') || names.includes(name)),
          ),
        };
      }),
      SetQueueAttributes: onQueue('SetQueueAttributes', ['Attributes'], (queue, input) => {
        queues.configure(queue, input.optionalStringMap('Attributes') ?? {});
        return {};
      }),
      PurgeQueue: onQueue('PurgeQueue', [], (queue) => {
        queue.purge();
        return {};
      }),
      SendMessage: onQueue('SendMessage', sendMembers, (queue, input) =>
        sendTo(queue, readSend(input, queue)),
      ),
      SendMessageBatch: onQueue('SendMessage', ['Entries'], (queue, input) => {
        const entries = readEntries(input, sendMembers);
        checkBatchBytes(
          entries.reduce((sum, entry) => sum + Buffer.byteLength(entry.string('MessageBody')), 0),
        );
        return eachEntry(entries, (entry) => sendTo(queue, readSend(entry, queue)));
      }),
      ReceiveMessage: onQueue('ReceiveMessage', receiveMembers, async (queue, input, aborted) => {
        const messages = await queue.poll({
          max: input.optionalInteger('MaxNumberOfMessages', { min: 1, max: 10 }) ?? 1,
          waitSeconds:
            input.optionalInteger('WaitTimeSeconds', { min: 0, max: 20 }) ?? queue.settings.waitTimeSeconds,
          visibilitySeconds: input.optionalInteger('VisibilityTimeout', visibilityRange),
          aborted,
        });
        return messages.length === 0
          ? {}
          : { Messages: messages.map((message) => receivedAnswer(message, input)) };
      }),
      DeleteMessage: onQueue('DeleteMessage', ['ReceiptHandle'], deleteMessage),
      DeleteMessageBatch: onQueue('DeleteMessage', ['Entries'], (queue, input) =>
        eachEntry(readEntries(input, ['ReceiptHandle']), (entry) => deleteMessage(queue, entry)),
      ),
      ChangeMessageVisibility: onQueue(
        'ChangeMessageVisibility',
        ['ReceiptHandle', 'VisibilityTimeout'],
        changeVisibility,
      ),
      ChangeMessageVisibilityBatch: onQueue('ChangeMessageVisibility', ['Entries'], (queue, input) =>
        eachEntry(readEntries(input, ['ReceiptHandle', 'VisibilityTimeout']), (entry) =>
          changeVisibility(queue, entry),
        ),
      ),
      StartMessageMoveTask: {
        members: ['SourceArn', 'DestinationArn', 'MaxNumberOfMessagesPerSecond'],
        permissions: movePermissions,
        run: (input) => {
          const rate = input.optionalInteger('MaxNumberOfMessagesPerSecond', { min: 1, max: 500 });
          const task = queues.move(input.string('SourceArn'), input.optionalString('DestinationArn'), rate);
          return { TaskHandle: task.handle };
        },
      },
      ListMessageMoveTasks: {
        members: ['SourceArn', 'MaxResults'],
        permissions: (input) => [{ action: 'sqs:ListMessageMoveTasks', resource: input.string('SourceArn') }],
        run: (input) => {
          const max = input.optionalInteger('MaxResults', { min: 1, max: 10 }) ?? 1;
          return {
            Results: queues
              .movesOf(input.string('SourceArn'))
              .slice(0, max)
              .map((task) => ({
                // Only a running task can be cancelled, so only it has a handle.
                TaskHandle: task.status === 'RUNNING' ? task.handle : undefined,
                Status: task.status,
                SourceArn: task.sourceArn,
                DestinationArn: task.destinationArn,
                MaxNumberOfMessagesPerSecond: task.messagesPerSecond,
                ApproximateNumberOfMessagesMoved: task.moved,
                ApproximateNumberOfMessagesToMove: task.toMove,
                FailureReason: task.failureReason,
                StartedTimestamp: task.startedAtMs,
              })),
          };
        },
      },
    },
  };
};

const receiveMembers: readonly string[] = [
  'AttributeNames',
  'MessageSystemAttributeNames',
  'MessageAttributeNames',
  'MaxNumberOfMessages',
  'VisibilityTimeout',
  'WaitTimeSeconds',
];

const deleteMessage = (queue: LocalQueue, input: Fields): object => {
  if (queue.delete(readHandle(input)) === 'invalid handle') throw invalidHandle();
  return {};
};

const changeVisibility = (queue: LocalQueue, input: Fields): object => {
  const seconds = input.optionalInteger('VisibilityTimeout', visibilityRange);
  if (seconds === undefined)
    throw invalidParameterValue('The request must contain the parameter VisibilityTimeout.');
  switch (queue.changeVisibility(readHandle(input), seconds)) {
    case 'changed':
      return {};
    case 'not in flight':
      throw sqsError('MessageNotInflight', 'The message referred to is not in flight.');
    case 'beyond 12 hours':
      throw invalidParameterValue(
        `Value ${seconds} for parameter VisibilityTimeout is invalid. Reason: Total VisibilityTimeout for the message is beyond the limit [43200 seconds].`,
      );
    case 'invalid handle':
      throw invalidHandle();
  }
};

const invalidHandle = () =>
  sqsError('ReceiptHandleIsInvalid', 'The input receipt handle is not a valid receipt handle.');

const queueAttributes = (queue: LocalQueue): Readonly<Record<string, string>> => {
  const { visible, inFlight, delayed } = queue.counts();
  return {
    ...reportedAttributes(queue.settings),
    QueueArn: queue.arn,
    CreatedTimestamp: String(Math.floor(queue.createdAtMs / 1_000)),
    LastModifiedTimestamp: String(Math.floor(queue.modifiedAtMs / 1_000)),
    ApproximateNumberOfMessages: String(visible),
    ApproximateNumberOfMessagesNotVisible: String(inFlight),
    ApproximateNumberOfMessagesDelayed: String(delayed),
  };
};

/**
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-configure-dead-letter-queue-redrive.html
 * (permissions)
 */
const movePermissions = (input: Fields): readonly Permission[] => {
  const source = input.string('SourceArn');
  const destination = input.optionalString('DestinationArn');
  return [
    ...['StartMessageMoveTask', 'ReceiveMessage', 'DeleteMessage', 'GetQueueAttributes'].map((action) => ({
      action: `sqs:${action}`,
      resource: source,
    })),
    ...(destination === undefined ? [] : [{ action: 'sqs:SendMessage', resource: destination }]),
  ];
};
