/** The function `deliver` as it is deployed: first attempts from one queue, repeated ones from another. */
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { KMSClient } from '@aws-sdk/client-kms';
import { SQSClient } from '@aws-sdk/client-sqs';
import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { postCallback } from '../callback/post.ts';
import { createCallbackCipher } from '../callback/sealed-url.ts';
import { callLog, newSecret, now, settings } from '../production.ts';
import { forEachMessage } from '../queue/batch.ts';
import { sqsSend } from '../queue/queue.ts';
import { environment } from '../settings.ts';
import { deliveryStore } from '../store/deliveries.ts';
import { dynamoDbTable } from '../store/dynamodb-table.ts';
import { subscriptionStore } from '../store/subscriptions.ts';
import { deliver } from './deliver.ts';
import { readMessage } from './message.ts';

const table = dynamoDbTable(new DynamoDBClient({}), environment('STATE_TABLE'));
const sqs = new SQSClient({});
const log = callLog('deliver');
const ports = {
  subscriptions: subscriptionStore(table),
  deliveries: deliveryStore(table),
  cipher: createCallbackCipher(new KMSClient({}), environment('CALLBACK_KEY_ID'), now),
  post: postCallback,
  rules: settings.callbacks,
  sendRetry: sqsSend(sqs, environment('RETRY_QUEUE_URL')),
  sendDeadLetter: sqsSend(sqs, environment('DEAD_LETTER_QUEUE_URL')),
  now,
  random: Math.random,
  newVersion: newSecret,
  log,
};

export const handler = (event: SQSEvent): Promise<SQSBatchResponse> =>
  forEachMessage(event, log, (body) => deliver(ports, readMessage(body)));
