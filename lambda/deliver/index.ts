/** The function `deliver` as it is deployed: first attempts from one queue, repeated ones from another. */
import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { postCallback } from '../callback/post.ts';
import { createCallbackOpener } from '../callback/sealed-url.ts';
import { dynamoDb, kms, sqs } from '../runtime/aws-services.ts';
import { aws, callLog, functionMetrics, newVersion, now, settings } from '../runtime/process.ts';
import { sqsSend } from '../runtime/queue.ts';
import { readsTogether } from '../runtime/reads-together.ts';
import { environment, environmentIfSet } from '../runtime/settings.ts';
import { dynamoDbTable } from '../store/dynamodb-table.ts';
import { listedSubscriptionStore } from '../store/listed-subscriptions.ts';
import { setAside } from '../store/record-store.ts';
import { deliverBatch } from './deliver-batch.ts';
import { deliverStores } from './deliver-stores.ts';

const queues = aws(sqs);
const log = callLog('deliver');
const metrics = functionMetrics('deliver');
const table = dynamoDbTable(readsTogether(aws(dynamoDb)), environment('STATE_TABLE'), {
  newVersion,
  onUnreadable: setAside(log, metrics.count),
});
const retryQueueUrl = environment('RETRY_QUEUE_URL');
/** The last part of its address. */
const retryQueue = retryQueueUrl.slice(retryQueueUrl.lastIndexOf('/') + 1);
const ports = {
  subscriptions: listedSubscriptionStore(table, { now, by: 'deliver' }),
  ...deliverStores(table, { now }),
  cipher: createCallbackOpener(aws(kms), environment('CALLBACK_KEY_ID'), now),
  post: postCallback,
  rules: settings.callbacks,
  canaryCallback: environmentIfSet('CANARY_URL'),
  sendRetry: sqsSend(queues, retryQueueUrl),
  sendDeadLetter: sqsSend(queues, environment('DEAD_LETTER_QUEUE_URL')),
  now,
  random: Math.random,
  log,
  count: metrics.count,
};

export const handler = async (event: SQSEvent): Promise<SQSBatchResponse> => {
  const response = await deliverBatch(ports, event, retryQueue);
  metrics.publish();
  return response;
};
