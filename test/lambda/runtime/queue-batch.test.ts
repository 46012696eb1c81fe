import type { SQSEvent, SQSRecord } from 'aws-lambda';
import { describe, expect, it } from 'vitest';
import { logWith } from '../../../lambda/runtime/log.ts';
import { forEachMessage } from '../../../lambda/runtime/queue-batch.ts';
import { recordedLog } from '../http/recorded-log.ts';

const record = (messageId: string, body: string): SQSRecord => ({
  messageId,
  body,
  receiptHandle: 'handle',
  attributes: {
    ApproximateReceiveCount: '2',
    SentTimestamp: '0',
    SenderId: 'sender',
    ApproximateFirstReceiveTimestamp: '0',
  },
  messageAttributes: {},
  md5OfBody: '',
  eventSource: 'aws:sqs',
  eventSourceARN: 'arn',
  awsRegion: 'eu-west-1',
});

const event = (...bodies: readonly string[]): SQSEvent => ({
  Records: bodies.map((body, index) => record(`id ${index}`, body)),
});

describe('a batch of messages', () => {
  it('gives back those that failed, and only those, whatever they threw', async () => {
    const { log, lines } = recordedLog();
    const handled: string[] = [];
    const counted: string[] = [];
    const response = await forEachMessage(
      event('good', 'bad', 'good', 'worse'),
      logWith(log, {}),
      async (body) => {
        handled.push(body);
        if (body === 'bad') throw new Error('No: https://flows.example.com/run?sig=secret');
        if (body === 'worse') throw 'text';
      },
      (metric) => counted.push(metric),
    );
    expect(counted).toEqual(['MessagesFailed', 'MessagesFailed']);
    expect(handled).toHaveLength(4);
    expect(response).toEqual({ batchItemFailures: [{ itemIdentifier: 'id 1' }, { itemIdentifier: 'id 3' }] });
    expect(lines.map(({ keys }) => keys)).toMatchObject([
      { messageId: 'id 1', receives: '2', error: { name: 'Error' } },
      { messageId: 'id 3', error: { message: 'text' } },
    ]);
    expect(JSON.stringify(lines)).not.toContain('secret');
  });

  it('gives back a message that cannot even be read', async () => {
    const { log } = recordedLog();
    const response = await forEachMessage(event('no JSON', '{}'), logWith(log, {}), async (body) => {
      JSON.parse(body);
    });
    expect(response).toEqual({ batchItemFailures: [{ itemIdentifier: 'id 0' }] });
  });

  it('of which all succeeded gives back nothing', async () => {
    const { log } = recordedLog();
    expect(await forEachMessage(event('a', 'b'), logWith(log, {}), async () => undefined)).toEqual({
      batchItemFailures: [],
    });
  });
});
