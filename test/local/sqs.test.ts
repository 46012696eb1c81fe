import {
  ChangeMessageVisibilityBatchCommand,
  ChangeMessageVisibilityCommand,
  CreateQueueCommand,
  DeleteMessageBatchCommand,
  DeleteMessageCommand,
  DeleteQueueCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  ListMessageMoveTasksCommand,
  ListQueuesCommand,
  type Message,
  PurgeQueueCommand,
  ReceiveMessageCommand,
  type ReceiveMessageCommandInput,
  SendMessageBatchCommand,
  SendMessageCommand,
  SetQueueAttributesCommand,
  SQSClient,
  StartMessageMoveTaskCommand,
} from '@aws-sdk/client-sqs';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { LocalClock } from '../../local/clock.ts';
import { OrderedHeap } from '../../local/sqs/ordered-heap.ts';
import { queueSettings } from '../../local/sqs/queue-settings.ts';
import { QueueState } from '../../local/sqs/queue-state.ts';
import { type LocalSqs, startSqs } from '../../local/sqs/server.ts';
import { recordedCalls } from './recorded-calls.ts';

const start = Date.UTC(2026, 0, 1);

let clock: LocalClock;
let sqs: LocalSqs;
let client: SQSClient;
const recorded = recordedCalls();
const { calls } = recorded;

beforeEach(async () => {
  clock = LocalClock.frozen(start);
  recorded.reset();
  sqs = await startSqs({
    clock,
    authorize: recorded.authorize,
  });
  client = new SQSClient({
    endpoint: sqs.url,
    region: 'eu-west-1',
    credentials: { accessKeyId: 'AKIDWATCH', secretAccessKey: 'secret' },
    maxAttempts: 1,
  });
});

afterEach(async () => {
  client.destroy();
  await sqs.close();
});

const create = (name: string, attributes: Record<string, string> = {}): string =>
  sqs.createQueue(name, attributes).url;
const send = (queue: string, body: string, delay?: number) =>
  client.send(new SendMessageCommand({ QueueUrl: queue, MessageBody: body, DelaySeconds: delay }));
const receive = async (queue: string, input: Partial<ReceiveMessageCommandInput> = {}): Promise<Message[]> =>
  (await client.send(new ReceiveMessageCommand({ QueueUrl: queue, MaxNumberOfMessages: 10, ...input })))
    .Messages ?? [];
const bodies = (messages: readonly Message[]) => messages.map(({ Body }) => Body);
const counts = async (queue: string) => {
  const answer = await client.send(
    new GetQueueAttributesCommand({ QueueUrl: queue, AttributeNames: ['All'] }),
  );
  const { Attributes: all = {} } = answer;
  return [
    all.ApproximateNumberOfMessages,
    all.ApproximateNumberOfMessagesNotVisible,
    all.ApproximateNumberOfMessagesDelayed,
  ].map(Number);
};
const failure = async (promise: Promise<unknown>) => {
  const error: unknown = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof Error)) throw new Error('The call was expected to fail.');
  return error as Error & {
    readonly Code?: string;
    readonly $metadata: { readonly httpStatusCode?: number };
  };
};

describe('queues', () => {
  it('are created, found, listed and read back with their attributes', async () => {
    const created = await client.send(
      new CreateQueueCommand({
        QueueName: 'watch',
        Attributes: { VisibilityTimeout: '60', DelaySeconds: '5' },
      }),
    );
    expect(created.QueueUrl).toBe(`${sqs.url}/000000000000/watch`);
    const again = await client.send(
      new CreateQueueCommand({ QueueName: 'watch', Attributes: { DelaySeconds: '5' } }),
    );
    expect(again.QueueUrl).toBe(created.QueueUrl);
    expect((await client.send(new GetQueueUrlCommand({ QueueName: 'watch' }))).QueueUrl).toBe(
      created.QueueUrl,
    );
    create('deliver');
    expect((await client.send(new ListQueuesCommand({ QueueNamePrefix: 'wat' }))).QueueUrls).toEqual([
      created.QueueUrl,
    ]);
    await client.send(
      new SetQueueAttributesCommand({ QueueUrl: created.QueueUrl, Attributes: { VisibilityTimeout: '90' } }),
    );
    const { Attributes } = await client.send(
      new GetQueueAttributesCommand({ QueueUrl: created.QueueUrl, AttributeNames: ['All'] }),
    );
    expect(Attributes).toMatchObject({
      QueueArn: 'arn:aws:sqs:eu-west-1:000000000000:watch',
      VisibilityTimeout: '90',
      DelaySeconds: '5',
      MessageRetentionPeriod: '345600',
      MaximumMessageSize: '1048576',
      CreatedTimestamp: String(start / 1_000),
    });
  });

  it('refuse what they do not know, by the names of the SDK', async () => {
    create('watch', { VisibilityTimeout: '60' });
    const missing = await failure(client.send(new GetQueueUrlCommand({ QueueName: 'none' })));
    expect(missing.name).toBe('QueueDoesNotExist');
    expect(missing.Code).toBe('AWS.SimpleQueueService.NonExistentQueue');
    expect(missing.$metadata.httpStatusCode).toBe(400);
    const other = new CreateQueueCommand({ QueueName: 'watch', Attributes: { VisibilityTimeout: '61' } });
    expect((await failure(client.send(other))).name).toBe('QueueNameExists');
    const fifo = new CreateQueueCommand({ QueueName: 'a', Attributes: { FifoQueue: 'true' } });
    expect(await failure(client.send(fifo))).toMatchObject({
      name: 'InvalidAttributeName',
      message: expect.stringContaining('FifoQueue'),
    });
    const long = new CreateQueueCommand({ QueueName: 'a', Attributes: { DelaySeconds: '901' } });
    expect(await failure(client.send(long))).toMatchObject({
      name: 'InvalidAttributeValue',
      message: expect.stringContaining('0 to 900'),
    });
    const unknown = await failure(client.send(new DeleteQueueCommand({ QueueUrl: sqs.queueUrl('watch') })));
    expect(unknown.message).toContain('does not support the operation DeleteQueue');
    const deduplicated = new SendMessageCommand({
      QueueUrl: sqs.queueUrl('watch'),
      MessageBody: 'a',
      MessageDeduplicationId: 'd',
    });
    expect(await failure(client.send(deduplicated))).toMatchObject({
      name: 'UnsupportedOperation',
      message: expect.stringContaining('MessageDeduplicationId'),
    });
    const group = new SendMessageCommand({
      QueueUrl: sqs.queueUrl('watch'),
      MessageBody: 'a',
      MessageGroupId: 'two words',
    });
    expect((await failure(client.send(group))).message).toContain('MessageGroupId');
  });

  it('lose their messages when purged', async () => {
    const queue = create('watch');
    await send(queue, 'a');
    await client.send(new PurgeQueueCommand({ QueueUrl: queue }));
    expect(await counts(queue)).toEqual([0, 0, 0]);
  });
});

describe('a message', () => {
  it('carries its attributes and times', async () => {
    const queue = create('watch');
    await client.send(
      new SendMessageCommand({
        QueueUrl: queue,
        MessageBody: 'zwölf',
        MessageAttributes: {
          'trace.id': { DataType: 'String', StringValue: 'abc' },
          bytes: { DataType: 'Binary', BinaryValue: Buffer.from([1, 2]) },
        },
      }),
    );
    await clock.advance(1_500);
    const [message] = await receive(queue, {
      MessageSystemAttributeNames: ['All'],
      MessageAttributeNames: ['trace.*', 'bytes'],
    });
    expect(message?.Body).toBe('zwölf');
    expect(message?.Attributes).toMatchObject({
      ApproximateReceiveCount: '1',
      SentTimestamp: String(start),
      ApproximateFirstReceiveTimestamp: String(start + 1_500),
    });
    expect(message?.MessageAttributes?.['trace.id']?.StringValue).toBe('abc');
    expect([...(message?.MessageAttributes?.bytes?.BinaryValue ?? [])]).toEqual([1, 2]);
    expect(message?.MD5OfMessageAttributes).toMatch(/^[0-9a-f]{32}$/);
  });

  it('hides while in flight and comes back to the millisecond', async () => {
    const queue = create('watch', { VisibilityTimeout: '60' });
    await send(queue, 'a');
    const [first] = await receive(queue);
    expect(await counts(queue)).toEqual([0, 1, 0]);
    await clock.advance(59_999);
    expect(await receive(queue)).toEqual([]);
    await clock.advance(1);
    expect(await counts(queue)).toEqual([1, 0, 0]);
    const [second] = await receive(queue, { MessageSystemAttributeNames: ['ApproximateReceiveCount'] });
    expect(second?.MessageId).toBe(first?.MessageId);
    expect(second?.Attributes).toEqual({ ApproximateReceiveCount: '2' });
  });

  it('is deleted by its last handle only, and by that one also after its visibility', async () => {
    const queue = create('watch', { VisibilityTimeout: '10' });
    await send(queue, 'a');
    const [first] = await receive(queue);
    await clock.advance(10_000);
    const [second] = await receive(queue);
    await client.send(new DeleteMessageCommand({ QueueUrl: queue, ReceiptHandle: first?.ReceiptHandle }));
    expect(await counts(queue)).toEqual([0, 1, 0]);
    await clock.advance(10_000);
    await client.send(new DeleteMessageCommand({ QueueUrl: queue, ReceiptHandle: second?.ReceiptHandle }));
    expect(await counts(queue)).toEqual([0, 0, 0]);
    await client.send(new DeleteMessageCommand({ QueueUrl: queue, ReceiptHandle: second?.ReceiptHandle }));
    const invalid = new DeleteMessageCommand({ QueueUrl: queue, ReceiptHandle: 'nonsense' });
    expect((await failure(client.send(invalid))).name).toBe('ReceiptHandleIsInvalid');
  });

  it('changes its visibility, within 12 hours of its receive, while in flight', async () => {
    const queue = create('watch', { VisibilityTimeout: '30' });
    await send(queue, 'a');
    const [message] = await receive(queue);
    const change = (seconds: number) =>
      client.send(
        new ChangeMessageVisibilityCommand({
          QueueUrl: queue,
          ReceiptHandle: message?.ReceiptHandle,
          VisibilityTimeout: seconds,
        }),
      );
    await change(100);
    await clock.advance(99_999);
    expect(await receive(queue)).toEqual([]);
    expect((await failure(change(43_200))).name).toBe('InvalidParameterValue');
    await change(0);
    expect((await failure(change(10))).name).toBe('MessageNotInflight');
    expect(bodies(await receive(queue))).toEqual(['a']);
  });

  it('waits for its own delay or the one of the queue', async () => {
    const queue = create('retry', { DelaySeconds: '10' });
    await send(queue, 'queue');
    await send(queue, 'own', 900);
    await send(queue, 'none', 0);
    expect(await counts(queue)).toEqual([1, 0, 2]);
    expect(bodies(await receive(queue))).toEqual(['none']);
    await clock.advance(10_000);
    expect(bodies(await receive(queue))).toEqual(['queue']);
    await clock.advance(890_000);
    expect(bodies(await receive(queue))).toContain('own');
    expect((await failure(send(queue, 'a', 901))).message).toContain('Must be between 0 and 900');
  });

  it('is gone when its retention is over', async () => {
    const queue = create('watch', { MessageRetentionPeriod: '60' });
    await send(queue, 'a');
    await clock.advance(59_999);
    expect(await counts(queue)).toEqual([1, 0, 0]);
    await clock.advance(1);
    expect(await receive(queue)).toEqual([]);
    expect(await counts(queue)).toEqual([0, 0, 0]);
  });

  it('has at most 1 MiB and characters of XML', async () => {
    const queue = create('watch');
    await send(queue, 'a'.repeat(1_048_576));
    expect((await failure(send(queue, 'a'.repeat(1_048_577)))).name).toBe('InvalidParameterValue');
    expect((await failure(send(queue, 'a\u0000'))).name).toBe('InvalidMessageContents');
    expect((await failure(send(queue, ''))).name).toBe('InvalidParameterValue');
  });
});

describe('a long poll', () => {
  const longPolls = (wanted: number) =>
    vi.waitUntil(() => sqs.queue('watch').longPolls === wanted, { interval: 2 });

  it('ends when a message is sent', async () => {
    const queue = create('watch');
    const polling = receive(queue, { WaitTimeSeconds: 20 });
    await longPolls(1);
    await send(queue, 'a');
    expect(bodies(await polling)).toEqual(['a']);
  });

  it('ends when an advance makes a message visible', async () => {
    const queue = create('watch');
    await send(queue, 'a', 15);
    const polling = receive(queue, { WaitTimeSeconds: 20 });
    await longPolls(1);
    await clock.advance(15_000);
    expect(bodies(await polling)).toEqual(['a']);
    expect(await counts(queue)).toEqual([0, 1, 0]);
  });

  it('ends empty when its time is over', async () => {
    const queue = create('watch', { ReceiveMessageWaitTimeSeconds: '5' });
    const polling = receive(queue);
    await longPolls(1);
    await clock.advance(5_000);
    expect(await polling).toEqual([]);
  });

  it('takes no message when its client has gone', async () => {
    const queue = create('watch');
    const leaving = new AbortController();
    const polling = client.send(new ReceiveMessageCommand({ QueueUrl: queue, WaitTimeSeconds: 20 }), {
      abortSignal: leaving.signal,
    });
    await longPolls(1);
    leaving.abort();
    expect((await failure(polling)).name).toBe('AbortError');
    await longPolls(0);
    await send(queue, 'a');
    expect(await counts(queue)).toEqual([1, 0, 0]);
  });
});

describe('a batch', () => {
  it('answers each entry by its id', async () => {
    const queue = create('watch');
    const sent = await client.send(
      new SendMessageBatchCommand({
        QueueUrl: queue,
        Entries: [
          { Id: 'one', MessageBody: 'a' },
          { Id: 'two', MessageBody: 'b', DelaySeconds: 901 },
          { Id: 'three', MessageBody: 'c' },
        ],
      }),
    );
    expect(sent.Successful?.map(({ Id }) => Id)).toEqual(['one', 'three']);
    expect(sent.Failed).toMatchObject([{ Id: 'two', SenderFault: true, Code: 'InvalidParameterValue' }]);
    const messages = await receive(queue);
    expect(bodies(messages)).toEqual(['a', 'c']);
    const [a, c] = messages;
    const changed = await client.send(
      new ChangeMessageVisibilityBatchCommand({
        QueueUrl: queue,
        Entries: [
          { Id: 'a', ReceiptHandle: a?.ReceiptHandle, VisibilityTimeout: 0 },
          { Id: 'x', ReceiptHandle: 'nonsense', VisibilityTimeout: 0 },
        ],
      }),
    );
    expect(changed.Successful).toEqual([{ Id: 'a' }]);
    expect(changed.Failed).toMatchObject([{ Id: 'x', Code: 'ReceiptHandleIsInvalid' }]);
    await client.send(
      new DeleteMessageBatchCommand({
        QueueUrl: queue,
        Entries: [{ Id: 'c', ReceiptHandle: c?.ReceiptHandle }],
      }),
    );
    expect(await counts(queue)).toEqual([1, 0, 0]);
  });

  it('has 1 to 10 entries with distinct valid ids, of 1 MiB together', async () => {
    const queue = create('watch');
    const batch = (ids: readonly string[], body = 'a') =>
      failure(
        client.send(
          new SendMessageBatchCommand({
            QueueUrl: queue,
            Entries: ids.map((Id) => ({ Id, MessageBody: body })),
          }),
        ),
      );
    expect((await batch([])).name).toBe('EmptyBatchRequest');
    expect((await batch(Array.from({ length: 11 }, (_, index) => `e${index}`))).name).toBe(
      'TooManyEntriesInBatchRequest',
    );
    expect((await batch(['a', 'a'])).name).toBe('BatchEntryIdsNotDistinct');
    expect((await batch(['a b'])).name).toBe('InvalidBatchEntryId');
    expect((await batch(['a', 'b'], 'x'.repeat(600_000))).name).toBe('BatchRequestTooLong');
    expect(await counts(queue)).toEqual([0, 0, 0]);
  });
});

describe('dead letters', () => {
  const withDeadLetters = (maxReceiveCount: number): readonly [string, string] => {
    const dead = create('watch-dead');
    const policy = { deadLetterTargetArn: sqs.queue('watch-dead').arn, maxReceiveCount };
    return [create('watch', { VisibilityTimeout: '10', RedrivePolicy: JSON.stringify(policy) }), dead];
  };

  it('are the messages received as often as the policy allows', async () => {
    const [queue, dead] = withDeadLetters(2);
    const sent = await send(queue, 'a');
    for (const _ of [1, 2]) {
      expect(bodies(await receive(queue))).toEqual(['a']);
      await clock.advance(10_000);
    }
    expect(await receive(queue)).toEqual([]);
    const [letter] = await receive(dead, { MessageSystemAttributeNames: ['All'] });
    expect(letter?.MessageId).toBe(sent.MessageId);
    expect(letter?.Attributes).toMatchObject({
      DeadLetterQueueSourceArn: sqs.queue('watch').arn,
      SentTimestamp: String(start),
    });
    expect(await counts(queue)).toEqual([0, 0, 0]);
  });

  it('move back to their source as new messages', async () => {
    const [queue, dead] = withDeadLetters(1);
    const sent = await send(queue, 'a');
    await receive(queue);
    await clock.advance(10_000);
    await receive(queue);
    const source = sqs.queue('watch-dead').arn;
    await client.send(new StartMessageMoveTaskCommand({ SourceArn: source }));
    const { Results } = await client.send(new ListMessageMoveTasksCommand({ SourceArn: source }));
    expect(Results).toMatchObject([{ Status: 'COMPLETED', ApproximateNumberOfMessagesMoved: 1 }]);
    expect(await counts(dead)).toEqual([0, 0, 0]);
    const [again] = await receive(queue, { MessageSystemAttributeNames: ['All'] });
    expect(again?.Body).toBe('a');
    expect(again?.MessageId).not.toBe(sent.MessageId);
    expect(again?.Attributes).toMatchObject({
      ApproximateReceiveCount: '1',
      SentTimestamp: String(clock.now()),
    });
  });

  it('move at the rate asked for, one task at a time', async () => {
    const [queue, dead] = withDeadLetters(1);
    for (const body of ['a', 'b', 'c']) {
      await send(dead, body);
    }
    const task = new StartMessageMoveTaskCommand({
      SourceArn: sqs.queue('watch-dead').arn,
      DestinationArn: sqs.queue('watch').arn,
      MaxNumberOfMessagesPerSecond: 2,
    });
    await client.send(task);
    expect([await counts(queue), await counts(dead)]).toEqual([
      [2, 0, 0],
      [1, 0, 0],
    ]);
    expect((await failure(client.send(task))).name).toBe('UnsupportedOperation');
    await clock.advance(1_000);
    expect([await counts(queue), await counts(dead)]).toEqual([
      [3, 0, 0],
      [0, 0, 0],
    ]);
  });

  it('that came from no queue stay where they are, and the task says why', async () => {
    const [, dead] = withDeadLetters(1);
    await send(dead, 'a');
    const source = sqs.queue('watch-dead').arn;
    await client.send(new StartMessageMoveTaskCommand({ SourceArn: source }));
    const { Results } = await client.send(new ListMessageMoveTasksCommand({ SourceArn: source }));
    expect(Results).toMatchObject([{ Status: 'FAILED', FailureReason: 'CouldNotDetermineMessageSource' }]);
    expect(await counts(dead)).toEqual([1, 0, 0]);
    const plain = new StartMessageMoveTaskCommand({ SourceArn: sqs.queue('watch').arn });
    expect((await failure(client.send(plain))).message).toContain(
      'must be configured as a Dead Letter Queue',
    );
  });

  it('go only to a queue that exists and allows it', async () => {
    sqs.createQueue('closed', { RedriveAllowPolicy: '{"redrivePermission":"denyAll"}' });
    const arn = sqs.queue('closed').arn;
    const policy = (deadLetterTargetArn: string) => ({
      RedrivePolicy: JSON.stringify({ deadLetterTargetArn, maxReceiveCount: '3' }),
    });
    expect(() => sqs.createQueue('watch', policy(arn))).toThrow('does not allow');
    expect(() => sqs.createQueue('watch', policy(`${arn}-none`))).toThrow('does not exist');
    sqs.createQueue('open', {
      RedriveAllowPolicy: JSON.stringify({
        redrivePermission: 'byQueue',
        sourceQueueArns: [arn.replace('closed', 'watch')],
      }),
    });
    expect(sqs.createQueue('watch', policy(sqs.queue('open').arn)).settings.redrive?.maxReceiveCount).toBe(3);
    expect(() => sqs.createQueue('deliver', policy(sqs.queue('open').arn))).toThrow('does not allow');
  });
});

describe('the view in this process', () => {
  it('calls back when a message may have become visible: sent, delayed, returned', async () => {
    const queue = sqs.createQueue('watch', { VisibilityTimeout: '30' });
    const times: number[] = [];
    const end = queue.onAvailable(() => times.push(clock.now() - start));
    await send(queue.url, 'later', 60);
    await send(queue.url, 'now');
    const [message] = queue.receive(10);
    await clock.advance(100_000);
    expect(times).toEqual([0, 30_000, 60_000]);
    expect(queue.messages().map(({ body, state, receiveCount }) => [body, state, receiveCount])).toEqual([
      ['later', 'visible', 0],
      ['now', 'visible', 1],
    ]);
    expect(queue.delete(message?.receiptHandle ?? '')).toBe('deleted');
    const [later] = queue.receive(10, 5);
    expect(queue.counts()).toEqual({ visible: 0, inFlight: 1, delayed: 0 });
    queue.changeVisibility(later?.receiptHandle ?? '', 0);
    expect(times).toEqual([0, 30_000, 60_000, 100_000]);
    end();
    queue.changeVisibility(queue.receive(1)[0]?.receiptHandle ?? '', 0);
    expect(times).toHaveLength(4);
  });
});

describe('tenants of one queue', () => {
  const receiveTen = async (queue: string) => {
    const { Messages = [] } = await client.send(
      new ReceiveMessageCommand({
        QueueUrl: queue,
        MaxNumberOfMessages: 10,
        MessageSystemAttributeNames: ['MessageGroupId'],
      }),
    );
    return Messages;
  };
  const groups = (messages: readonly Message[]) =>
    messages.map(({ Attributes }) => Attributes?.MessageGroupId ?? 'none');
  const flood = async (queue: string, group: string, count: number) => {
    for (let sent = 0; sent < count; sent += 10)
      await client.send(
        new SendMessageBatchCommand({
          QueueUrl: queue,
          Entries: Array.from({ length: 10 }, (_, index) => ({
            Id: String(index),
            MessageBody: `${group} ${sent + index}`,
            MessageGroupId: group,
          })),
        }),
      );
  };

  it('are served in the order of their messages while none is noisy', async () => {
    const queue = create('watch');
    await flood(queue, 'a', 10);
    await flood(queue, 'b', 10);
    expect(groups(await receiveTen(queue))).toEqual(Array(10).fill('a'));
    expect(groups(await receiveTen(queue))).toEqual(Array(10).fill('b'));
  });

  it('go before one that has 30 messages in flight, which is served again when no other tenant waits', async () => {
    const queue = create('watch');
    await flood(queue, 'loud', 60);
    await flood(queue, 'quiet', 10);
    for (let batch = 0; batch < 3; batch += 1)
      expect(groups(await receiveTen(queue))).toEqual(Array(10).fill('loud'));
    expect(groups(await receiveTen(queue))).toEqual(Array(10).fill('quiet'));
    // Nobody else waits: the loud one is served again, in its own order.
    const rest = await receiveTen(queue);
    expect(rest.map(({ Body }) => Body)).toEqual(
      Array.from({ length: 10 }, (_, index) => `loud ${30 + index}`),
    );
    await send(queue, 'no group');
    expect(groups(await receiveTen(queue))[0]).toBe('none');
    expect(groups(await receiveTen(queue))).toEqual(Array(10).fill('loud'));
    expect(groups(await receiveTen(queue))).toEqual(['loud']);
    expect(await receiveTen(queue)).toEqual([]);
  });

  it('are no longer noisy five minutes after their last message', async () => {
    const queue = create('watch');
    await flood(queue, 'loud', 50);
    for (let batch = 0; batch < 3; batch += 1) await receiveTen(queue);
    await flood(queue, 'quiet', 10);
    await clock.advance(5 * 60_000);
    expect(groups(await receiveTen(queue))).toEqual(Array(10).fill('loud'));
  });
});

describe('authorization', () => {
  it('is asked with the access key id, the single action and the ARN', async () => {
    const queue = create('watch');
    await client.send(
      new SendMessageBatchCommand({ QueueUrl: queue, Entries: [{ Id: 'a', MessageBody: 'a' }] }),
    );
    expect(calls).toEqual([
      {
        accessKeyId: 'AKIDWATCH',
        action: 'sqs:SendMessage',
        resource: 'arn:aws:sqs:eu-west-1:000000000000:watch',
      },
    ]);
  });

  it('refuses before anything is done', async () => {
    const queue = create('watch');
    recorded.refusedAction = 'sqs:SendMessage';
    const error = await failure(send(queue, 'a'));
    expect(error.name).toBe('AccessDenied');
    expect(error.$metadata.httpStatusCode).toBe(403);
    expect(error.message).toContain('User: AKIDWATCH is not authorized to perform: sqs:sendmessage');
    expect(await counts(queue)).toEqual([0, 0, 0]);
  });
});

describe('the state of a queue', () => {
  it('takes the elements of a heap in order', () => {
    fc.assert(
      fc.property(fc.array(fc.integer()), (values) => {
        const heap = new OrderedHeap<number>((a, b) => a < b);
        for (const value of values) {
          heap.add(value);
        }
        expect(values.map(() => heap.take())).toEqual([...values].sort((a, b) => a - b));
        expect(heap.take()).toBeUndefined();
      }),
    );
  });

  /** The model keeps a plain list and looks at all of it each time. */
  it('agrees with a plain model under any order of calls', () => {
    const step = fc.oneof(
      fc.record({ kind: fc.constant('send' as const), delay: fc.integer({ min: 0, max: 3 }) }),
      fc.record({
        kind: fc.constant('receive' as const),
        max: fc.integer({ min: 1, max: 3 }),
        hide: fc.nat(3),
      }),
      fc.record({ kind: fc.constant('delete' as const), pick: fc.nat(20) }),
      fc.record({ kind: fc.constant('hide' as const), pick: fc.nat(20), seconds: fc.nat(3) }),
      fc.record({ kind: fc.constant('pass' as const), seconds: fc.nat(2) }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const state = new QueueState(queueSettings({}));
        const model = new Map<string, { visibleAt: number; handle: string | undefined; seen: number }>();
        const handles: string[] = [];
        let now = start;
        let sent = 0;
        for (const action of steps) {
          switch (action.kind) {
            case 'send': {
              const id = `m${sent++}`;
              const message = { id, body: id, attributes: {}, senderId: 's', sentAtMs: now };
              state.send(message, now, action.delay);
              model.set(id, { visibleAt: now + action.delay * 1_000, handle: undefined, seen: 0 });
              break;
            }
            case 'receive': {
              const visible = [...model].filter(([, { visibleAt }]) => visibleAt <= now).map(([id]) => id);
              const { received } = state.receive(action.max, now, action.hide);
              const ids = received.map(({ id }) => id);
              expect(new Set(ids).size).toBe(ids.length);
              expect(ids.every((id) => visible.includes(id))).toBe(true);
              expect(ids).toHaveLength(Math.min(action.max, visible.length));
              for (const { id, receiptHandle, receiveCount } of received) {
                const seen = (model.get(id)?.seen ?? 0) + 1;
                expect(receiveCount).toBe(seen);
                model.set(id, { visibleAt: now + action.hide * 1_000, handle: receiptHandle, seen });
                handles.push(receiptHandle);
              }
              break;
            }
            case 'delete': {
              const handle = handles[action.pick];
              if (handle !== undefined) {
                const owner = [...model].find((entry) => entry[1].handle === handle);
                expect(state.delete(handle) === 'deleted').toBe(owner !== undefined);
                model.delete(owner?.[0] ?? '');
              }
              break;
            }
            case 'hide': {
              const handle = handles[action.pick];
              if (handle !== undefined) {
                const owner = [...model].find(
                  (entry) => entry[1].handle === handle && entry[1].visibleAt > now,
                );
                expect(state.changeVisibility(handle, action.seconds, now) === 'changed').toBe(
                  owner !== undefined,
                );
                if (owner !== undefined) owner[1].visibleAt = now + action.seconds * 1_000;
              }
              break;
            }
            case 'pass':
              now += action.seconds * 1_000;
          }
          const hidden = [...model.values()].map(({ visibleAt }) => visibleAt).filter((at) => at > now);
          expect(state.nextVisibleAtMs(now)).toBe(hidden.length === 0 ? undefined : Math.min(...hidden));
          expect(state.counts(now).visible).toBe(model.size - hidden.length);
        }
      }),
      { numRuns: 300 },
    );
  });
});
