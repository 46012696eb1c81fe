import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AwsClient } from '../../../lambda/runtime/aws-services.ts';
import {
  MessageTooLarge,
  maximumMessageBytes,
  type Outgoing,
  QueueUnavailable,
  sqsSend,
} from '../../../lambda/runtime/queue.ts';

interface Sent {
  readonly url: string | undefined;
  readonly bodies: readonly (string | undefined)[];
  readonly delays: readonly (number | undefined)[];
}

/** @param refused which of the messages of a call the queue does not take, by position */
const fakeSqs = (refused: (call: number, body: string) => boolean = () => false) => {
  const sent: Sent[] = [];
  const taken: string[] = [];
  const client: AwsClient<'sqs'> = async (_, { QueueUrl, Entries: entries }) => {
    expect(new Set(entries.map(({ Id }) => Id)).size).toBe(entries.length);
    sent.push({
      url: QueueUrl,
      bodies: entries.map(({ MessageBody }) => MessageBody),
      delays: entries.map(({ DelaySeconds }) => DelaySeconds),
    });
    const failed = entries.filter(({ MessageBody }) => refused(sent.length, MessageBody));
    const successful = entries.filter((entry) => !failed.includes(entry));
    taken.push(...successful.map(({ MessageBody }) => MessageBody));
    return {
      Successful: successful.map(({ Id }) => ({ Id })),
      Failed: failed.map(({ Id }) => ({ Id, Code: 'InternalError', SenderFault: false })),
    };
  };
  return { sent, taken, sendAll: sqsSend(client, 'http://queue') };
};

const numbered = (count: number): readonly Outgoing[] =>
  Array.from({ length: count }, (_, index) => ({ body: `message ${index}` }));

describe('sending to a queue', () => {
  it('takes ten messages at a time, in their order, with the delay of each', async () => {
    const { sent, taken, sendAll } = fakeSqs();
    await sendAll([{ body: 'late', delaySeconds: 900 }, ...numbered(22)]);
    expect(sent.map(({ bodies }) => bodies.length)).toEqual([10, 10, 3]);
    expect(sent[0]).toMatchObject({ url: 'http://queue', delays: [900, ...Array.from({ length: 9 })] });
    expect(taken).toEqual(['late', ...numbered(22).map(({ body }) => body)]);
  });

  it('calls nobody for nothing', async () => {
    const { sent, sendAll } = fakeSqs();
    await sendAll([]);
    expect(sent).toEqual([]);
  });

  it('keeps every batch within ten messages and 256 KiB of UTF-8, and loses none', async () => {
    const body = fc
      .tuple(fc.constantFrom('x', 'ü', '😀'), fc.integer({ min: 1, max: 60_000 }))
      .map(([character, length]) => character.repeat(length));
    await fc.assert(
      fc.asyncProperty(fc.array(body, { maxLength: 30 }), async (bodies) => {
        const { sent, taken, sendAll } = fakeSqs();
        await sendAll(bodies.map((each) => ({ body: each })));
        expect(taken).toEqual(bodies);
        for (const batch of sent) {
          expect(batch.bodies.length).toBeLessThanOrEqual(10);
          const bytes = batch.bodies.reduce((sum, each) => sum + Buffer.byteLength(each ?? ''), 0);
          expect(bytes).toBeLessThanOrEqual(256 * 1024);
        }
      }),
      { numRuns: 40 },
    );
  });

  it('fills a batch to its last byte', async () => {
    const { sent, sendAll } = fakeSqs();
    const half = { body: 'x'.repeat(128 * 1024) };
    await sendAll([half, half, { body: 'x' }]);
    expect(sent.map(({ bodies }) => bodies.length)).toEqual([2, 1]);
  });
});

describe('many messages', () => {
  it('are sent with eight batches under way at once, and no more', async () => {
    let [underWay, most] = [0, 0];
    const client: AwsClient<'sqs'> = async (_, { Entries }) => {
      underWay += 1;
      most = Math.max(most, underWay);
      await new Promise(setImmediate);
      underWay -= 1;
      return { Successful: Entries.map(({ Id }) => ({ Id })) };
    };
    await sqsSend(client, 'http://queue')(numbered(1_000));
    expect(most).toBe(8);
  });
});

describe('messages that the queue does not take', () => {
  it('are sent once more, and only they', async () => {
    const { sent, taken, sendAll } = fakeSqs((call, body) => call === 1 && /[37]/.test(body));
    await sendAll(numbered(12));
    expect(sent.map(({ bodies }) => bodies)).toContainEqual(['message 3', 'message 7']);
    expect(sent).toHaveLength(3);
    expect([...taken].sort()).toEqual(
      numbered(12)
        .map(({ body }) => body)
        .sort(),
    );
  });

  it('a second time are an error, so that the caller repeats its work', async () => {
    const { sent, sendAll } = fakeSqs((_, body) => body === 'message 3');
    const error = await sendAll(numbered(12)).then(
      () => expect.fail('nothing was wrong'),
      (reason: unknown) => reason,
    );
    expect(error).toBeInstanceOf(QueueUnavailable);
    expect((error as Error).message).toBe('The queue did not take 1 message of 10.');
    // Both batches were under way at once; only the message refused is sent again.
    expect(sent.map(({ bodies }) => bodies.length).sort((a, b) => a - b)).toEqual([1, 2, 10]);
  });

  it('because they are too large are known before anything is sent', async () => {
    const { sent, sendAll } = fakeSqs();
    const most = { body: '\u00fc'.repeat(maximumMessageBytes / 2) };
    await sendAll([most]);
    expect(sent).toHaveLength(1);
    await expect(sendAll([...numbered(3), { body: `${most.body}x` }])).rejects.toBeInstanceOf(
      MessageTooLarge,
    );
    expect(sent).toHaveLength(1);
  });

  it.each(['12', '-1', '', '1.0', ' 1', undefined])(
    'are an error where they are named %j, which none of the batch is: any of them may be meant',
    async (Id) => {
      const client: AwsClient<'sqs'> = async () => ({
        Failed: [{ ...(Id !== undefined && { Id }), Code: 'InternalError' }],
      });
      const sendAll = sqsSend(client, 'http://queue');
      await expect(sendAll(numbered(3))).rejects.toBeInstanceOf(QueueUnavailable);
    },
  );

  it.each([
    ['nothing', {}],
    ['two of three', { Successful: [{ Id: '0' }, { Id: '2' }] }],
    [
      'one that was taken and was not',
      { Successful: [{ Id: '0' }, { Id: '1' }, { Id: '2' }], Failed: [{ Id: '1' }] },
    ],
  ])('of which the answer does not say that they were taken are an error: it says %s', async (_, answer) => {
    let calls = 0;
    const client: AwsClient<'sqs'> = async () => {
      calls += 1;
      return calls === 1 ? answer : {};
    };
    await expect(sqsSend(client, 'http://queue')(numbered(3))).rejects.toBeInstanceOf(QueueUnavailable);
    expect(calls).toBe(2);
  });

  it('because the queue does not answer are an error too', async () => {
    const away = new Error('socket hang up');
    const sendAll = sqsSend(() => Promise.reject(away), 'http://queue');
    await expect(sendAll(numbered(1))).rejects.toMatchObject({ code: 'QueueUnavailable', cause: away });
  });
});
