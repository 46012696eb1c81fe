/** The function `watch` as it is deployed: each message is a batch of instances. */
import { SQSClient } from '@aws-sdk/client-sqs';
import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { authority, customerInsightsAccess } from '../customer-insights/from-environment.ts';
import { observe } from '../customer-insights/observe.ts';
import { boundedRequests } from '../runtime/aws-requests.ts';
import { coveredUp } from '../runtime/covered-up.ts';
import { deadlineIn } from '../runtime/deadline.ts';
import { embeddedMetrics } from '../runtime/embedded-metrics.ts';
import { callLog, newSecret, now, settings } from '../runtime/process.ts';
import { sqsSend } from '../runtime/queue.ts';
import { forEachMessage } from '../runtime/queue-batch.ts';
import { environment } from '../runtime/settings.ts';
import { cursorStore } from '../store/cursors.ts';
import { dynamoDbClient } from '../store/dynamodb-client.ts';
import { dynamoDbTable } from '../store/dynamodb-table.ts';
import { leaseStore } from '../store/leases.ts';
import { ledgerStore } from '../store/ledger.ts';
import { listedSubscriptionStore } from '../store/listed-subscriptions.ts';
import { rearmStateStore } from '../store/rearm-states.ts';
import { setAside } from '../store/set-aside.ts';
import { readWatchMessage } from '../store/watch-message.ts';
import { triggers } from '../triggers/registry.ts';
import { sourceFailure } from './source-failure.ts';
import { watchInstance } from './watch.ts';

/** One poll of one instance may take this long, ms: less than the function's time limit. */
const pollDeadlineMs = 50_000;

const database = dynamoDbClient();
const sqs = new SQSClient(boundedRequests);
const log = callLog('watch');
const metrics = embeddedMetrics('watch', settings);
const access = customerInsightsAccess(authority(), database, coveredUp(log, metrics));
const table = dynamoDbTable(database, environment('STATE_TABLE'), {
  newVersion: newSecret,
  onUnreadable: setAside(log, metrics.count),
});
const shared = {
  triggers,
  leases: leaseStore(table),
  cursors: cursorStore(table),
  subscriptions: listedSubscriptionStore(table, { now }),
  rearmStates: rearmStateStore(table),
  ledger: ledgerStore(table, { now }),
  sendDelivery: sqsSend(sqs, environment('DELIVERY_QUEUE_URL')),
  sendWatch: sqsSend(sqs, environment('WATCH_QUEUE_URL')),
  sourceFailure,
  now,
  random: Math.random,
  log,
  count: metrics.count,
};

const look = async (body: string): Promise<void> => {
  const { instanceIds, busy } = readWatchMessage(body);
  // An instance that is no longer configured is not polled.
  const instances = settings.instances.filter(({ id }) => instanceIds.includes(id));
  // Wait for all of them: an instance that fails must not cut the polls of the others short.
  const polls = await Promise.allSettled(
    instances.map((instance) =>
      watchInstance(
        { ...shared, source: observe(access.forApplication(deadlineIn(pollDeadlineMs))) },
        instance,
        busy,
      ),
    ),
  );
  const failures = polls.flatMap((poll) => (poll.status === 'rejected' ? [poll.reason] : []));
  if (failures.length > 0)
    throw new AggregateError(failures, `${failures.length} of ${polls.length} polls failed.`);
};

export const handler = async (event: SQSEvent): Promise<SQSBatchResponse> => {
  const response = await forEachMessage(event, log, look, metrics.count);
  metrics.publish();
  return response;
};
