/** The bundled function `deliver` in a process of its own, called as an event source mapping calls it. */
import { pathToFileURL } from 'node:url';
import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { becomePart, partInput } from '../proxy/part.ts';
import { flows, messageFor } from './messages.ts';

export interface WorkerQuestion {
  readonly events: number;
  /** Tells the events of this run from those of others. */
  readonly run: string;
}

export interface WorkerAnswer {
  /** Epoch ms. */
  readonly begunAt: number;
  readonly seconds: number;
  /** Messages that went back to the queue. */
  readonly failed: number;
}

/** As the stack sets it: ten messages a call, twenty calls at once. */
const batchSize = 10;
const callsAtOnce = 20;

const { directory } = partInput<{ readonly directory: string }>();
const { handler } = (await import(pathToFileURL(`${directory}/index.mjs`).href)) as {
  handler: (event: SQSEvent) => Promise<SQSBatchResponse>;
};

const eventsOf = ({ events, run }: WorkerQuestion): readonly SQSEvent[] => {
  const records = Array.from({ length: events }, (_, event) => ({
    messageId: `message-${run}${event}`,
    receiptHandle: `receipt-${run}${event}`,
    body: JSON.stringify(messageFor(event, event % flows, run)),
    attributes: {
      ApproximateReceiveCount: '1',
      SentTimestamp: '0',
      SenderId: 'bench',
      ApproximateFirstReceiveTimestamp: '0',
    },
    messageAttributes: {},
    md5OfBody: '',
    eventSource: 'aws:sqs',
    eventSourceARN: 'arn:aws:sqs:eu-west-1:000000000000:delivery',
    awsRegion: 'eu-west-1',
  }));
  return Array.from({ length: Math.ceil(events / batchSize) }, (_, batch) => ({
    Records: records.slice(batch * batchSize, (batch + 1) * batchSize),
  }));
};

let prepared: readonly SQSEvent[] = [];

const work = async (): Promise<WorkerAnswer> => {
  const waiting = prepared.values();
  const begunAt = performance.timeOrigin + performance.now();
  let failed = 0;
  const call = async () => {
    for (const event of waiting) failed += (await handler(event)).batchItemFailures.length;
  };
  await Promise.all(Array.from({ length: callsAtOnce }, call));
  return { begunAt, seconds: (performance.timeOrigin + performance.now() - begunAt) / 1000, failed };
};

becomePart('', async (question) => {
  if (question === 'work') return work();
  prepared = eventsOf(question as WorkerQuestion);
  return null;
});
