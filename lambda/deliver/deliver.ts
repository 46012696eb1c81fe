import { type CallbackRules, checkCallbackUrl } from '../callback/callback-url.ts';
import { attemptTimeoutMs, type CallbackAnswer, type PostCallback } from '../callback/post.ts';
import type { CallbackOpener } from '../callback/sealed-url.ts';
import { hasCode } from '../runtime/errors.ts';
import type { CallLog } from '../runtime/log.ts';
import type { Count, CountName } from '../runtime/metrics.ts';
import type { Send } from '../runtime/queue.ts';
import { clockToleranceMs, dayMs } from '../runtime/time.ts';
import type { TroubleStore } from '../store/agenda.ts';
import { isCanary } from '../store/canary-runs.ts';
import type { Delivery, DeliveryStore } from '../store/deliveries.ts';
import { type DeliveryMessage, deadLetterOf, notificationBody, queued } from '../store/delivery-message.ts';
import type { FailureStore, Failures } from '../store/failures.ts';
import type { ListStore } from '../store/lists.ts';
import type { Stored } from '../store/record-store.ts';
import { ending, pausing, stopSubscription } from '../store/stop-subscription.ts';
import type { StopOutcome, Subscription, SubscriptionStore } from '../store/subscriptions.ts';
import type { Version } from '../store/table.ts';
import { dropDelivery, type End, endAttempt, type FreshDelivery } from './attempt.ts';
import { type AttemptLine, logAttempt } from './attempt-line.ts';
import {
  acceptedSince,
  answeredOtherwiseSince,
  describeDoubt,
  keepsFailing,
  newestLookedAt,
  oneMoreDoubt,
  oneMoreFailure,
  seemsGone,
} from './failing.ts';
import { DeliveryBusy, lease, resend } from './lease.ts';
import { consequenceOf, type SettledVerdict } from './outcome.ts';
import { endTrouble, endTroubleSince, noteOverdue } from './trouble.ts';
import { endRivals } from './turns.ts';

export interface DeliverPorts {
  readonly subscriptions: SubscriptionStore;
  readonly deliveries: DeliveryStore;
  readonly failures: FailureStore;
  readonly lists: ListStore;
  readonly troubles: TroubleStore;
  readonly cipher: CallbackOpener;
  readonly post: PostCallback;
  readonly rules: CallbackRules;
  /** The callback of the canary; undefined where there is none. */
  readonly canaryCallback?: string | undefined;
  readonly sendRetry: Send;
  readonly sendDeadLetter: Send;
  readonly now: () => number;
  /** In [0, 1). */
  readonly random: () => number;
  readonly log: CallLog;
  readonly count: Count;
  /** Told of each event that its flow has accepted, in the place of the log. */
  readonly accepted?: (line: AttemptLine) => void;
}

/** The callback of the canary is none that a person can register. */
const rulesFor = ({ rules, canaryCallback }: DeliverPorts, { principal }: Subscription): CallbackRules =>
  isCanary(principal) ? { ...rules, canary: canaryCallback } : rules;

/** @param leaseUntil epoch ms after which another process may make an attempt */
const attempt = async (
  ports: DeliverPorts,
  message: DeliveryMessage,
  subscription: Subscription,
  leaseUntil: number,
): Promise<CallbackAnswer> => {
  const address = await ports.cipher.open(subscription.callback, subscription.subscriptionId);
  let url: URL;
  try {
    url = checkCallbackUrl(address, rulesFor(ports, subscription));
  } catch (error) {
    if (hasCode(error, 'CallbackUrlRefused')) return { kind: 'unreachable', reason: error.message };
    throw error;
  }
  // Store and keys may have been slow. If the post could outlast the lease, two processes could post the
  // event; the next attempt makes it instead.
  if (ports.now() + attemptTimeoutMs + clockToleranceMs > leaseUntil)
    throw new DeliveryBusy(`The lease of delivery ${message.deliveryId} ran out before its attempt.`);
  return ports.post(url, notificationBody(message), {
    'x-insights-event-id': message.eventId,
    'x-insights-delivery-id': message.deliveryId,
    ...(message.origin && { 'x-insights-origin': message.origin }),
  });
};

const stops = { pause: pausing, end: ending } as const;

const replaced = (meaning: string): SettledVerdict => ({
  consequence: 'retry',
  meaning: `${meaning}; it was registered again in the meantime`,
});

/**
 * "Gone", but without the platform's error code. The event is retried. If this continues for hours without another
 * answer in between, the subscription is ended. Its event becomes a dead letter, because it is not certain that
 * the flow is gone. A count that is lost to another process does no harm: the next attempt counts again.
 */
const doubt = async (
  ports: DeliverPorts,
  stored: Stored<Subscription>,
  meaning: string,
): Promise<SettledVerdict> => {
  const { subscriptionId, generation, registeredAt } = stored.body;
  const found = await ports.failures.find(subscriptionId);
  const known = found?.body.generation === generation ? found.body : undefined;
  const now = ports.now();
  let next = oneMoreDoubt(known?.gone, registeredAt, now);
  let outcome: StopOutcome['kind'] | undefined;
  if (seemsGone(next, now)) {
    const newest = await ports.deliveries.newest(subscriptionId, newestLookedAt);
    if (answeredOtherwiseSince(newest, next.since)) next = oneMoreDoubt(undefined, registeredAt, now);
    else
      outcome = await stopSubscription(
        ports,
        stored,
        ending,
        `The address of the flow has answered ${next.times} times since ${next.since} that the flow is gone, and nothing else. If the flow exists, save it to start again.`,
      );
  }
  if (next !== known?.gone) {
    const none: Failures = { generation, since: next.since, count: 0 };
    await ports.failures.save(subscriptionId, { ...(known ?? none), gone: next }, found?.version ?? 'absent');
  }
  if (outcome === 'registered again') return replaced(meaning);
  return outcome === undefined
    ? { consequence: 'retry', meaning: `${meaning} (${describeDoubt(next)})` }
    : { consequence: 'refuse', meaning };
};

/**
 * Applies the answer to the subscription. The answer concerns the callback URL that was valid when the
 * attempt began. If a registration has replaced it in the meantime, the event is retried with the new URL.
 */
const settle = async (
  ports: DeliverPorts,
  stored: Stored<Subscription>,
  answer: CallbackAnswer,
): Promise<SettledVerdict> => {
  const verdict = consequenceOf(answer);
  const { consequence, meaning } = verdict;
  if (consequence === 'doubt') return doubt(ports, stored, meaning);
  if (consequence !== 'pause' && consequence !== 'end') return { consequence, meaning };
  const outcome = await stopSubscription(
    ports,
    stored,
    stops[consequence],
    `Power Automate says that ${meaning}.`,
  );
  return outcome === 'registered again' ? replaced(meaning) : { consequence, meaning };
};

/**
 * Counts an event that was given up, and ends a subscription whose events keep failing. Last, because a lost
 * count does no harm: the next event that is given up ends the subscription then.
 */
const noteFailure = async (
  ports: DeliverPorts,
  stored: Stored<Subscription>,
  meaning: string,
): Promise<void> => {
  const { subscriptionId, generation } = stored.body;
  const known = await ports.failures.find(subscriptionId);
  const now = ports.now();
  let next = oneMoreFailure(known?.body, generation, now);
  if (keepsFailing(next, now)) {
    const newest = await ports.deliveries.newest(subscriptionId, newestLookedAt);
    if (acceptedSince(newest, next.since)) next = oneMoreFailure(undefined, generation, now);
    else {
      const days = Math.floor((now - Date.parse(next.since)) / dayMs);
      await stopSubscription(
        ports,
        stored,
        ending,
        `No event was accepted for ${days} days, and ${next.count} were given up; the last time: ${meaning}. Save the flow to start again.`,
      );
    }
  }
  await ports.failures.save(subscriptionId, next, known?.version ?? 'absent');
};

/**
 * Ends a delivery whose subscription is gone, stopped or changed, and removes the orphan entry. An entry that
 * was written again in the meantime has another version and stays.
 */
const drop = async (
  ports: DeliverPorts,
  message: DeliveryMessage,
  fresh: FreshDelivery,
  subscription: Subscription | undefined,
  known: Stored<Delivery> | undefined,
): Promise<void> => {
  if (message.entry) await ports.subscriptions.removeOrphan(message.entry);
  const note = !subscription
    ? 'the subscription is gone'
    : subscription.status.state === 'active'
      ? 'the flow was saved with other inputs'
      : `the subscription is ${subscription.status.state}`;
  // The history of a deleted subscription cannot be read.
  const dropped = subscription || known ? dropDelivery(known?.body, fresh, note, ports.now()) : undefined;
  if (dropped) await ports.deliveries.save(dropped, known?.version ?? 'absent');
  ports.count('DeliveriesDropped');
  ports.log.info('delivery dropped', {
    deliveryId: message.deliveryId,
    subscriptionId: message.subscriptionId,
    reason: note,
  });
};

const outcomeMetric: Readonly<Record<End['consequence'], CountName>> = {
  delivered: 'DeliveriesDelivered',
  retry: 'DeliveriesRetried',
  pause: 'DeliveriesDropped',
  end: 'DeliveriesDropped',
  refuse: 'DeadLetters',
  'give up': 'DeadLetters',
};

/** What is known of a message besides its body. */
export interface Received {
  /**
   * It is probably the first message of its delivery: its record is written without a read before, and read only when
   * that is refused. False costs a read, and true a refused write where it is wrong; both are right.
   */
  readonly isFirst: boolean;
  /** Of a batch whose messages share their reads; the subscription is read when left out. */
  readonly subscription?: Promise<Stored<Subscription> | undefined>;
}

/**
 * Makes at most one attempt for one message. When it returns, the message may be deleted: the delivery has
 * ended, or its next attempt is queued. When it throws, the message returns to the queue.
 */
export const deliver = async (
  ports: DeliverPorts,
  message: DeliveryMessage,
  { isFirst, subscription }: Received = { isFirst: false },
): Promise<void> => {
  const { subscriptions, deliveries } = ports;
  const ids = { deliveryId: message.deliveryId, subscriptionId: message.subscriptionId };
  const fresh: FreshDelivery = {
    ...ids,
    eventId: message.eventId,
    occurredAt: message.payload.occurredAt,
    round: message.round,
    ...(message.origin && { origin: message.origin }),
  };
  const stored = await (subscription ?? subscriptions.find(message.subscriptionId));
  if (!stored || stored.body.generation !== message.generation || stored.body.status.state !== 'active')
    return drop(ports, message, fresh, stored?.body, await deliveries.find(fresh));

  const leaseWith = (known: Stored<Delivery> | undefined) => lease(ports, message, fresh, stored.body, known);
  let leased = isFirst ? await leaseWith(undefined) : 'recorded before';
  if (leased === 'recorded before') leased = await leaseWith(await deliveries.find(fresh));
  if (leased === 'recorded before')
    throw new DeliveryBusy(`Delivery ${message.deliveryId} was changed elsewhere.`);
  if (!leased) return;
  const { delivery, version } = leased;

  const answer = await attempt(ports, message, stored.body, delivery.leaseUntil);
  const verdict = await settle(ports, stored, answer);
  const end = endAttempt(delivery, answer, verdict, ports.now(), ports.random());
  const givenUp = end.consequence === 'give up' || end.consequence === 'refuse';
  const line: AttemptLine = {
    ...ids,
    attempt: delivery.begun,
    consequence: end.consequence,
    meaning: end.meaning,
    ...(answer.kind === 'answered' && { status: answer.status }),
  };
  if (end.consequence !== 'delivered' || ports.accepted === undefined) logAttempt(ports, line);
  else ports.accepted(line);
  // The dead letter first: after the record, a crash between the two would lose the event.
  if (givenUp) await ports.sendDeadLetter([queued(deadLetterOf(message))]);
  const accepted = end.consequence === 'delivered';
  if (accepted) await endTrouble(ports, stored.body);
  await record(
    ports,
    end.consequence === 'retry' ? await noteOverdue(ports, end.delivery) : end.delivery,
    version,
  );
  if (accepted && stored.body.contested) await endRivals(ports, message.subscriptionId);
  if (accepted && delivery.overdue) await endTroubleSince(ports, message.subscriptionId);
  if (end.consequence === 'retry') await resend(ports, message, end.delivery.nextAttemptAt);
  ports.count(outcomeMetric[end.consequence]);
  if (givenUp) await noteFailure(ports, stored, end.meaning);
};

const record = async ({ deliveries, log }: DeliverPorts, delivery: Delivery, expected: Version) => {
  if (await deliveries.save(delivery, expected)) return;
  // The lease expired and another process began an attempt. Its outcome is recorded; this one may be a
  // duplicate.
  log.warn('delivery overtaken', { deliveryId: delivery.deliveryId });
};
