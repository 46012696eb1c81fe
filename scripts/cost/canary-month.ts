/** What the canary costs (`monitoring.canary`): alarms and metrics of its own, and a run every few minutes. */
import { functionFacts } from '../../lambda/functions.ts';
import { minuteMs } from '../../lambda/runtime/time.ts';
import { alarmDefinitions, ofCanary } from '../../lib/alarms.ts';
import { keyRead, processLives } from './data-keys.ts';
import { figure } from './figures.ts';
import { delivery, deliveryRecord, ran, registration } from './model.ts';
import { monthMs, plus, times, type Units } from './units.ts';

/** @throws TypeError when the canary does not run every so many minutes */
const runsInMonth = (): number => {
  const [, minutes] = /^rate\((\d+) minutes\)$/.exec(functionFacts.canary.schedule) ?? [];
  if (minutes === undefined)
    throw new TypeError(`${functionFacts.canary.schedule} is not a rate in minutes.`);
  return monthMs / (Number(minutes) * minuteMs);
};

/** Registered, sampled, received and removed. */
export const canaryRun = (): Units =>
  plus(
    { schedulerInvocation: 1 },
    registration(),
    // Sent with the registration; delivered alone.
    delivery(1),
    deliveryRecord(),
    // The run waits for the registration and the removal; then the sample arrives.
    ran('canary', figure('registrationMs') + figure('removalMs')),
    ran('canary', figure('canaryReceiveMs')),
    ran('subscriptions', figure('removalMs')),
    {
      httpApiRequest: 1,
      dynamoDbReadUnit: figure('removalReads'),
      dynamoDbWriteUnit: figure('removalWrites'),
    },
    { dynamoDbReadUnit: figure('canaryReads'), dynamoDbWriteUnit: figure('canaryWrites') },
  );

export const canaryMonth = (): Units =>
  plus(
    {
      alarmMetricMonth: alarmDefinitions(100, { canary: true })
        .filter(ofCanary)
        .reduce((sum, { metrics }) => sum + metrics.length, 0),
      metricMonth: functionFacts.canary.metrics.length,
    },
    times(runsInMonth(), canaryRun()),
    // Each process that registers reads the key, and each that delivers decrypts it once.
    times(processLives, plus(keyRead, { kmsRequest: 1 })),
  );
