/**
 * Many instances in virtual time: `dispatch` and `watch` as they are deployed, with their stores.
 *
 * State: instances, leases, cursors and subscriptions in the table; messages; processes, busy or free; calls of the source.
 * Events: the minute; a message becomes visible; a call answers; a refresh begins or ends in an instance.
 * What must hold: every instance is looked at about once a minute; lag is bounded; every event is queued for its flows.
 */
import { dispatch } from '../../../lambda/dispatch/dispatch.ts';
import { logWith } from '../../../lambda/runtime/log.ts';
import { countNothing, measureNothing } from '../../../lambda/runtime/metrics.ts';
import type { Outgoing } from '../../../lambda/runtime/queue.ts';
import { minuteMs, secondMs } from '../../../lambda/runtime/time.ts';
import { instancesFreshMs } from '../../../lambda/store/instance-registry.ts';
import {
  type InstanceList,
  type InstanceRow,
  instanceStore,
  servedInstances,
} from '../../../lambda/store/instances.ts';
import { type LeaseStore, leaseStore } from '../../../lambda/store/leases.ts';
import { subscriptionStore } from '../../../lambda/store/subscriptions.ts';
import { readWatchMessage } from '../../../lambda/store/watch-message.ts';
import type { ObservedJob } from '../../../lambda/triggers/observation.ts';
import { triggers } from '../../../lambda/triggers/registry.ts';
import { pace } from '../../../lambda/watch/pace.ts';
import type { WatchPorts } from '../../../lambda/watch/ports.ts';
import { workOff } from '../../../lambda/watch/work-off.ts';
import { figure } from '../../../scripts/cost/figures.ts';
import { delivery, ran } from '../../../scripts/cost/model.ts';
import { plus, times, type Units } from '../../../scripts/cost/units.ts';
import { recordedLog } from '../../lambda/http/recorded-log.ts';
import { memoryTable } from '../../lambda/memory-table.ts';
import { sourceSubscription } from '../../lambda/store/example-subscription.ts';
import { endedJob, noon } from '../../lambda/subscriptions/world.ts';
import { watchStores } from '../../lambda/watch/world.ts';
import { chanceOf } from '../chance.ts';
import { createScheduler } from '../scheduler.ts';
import { type Hottest, pricedTable } from './priced-table.ts';
import { slowSource } from './slow-source.ts';

export interface ScalePlan {
  readonly instances: number;
  readonly minutes: number;
  /** Processes of `watch` at once. */
  readonly concurrency: number;
  readonly seed: number;
  /** Of the instances, in which something is refreshed within the time; 5 % by default. */
  readonly refreshedShare?: number;
}

export interface ScaleResult {
  /** Looks that began. */
  readonly looks: number;
  /** From the time at which an instance was due to the look; those that still wait at the end are among them. Ms, ascending. */
  readonly lagsMs: readonly number[];
  /** Instances that were never looked at. */
  readonly neglected: number;
  readonly messages: number;
  /** Processes at once: on average, and at most. */
  readonly busy: { readonly mean: number; readonly most: number };
  /** The longest run of dispatch, ms. */
  readonly longestDispatchMs: number;
  readonly eventsOwed: number;
  readonly deliveriesSent: number;
  readonly hottest: { readonly writes: Hottest; readonly reads: Hottest };
  readonly throttled: number;
  readonly units: Units;
}

/** Flows of an instance in which something is refreshed. */
const flowsPerInstance = 10;
/** How long a refresh runs, minutes. */
const refreshMinutes = [5, 25] as const;

/** A new process: start of the runtime and of the function, ms. */
const coldStartMs = 900;
/** SQS hands a visible message to a function within so long, ms. */
const handOverMs = [10, 100] as const;
/**
 * Lambda begins with so many invocations for a queue and adds so many a minute:
 * https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html
 */
const [firstInvocations, addedPerMinute] = [5, 300];

const idOf = (index: number): string => `00000000-0000-4000-8000-${String(index).padStart(12, '0')}`;

export const runAtScale = async ({
  instances,
  minutes,
  concurrency,
  seed,
  refreshedShare = 0.05,
}: ScalePlan): Promise<ScaleResult> => {
  const chance = chanceOf(seed, 0);
  const scheduler = createScheduler(noon, Number.POSITIVE_INFINITY);
  const { now, sleep } = scheduler;
  const items = memoryTable();
  const { table, use } = pricedTable(items, scheduler);
  const end = noon + minutes * minuteMs;

  // Filled without cost: it was there before.
  const ids = Array.from({ length: instances }, (_, index) => idOf(index));
  const newMark = () => 'mark';
  await instanceStore(items, newMark).addAbsent(ids.map((id) => ({ id, name: id, secretName: 'keys' })));
  const refreshes = new Map<string, ObservedJob>();
  let eventsOwed = 0;
  for (const id of ids)
    if (chance.happens(refreshedShare)) {
      const length = chance.within(...refreshMinutes);
      const endsAt = chance.within(2, minutes + length);
      const job = endedJob(`task of ${id}`, endsAt);
      refreshes.set(id, { ...job, submittedAt: noon + (endsAt - length) * minuteMs });
      for (let flow = 0; flow < flowsPerInstance; flow += 1)
        await subscriptionStore(items).save(
          sourceSubscription(`${id} flow ${flow}`, null, {
            instanceId: id,
            baseline: { at: noon, occurrences: [] },
          }),
          undefined,
        );
      // The last polls may come after the end.
      if (endsAt < minutes - 3) eventsOwed += 1;
    }

  const slow = slowSource(scheduler, chance.random, (id) => refreshes.get(id));
  const { source } = slow;

  let sqsRequests = 0;
  let messages = 0;
  let deliveriesSent = 0;
  let deliveryRequests = 0;
  const sending = async (count: number) => {
    const batches = Math.ceil(count / 10);
    await sleep(Math.ceil(batches / figure('batchesAtOnce')) * figure('sendBatchMs'));
    return batches;
  };

  const visible: { readonly body: string; readonly sentAt: number }[] = [];
  const sendWatch = async (outgoing: readonly Outgoing[]) => {
    sqsRequests += await sending(outgoing.length);
    messages += outgoing.length;
    for (const { body, delaySeconds = 0 } of outgoing) {
      const message = { body, sentAt: now() };
      scheduler.after(delaySeconds * secondMs + chance.within(...handOverMs), () => {
        visible.push(message);
        handOver();
      });
    }
  };

  const lagsMs: number[] = [];
  const known = new Map<string, { readonly version: string; readonly dueAt: number }>();
  const looked = new Set<string>();
  const stored = leaseStore(table);
  /** As they are, but every claim says how late it was. */
  const leases: LeaseStore = {
    ...stored,
    async find(id) {
      const found = await stored.find(id);
      if (found) known.set(id, { version: found.version, dueAt: found.body.dueAt });
      return found;
    },
    async save(id, lease, expected) {
      const before = known.get(id);
      const at = now();
      const version = await stored.save(id, lease, expected);
      if (version === undefined) return undefined;
      looked.add(id);
      // The settling of a look expects the version of its claim, and is no look of its own.
      if (before?.version === expected) lagsMs.push(Math.max(0, at - before.dueAt));
      known.delete(id);
      return version;
    },
  };
  const ports: WatchPorts = {
    triggers,
    source,
    ...watchStores(table, now),
    leases,
    async sendDelivery(outgoing) {
      deliveryRequests += await sending(outgoing.length);
      deliveriesSent += outgoing.length;
    },
    sendWatch,
    sourceFailure: () => undefined,
    leftWhole: new Map(),
    pace,
    now,
    random: chance.random,
    log: logWith(recordedLog().log, {}),
    count: countNothing,
  };

  const registered = instanceStore(table, newMark);
  let list: InstanceList | undefined;
  let served: readonly InstanceRow[] = [];
  let watching: Units = {};
  let busyMs = 0;
  const running = { now: 0, most: 0 };
  const failures: unknown[] = [];
  /** Processes that wait for a message: when each last looked for changed instances. */
  const free: { seenAt: number }[] = [];
  const allowed = () =>
    Math.min(concurrency, firstInvocations + Math.floor((addedPerMinute * (now() - noon)) / minuteMs));

  const handle = async ({ body, sentAt }: (typeof visible)[number]) => {
    const startedAt = now();
    const found = free.pop();
    const process = found ?? { seenAt: startedAt };
    if (!found) {
      await sleep(coldStartMs);
      // A process keeps a list of its own; here they share it, and each pays for reading it.
      const read = await registered.list();
      if (list === undefined) served = servedInstances(read);
      list ??= read;
    } else if (startedAt - process.seenAt >= instancesFreshMs) {
      list = await registered.list(list);
      process.seenAt = startedAt;
    }
    await sleep(figure('lookOwnMs'));
    await workOff(() => ({ ...ports, askedAt: sentAt }), served, readWatchMessage(body));
    free.push(process);
    const took = now() - startedAt;
    busyMs += took;
    // Received and deleted.
    sqsRequests += 2;
    watching = plus(watching, ran('watch', took));
  };
  function handOver(): void {
    while (visible.length > 0 && running.now < allowed()) {
      const message = visible.shift();
      if (!message) return;
      running.now += 1;
      running.most = Math.max(running.most, running.now);
      handle(message)
        .catch((error: unknown) => failures.push(error))
        .finally(() => {
          running.now -= 1;
          handOver();
        });
    }
  }

  let dispatching: Units = {};
  let longestDispatchMs = 0;
  let dispatched: InstanceList | undefined;
  const tick = async () => {
    const startedAt = now();
    dispatched = await registered.list(dispatched);
    await sleep(figure('dispatchMs') + (figure('dispatchMsPerThousand') * instances) / 1_000);
    await dispatch(
      { leases: stored, troubles: ports.troubles, sendWatch, now, measure: measureNothing },
      servedInstances(dispatched),
    );
    const took = now() - startedAt;
    longestDispatchMs = Math.max(longestDispatchMs, took);
    dispatching = plus(dispatching, ran('dispatch', took), { schedulerInvocation: 1 });
  };
  for (let minute = 0; minute < minutes; minute += 1)
    scheduler.after(minute * minuteMs + chance.within(0, 800), () => {
      tick().catch((error: unknown) => failures.push(error));
    });
  await scheduler.run(end);
  if (failures.length > 0) throw new AggregateError(failures, 'A function failed in the simulation.');

  const looks = lagsMs.length + looked.size;
  for (const lease of (await leaseStore(items).all()).values())
    if (lease.dueAt < end) lagsMs.push(end - lease.dueAt);
  const neglected = instances - looked.size;
  for (let index = 0; index < neglected; index += 1) lagsMs.push(end - noon);
  return {
    looks,
    lagsMs: lagsMs.sort((a, b) => a - b),
    neglected,
    messages,
    busy: { mean: busyMs / (end - noon), most: running.most },
    longestDispatchMs,
    eventsOwed,
    deliveriesSent,
    hottest: use.hottest,
    throttled: use.throttled,
    units: plus(watching, dispatching, times(deliveriesSent, delivery(flowsPerInstance)), {
      sqsRequest: sqsRequests + deliveryRequests,
      dynamoDbWriteUnit: use.units.writes,
      dynamoDbReadUnit: use.units.reads + slow.pauseReads() / 2,
    }),
  };
};
