import type { SQSRecord } from 'aws-lambda';

/**
 * A message as an event source mapping hands it over, received for the first time.
 * @param id tells it from the others
 * @param sentAt epoch ms
 */
export const queueRecord = (queue: string, id: string, body: object, sentAt = 0): SQSRecord => ({
  messageId: `message-${id}`,
  receiptHandle: `receipt-${id}`,
  body: JSON.stringify(body),
  attributes: {
    ApproximateReceiveCount: '1',
    SentTimestamp: String(sentAt),
    SenderId: 'bench',
    ApproximateFirstReceiveTimestamp: String(sentAt),
  },
  messageAttributes: {},
  md5OfBody: '',
  eventSource: 'aws:sqs',
  eventSourceARN: `arn:aws:sqs:eu-west-1:000000000000:${queue}`,
  awsRegion: 'eu-west-1',
});
