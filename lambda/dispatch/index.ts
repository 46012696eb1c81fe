/** The function `dispatch` as it is deployed: called once a minute. */
import { SQSClient } from '@aws-sdk/client-sqs';
import { boundedRequests } from '../runtime/aws-requests.ts';
import { embeddedMetrics } from '../runtime/embedded-metrics.ts';
import { callLog, newSecret, now, settings } from '../runtime/process.ts';
import { sqsSend } from '../runtime/queue.ts';
import { environment } from '../runtime/settings.ts';
import { dynamoDbClient } from '../store/dynamodb-client.ts';
import { dynamoDbTable } from '../store/dynamodb-table.ts';
import { leaseStore } from '../store/leases.ts';
import { listedSubscriptionStore } from '../store/listed-subscriptions.ts';
import { pauseStore } from '../store/pauses.ts';
import { setAside } from '../store/set-aside.ts';
import { endPaused, isTimeToEndPaused } from '../subscriptions/end-paused.ts';
import { dispatch } from './dispatch.ts';

const instanceIds = settings.instances.map(({ id }) => id);
const log = callLog('dispatch');
const metrics = embeddedMetrics('dispatch', settings);
const table = dynamoDbTable(dynamoDbClient(), environment('STATE_TABLE'), {
  newVersion: newSecret,
  onUnreadable: setAside(log, metrics.count),
});
const ports = {
  leases: leaseStore(table),
  sendWatch: sqsSend(new SQSClient(boundedRequests), environment('WATCH_QUEUE_URL')),
  pauses: pauseStore(table),
  subscriptions: listedSubscriptionStore(table, { now, by: 'dispatch' }),
  now,
  log,
  count: metrics.count,
  measure: metrics.measure,
};

/** The schedule repeats a failed run; because of the leases a repeated run does no harm. */
export const handler = async (): Promise<{ readonly messages: number }> => {
  const messages = await dispatch(ports, instanceIds);
  if (isTimeToEndPaused(now())) await endPaused(ports);
  metrics.publish();
  return { messages };
};
