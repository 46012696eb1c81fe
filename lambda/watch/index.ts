/** The function `watch` as it is deployed: each message is a batch of instances. */
import type { SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import { clientSecretExpiry } from '../customer-insights/client-secret-expiry.ts';
import {
  authority,
  customerInsightsAccess,
  isClientSecret,
  secretsCache,
} from '../customer-insights/from-environment.ts';
import { observe } from '../customer-insights/observe.ts';
import { dynamoDb, sqs } from '../runtime/aws-services.ts';
import { coveredUp } from '../runtime/covered-up.ts';
import { type Deadline, deadlineIn, type RunningDeadline } from '../runtime/deadline.ts';
import { aws, callLog, functionMetrics, newVersion, now, settings } from '../runtime/process.ts';
import { sqsSend } from '../runtime/queue.ts';
import { forEachMessage, sentAtOf } from '../runtime/queue-batch.ts';
import { readsTogether } from '../runtime/reads-together.ts';
import { environment } from '../runtime/settings.ts';
import { troubleStore } from '../store/agenda.ts';
import { cursorStore } from '../store/cursors.ts';
import { deliveryStore } from '../store/deliveries.ts';
import { dynamoDbTable } from '../store/dynamodb-table.ts';
import { fanOutStore } from '../store/fan-outs.ts';
import { instanceRegistry } from '../store/instance-registry.ts';
import type { InstanceRow } from '../store/instances.ts';
import { leaseStore } from '../store/leases.ts';
import { ledgerStore } from '../store/ledger.ts';
import { listedSubscriptionStore } from '../store/listed-subscriptions.ts';
import { rearmStateStore } from '../store/rearm-states.ts';
import { setAside } from '../store/record-store.ts';
import { readWatchMessage } from '../store/watch-message.ts';
import type { WatchedInstance } from '../triggers/instance.ts';
import { triggers } from '../triggers/registry.ts';
import { pace } from './pace.ts';
import { sourceFailure } from './source-failure.ts';
import { workOff } from './work-off.ts';

/** One poll of one instance may take this long, ms: less than the function's time limit. */
const pollDeadlineMs = 50_000;

const database = aws(dynamoDb);
const queues = aws(sqs);
const log = callLog('watch');
const metrics = functionMetrics('watch');
const covered = coveredUp(log, metrics);
const stateTable = environment('STATE_TABLE');
const onUnreadable = setAside(log, metrics.count);
const table = dynamoDbTable(database, stateTable, { newVersion, onUnreadable });
/** For what each message reads first. */
const together = readsTogether(database);
const sharing = dynamoDbTable(together, stateTable, { newVersion, onUnreadable });
const { refresh, settings: served } = instanceRegistry(sharing, settings, { newVersion, now, covered });
const access = customerInsightsAccess(
  served,
  authority(),
  together,
  covered,
  secretsCache(covered, (name, values, storedAt) => {
    if (isClientSecret(name))
      metrics.measure('ClientSecretDaysLeft', clientSecretExpiry(values, storedAt, now()).daysLeft);
  }),
);
const shared = {
  triggers,
  leases: leaseStore(sharing, table),
  cursors: cursorStore(table),
  fanOuts: fanOutStore(table),
  subscriptions: listedSubscriptionStore(table, { now, by: 'watch' }),
  rearmStates: rearmStateStore(table),
  deliveries: deliveryStore(table),
  troubles: troubleStore(table),
  ledger: ledgerStore(table, { now }),
  sendDelivery: sqsSend(queues, environment('DELIVERY_QUEUE_URL')),
  sendWatch: sqsSend(queues, environment('WATCH_QUEUE_URL')),
  sourceFailure,
  expectPoll: access.expectApplication,
  leftWhole: new Map(),
  pace,
  now,
  random: Math.random,
  log,
  count: metrics.count,
};

const portsFor = (askedAt: number | undefined, deadline: Deadline) => ({
  ...shared,
  askedAt,
  source: observe(access.forApplication(deadline)),
});

const { linkBase } = settings.customerInsights;
let watched: readonly WatchedInstance[] = [];
let watchedOf: readonly InstanceRow[] | undefined;

/** Those that are served now; the same list until they change. */
const instances = (): readonly WatchedInstance[] => {
  const { instances: current } = served;
  if (watchedOf !== current) watched = current.map((instance) => ({ ...instance, linkBase }));
  watchedOf = current;
  return watched;
};

const refreshed = async (): Promise<readonly WatchedInstance[]> => {
  await refresh();
  return instances();
};

const workOffRecord = async (body: string, record: SQSRecord) => {
  const message = readWatchMessage(body);
  const deadlines: RunningDeadline[] = [];
  const portsOf = () => {
    const deadline = deadlineIn(pollDeadlineMs);
    deadlines.push(deadline);
    return portsFor(sentAtOf(record), deadline);
  };
  try {
    await workOff(portsOf, refreshed(), message);
  } finally {
    for (const { end } of deadlines) end();
  }
};

export const handler = async (event: SQSEvent): Promise<SQSBatchResponse> => {
  const response = await forEachMessage(event, log, workOffRecord, metrics.count);
  metrics.publish();
  return response;
};
