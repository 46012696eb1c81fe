import type { Measure } from '../runtime/metrics.ts';
import { maximumDelaySeconds, type Send } from '../runtime/queue.ts';
import { clockToleranceMs, secondMs } from '../runtime/time.ts';
import type { TroubleStore } from '../store/agenda.ts';
import type { InstanceRow } from '../store/instances.ts';
import { idleCycleMs, type LeaseStore, newLease, untilDue, waitedMs } from '../store/leases.ts';
import type { TroublesMessage, WatchMessage } from '../store/watch-message.ts';

export interface DispatchPorts {
  readonly leases: LeaseStore;
  readonly sendWatch: Send;
  readonly troubles: Pick<TroubleStore, 'over'>;
  readonly now: () => number;
  readonly measure: Measure;
}

export type DispatchedInstance = Pick<InstanceRow, 'id' | 'pausedAt' | 'resumedAt'>;

/** Instances in one message at most. */
export const batchInstances = 10;
/** Instances due within so many seconds of each other share a message where there are few instances. */
export const longestGridSeconds = 15;

/**
 * The schedule is not exact. An instance that is due this long after a time of the grid is looked at then, and not a whole
 * step later, ms; a little less than what a watch tolerates.
 */
const earlyMs = 0.8 * clockToleranceMs;

/**
 * Seconds between two times at which messages are received. A message costs more than an instance in it: so up to 40 instances
 * need at most four messages a minute. More instances fill their messages anyway; they are spread as
 * evenly over the minute as the seconds of a queue's delay allow.
 */
const gridSeconds = (instances: number): number =>
  Math.max(
    1,
    Math.min(longestGridSeconds, Math.floor((batchInstances * idleCycleMs) / secondMs / instances)),
  );

/**
 * When an overdue instance is polled, ms from now: each at another offset within the minute, so that the
 * instances do not become due at the same time after a deployment or an outage. The first one is due at once.
 */
const staggerMs = (index: number, instances: number) => Math.floor((index / instances) * idleCycleMs);

/** Whether a subscription has to be looked at; `watch` finds out which, and tells its owner. */
const isTroubleDue = async ({ troubles, now }: DispatchPorts): Promise<boolean> => {
  for await (const _ of troubles.over(now())) return true;
  return false;
};

const tellTroubles: TroublesMessage = { v: 1, instanceIds: [], busy: false, troubles: true };

/**
 * Queues a watch of every instance that becomes due before the next run, each with a delay of its own, so
 * that the instances stay spread over the minute; and a look at subscriptions in trouble, when one is due.
 * @param instances those that are served; a paused one is left alone
 * @returns how many messages were queued
 */
export const dispatch = async (
  ports: DispatchPorts,
  instances: readonly DispatchedInstance[],
): Promise<number> => {
  const active = instances.filter(({ pausedAt }) => pausedAt === undefined);
  const leases = await ports.leases.all(active.map(({ id }) => id));
  const now = ports.now();
  const grid = gridSeconds(active.length);
  const byDelay = new Map<number, string[]>();
  for (const [index, { id: instanceId }] of active.entries()) {
    const dueIn = untilDue(leases.get(instanceId) ?? newLease, now);
    if (dueIn >= idleCycleMs) continue;
    const wait = dueIn > -idleCycleMs ? dueIn - earlyMs : staggerMs(index, active.length);
    const seconds = wait <= 0 ? 0 : Math.ceil(wait / secondMs / grid) * grid;
    const delay = Math.min(maximumDelaySeconds, seconds);
    const together = byDelay.get(delay);
    if (together) together.push(instanceId);
    else byDelay.set(delay, [instanceId]);
  }
  const polls = [...byDelay].flatMap(([delaySeconds, ids]) =>
    Array.from({ length: Math.ceil(ids.length / batchInstances) }, (_, index) => {
      const message: WatchMessage = {
        v: 1,
        instanceIds: ids.slice(index * batchInstances, (index + 1) * batchInstances),
        busy: false,
      };
      return { body: JSON.stringify(message), ...(delaySeconds > 0 && { delaySeconds }) };
    }),
  );
  const messages = (await isTroubleDue(ports)) ? [...polls, { body: JSON.stringify(tellTroubles) }] : polls;
  // An instance that was never watched has not been waiting: its lease is made by the first look.
  const longestWaitMs = active.reduce((longest, instance) => {
    const lease = leases.get(instance.id);
    return lease === undefined ? longest : Math.max(longest, waitedMs(lease, instance, now));
  }, 0);
  ports.measure('WatchLag', longestWaitMs / secondMs);
  await ports.sendWatch(messages);
  return messages.length;
};
