/**
 * State: a message in a dead-letter queue, a record of it. Events: it is received, once or twice; the function dies
 * before any call; the table refuses. What must hold: a message is deleted only when its record exists; there is one
 * record of a message; a record gives back the message as it was, whatever it holds.
 */
import type { SQSEvent, SQSRecord } from 'aws-lambda';
import { describe, expect, it } from 'vitest';
import { keepLetter } from '../../../lambda/dead-letters/keep-letter.ts';
import { logWith } from '../../../lambda/runtime/log.ts';
import { maximumMessageBytes } from '../../../lambda/runtime/queue.ts';
import { forEachMessage } from '../../../lambda/runtime/queue-batch.ts';
import {
  type DeadLetter,
  deadLetterRetentionSeconds,
  deadLetterStore,
} from '../../../lambda/store/dead-letters.ts';
import type { Table } from '../../../lambda/store/table.ts';
import { message } from '../deliver/deliver-world.ts';
import { recordedLog } from '../http/recorded-log.ts';
import { memoryTable } from '../memory-table.ts';
import { crashBefore, steppedTable } from '../store/schedules.ts';
import { noon } from '../subscriptions/world.ts';

const arn = (queue: string) => `arn:aws:sqs:eu-west-1:1:${queue}`;
const queues = { [arn('w')]: 'watch', [arn('d')]: 'delivery', [arn('r')]: 'retry' } as const;

const record = (over: Partial<SQSRecord> = {}): SQSRecord => ({
  messageId: 'm-1',
  receiptHandle: 'handle',
  body: JSON.stringify(message()),
  attributes: {
    ApproximateReceiveCount: '1',
    SentTimestamp: String(noon - 60_000),
    SenderId: 'sender',
    ApproximateFirstReceiveTimestamp: String(noon),
  },
  messageAttributes: {},
  md5OfBody: '',
  eventSource: 'aws:sqs',
  eventSourceARN: arn('d'),
  awsRegion: 'eu-west-1',
  ...over,
});

const world = () => {
  const items = memoryTable();
  const counted: string[] = [];
  const { log, lines } = recordedLog();
  return {
    items,
    counted,
    lines,
    /** @returns the ids of the messages that come back */
    async receive(records: readonly SQSRecord[], table: Table = items) {
      const ports = {
        letters: deadLetterStore(table),
        queues,
        now: () => noon,
        log: logWith(log, {}),
        count: (name: string) => void counted.push(name),
      };
      const event: SQSEvent = { Records: [...records] };
      const { batchItemFailures } = await forEachMessage(
        event,
        ports.log,
        (_, each) => keepLetter(ports, each),
        ports.count,
      );
      return batchItemFailures.map(({ itemIdentifier }) => itemIdentifier);
    },
    async letters() {
      const found: DeadLetter[] = [];
      for (const queue of Object.values(queues))
        for await (const { body } of deadLetterStore(items).of(queue)) found.push(body);
      return found;
    },
  };
};

describe('a dead letter', () => {
  it('of each queue becomes a record that says where it lay, since when, and what it said', async () => {
    const { receive, letters, lines, counted } = world();
    const bodies = {
      w: '{"v":1,"instanceIds":["a"],"busy":false}',
      d: JSON.stringify(message()),
      r: 'no JSON',
    };
    const records = Object.entries(bodies).map(([queue, body]) =>
      record({ messageId: queue, body, eventSourceARN: arn(queue) }),
    );
    expect(await receive(records)).toEqual([]);
    expect(await letters()).toEqual(
      Object.entries(bodies).map(([messageId, body]) => ({
        queue: queues[arn(messageId)],
        messageId,
        sentAt: noon - 60_000,
        storedAt: noon,
        body,
      })),
    );
    expect(counted).toEqual(['DeadLettersKept', 'DeadLettersKept', 'DeadLettersKept']);
    const { deliveryId, subscriptionId } = message();
    expect(lines.map(({ keys }) => keys)).toContainEqual({
      queue: 'delivery',
      messageId: 'd',
      deliveryId,
      subscriptionId,
    });
  });

  it('is one record however often it is received, and is forgotten after 30 days', async () => {
    const { receive, letters, items, counted } = world();
    expect(await receive([record(), record()])).toEqual([]);
    expect(await receive([record()])).toEqual([]);
    expect(await letters()).toHaveLength(1);
    expect(counted).toEqual(['DeadLettersKept']);
    expect([...items.items.values()].map(({ expiresAt }) => expiresAt)).toEqual([
      noon / 1000 + deadLetterRetentionSeconds,
    ]);
  });

  it('fits into an item at the largest size of a message, even of text that JSON escapes', async () => {
    const { receive, letters } = world();
    const random = Buffer.from(
      Array.from({ length: (maximumMessageBytes / 4) * 3 }, (_, at) => (at * at * 2_654_435_761) >>> 13),
    );
    const bodies = ['"\\'.repeat(maximumMessageBytes / 2), random.toString('base64')];
    expect(await receive(bodies.map((body, index) => record({ messageId: String(index), body })))).toEqual(
      [],
    );
    expect((await letters()).map(({ body }) => body)).toEqual(bodies);
  });

  it('stays in its queue when its record cannot be written, and so do none of the others', async () => {
    const { receive, letters, items, lines } = world();
    const away: Table = {
      ...items,
      swap: async (item, expected) => {
        if (item.sk.includes('m-2')) throw new Error('the table is away');
        return items.swap(item, expected);
      },
    };
    const records = ['m-1', 'm-2', 'm-3'].map((messageId) => record({ messageId }));
    expect(await receive(records, away)).toEqual(['m-2']);
    expect((await letters()).map(({ messageId }) => messageId)).toEqual(['m-1', 'm-3']);
    expect(await receive([record({ eventSourceARN: arn('other') })])).toEqual(['m-1']);
    expect(JSON.stringify(lines)).toContain('was not told of');
  });

  it('exists before the message may be deleted, wherever the function dies', async () => {
    for (let calls = 1; ; calls += 1) {
      const { receive, letters, items } = world();
      let deleted = false;
      const crashed = await crashBefore(async (step) => {
        const back = await receive([record()], steppedTable(items, step));
        deleted = back.length === 0;
      }, calls);
      if (deleted) expect(await letters()).toHaveLength(1);
      if (!crashed) break;
      expect(await receive([record()])).toEqual([]);
      expect(await letters()).toHaveLength(1);
    }
  });
});
