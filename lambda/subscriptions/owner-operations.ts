/** Operations of the owner of subscriptions. Subscriptions of other people do not exist for them. */

import pMap, { pMapSkip } from 'p-map';
import type { FunctionSettings } from '../../config/schema.ts';
import type { CallContext, Implementations } from '../http/implementations.ts';
import { absenceReason, labelOf, summaryOf } from '../ledger/describe.ts';
import { deliveriesSince, gatherEvidence, mostDeliveries } from '../ledger/evidence.ts';
import { decide } from '../ledger/explain.ts';
import { exactNumber } from '../runtime/json.ts';
import type { Count } from '../runtime/metrics.ts';
import type { Send } from '../runtime/queue.ts';
import { dayMs, iso } from '../runtime/time.ts';
import type { CursorStore } from '../store/cursors.ts';
import {
  type Attempt,
  attemptCount,
  type Delivery,
  type DeliveryStore,
  failingAfterMs,
} from '../store/deliveries.ts';
import { type DeliveryMessage, queued } from '../store/delivery-message.ts';
import type { InstanceRow } from '../store/instances.ts';
import type { LedgerStore } from '../store/ledger.ts';
import { abandonedAfterMs, type ListStore, type Membership, principalList } from '../store/lists.ts';
import { type Stored, unlessUnreadable } from '../store/record-store.ts';
import type { Subscription, SubscriptionStore } from '../store/subscriptions.ts';
import { StoreUnavailable, untilWritten } from '../store/table.ts';
import { instanceNameOf, instanceWith } from '../triggers/instance.ts';
import { conditionOf, type Triggers } from '../triggers/trigger-set.ts';
import { isOwner, mustBeActive, subscriptionOfCaller } from './ownership.ts';
import { sampleMessage } from './sample.ts';

export interface OwnerPorts {
  readonly triggers: Triggers;
  readonly settings: Omit<FunctionSettings, 'instances'> & { readonly instances: readonly InstanceRow[] };
  readonly store: SubscriptionStore;
  readonly lists: ListStore;
  readonly deliveries: DeliveryStore;
  readonly ledger: LedgerStore;
  readonly cursors: Pick<CursorStore, 'absentSegments'>;
  readonly sendDelivery: Send;
  readonly count: Count;
  readonly now: () => number;
  /** An unguessable text of at least 128 bits, new each time. */
  readonly newSecret: () => string;
  /** Whether the caller may see and change what others own; absent: no. */
  readonly isOperator?: (context: CallContext) => boolean;
}

/** @param name makes the sample's ids; another one for each sample */
export const sendSample = async (
  { triggers, settings, sendDelivery, now }: OwnerPorts,
  subscription: Subscription,
  name: string,
): Promise<DeliveryMessage> => {
  const { instanceId } = subscription;
  const instance = {
    name: instanceNameOf(settings.instances, instanceId) ?? instanceId,
    linkBase: settings.customerInsights.linkBase,
  };
  const message = sampleMessage(triggers, subscription, instance, name, now());
  await sendDelivery([queued(message)]);
  return message;
};

const [lookBackMs, longestLookBackMs] = [7 * dayMs, 30 * dayMs];

/** Epoch ms. */
const lookBack = (since: string | undefined, now: number): number =>
  Math.max(now - longestLookBackMs, since === undefined ? now - lookBackMs : Date.parse(since));

const shownAttempts = (attempts: readonly Attempt[]) => attempts.map((attempt) => ({ ...attempt }));

/** A delivery as the contract describes it. */
export const shownDelivery = (delivery: Delivery) => ({
  deliveryId: delivery.deliveryId,
  eventId: delivery.eventId,
  occurredAt: delivery.occurredAt,
  origin: delivery.origin ?? ('event' as const),
  state: delivery.state,
  note: delivery.note ?? null,
  attemptCount: attemptCount(delivery),
  attempts: shownAttempts(delivery.attempts),
});

/** Why nothing is found for a subscription whose segment is not listed; undefined when it is. */
const absenceOf = async (
  { cursors, triggers }: OwnerPorts,
  { trigger, instanceId, subject, status }: Subscription,
  absentIn: (instanceId: string) => Promise<ReadonlyMap<string, number>> = cursors.absentSegments,
): Promise<string | undefined> => {
  if (status.state !== 'active' || subject === null || triggers.of(trigger).reads !== 'segments')
    return undefined;
  const since = (await absentIn(instanceId)).get(subject);
  return since === undefined ? undefined : absenceReason(subject, since);
};

/** What the flow's address said last, where that may end the subscription; undefined for everything else. */
const doubtOf = ({ status, registeredAt }: Subscription, last: Delivery | undefined): string | undefined => {
  const attempt = last?.attempts.at(-1);
  return status.state === 'active' &&
    (attempt?.status === 404 || attempt?.status === 410) &&
    attempt.at >= registeredAt
    ? `The flow may be gone: at ${attempt.at} ${attempt.meaning}. If it is not, save it.`
    : undefined;
};

/** That events do not reach the flow; undefined where the newest one did, or is still in its first hour. */
const failureOf = ({ status }: Subscription, last: Delivery | undefined, now: number): string | undefined => {
  if (status.state !== 'active' || last === undefined) return undefined;
  const response = last.attempts.at(-1)?.meaning ?? 'no response is recorded';
  if (last.state === 'dead')
    return `The newest event, of ${last.occurredAt}, was given up: ${response}. An operator can send it again.`;
  return last.state === 'pending' && now - last.firstAttemptAt > failingAfterMs
    ? `The trigger is failing: the newest event, of ${last.occurredAt}, has been retried since ${iso(last.firstAttemptAt)}. Last response: ${response}.`
    : undefined;
};

/** For the owner of a subscription whose flow another person has registered too. */
const contestedReason =
  'Another person has registered the same flow: the first event that it accepts ends one of the two registrations.';

export const details = (
  ports: OwnerPorts,
  subscription: Subscription,
  last: Delivery | undefined,
  absence: string | undefined,
) => {
  const { subscriptionId, trigger, instanceId, subject, threshold, status, names = {} } = subscription;
  const instanceName = instanceNameOf(ports.settings.instances, instanceId);
  const { pausedAt } = instanceWith(ports.settings.instances, instanceId) ?? {};
  const pause =
    pausedAt !== undefined &&
    `An operator has paused the instance since ${pausedAt}; events of this time are sent once it is resumed.`;
  const condition = conditionOf(ports.triggers, subscription);
  const contest = subscription.contested && status.state === 'active' && contestedReason;
  return {
    subscriptionId,
    label: labelOf(ports.triggers, subscription, instanceName),
    trigger,
    instanceId,
    instanceName: instanceName ?? null,
    instanceServed: instanceName !== undefined,
    subject,
    subjectDisplayName: names.subject ?? null,
    workflowId: names.workflowId ?? null,
    flowName: names.flow ?? null,
    threshold: threshold === null ? null : exactNumber(threshold),
    condition,
    state: status.state,
    reason:
      instanceName === undefined && status.state === 'active'
        ? `The instance was removed from the connector; no events are sent. ${status.reason}`
        : [
            pause,
            contest,
            absence,
            doubtOf(subscription, last) ?? failureOf(subscription, last, ports.now()) ?? status.reason,
          ]
            .filter(Boolean)
            .join(' '),
    since: status.since,
    createdAt: subscription.createdAt,
    registeredAt: subscription.registeredAt,
    lastEventAt: last?.occurredAt ?? null,
    lastDelivery: last?.state ?? null,
    lastAttemptAt: last?.attempts.at(-1)?.at ?? null,
  };
};

/** Places whose subscription is read at a time. */
const placesAtOnce = { concurrency: 25 };

/** The subscription of a place; a place without a subscription is removed. */
const subscriptionAt = async (
  { store, lists, now, count }: OwnerPorts,
  place: Membership,
  context: CallContext,
): Promise<Subscription | undefined> => {
  const { subscriptionId } = place;
  const ports = { log: context.log, count };
  const find = () => store.find(subscriptionId);
  const stored = await unlessUnreadable(ports, subscriptionId, find, 'set aside' as const);
  if (stored === 'set aside') return undefined;
  if (stored && isOwner(stored.body, context)) return stored.body;
  if (now() - place.addedAt >= abandonedAfterMs) await lists.remove(place);
  return undefined;
};

type OwnerOperation =
  | 'ListSubscriptions'
  | 'ExplainSubscription'
  | 'ListDeliveries'
  | 'SendSampleEvent'
  | 'RemoveSubscription';

export const ownerImplementations = (
  ports: OwnerPorts,
): Pick<Implementations<'subscriptions'>, OwnerOperation> => ({
  ListSubscriptions: async (_, context) => {
    const places: Membership[] = [];
    for await (const place of ports.lists.of(principalList(context.caller))) places.push(place);
    /** One read of each instance, and none without a subscription to a segment. */
    const read = new Map<string, Promise<ReadonlyMap<string, number>>>();
    const absentIn = (instanceId: string) => {
      const known = read.get(instanceId) ?? ports.cursors.absentSegments(instanceId);
      read.set(instanceId, known);
      return known;
    };
    const found = await pMap(
      places,
      async (place) => {
        const subscription = await subscriptionAt(ports, place, context);
        if (!subscription) return pMapSkip;
        const [last] = await ports.deliveries.newest(place.subscriptionId, 1);
        return details(ports, subscription, last, await absenceOf(ports, subscription, absentIn));
      },
      placesAtOnce,
    );
    const value = found.toSorted((a, b) => (a.registeredAt < b.registeredAt ? 1 : -1));
    return { body: { value } };
  },

  ExplainSubscription: async ({ path, query }, context) => {
    const { body: subscription } = await subscriptionOfCaller(ports, path.subscriptionId, context);
    const since = lookBack(query.since, ports.now());
    const decisions = decide(
      ports.triggers,
      await gatherEvidence(ports.triggers, ports, subscription, since),
    );
    return {
      body: {
        subscriptionId: subscription.subscriptionId,
        state: subscription.status.state,
        summary: summaryOf(
          ports.triggers,
          subscription,
          instanceNameOf(ports.settings.instances, subscription.instanceId),
          await absenceOf(ports, subscription),
        ),
        since: iso(since),
        decisions: decisions
          .slice(0, mostDeliveries)
          .map(({ at, outcome, sentence, values, eventId, deliveryId, attempts }) => ({
            at: iso(at),
            outcome,
            sentence,
            previousValue: values && exactNumber(values.previous),
            currentValue: values && exactNumber(values.current),
            eventId,
            deliveryId,
            attempts: shownAttempts(attempts),
          })),
      },
    };
  },

  ListDeliveries: async ({ path, query }, context) => {
    const { body: subscription } = await subscriptionOfCaller(ports, path.subscriptionId, context);
    const found = await deliveriesSince(ports.deliveries, subscription, lookBack(query.since, ports.now()));
    return {
      body: {
        value: found.map(shownDelivery),
      },
    };
  },

  SendSampleEvent: async ({ path }, context) => {
    const { body: subscription } = await subscriptionOfCaller(ports, path.subscriptionId, context);
    mustBeActive(subscription);
    const { eventId, deliveryId, subscriptionId } = await sendSample(ports, subscription, ports.newSecret());
    context.log.info('sample sent', { subscriptionId, eventId, deliveryId });
    return { body: { eventId, deliveryId } };
  },

  RemoveSubscription: async ({ path }, context) => {
    const meant = await subscriptionOfCaller(ports, path.subscriptionId, context);
    const { subscriptionId, secretHash } = meant.body;
    let stored: Stored<Subscription> | undefined = meant;
    return untilWritten(async () => {
      if (!stored || (await ports.store.remove(stored))) {
        context.log.info('subscription removed by its owner', { subscriptionId });
        return { body: { subscriptionId } };
      }
      // Changed at this moment: stopped, which does not matter for a removal, or registered again.
      stored = await ports.store.find(subscriptionId);
      if (stored && stored.body.secretHash !== secretHash)
        throw new StoreUnavailable(
          'The flow was saved at this moment, so the subscription is in use. Remove it again if you still want to.',
        );
      return 'overtaken';
    }, 'Several calls are changing this subscription at the same time. Try again.');
  },
});
