/** The function `watch` as it is deployed: each message is a batch of instances. */
import { SQSClient } from '@aws-sdk/client-sqs';
import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { authority, customerInsightsAccess } from '../customer-insights/from-environment.ts';
import { observe } from '../customer-insights/observe.ts';
import { deadlineIn } from '../runtime/deadline.ts';
import { embeddedMetrics } from '../runtime/embedded-metrics.ts';
import { callLog, newSecret, now, settings } from '../runtime/process.ts';
import { sqsSend } from '../runtime/queue.ts';
import { forEachMessage } from '../runtime/queue-batch.ts';
import { environment } from '../runtime/settings.ts';
import { armamentStore } from '../store/armaments.ts';
import { cursorStore } from '../store/cursors.ts';
import { dynamoDbClient } from '../store/dynamodb-client.ts';
import { dynamoDbTable } from '../store/dynamodb-table.ts';
import { leaseStore } from '../store/leases.ts';
import { ledgerStore } from '../store/ledger.ts';
import { listedSubscriptionStore } from '../store/listed-subscriptions.ts';
import { readWatchMessage } from '../store/watch-message.ts';
import { sourceFailure } from './source-failure.ts';
import { watchInstance } from './watch.ts';

/** One look at one instance may take this long, ms: below the function's time limit, so that it ends by itself. */
const lookDeadlineMs = 50_000;

const database = dynamoDbClient();
const access = customerInsightsAccess(authority(), database);
const table = dynamoDbTable(database, environment('STATE_TABLE'));
const sqs = new SQSClient({});
const log = callLog('watch');
const metrics = embeddedMetrics('watch', settings);
const newVersion = newSecret;
const shared = {
  leases: leaseStore(table),
  cursors: cursorStore(table),
  subscriptions: listedSubscriptionStore(table, { now, newVersion }),
  armaments: armamentStore(table),
  ledger: ledgerStore(table, { now, newVersion }),
  sendDelivery: sqsSend(sqs, environment('DELIVERY_QUEUE_URL')),
  sendWatch: sqsSend(sqs, environment('WATCH_QUEUE_URL')),
  sourceFailure,
  now,
  random: Math.random,
  newVersion,
  log,
  count: metrics.count,
};

export const handler = async (event: SQSEvent): Promise<SQSBatchResponse> => {
  const response = await forEachMessage(event, log, async (body) => {
    const { instanceIds, busy } = readWatchMessage(body);
    // An instance that has left the configuration meanwhile is no longer looked at.
    const instances = settings.instances.filter(({ id }) => instanceIds.includes(id));
    // All of them end before the function does: an instance that fails must not cut the looks at the others short.
    const looks = await Promise.allSettled(
      instances.map((instance) =>
        watchInstance(
          { ...shared, source: observe(access.forApplication(deadlineIn(lookDeadlineMs))) },
          instance,
          busy,
        ),
      ),
    );
    const failures = looks.flatMap((look) => (look.status === 'rejected' ? [look.reason] : []));
    if (failures.length > 0)
      throw new AggregateError(failures, `${failures.length} of ${looks.length} looks failed.`);
  });
  metrics.publish();
  return response;
};
