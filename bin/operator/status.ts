/** How a deployment is: per instance the looks, the subscriptions and the deliveries, and what waits in the queues. */
import pMap from 'p-map';
import { countLetters, type DeadLetterCounts } from '../../lambda/resend/letters.ts';
import { hasCode } from '../../lambda/runtime/errors.ts';
import type { SubscriptionId } from '../../lambda/runtime/ids.ts';
import { dayMs, hourMs, iso, minuteMs } from '../../lambda/runtime/time.ts';
import { type InstanceRow, rowsOf } from '../../lambda/store/instances.ts';
import { idleCycleMs, type Lease, mostUrgent, waitedMs } from '../../lambda/store/leases.ts';
import { instanceList } from '../../lambda/store/lists.ts';
import type { Subscription } from '../../lambda/store/subscriptions.ts';
import { horizonMs } from '../../lambda/triggers/cursor.ts';
import { instanceWith } from '../../lambda/triggers/instance.ts';
import { count } from '../../lambda/triggers/wording.ts';
import type { Deployment, QueueStatus } from './deployment-place.ts';

/** A look that is overdue by more than this is a fault: a host that was busy catches up sooner. */
const overdueIsFaultMs = 5 * minuteMs;

/** A pause longer than this is told, ms: later, events of its beginning are lost. */
const pauseIsLongMs = horizonMs - 5 * dayMs;

/** Subscriptions of one instance whose deliveries are counted at most; each costs one query. */
export const mostCounted = 2_000;

const atOnce = { concurrency: 25 };

export interface InstanceStatus {
  readonly instanceId: string;
  /** Null where no configuration at hand lists it. */
  readonly name: string | null;
  /** RFC 3339. The last look was then or up to 45 s later, because a running job is looked at sooner. Null: unknown, after failures. */
  readonly lastLookAt: string | null;
  readonly nextLookAt: string;
  /** How long the next look is overdue, ms; 0 when it is not, and while the instance is paused. */
  readonly overdueMs: number;
  /** RFC 3339; since when an operator keeps it from being looked at. */
  readonly pausedAt: string | null;
  /** RFC 3339; when everything was read last, whatever the job list said. Null: never. */
  readonly lastSweepAt: string | null;
  /** Submission of the newest job that was seen; RFC 3339. */
  readonly newestJobAt: string | null;
  /** Looks in a row that Customer Insights did not answer. */
  readonly failuresInARow: number;
  readonly failure: { readonly since: string; readonly reason: string } | null;
  readonly absentSegments: readonly { readonly name: string; readonly since: string }[];
  readonly subscriptions: {
    readonly active: number;
    readonly paused: number;
    readonly ended: number;
    /** Of a schema that a newer program wrote. */
    readonly unreadable: number;
  };
  readonly deliveries: {
    /** Deliveries were counted of so many subscriptions. */
    readonly ofSubscriptions: number;
    readonly lastHour: number;
    readonly lastDay: number;
    /** Of the last 24 hours. */
    readonly byState: Readonly<Record<'pending' | 'delivered' | 'dead' | 'dropped', number>>;
  };
}

export interface Attention {
  readonly what: string;
  /** A command of this program, or a page. */
  readonly mend: string;
}

export interface DeploymentStatus {
  /** RFC 3339. */
  readonly at: string;
  /** Of more than 200 those that fail or wait most. */
  readonly instances: readonly InstanceStatus[];
  /** How many are not among them. */
  readonly others: number;
  readonly queues: readonly QueueStatus[];
  /** The versions of the connector that called in the last 90 days, the last one first. */
  readonly connectorVersions: readonly {
    readonly version: string;
    /** RFC 3339; within ten minutes of its last call. */
    readonly lastCallAt: string;
  }[];
  /** Records of what was given up. */
  readonly deadLetters: DeadLetterCounts;
  /** What needs attention; empty when all is well. */
  readonly attention: readonly Attention[];
}

/** A subscription of a list; `unreadable` for a record of a newer program, undefined when it is gone. */
export const subscriptionOrReason = async (
  { subscriptions }: Pick<Deployment, 'subscriptions'>,
  id: SubscriptionId,
): Promise<Subscription | 'unreadable' | undefined> => {
  try {
    return (await subscriptions.find(id))?.body;
  } catch (error) {
    if (hasCode(error, 'UnknownSchemaVersion')) return 'unreadable';
    throw error;
  }
};

/** The subscriptions of an instance, as its list has them. */
export const subscriptionsOf = async (
  deployment: Pick<Deployment, 'subscriptions' | 'lists'>,
  instanceId: string,
): Promise<readonly (Subscription | 'unreadable')[]> => {
  const ids: SubscriptionId[] = [];
  for await (const { subscriptionId } of deployment.lists.of(instanceList(instanceId)))
    ids.push(subscriptionId);
  const found = await pMap(ids, (id) => subscriptionOrReason(deployment, id), atOnce);
  return found.filter((one) => one !== undefined);
};

const deliveriesOf = async (
  { deliveries }: Deployment,
  subscriptions: readonly Subscription[],
  now: number,
): Promise<InstanceStatus['deliveries']> => {
  const byState = { pending: 0, delivered: 0, dead: 0, dropped: 0 };
  let lastHour = 0;
  const counted = subscriptions.slice(0, mostCounted);
  await pMap(
    counted,
    async ({ subscriptionId }) => {
      for await (const { state, firstAttemptAt } of deliveries.history(subscriptionId, iso(now - dayMs))) {
        byState[state] += 1;
        if (firstAttemptAt >= now - hourMs) lastHour += 1;
      }
    },
    atOnce,
  );
  const lastDay = Object.values(byState).reduce((sum, one) => sum + one, 0);
  return { ofSubscriptions: counted.length, lastHour, lastDay, byState };
};

const failureOf = async (
  { ledger }: Deployment,
  instanceId: string,
  now: number,
): Promise<InstanceStatus['failure']> => {
  const records = await ledger.ofInstance(instanceId, now - 30 * dayMs, 200);
  const failed = records.find((record) => record.kind === 'source failed');
  return failed?.kind === 'source failed' ? { since: iso(failed.at), reason: failed.reason } : null;
};

const instanceStatus = async (
  deployment: Deployment,
  {
    id,
    name,
    lease,
    row,
  }: {
    readonly id: string;
    readonly name: string | undefined;
    readonly lease: Lease;
    readonly row: InstanceRow | undefined;
  },
  now: number,
): Promise<InstanceStatus> => {
  const [found, { cursor }, absent] = await Promise.all([
    subscriptionsOf(deployment, id),
    deployment.cursors.find(id),
    deployment.cursors.absentSegments(id),
  ]);
  const readable = found.filter((one) => one !== 'unreadable');
  const inState = (state: Subscription['status']['state']) =>
    readable.filter(({ status }) => status.state === state).length;
  return {
    instanceId: id,
    name: name ?? null,
    lastLookAt:
      lease.dueAt === 0 || lease.failures > 0 ? null : iso(Math.min(now, lease.dueAt - idleCycleMs)),
    nextLookAt: iso(lease.dueAt === 0 ? now : lease.dueAt),
    overdueMs: lease.dueAt === 0 ? 0 : waitedMs(lease, row ?? {}, now),
    pausedAt: row?.pausedAt ?? null,
    lastSweepAt: lease.sweptAt === 0 ? null : iso(lease.sweptAt),
    newestJobAt: cursor.jobs.seenUntil === 0 ? null : iso(cursor.jobs.seenUntil),
    failuresInARow: lease.failures,
    failure: lease.failures === 0 ? null : await failureOf(deployment, id, now),
    absentSegments: [...absent].map(([segment, since]) => ({ name: segment, since: iso(since) })),
    subscriptions: {
      active: inState('active'),
      paused: inState('paused'),
      ended: inState('ended'),
      unreadable: found.length - readable.length,
    },
    deliveries: await deliveriesOf(deployment, readable, now),
  };
};

const attentionOf = (
  at: number,
  instances: readonly InstanceStatus[],
  queues: readonly QueueStatus[],
  deadLetters: DeadLetterCounts,
): readonly Attention[] => [
  ...instances.flatMap((instance): Attention[] => {
    const called = instance.name ?? instance.instanceId;
    return [
      ...(instance.failuresInARow > 0
        ? [
            {
              what: `${called}: Customer Insights has not answered ${count(instance.failuresInARow, 'look')} in a row${instance.failure ? `, since ${instance.failure.since}: ${instance.failure.reason}` : ''}`,
              mend: 'insights-connector doctor',
            },
          ]
        : []),
      ...(instance.overdueMs > overdueIsFaultMs
        ? [
            {
              what: `${called}: the next poll has been overdue since ${instance.nextLookAt}`,
              mend: 'insights-connector logs --function dispatch --since 1h',
            },
          ]
        : []),
      ...(instance.pausedAt !== null && at - Date.parse(instance.pausedAt) > pauseIsLongMs
        ? [
            {
              what: `${called}: is paused since ${instance.pausedAt}; what happens is lost after ${horizonMs / dayMs} days`,
              mend: `insights-connector instances resume '${called}'`,
            },
          ]
        : []),
      ...(instance.subscriptions.unreadable > 0
        ? [
            {
              what: `${called}: ${count(instance.subscriptions.unreadable, 'subscription')} written by a newer version of this program`,
              mend: 'Deploy the newer version again: docs/deployment.md',
            },
          ]
        : []),
      ...instance.absentSegments.map(({ name, since }) => ({
        what: `${called}: the followed segment "${name}" is not listed since ${since}`,
        mend: 'insights-connector subscriptions list --state active',
      })),
    ];
  }),
  ...queues.flatMap(({ queue, waiting, inFlight, isDeadLetters }): Attention[] =>
    isDeadLetters && waiting + inFlight > 0
      ? [
          {
            what: `${queue}: ${count(waiting + inFlight, 'message')}`,
            mend: 'insights-connector logs --function dead-letters --since 1h',
          },
        ]
      : [],
  ),
  // Polls that were given up need no attention: the next poll continues with them.
  ...(deadLetters.deliveries + deadLetters.unreadable > 0
    ? [
        {
          what: `Dead letters: ${count(deadLetters.deliveries + deadLetters.unreadable, 'message')}`,
          mend: 'insights-connector redrive --dry-run',
        },
      ]
    : []),
];

/**
 * Reads how a deployment is. It costs a query for each subscription of an instance, {@link mostCounted} at most, and
 * two for the instance.
 * @param names instance id in lower case → the name of the configuration
 */
export const readStatus = async (
  deployment: Deployment,
  names: ReadonlyMap<string, string>,
  now: number,
): Promise<DeploymentStatus> => {
  const [leases, list] = await Promise.all([deployment.leases.all(), deployment.instances.list()]);
  const rows = list ? rowsOf(list) : [];
  const polled = [...leases].flatMap(([id, lease]) => {
    const row = instanceWith(rows, id);
    return row?.removedAt === undefined ? { ...row, id, lease, row, name: names.get(id.toLowerCase()) } : [];
  });
  const instances = await pMap(
    mostUrgent(polled, leases, now),
    (one) => instanceStatus(deployment, one, now),
    { concurrency: 5 },
  );
  const [queues, deadLetters, uses] = await Promise.all([
    deployment.queueStatus(),
    countLetters(deployment.letters, {}),
    deployment.connectorVersions(),
  ]);
  const connectorVersions = uses.map(({ version, seenAt }) => ({ version, lastCallAt: iso(seenAt) }));
  const attention = attentionOf(now, instances, queues, deadLetters);
  const others = polled.length - instances.length;
  return { at: iso(now), instances, others, queues, connectorVersions, deadLetters, attention };
};
