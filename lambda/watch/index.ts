/** The function `watch` as it is deployed: each message is a batch of instances. */
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SQSClient } from '@aws-sdk/client-sqs';
import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { observe } from '../customer-insights/observe.ts';
import { deadlineIn } from '../http/deadline.ts';
import { authority, callLog, customerInsightsAccess, newSecret, now, settings } from '../production.ts';
import { forEachMessage } from '../queue/batch.ts';
import { sqsSend } from '../queue/queue.ts';
import { environment } from '../settings.ts';
import { cursorStore } from '../store/cursors.ts';
import { dynamoDbTable } from '../store/dynamodb-table.ts';
import { subscriptionStore } from '../store/subscriptions.ts';
import { leaseStore } from './lease.ts';
import { readWatchMessage } from './message.ts';
import { sourceFailure } from './source-failure.ts';
import { watchInstance } from './watch.ts';

/** One look at one instance may take this long, ms: below the function's time limit, so that it ends by itself. */
const lookDeadlineMs = 50_000;

const access = customerInsightsAccess(authority());
const table = dynamoDbTable(new DynamoDBClient({}), environment('STATE_TABLE'));
const sqs = new SQSClient({});
const log = callLog('watch');
const shared = {
  leases: leaseStore(table),
  cursors: cursorStore(table),
  subscriptions: subscriptionStore(table),
  sendDelivery: sqsSend(sqs, environment('DELIVERY_QUEUE_URL')),
  sendWatch: sqsSend(sqs, environment('WATCH_QUEUE_URL')),
  sourceFailure,
  now,
  random: Math.random,
  newVersion: newSecret,
  log,
};

export const handler = (event: SQSEvent): Promise<SQSBatchResponse> =>
  forEachMessage(event, log, async (body) => {
    const { instanceIds, busy } = readWatchMessage(body);
    // An instance that has left the configuration meanwhile is no longer looked at.
    const instances = settings.instances.filter(({ id }) => instanceIds.includes(id));
    await Promise.all(
      instances.map((instance) =>
        watchInstance(
          { ...shared, source: observe(access.forApplication(deadlineIn(lookDeadlineMs))) },
          instance,
          busy,
        ),
      ),
    );
  });
