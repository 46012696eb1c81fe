/**
 * Faults that the simulation has to find. Each is a wrong part put in from outside, as a plausible mistake in
 * the code would behave; none of them exists in the product.
 */
import { createHash } from 'node:crypto';
import type { DeliverPorts } from '../../lambda/deliver/deliver.ts';
import { compareDecimals } from '../../lambda/runtime/decimal.ts';
import type { DeliveryId } from '../../lambda/runtime/ids.ts';
import type { DeliveryMessage } from '../../lambda/store/delivery-message.ts';
import type { FoundEntry, SubscriptionStore } from '../../lambda/store/subscriptions.ts';
import type { Version } from '../../lambda/store/table.ts';
import { emptyBaseline } from '../../lambda/triggers/baseline.ts';
import { isTerminal, type ObservedTask } from '../../lambda/triggers/observation.ts';
import type { WatchPorts } from '../../lambda/watch/watch.ts';
import { callerFaults } from './planted-callers.ts';
import { type PlantedFault, pollStateAs } from './planted-fault.ts';
import { letterFaults } from './planted-letters.ts';
import { oddLifeFaults } from './planted-odd-lives.ts';
import { operatorFaults } from './planted-operators.ts';
import { pauseFaults } from './planted-pauses.ts';
import { tellerFaults } from './planted-tellers.ts';
import type { Seams } from './simulated-deployment.ts';
import { cursorBeforeQueue, heldBack, positionBeforeQueue, recordedBeforeQueue } from './wrong-order.ts';

const uncut = (task: ObservedTask): ObservedTask => {
  const length = Number(/the text has (\d+) characters/.exec(task.errorMessage ?? '')?.[1] ?? 0);
  return length === 0 ? task : { ...task, errorMessage: 'ü'.repeat(length) };
};

const changedMessages =
  (change: (message: DeliveryMessage) => DeliveryMessage) =>
  (ports: WatchPorts): WatchPorts => ({
    ...ports,
    sendDelivery: (messages) =>
      ports.sendDelivery(
        messages.map((outgoing) => ({
          ...outgoing,
          body: JSON.stringify(change(JSON.parse(outgoing.body) as DeliveryMessage)),
        })),
      ),
  });

/** Anybody may look at any time, and each look makes delivery ids of its own. */
const leaseIgnored: Seams['watch'] = (ports, host) => ({
  ...changedMessages((message) => ({
    ...message,
    deliveryId: createHash('sha256')
      .update(host.unguessable())
      .digest('base64url')
      .slice(0, 22) as DeliveryId,
  }))(ports),
  leases: {
    ...ports.leases,
    async find(instanceId) {
      const stored = await ports.leases.find(instanceId);
      return stored && { ...stored, body: { ...stored.body, dueAt: 0 } };
    },
    async save(...saved) {
      return (await ports.leases.save(...saved)) ?? (host.unguessable() as Version);
    },
  },
});

const entriesChanged = (
  store: SubscriptionStore,
  change: (entry: FoundEntry) => FoundEntry,
): SubscriptionStore => ({
  ...store,
  async *crossed(...found) {
    for await (const entry of store.crossed(...found)) yield change(entry);
  },
  async *ofSubject(...found) {
    for await (const entry of store.ofSubject(...found)) yield change(entry);
  },
});

/** Finds thresholds equal to the current value too, as a range with both its ends would. */
const equalityIsAbove = (ports: WatchPorts): WatchPorts => ({
  ...ports,
  subscriptions: {
    ...ports.subscriptions,
    async *crossed(instanceId, trigger, subject, previous, current, ...more) {
      yield* ports.subscriptions.crossed(instanceId, trigger, subject, previous, current, ...more);
      // One step further up; of what is found there, only those that equal the current value.
      const further = `${current}${current.includes('.') ? '' : '.'}5` as typeof current;
      if (compareDecimals(previous, current) >= 0) return;
      for await (const entry of ports.subscriptions.crossed(
        instanceId,
        trigger,
        subject,
        current,
        further,
        ...more,
      ))
        if (entry.threshold === current) yield entry;
    },
  },
});

/** Records that the event is delivered at the moment it begins to post. */
const recordedBeforePost = (ports: DeliverPorts): DeliverPorts => ({
  ...ports,
  deliveries: {
    ...ports.deliveries,
    save: (next, expected) =>
      ports.deliveries.save(
        next.state === 'pending' && next.leaseUntil > 0 ? { ...next, state: 'delivered' } : next,
        expected,
      ),
  },
});

/** Any stop that lost against another write was, so it says, lost against a registration. */
const lostStopIsRegistration = (ports: DeliverPorts): DeliverPorts => ({
  ...ports,
  subscriptions: {
    ...ports.subscriptions,
    async stop(...stopped) {
      const outcome = await ports.subscriptions.stop(...stopped);
      return outcome.kind === 'stopped' ? outcome : { kind: 'registered again' };
    },
  },
});

/** Any 404 is taken for the platform's word. */
const bareIsTheLastWord = (ports: DeliverPorts): DeliverPorts => ({
  ...ports,
  async post(...posted) {
    const answer = await ports.post(...posted);
    return answer.kind === 'answered' && answer.status === 404
      ? { ...answer, errorCode: 'WorkflowNotFound' }
      : answer;
  },
});

const deadLetterAfterRecord = (ports: DeliverPorts): DeliverPorts => {
  const held = heldBack(ports.sendDeadLetter);
  return {
    ...ports,
    sendDeadLetter: held.send,
    deliveries: {
      ...ports.deliveries,
      async save(...saved) {
        const done = await ports.deliveries.save(...saved);
        if (saved[0].state === 'dead') await held.release();
        return done;
      },
    },
  };
};

export const plantedFaults: readonly PlantedFault[] = [
  ...callerFaults,
  ...letterFaults,
  ...tellerFaults,
  {
    name: 'the cursor moves before the deliveries are queued',
    rule: 'lost',
    seams: { watch: cursorBeforeQueue },
  },
  {
    name: 'an event is recorded before its deliveries are queued',
    rule: 'lost',
    seams: { watch: recordedBeforeQueue },
  },
  {
    name: 'the position of a fan-out moves before its deliveries are queued',
    rule: 'lost',
    seams: { watch: positionBeforeQueue },
  },
  {
    name: 'an event does not wait for an earlier one of its subject that is still being sent',
    rule: 'order',
    seams: {
      watch: (ports) =>
        pollStateAs({ ...ports, fanOuts: { ...ports.fanOuts, ofInstance: async () => [] } }, (state) => ({
          ...state,
          fanOuts: [],
        })),
    },
  },
  {
    name: 'the error of a task is read uncut',
    rule: 'lost',
    seams: {
      watch: (ports) => ({
        ...ports,
        source: {
          ...ports.source,
          jobs: async (...read) =>
            (await ports.source.jobs(...read)).map((job) => ({ ...job, tasks: job.tasks.map(uncut) })),
        },
      }),
    },
  },
  {
    name: 'the lease is ignored and delivery ids are made anew at each look',
    rule: 'ids',
    seams: { watch: leaseIgnored },
  },
  {
    name: 'a value equal to the threshold counts as above',
    rule: 'not owed',
    seams: { watch: equalityIsAbove },
  },
  {
    name: 'a superseded secret deletes the subscription',
    rule: 'lost',
    seams: {
      async remove({ store }, subscriptionId) {
        const stored = await store.find(subscriptionId);
        if (stored) await store.remove(stored);
      },
    },
  },
  {
    name: 'what happened before the registration is sent',
    rule: 'not owed',
    seams: {
      watch: (ports) => ({
        ...ports,
        subscriptions: entriesChanged(ports.subscriptions, (entry) => ({
          ...entry,
          baseline: emptyBaseline,
        })),
      }),
    },
  },
  {
    name: 'an event is recorded as delivered before it is posted',
    rule: 'lost',
    seams: { deliver: recordedBeforePost },
  },
  {
    name: 'a dead letter is recorded before it is sent',
    rule: 'lost',
    seams: { deliver: deadLetterAfterRecord },
  },
  {
    name: 'a stop that lost against another stop is taken for a registration',
    rule: 'record',
    seams: { deliver: lostStopIsRegistration },
  },
  {
    name: 'one bare 404 ends a subscription',
    rule: 'stopped',
    seams: { deliver: bareIsTheLastWord },
  },
  {
    name: 'the first evaluation counts as a step from zero',
    rule: 'truth',
    seams: {
      watch: (ports) => ({
        ...ports,
        source: {
          ...ports.source,
          segments: async (...read) =>
            (await ports.source.segments(...read)).map((segment) => {
              const [first] = segment.evaluations;
              const zero = { at: (first?.at ?? 0) - 1, value: '0' as never };
              return first ? { ...segment, evaluations: [zero, ...segment.evaluations] } : segment;
            }),
        },
      }),
    },
  },
  ...oddLifeFaults,
  ...operatorFaults,
  ...pauseFaults,
  {
    name: 'a failure is reported although it is still being retried',
    rule: 'truth',
    seams: {
      watch: (ports) => ({
        ...ports,
        source: {
          ...ports.source,
          jobs: async (...read) =>
            (await ports.source.jobs(...read)).map((job) =>
              job.tasks.some(({ status }) => status === 'failed') && !isTerminal(job.status)
                ? {
                    ...job,
                    status: 'failed',
                    endedAt: Math.max(...job.tasks.map(({ endedAt = 0 }) => endedAt)),
                  }
                : job,
            ),
        },
      }),
    },
  },
];
