/** The function `dead-letters` as it is deployed: what a queue gave up becomes a record of the state table. */
import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { dynamoDb } from '../runtime/aws-services.ts';
import { aws, callLog, functionMetrics, newVersion, now } from '../runtime/process.ts';
import { forEachMessage } from '../runtime/queue-batch.ts';
import { environment } from '../runtime/settings.ts';
import { deadLetterStore } from '../store/dead-letters.ts';
import { dynamoDbTable } from '../store/dynamodb-table.ts';
import { keepLetter } from './keep-letter.ts';

const log = callLog('dead-letters');
const metrics = functionMetrics('dead-letters');
const ports = {
  letters: deadLetterStore(dynamoDbTable(aws(dynamoDb), environment('STATE_TABLE'), { newVersion })),
  queues: {
    [environment('WATCH_DEAD_LETTERS_ARN')]: 'watch',
    [environment('DELIVERY_DEAD_LETTERS_ARN')]: 'delivery',
    [environment('RETRY_DEAD_LETTERS_ARN')]: 'retry',
  } as const,
  now,
  log,
  count: metrics.count,
};

export const handler = async (event: SQSEvent): Promise<SQSBatchResponse> => {
  const response = await forEachMessage(event, log, (_, record) => keepLetter(ports, record), metrics.count);
  metrics.publish();
  return response;
};
