/** What a deployment uses of each quota, in the three sizes: docs/scaling.md. */

import { instancesPerSecret } from '../../config/instance-keys.ts';
import { throttleDefaults } from '../../config/stack-options.ts';
import { functionFacts, functionNames } from '../../lambda/functions.ts';
import { minuteMs, secondMs } from '../../lambda/runtime/time.ts';
import { shardCount } from '../../lambda/store/instances.ts';
import { idleCycleMs } from '../../lambda/store/leases.ts';
import { consumptions } from '../../lib/queues.ts';
import { decryptionsPerDelivery, sealing } from './data-keys.ts';
import { figure } from './figures.ts';
import { busyWatchers, deliveryBatchMs, messagesPerMinute, secretBytes } from './model.ts';
import { month, type Workload } from './month.ts';
import { sizeNames, sizes, sizeText } from './sizes.ts';
import { monthSeconds } from './units.ts';

/** Requests of one poll of one instance at which nothing happens, alone in its process. */
export const requestsOfLook = {
  /** Tables that its one read is of: the lease and whether instances have changed; whether the source asked for a pause. */
  tablesRead: 2,
  writes: 1,
} as const;

/** Of a run of dispatch for one instance. */
export const requestsOfDispatch = {
  /** Whether instances have changed. */
  gets: 1,
  /** The leases of the shard, those of earlier versions, and the subscriptions in trouble. */
  queries: 3,
} as const;

interface Quota {
  readonly what: string;
  readonly limit: number;
  readonly unit: string;
  /** Whose it is: a page of its documentation, or the setting that has it. */
  readonly from: string;
  readonly use: (load: Workload) => number;
  /** A sentence: what happens at the limit, and what to do. */
  readonly atLimit: string;
}

const aws = 'https://docs.aws.amazon.com';

/** In the busiest hour. */
const peak = (perMonth: number): number => (perMonth / monthSeconds) * figure('peakFactor');

const calls = ({ subscriptions, callsPerFlow }: Workload) => peak(subscriptions * callsPerFlow);
const deliveries = ({ subscriptions, deliveriesPerFlow }: Workload) =>
  peak(subscriptions * deliveriesPerFlow);
const registrations = ({ subscriptions, registrationsPerFlow }: Workload) =>
  peak(subscriptions * registrationsPerFlow);

const busyDeliverers = (load: Workload) =>
  ((deliveries(load) / load.together) * deliveryBatchMs(load.together)) / secondMs;

const busyFunctions = (load: Workload): number =>
  busyWatchers(load.instances) +
  busyDeliverers(load) +
  (calls(load) * (figure('proxyUpstreamMs') + figure('proxyOwnMs'))) / secondMs +
  (registrations(load) * figure('registrationMs')) / secondMs;

/** Units a second of the state table; polls are the same in every hour. */
const tableUnits = (load: Workload, price: 'dynamoDbWriteUnit' | 'dynamoDbReadUnit'): number => {
  const { Polls, Deliveries, Events, Subscriptions } = month(load);
  return (
    (Polls?.[price] ?? 0) / monthSeconds +
    [Deliveries, Events, Subscriptions].reduce((sum, units) => sum + peak(units?.[price] ?? 0), 0)
  );
};

const leasesInShard = ({ instances }: Workload) => instances / shardCount;

const mostAtOnce = (queue: string): number =>
  consumptions.find((one) => one.queue === queue)?.maximumConcurrency ?? Number.NaN;

const millisecondsOfDispatch = ({ instances }: Workload): number => {
  const batches = Math.ceil(messagesPerMinute(instances) / 10);
  return (
    figure('dispatchMs') +
    (figure('dispatchMsPerThousand') * instances) / 1_000 +
    Math.ceil(batches / figure('batchesAtOnce')) * figure('sendBatchMs')
  );
};

/** @param resources of the stack's template */
const quotas = (resources: number): readonly Quota[] => [
  {
    what: 'calls of the API',
    limit: throttleDefaults.callsPerSecond,
    unit: 'a second',
    from: '`throttle` of the configuration',
    use: calls,
    atLimit:
      'Further calls are answered 429, and the platform repeats them. Raise `throttle.callsPerSecond`.',
  },
  {
    what: 'concurrent functions of an account',
    limit: 1_000,
    unit: 'at once',
    from: `[Lambda](${aws}/lambda/latest/dg/gettingstarted-limits.html)`,
    use: busyFunctions,
    atLimit: 'Calls are answered 429; polls and deliveries wait in their queues. Ask AWS for more.',
  },
  {
    what: 'concurrent functions of a new account',
    limit: 10,
    unit: 'at once',
    from: `[Lambda](${aws}/lambda/latest/dg/gettingstarted-limits.html)`,
    use: busyFunctions,
    atLimit: 'As below. Ask AWS for 1,000 before the first deployment.',
  },
  {
    what: 'processes of `watch`',
    limit: mostAtOnce('watch'),
    unit: 'at once',
    from: '`lambda/functions.ts`',
    use: ({ instances }) => busyWatchers(instances),
    atLimit: 'Polls are late (alarm `WatchLag`).',
  },
  {
    what: 'processes of `deliver` for first attempts',
    limit: mostAtOnce('delivery'),
    unit: 'at once',
    from: '`lambda/functions.ts`',
    use: busyDeliverers,
    atLimit: 'Deliveries wait (alarm `OldDeliveries`).',
  },
  {
    what: 'invocations that SQS adds',
    limit: 300,
    unit: 'a minute',
    from: `[Lambda](${aws}/lambda/latest/dg/services-sqs-scaling.html)`,
    use: ({ instances }) => busyWatchers(instances),
    atLimit: 'After an outage the first polls are late by some minutes.',
  },
  {
    what: 'a run of `dispatch`',
    limit: functionFacts.dispatch.timeoutSeconds,
    unit: 's',
    from: '`lambda/functions.ts`',
    use: (load) => millisecondsOfDispatch(load) / secondMs,
    atLimit: 'Instances are not queued (alarms `FunctionErrors`, `WatchLag`). Give it more memory.',
  },
  {
    what: 'writes of one partition: leases of a shard',
    limit: 1_000,
    unit: 'units a second',
    from: `[DynamoDB](${aws}/amazondynamodb/latest/developerguide/bp-partition-key-design.html)`,
    // Those of a minute may come in a few seconds of it.
    use: (load) => (leasesInShard(load) / (idleCycleMs / secondMs)) * figure('peakFactor'),
    atLimit: 'Polls are repeated by the queue (alarm `TableThrottles`).',
  },
  {
    what: 'reads of one partition: all leases of a shard, by `dispatch`',
    limit: 3_000,
    unit: 'units a second',
    from: `[DynamoDB](${aws}/amazondynamodb/latest/developerguide/bp-partition-key-design.html)`,
    use: (load) => Math.max(1, (leasesInShard(load) * figure('leaseBytes')) / 4_096),
    atLimit: 'The run takes longer (alarm `TableThrottles`).',
  },
  {
    what: 'reads of one partition: the flows that one event is for, as many as an instance has',
    limit: 3_000,
    unit: 'units a second',
    from: `[DynamoDB](${aws}/amazondynamodb/latest/developerguide/bp-partition-key-design.html)`,
    use: ({ subscriptions, instances }) =>
      Math.max(1, ((subscriptions / instances) * figure('entryBytes')) / 4_096),
    atLimit: 'The event reaches its flows later.',
  },
  {
    what: 'writes of a new table on demand',
    limit: 4_000,
    unit: 'units a second',
    from: `[DynamoDB](${aws}/amazondynamodb/latest/developerguide/on-demand-capacity-mode.html)`,
    use: (load) => tableUnits(load, 'dynamoDbWriteUnit'),
    atLimit: 'DynamoDB doubles it within 30 minutes of use; until then requests are repeated.',
  },
  {
    what: 'reads of a new table on demand',
    limit: 12_000,
    unit: 'units a second',
    from: `[DynamoDB](${aws}/amazondynamodb/latest/developerguide/on-demand-capacity-mode.html)`,
    use: (load) => tableUnits(load, 'dynamoDbReadUnit'),
    atLimit: 'The same.',
  },
  {
    what: 'an item: the cursor of an instance with 40 segments and measures',
    limit: 400,
    unit: 'KB',
    from: `[DynamoDB](${aws}/amazondynamodb/latest/developerguide/ServiceQuotas.html)`,
    use: () => figure('cursorUnits'),
    atLimit: 'A cursor that does not fit is packed to a fifth.',
  },
  {
    what: 'messages in flight in a queue',
    limit: 120_000,
    unit: 'messages',
    from: `[SQS](${aws}/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html)`,
    use: (load) => Math.max(busyWatchers(load.instances), busyDeliverers(load) * load.together),
    atLimit: 'The queue hands over no more until some are deleted.',
  },
  {
    what: 'the size of a secret with the keys of instances',
    limit: secretBytes / 1_024,
    unit: 'KB',
    from: `[Secrets Manager](${aws}/secretsmanager/latest/userguide/reference_limits.html)`,
    use: ({ instances }) => (Math.min(instances, instancesPerSecret) * figure('keyBytes')) / 1_024,
    atLimit: '`instances add` begins the next secret before.',
  },
  {
    what: 'reads of secrets',
    limit: 10_000,
    unit: 'a second',
    from: `[Secrets Manager](${aws}/secretsmanager/latest/userguide/reference_limits.html)`,
    use: ({ instances }) =>
      (Math.max(1, busyWatchers(instances)) * Math.ceil(instances / instancesPerSecret)) / 300,
    atLimit: 'A process uses what it read before, for up to an hour.',
  },
  {
    what: 'requests of symmetric keys, in the region with the fewest',
    limit: 10_000,
    unit: 'a second',
    from: `[KMS](${aws}/kms/latest/developerguide/requests-per-second.html)`,
    use: (load) => deliveries(load) * decryptionsPerDelivery(load) + peak(sealing(load).kmsRequest ?? 0),
    atLimit: 'Deliveries are repeated by the queue.',
  },
  {
    what: 'resources of the stack',
    limit: 500,
    unit: 'resources',
    from: `[CloudFormation](${aws}/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html)`,
    use: () => resources,
    atLimit: 'It does not depend on the size: instances are rows of the table.',
  },
  {
    what: 'the code of a function',
    limit: 250,
    unit: 'MB',
    from: `[Lambda](${aws}/lambda/latest/dg/gettingstarted-limits.html)`,
    use: () => Math.max(...functionNames.map((name) => functionFacts[name].maximumBundleBytes)) / 1_048_576,
    atLimit: 'It does not depend on the size.',
  },
  {
    what: 'invocations of the schedule',
    limit: 500,
    unit: 'a second',
    from: `[EventBridge Scheduler](${aws}/scheduler/latest/UserGuide/scheduler-quotas.html)`,
    use: () => secondMs / minuteMs,
    atLimit: 'It does not depend on the size.',
  },
];

const number = (value: number): string =>
  value.toLocaleString('en', value < 100 ? { maximumSignificantDigits: 2 } : { maximumFractionDigits: 0 });

const percent = (share: number): string =>
  share >= 0.1 ? `${Math.round(100 * share)} %` : `${number(100 * share)} %`;

export interface QuotaUse {
  readonly what: string;
  /** By size, of 1. */
  readonly shares: readonly number[];
}

/** What breaks first comes first. @param resources of the stack's template */
export const quotaUses = (resources: number): readonly (Quota & QuotaUse)[] =>
  quotas(resources)
    .map((quota) => ({
      ...quota,
      shares: sizeNames.map((name) => quota.use(sizes[name]) / quota.limit),
    }))
    .sort((a, b) => (b.shares.at(-1) ?? 0) - (a.shares.at(-1) ?? 0));

/** @param resources of the stack's template */
export const quotaTable = (resources: number): string =>
  [
    `| quota | limit | ${sizeNames.map((name) => sizeText(sizes[name])).join(' | ')} | at the limit |`,
    `|---|---|${sizeNames.map(() => '---|').join('')}---|`,
    ...quotaUses(resources).map(({ what, limit, unit, from, use, shares, atLimit }) => {
      const cells = sizeNames.map((name, index) => {
        const share = shares[index] ?? 0;
        const text = `${number(use(sizes[name]))} (${percent(share)})`;
        return share > 1 ? `**${text}**` : text;
      });
      return `| ${what} | ${number(limit)} ${unit}, ${from} | ${cells.join(' | ')} | ${atLimit} |`;
    }),
  ].join('\n');
