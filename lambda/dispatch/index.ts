/** The function `dispatch` as it is deployed: called once a minute. */
import { dynamoDb, sqs } from '../runtime/aws-services.ts';
import { aws, callLog, functionMetrics, newVersion, now } from '../runtime/process.ts';
import { sqsSend } from '../runtime/queue.ts';
import { environment } from '../runtime/settings.ts';
import { pauseStore, troubleStore } from '../store/agenda.ts';
import { dynamoDbTable } from '../store/dynamodb-table.ts';
import { type InstanceList, instanceStore, servedInstances } from '../store/instances.ts';
import { leaseStore } from '../store/leases.ts';
import { listedSubscriptionStore } from '../store/listed-subscriptions.ts';
import { setAside } from '../store/record-store.ts';
import { endPaused, isTimeToEndPaused } from '../store/stop-subscription.ts';
import { dispatch } from './dispatch.ts';

const log = callLog('dispatch');
const metrics = functionMetrics('dispatch');
const table = dynamoDbTable(aws(dynamoDb), environment('STATE_TABLE'), {
  newVersion,
  onUnreadable: setAside(log, metrics.count),
});
const instances = instanceStore(table, newVersion);
let known: InstanceList | undefined;

const ports = {
  leases: leaseStore(table),
  sendWatch: sqsSend(aws(sqs), environment('WATCH_QUEUE_URL')),
  pauses: pauseStore(table),
  troubles: troubleStore(table),
  subscriptions: listedSubscriptionStore(table, { now, by: 'dispatch' }),
  now,
  log,
  count: metrics.count,
  measure: metrics.measure,
};

/** The schedule repeats a failed run; because of the leases a repeated run does no harm. */
export const handler = async (): Promise<{ readonly messages: number }> => {
  known = await instances.list(known);
  const messages = await dispatch(ports, servedInstances(known));
  if (isTimeToEndPaused(now())) await endPaused(ports);
  metrics.publish();
  return { messages };
};
