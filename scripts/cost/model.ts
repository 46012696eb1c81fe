/**
 * What a deployment costs: each thing that it does uses units that have a price. Units come from the definitions of the
 * deployment (functions, alarms, queues, retention) and from scripts/cost/figures.ts.
 */
import { instancesPerSecret } from '../../config/instance-keys.ts';
import { defaultPreset, presets } from '../../config/presets.ts';
import { secretFreshMs } from '../../lambda/customer-insights/secret-reader.ts';
import { batchInstances, longestGridSeconds } from '../../lambda/dispatch/dispatch.ts';
import { type FunctionName, functionFacts } from '../../lambda/functions.ts';
import { daySeconds, minuteMs, secondMs } from '../../lambda/runtime/time.ts';
import { deliveryRetentionSeconds } from '../../lambda/store/deliveries.ts';
import { instancesFreshMs } from '../../lambda/store/instance-registry.ts';
import { shardCount } from '../../lambda/store/instances.ts';
import { idleCycleMs } from '../../lambda/store/leases.ts';
import { sweepMs } from '../../lambda/watch/poll-schedule.ts';
import { alarmDefinitions, ofPages } from '../../lib/alarms.ts';
import { prices } from '../../lib/prices.ts';
import { consumptions } from '../../lib/queues.ts';
import { figure } from './figures.ts';
import { longestOf } from './longest-of.ts';
import {
  gigabyte,
  monthDays,
  monthMinutes,
  monthMs,
  monthSeconds,
  plus,
  times,
  type Units,
} from './units.ts';

const logged = (...lines: readonly number[]): Units => {
  const gigabytes = lines.reduce((sum, bytes) => sum + bytes + figure('lineOverheadBytes'), 0) / gigabyte;
  const monthsKept = presets[defaultPreset].logRetentionDays / monthDays;
  return { logGigabyte: gigabytes, logGigabyteMonth: gigabytes * prices.logCompression * monthsKept };
};

/** An invocation of a function. */
export const ran = (name: FunctionName, milliseconds: number): Units => ({
  lambdaRequest: 1,
  lambdaGigabyteSecond: (milliseconds / secondMs) * (functionFacts[name].memoryMegabytes / 1024),
});

const stored = (bytes: number, months: number): Units => ({
  dynamoDbGigabyteMonth: (bytes / gigabyte) * months,
  dynamoDbBackupGigabyteMonth: (bytes / gigabyte) * months,
});

/** A call of an action or a drop-down, without egress. */
export const proxiedCall = (): Units =>
  plus(
    { httpApiRequest: 1 },
    ran('proxy', figure('proxyUpstreamMs') + figure('proxyOwnMs')),
    { dynamoDbWriteUnit: figure('proxyWrites'), dynamoDbReadUnit: figure('proxyReads') },
    logged(figure('proxyLineBytes'), figure('accessLineBytes')),
  );

/** A call of a visible page of the console, at most. */
export const pageCall = (): Units =>
  plus(
    { httpApiRequest: 1 },
    ran('console', figure('pageCallMs')),
    { dynamoDbWriteUnit: figure('pageCallWrites'), dynamoDbReadUnit: figure('pageCallReads') },
    logged(figure('proxyLineBytes'), figure('accessLineBytes')),
  );

/** 1,769 MB is one core. */
const coreMegabytes = 1_769;

export const deliveryBatchMs = (together: number): number =>
  figure('deliveryWaitMs') +
  (figure('deliveryCpuMs') * together * coreMegabytes) / functionFacts.deliver.memoryMegabytes;

/**
 * A delivery whose data key is in the process, without its record's storage.
 * @param together deliveries that one invocation makes, 1 to 10
 */
export const delivery = (together: number): Units =>
  plus(
    // Sent, received and deleted: a batch is one request.
    { sqsRequest: 3 / together },
    times(1 / together, ran('deliver', deliveryBatchMs(together))),
    { dynamoDbWriteUnit: figure('deliveryWrites'), dynamoDbReadUnit: figure('deliveryReads') },
    logged(),
    times(1 / together, logged(figure('deliveryBatchLineBytes'), figure('deliverMetricsBytes'))),
    times(figure('deliveryLineBytes'), { logGigabyte: 1 / gigabyte }),
  );

/** Its record, as long as it is kept. */
export const deliveryRecord = (): Units =>
  stored(figure('deliveryRecordBytes'), deliveryRetentionSeconds / daySeconds / monthDays);

/** An event that is queued for its flows; the poll that shows it is counted as such. */
export const event = (): Units => ({
  dynamoDbReadUnit: figure('eventReads'),
  dynamoDbWriteUnit: figure('eventWrites'),
});

/** In a process that has the key that seals callback URLs. */
export const registration = (): Units =>
  plus(
    { httpApiRequest: 1 },
    ran('subscriptions', figure('registrationMs')),
    { dynamoDbReadUnit: figure('registrationReads'), dynamoDbWriteUnit: figure('registrationWrites') },
    logged(figure('proxyLineBytes'), figure('accessLineBytes')),
  );

/** A subscription that is there for a month. */
export const subscriptionMonth = (): Units => stored(figure('subscriptionBytes'), 1);

const minutesPerLook = idleCycleMs / minuteMs;

/** Messages that ask for the polls of a minute. */
export const messagesPerMinute = (instances: number): number =>
  Math.max(
    Math.min(instances, idleCycleMs / secondMs / longestGridSeconds),
    instances / batchInstances / minutesPerLook,
  );

const source = { median: figure('sourceMedianMs'), slow: figure('sourceSlowMs') };
/** Calls that a sweep makes at once after the first one: data sources, segments, measures. */
const callsOfSweep = 3;

/** How long the polls of a message take at most on average, ms: the slowest of them, and of the sweeps among them. */
export const lookMessageMs = (instances: number): number => {
  const withSweep = 1 - (1 - idleCycleMs / sweepMs) ** instances;
  return (
    figure('lookOwnMs') +
    longestOf(Math.max(1, instances), source) +
    withSweep * longestOf(callsOfSweep, source)
  );
};

/** Processes of `watch` that are busy on average. */
export const busyWatchers = (instances: number): number => {
  const messages = messagesPerMinute(instances);
  return messages === 0 ? 0 : (messages * lookMessageMs(instances / messages)) / minuteMs;
};

/** The most that a secret holds, bytes: https://docs.aws.amazon.com/secretsmanager/latest/userguide/reference_limits.html */
export const secretBytes = 65_536;

/** The polls of a month of instances at which nothing happens, with the messages that ask for them, and their keys. */
export const idleInstances = (instances: number): Units =>
  pollsOf(instances, Math.ceil(instances / instancesPerSecret));

/** @param secrets with the keys; a share of one where only a part is to be paid */
const pollsOf = (instances: number, secrets: number): Units => {
  const minutes = monthMinutes / minutesPerLook;
  const messages = minutes * messagesPerMinute(instances);
  const looks = minutes * instances;
  const sweeps = (monthMs / sweepMs) * instances;
  const processes = Math.max(1, busyWatchers(instances));
  // The messages of a minute are sent in batches of ten, those of another second in another one.
  const sent =
    minutes * Math.max(Math.min(messagesPerMinute(instances), 4), messagesPerMinute(instances) / 10);
  return plus(
    { sqsRequest: sent + 2 * messages },
    times(messages, ran('watch', messages === 0 ? 0 : lookMessageMs(looks / messages))),
    { dynamoDbReadUnit: looks * figure('lookReads'), dynamoDbWriteUnit: looks * figure('lookWrites') },
    // Whether the instance is paused: half a unit, once in 5 s and process.
    { dynamoDbReadUnit: looks * 0.5 },
    {
      dynamoDbReadUnit: sweeps * figure('sweepReads'),
      dynamoDbWriteUnit: sweeps * (figure('sweepWrites') - 1 + figure('cursorUnits')),
    },
    // Each process asks whether instances have changed.
    { dynamoDbReadUnit: instances === 0 ? 0 : (processes * monthMs) / instancesFreshMs },
    // dispatch reads all leases: of each shard at least a unit.
    {
      dynamoDbReadUnit:
        monthMinutes * Math.max(Math.min(instances, shardCount), (instances * figure('leaseBytes')) / 4096),
    },
    { lambdaGigabyteSecond: dispatchGigabyteSeconds(instances) },
    { secretMonth: secrets, secretRequest: (secrets * processes * monthMs) / secretFreshMs },
  );
};

const dispatchGigabyteSeconds = (instances: number): number =>
  (monthMinutes *
    (figure('dispatchMsPerThousand') / 1_000) *
    instances *
    functionFacts.dispatch.memoryMegabytes) /
  1024 /
  secondMs;

/** One more instance in which nothing happens, with its keys in a secret that instances share. @param beside so many */
export const idleInstance = (beside: number): Units =>
  plus(
    pollsOf(beside + 1, (beside + 1) / instancesPerSecret),
    times(-1, pollsOf(beside, beside / instancesPerSecret)),
  );

export interface Settings {
  readonly alarms: boolean;
  /** Whether the registration of the API has no client secret. */
  readonly federated: boolean;
}

export const defaultSettings: Settings = { alarms: true, federated: false };

/** What is paid each month although nothing happens and no instance is there, by what it is for. */
export const fixedMonth = ({
  alarms,
  federated,
}: Settings = defaultSettings): Readonly<Record<string, Units>> => ({
  Alarms: {
    alarmMetricMonth: alarms
      ? alarmDefinitions(100, { federated }).reduce((sum, { metrics }) => sum + metrics.length, 0)
      : 0,
  },
  Dashboard: { dashboardMonth: alarms ? 1 : 0 },
  // Those that are measured every minute, and each time the client secret is read.
  Metrics: {
    metricMonth: federated ? 1 : 2,
  },
  Secrets: { secretMonth: federated ? 0 : 1 },
  'KMS key': { kmsKeyMonth: 1 },
  'Empty queues': {
    sqsRequest: (consumptions.length * figure('pollersPerQueue') * monthSeconds) / longPollSeconds,
  },
  'Schedule and dispatch': plus(
    { schedulerInvocation: monthMinutes },
    times(monthMinutes, ran('dispatch', figure('dispatchMs'))),
    // Whether instances have changed, the leases of earlier versions, and the subscriptions in trouble.
    { dynamoDbReadUnit: 3 * monthMinutes },
    times(monthMinutes, logged(figure('dispatchMetricsBytes'))),
  ),
});

/** Lambda waits so long for messages: https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html */
const longPollSeconds = 20;

/** What the console costs while no user opens it: alarms that watch its functions, and functions that run by themselves. */
export const idleConsole = (): Units => {
  const ofConsole = (name: FunctionName): boolean => ofPages.includes(name);
  return {
    alarmMetricMonth: alarmDefinitions(100).flatMap(({ metrics }) =>
      metrics.filter((metric) => ('lambda' in metric || 'own' in metric) && ofConsole(metric.of)),
    ).length,
    lambdaRequest:
      monthMinutes *
      ofPages.filter(
        (name) => 'schedule' in functionFacts[name] || consumptions.some(({ consumer }) => consumer === name),
      ).length,
  };
};
