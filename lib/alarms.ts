/**
 * The alarms of a deployment, as data: the stack, the dashboard, the table in docs/runbook.md and the cost model
 * are made from it. Each has a section of the runbook, which its description names.
 */
import {
  type FunctionName,
  functionFacts,
  functionNames,
  type MetricName,
  type QueueName,
  type ServingFunctionName,
  servingFunctionNames,
} from '../lambda/functions.ts';
import { prices } from './prices.ts';

/** What the person who is told should do: act now; act within the day; look at it within the week. */
export const severities = {
  critical: 'Act now: events or calls are being lost or delayed for everybody.',
  high: 'Act today: some flows or calls are affected, or soon will be.',
  low: 'Look at it this week.',
} as const;

export type Severity = keyof typeof severities;

export type Statistic = 'Sum' | 'Maximum' | 'Minimum' | 'p99';

export type TableName = 'state' | 'limiter';

/** A metric of CloudWatch, by what it is of. */
export type MetricSource =
  | { readonly own: MetricName; readonly of: FunctionName }
  | { readonly lambda: 'Errors' | 'Throttles' | 'Invocations' | 'Duration'; readonly of: ServingFunctionName }
  | { readonly queue: 'ApproximateAgeOfOldestMessage'; readonly of: QueueName }
  | { readonly deadLetters: 'ApproximateNumberOfMessagesVisible'; readonly of: QueueName }
  | {
      readonly table:
        | 'ReadThrottleEvents'
        | 'WriteThrottleEvents'
        | 'ConsumedReadCapacityUnits'
        | 'ConsumedWriteCapacityUnits';
      readonly of: TableName;
    }
  | { readonly table: 'SystemErrors'; readonly of: TableName; readonly operation: string }
  | { readonly api: 'Count' | '5xx' | 'Latency' };

export interface AlarmDefinition {
  readonly name: string;
  readonly severity: Severity;
  /** A sentence: what is the case when it rings. */
  readonly meaning: string;
  /** Section of docs/runbook.md. */
  readonly runbook: string;
  readonly metrics: readonly MetricSource[];
  readonly statistic: Statistic;
  /** Metric math over m0, m1, …; by default the one metric, or the sum of all. CloudWatch takes ten metrics. */
  readonly expression?: string;
  readonly periodMinutes: number;
  /** Periods that are looked at, and how many of them must be beyond the threshold. */
  readonly periods: number;
  readonly datapoints?: number;
  readonly threshold: number;
  readonly rings: 'at or above' | 'below';
  /** What a period without data means; without data, most of these things did not happen. */
  readonly missing: 'fine' | 'bad' | 'as before';
  /** An update of the functions in progress is undone when it rings: it is about faults of this program. */
  readonly stopsUpdates?: true;
}

/**
 * The functions behind the pages of the console. An alarm is paid for each of its metrics, also while no user looks, so
 * none watches these: the user sees a failure, and the alarms of the API count it. Their calls are in the cost of the API.
 */
export const ofPages: readonly FunctionName[] = ['console', 'resend'];

const watched = servingFunctionNames.filter((name) => !ofPages.includes(name));

const own = (name: MetricName, ...functions: readonly FunctionName[]): readonly MetricSource[] =>
  functions.map((of) => ({ own: name, of }));

/** Those functions that count a metric. */
const everywhere = (name: MetricName): readonly MetricSource[] =>
  own(name, ...watched.filter((of) => (functionFacts[of].metrics as readonly string[]).includes(name)));

const ofFunctions = (name: 'Errors' | 'Throttles'): readonly MetricSource[] =>
  watched.map((of) => ({ lambda: name, of }));

const queueNames: readonly QueueName[] = ['watch', 'delivery', 'retry'];

/** Each operation that a function may call on a table, once. */
const tableOperations: readonly MetricSource[] = [
  ...new Set(
    functionNames.flatMap((name) =>
      functionFacts[name].uses.flatMap((use) =>
        'table' in use ? use.actions.map((action) => `${use.table} ${action}`) : [],
      ),
    ),
  ),
].map((pair) => {
  const [of, operation = ''] = pair.split(' ');
  return { table: 'SystemErrors', of: of as TableName, operation };
});

/** All metrics together. A series without data, as of what never happened, is left out: a plus would make all of it empty. */
const sum = 'SUM(METRICS())';

/** The share of the first metric in a whole, percent; 0 below `least`, where one failure is a high share. */
const share = (whole: string, least: number) => `IF(m0 >= ${least}, 100 * m0 / ${whole}, 0)`;

const costMetrics: readonly { readonly metric: MetricSource; readonly usd: number }[] = [
  { metric: { api: 'Count' }, usd: prices.httpApiRequest + prices.lambdaRequest },
  // One that runs by the clock alone costs the same each month.
  ...servingFunctionNames
    .filter((of) => !('schedule' in functionFacts[of]) && !ofPages.includes(of))
    .map((of) => ({
      metric: { lambda: 'Duration', of } as const,
      usd: (functionFacts[of].memoryMegabytes / 1024 / 1000) * prices.lambdaGigabyteSecond,
    })),
  { metric: { table: 'ConsumedWriteCapacityUnits', of: 'state' }, usd: prices.dynamoDbWriteUnit },
  { metric: { table: 'ConsumedWriteCapacityUnits', of: 'limiter' }, usd: prices.dynamoDbWriteUnit },
  { metric: { table: 'ConsumedReadCapacityUnits', of: 'state' }, usd: prices.dynamoDbReadUnit },
];

const exactly = (value: number) => value.toFixed(15).replace(/0+$/, '');

/** The alarm of what a deployment without a client secret does not have. */
const ofClientSecret = 'ClientSecretDaysLeft';

/** Whether an alarm is of the canary, which a deployment may have or not. */
export const ofCanary = ({ metrics }: AlarmDefinition): boolean =>
  metrics.some((metric) => 'own' in metric && metric.of === 'canary');

/** What decides which alarms a deployment has. */
export interface AlarmOptions {
  /** Whether the API's registration has no client secret; by default it has one. */
  readonly federated?: boolean;
  /** Whether there is a canary; by default there is none. */
  readonly canary?: boolean;
}

/** @param monthlyUsd the cost above which the alarm of that name rings */
export const alarmDefinitions = (
  monthlyUsd: number,
  { federated = false, canary = false }: AlarmOptions = {},
): readonly AlarmDefinition[] =>
  allAlarms(monthlyUsd).filter(
    (alarm) => (!federated || alarm.name !== ofClientSecret) && (canary || !ofCanary(alarm)),
  );

const allAlarms = (monthlyUsd: number): readonly AlarmDefinition[] => {
  const counted = { statistic: 'Sum', rings: 'at or above', missing: 'fine' } as const;
  const level = { statistic: 'Maximum', rings: 'at or above', missing: 'fine' } as const;
  return [
    {
      ...counted,
      name: 'HeartbeatMissing',
      severity: 'critical',
      meaning: 'dispatch has not run for five minutes, so no instance is looked at.',
      runbook: 'the-heartbeat-is-missing',
      metrics: [{ lambda: 'Invocations', of: 'dispatch' }],
      periodMinutes: 5,
      periods: 1,
      threshold: 1,
      rings: 'below',
      missing: 'bad',
    },
    {
      ...level,
      name: 'WatchLag',
      severity: 'critical',
      meaning: 'An instance has been due for five minutes or more and was not looked at.',
      runbook: 'looks-are-late',
      metrics: own('WatchLag', 'dispatch'),
      periodMinutes: 5,
      periods: 2,
      threshold: 300,
      stopsUpdates: true,
    },
    {
      ...level,
      name: 'OldDeliveries',
      severity: 'critical',
      meaning: 'A first attempt has been waiting in its queue for five minutes or more.',
      runbook: 'a-queue-does-not-empty',
      metrics: [{ queue: 'ApproximateAgeOfOldestMessage', of: 'delivery' }],
      periodMinutes: 5,
      periods: 2,
      threshold: 300,
    },
    {
      ...counted,
      name: 'CanaryMissing',
      severity: 'critical',
      meaning:
        'For 15 minutes no sample of the canary has arrived: registrations, deliveries or removals do not work.',
      runbook: 'the-canary-does-not-arrive',
      metrics: own('CanarySuccesses', 'canary'),
      periodMinutes: 5,
      periods: 3,
      threshold: 1,
      rings: 'below',
      missing: 'bad',
      stopsUpdates: true,
    },
    {
      ...counted,
      name: 'ApiErrors',
      severity: 'critical',
      meaning: 'At least 5 % of the calls of the API, and five of them, answer 5xx.',
      runbook: 'calls-answer-5xx',
      metrics: [{ api: '5xx' }, { api: 'Count' }],
      expression: share('m1', 5),
      periodMinutes: 5,
      periods: 3,
      threshold: 5,
      stopsUpdates: true,
    },
    {
      ...counted,
      name: 'CredentialFailures',
      severity: 'critical',
      meaning:
        'No token for Customer Insights could be had, or a secret or a key was refused, five times in 15 minutes.',
      runbook: 'a-credential-is-refused',
      metrics: everywhere('CredentialFailures'),
      periodMinutes: 15,
      periods: 1,
      threshold: 5,
      stopsUpdates: true,
    },
    {
      ...counted,
      name: 'LimiterFailures',
      severity: 'critical',
      meaning: 'Calls could not be counted and were refused with 503 LimitUnavailable.',
      runbook: 'the-limiter-does-not-answer',
      metrics: everywhere('LimiterFailures'),
      periodMinutes: 5,
      periods: 2,
      threshold: 5,
      stopsUpdates: true,
    },
    {
      ...counted,
      name: 'StoreFailures',
      severity: 'critical',
      meaning: 'The state table or a queue did not answer, and calls were refused with 503 StoreUnavailable.',
      runbook: 'the-tables-do-not-answer',
      metrics: everywhere('StoreFailures'),
      periodMinutes: 5,
      periods: 2,
      threshold: 5,
      stopsUpdates: true,
    },
    {
      ...counted,
      name: 'DeadLetters',
      severity: 'high',
      meaning: 'Deliveries were given up, also those that SQS itself moved.',
      runbook: 'dead-letters',
      metrics: everywhere('DeadLettersKept'),
      periodMinutes: 5,
      periods: 1,
      threshold: 1,
      stopsUpdates: true,
    },
    {
      ...level,
      name: 'DeadLettersWaiting',
      severity: 'high',
      meaning:
        'Messages wait in the queues of dead letters: polls that were given up, or letters that are not kept.',
      runbook: 'dead-letters',
      metrics: queueNames.map((of) => ({ deadLetters: 'ApproximateNumberOfMessagesVisible', of })),
      periodMinutes: 5,
      periods: 1,
      threshold: 1,
    },
    {
      ...level,
      name: 'OldPolls',
      severity: 'high',
      meaning: 'A poll has been waiting in its queue for ten minutes or more.',
      runbook: 'a-queue-does-not-empty',
      metrics: [{ queue: 'ApproximateAgeOfOldestMessage', of: 'watch' }],
      periodMinutes: 5,
      periods: 2,
      threshold: 600,
    },
    {
      ...level,
      name: 'OldRetries',
      severity: 'high',
      // A retry waits for at most 15 minutes by itself.
      meaning: 'A later attempt has been waiting in its queue for 30 minutes or more.',
      runbook: 'a-queue-does-not-empty',
      metrics: [{ queue: 'ApproximateAgeOfOldestMessage', of: 'retry' }],
      periodMinutes: 5,
      periods: 2,
      threshold: 1800,
    },
    {
      ...counted,
      name: 'TableErrors',
      severity: 'high',
      meaning: 'DynamoDB answered requests with errors of its own.',
      runbook: 'the-tables-do-not-answer',
      metrics: tableOperations,
      periodMinutes: 5,
      periods: 2,
      threshold: 1,
    },
    {
      ...counted,
      name: 'TableThrottles',
      severity: 'high',
      meaning: 'DynamoDB throttled requests.',
      runbook: 'the-tables-do-not-answer',
      metrics: (['state', 'limiter'] as const).flatMap((of) =>
        (['ReadThrottleEvents', 'WriteThrottleEvents'] as const).map((table) => ({ table, of })),
      ),
      periodMinutes: 5,
      periods: 2,
      threshold: 10,
    },
    {
      ...counted,
      name: 'FunctionErrors',
      severity: 'high',
      meaning: 'Functions ended with errors, timed out or ran out of memory.',
      runbook: 'functions-end-with-errors',
      metrics: ofFunctions('Errors'),
      periodMinutes: 5,
      periods: 3,
      datapoints: 2,
      threshold: 3,
      stopsUpdates: true,
    },
    {
      ...counted,
      name: 'Throttles',
      severity: 'high',
      meaning:
        'Functions could not be started, because the account or their reserved concurrency has no room.',
      runbook: 'functions-are-throttled',
      metrics: ofFunctions('Throttles'),
      periodMinutes: 5,
      periods: 3,
      threshold: 1,
    },
    {
      ...counted,
      name: 'SlowAnswers',
      severity: 'high',
      meaning: 'One of a hundred calls of the API takes ten seconds or more.',
      runbook: 'calls-are-slow',
      metrics: [{ api: 'Latency' }],
      statistic: 'p99',
      periodMinutes: 5,
      periods: 3,
      threshold: 10_000,
    },
    {
      ...level,
      name: 'CanarySlow',
      severity: 'high',
      meaning:
        'From the registration of the canary to the arrival of its sample it takes 30 seconds or more.',
      runbook: 'the-canary-does-not-arrive',
      metrics: own('CanaryMilliseconds', 'canary'),
      periodMinutes: 5,
      periods: 3,
      datapoints: 2,
      threshold: 30_000,
    },
    {
      ...counted,
      name: 'DeliveryFailures',
      severity: 'high',
      meaning: 'At least half of the attempts to call flows fail, and 20 of them.',
      runbook: 'flows-do-not-answer',
      metrics: [...own('DeliveriesRetried', 'deliver'), ...own('DeliveriesDelivered', 'deliver')],
      expression: share(sum, 20),
      periodMinutes: 15,
      periods: 2,
      threshold: 50,
    },
    {
      ...counted,
      name: 'MessagesFailed',
      severity: 'high',
      meaning: 'The handlers of ten messages failed in 15 minutes.',
      runbook: 'messages-fail',
      metrics: everywhere('MessagesFailed'),
      periodMinutes: 15,
      periods: 1,
      threshold: 10,
      stopsUpdates: true,
    },
    {
      ...counted,
      name: 'SourceFailures',
      severity: 'high',
      meaning: 'Customer Insights did not answer the polls of the watch for an hour.',
      runbook: 'customer-insights-does-not-answer',
      metrics: own('SourceFailures', 'watch'),
      periodMinutes: 20,
      periods: 3,
      threshold: 3,
    },
    {
      ...counted,
      name: 'SourceRefusals',
      severity: 'high',
      meaning: 'Customer Insights refused or did not answer 20 calls of flows in 15 minutes.',
      runbook: 'customer-insights-does-not-answer',
      metrics: everywhere('SourceRefusals'),
      periodMinutes: 15,
      periods: 2,
      threshold: 20,
    },
    {
      ...counted,
      name: 'Gaps',
      severity: 'high',
      meaning: 'Detection could not look back to where it had left off: events may be missing.',
      runbook: 'a-gap',
      metrics: own('Gaps', 'watch'),
      periodMinutes: 5,
      periods: 1,
      threshold: 1,
    },
    {
      ...counted,
      name: 'EventsSetAside',
      severity: 'high',
      meaning: 'An event was too large to be sent.',
      runbook: 'an-event-was-set-aside',
      metrics: own('EventsSetAside', 'watch'),
      periodMinutes: 5,
      periods: 1,
      threshold: 1,
    },
    {
      ...counted,
      name: 'RecordsSetAside',
      severity: 'high',
      meaning: 'A record of another schema version was left alone; its flow may get no events.',
      runbook: 'a-record-was-set-aside',
      metrics: everywhere('RecordsSetAside'),
      periodMinutes: 15,
      periods: 1,
      threshold: 1,
      stopsUpdates: true,
    },
    {
      name: ofClientSecret,
      severity: 'high',
      meaning: 'The client secret expires in less than 30 days.',
      runbook: 'the-client-secret-is-about-to-expire',
      metrics: own('ClientSecretDaysLeft', 'watch'),
      statistic: 'Minimum',
      periodMinutes: 60,
      periods: 1,
      threshold: 30,
      rings: 'below',
      missing: 'as before',
    },
    {
      ...level,
      name: 'ClockBehind',
      severity: 'low',
      meaning:
        'The clocks of two functions differ by 250 ms or more, which shortens or lengthens the window of the limit.',
      runbook: 'a-clock-is-wrong',
      metrics: everywhere('ClockBehind'),
      expression: 'MAX(METRICS())',
      periodMinutes: 5,
      periods: 1,
      threshold: 250,
    },
    {
      ...counted,
      name: 'ClockFaults',
      severity: 'low',
      meaning: 'Customer Insights, or a host of ours, wrote times in the future.',
      runbook: 'a-clock-is-wrong',
      metrics: own('ClockFaults', 'watch'),
      periodMinutes: 60,
      periods: 1,
      threshold: 1,
    },
    {
      ...counted,
      name: 'FailuresCoveredUp',
      severity: 'low',
      meaning: 'For half an hour an older secret, key or token was used, or a pause was not shared.',
      runbook: 'failures-are-covered-up',
      metrics: everywhere('FailuresCoveredUp'),
      periodMinutes: 10,
      periods: 3,
      threshold: 1,
    },
    {
      ...counted,
      name: 'LooksUnfinished',
      severity: 'low',
      meaning: 'For four hours polls have left work to the next poll.',
      runbook: 'polls-do-not-finish',
      metrics: own('LooksUnfinished', 'watch'),
      periodMinutes: 60,
      periods: 4,
      threshold: 1,
    },
    {
      ...counted,
      name: 'SubscriptionsEnded',
      severity: 'low',
      meaning: 'Subscriptions ended: their flows get no further events.',
      runbook: 'a-subscription-has-ended',
      metrics: everywhere('SubscriptionsEnded'),
      periodMinutes: 60,
      periods: 1,
      threshold: 1,
    },
    {
      ...counted,
      name: 'SubscriptionsPaused',
      severity: 'low',
      meaning: 'Twenty subscriptions were paused in an hour: a solution may have been switched off.',
      runbook: 'many-subscriptions-are-paused',
      metrics: everywhere('SubscriptionsPaused'),
      periodMinutes: 60,
      periods: 1,
      threshold: 20,
    },
    {
      ...counted,
      name: 'Cost',
      severity: 'low',
      meaning: `A month of days like the last one would cost ${monthlyUsd} US dollars or more (monitoring.monthlyUsd), without egress and logs.`,
      runbook: 'the-cost-is-high',
      metrics: costMetrics.map(({ metric }) => metric),
      expression: `30 * SUM([${costMetrics.map(({ usd }, index) => `m${index} * ${exactly(usd)}`).join(', ')}])`,
      periodMinutes: 24 * 60,
      periods: 1,
      threshold: monthlyUsd,
    },
  ];
};

/** The metric math of an alarm; undefined when it watches one metric as it is. */
export const expressionOf = ({ expression, metrics }: AlarmDefinition): string | undefined =>
  expression ?? (metrics.length > 1 ? sum : undefined);
