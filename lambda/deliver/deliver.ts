import { type CallbackRules, checkCallbackUrl } from '../callback/callback-url.ts';
import { attemptTimeoutMs, type CallbackAnswer, type PostCallback } from '../callback/post.ts';
import type { CallbackCipher } from '../callback/sealed-url.ts';
import { ConnectorError, hasCode } from '../runtime/errors.ts';
import type { CallLog } from '../runtime/log.ts';
import type { Count, MetricName } from '../runtime/metrics.ts';
import { maximumDelaySeconds, type Send } from '../runtime/queue.ts';
import { clockToleranceMs } from '../runtime/time.ts';
import type { Delivery, DeliveryStore } from '../store/deliveries.ts';
import { type DeliveryMessage, deadLetterOf, notificationBody, queued } from '../store/delivery-message.ts';
import type { FailureStore } from '../store/failures.ts';
import type { Stored } from '../store/record.ts';
import { stoppedUntil } from '../store/retention.ts';
import type { Subscription, SubscriptionStatus, SubscriptionStore } from '../store/subscriptions.ts';
import { dropDelivery, type End, endAttempt, type FreshDelivery, startAttempt } from './attempt.ts';
import { acceptedSince, failingForMs, keepsFailing, newestLookedAt, oneMoreFailure } from './failing.ts';
import { consequenceOf, type Verdict } from './outcome.ts';

export interface DeliverPorts {
  readonly subscriptions: SubscriptionStore;
  readonly deliveries: DeliveryStore;
  readonly failures: FailureStore;
  readonly cipher: CallbackCipher;
  readonly post: PostCallback;
  readonly rules: CallbackRules;
  readonly sendRetry: Send;
  readonly sendDeadLetter: Send;
  readonly now: () => number;
  /** In [0, 1). */
  readonly random: () => number;
  /** An unguessable text, new each time. */
  readonly newVersion: () => string;
  readonly log: CallLog;
  readonly count: Count;
}

/** Another process is at this delivery. The message goes back to the queue. */
export class DeliveryBusy extends ConnectorError<'DeliveryBusy'> {
  constructor(message: string) {
    super('DeliveryBusy', message);
  }
}

const resend = (ports: DeliverPorts, message: DeliveryMessage, until: number) =>
  ports.sendRetry([
    {
      ...queued(message),
      delaySeconds: Math.min(maximumDelaySeconds, Math.max(1, Math.ceil((until - ports.now()) / 1000))),
    },
  ]);

/** @param leaseUntil epoch ms after which somebody else may make an attempt */
const attempt = async (
  ports: DeliverPorts,
  message: DeliveryMessage,
  subscription: Subscription,
  leaseUntil: number,
): Promise<CallbackAnswer> => {
  const address = await ports.cipher.open(subscription.callback, subscription.subscriptionId);
  let url: URL;
  try {
    url = checkCallbackUrl(address, ports.rules);
  } catch (error) {
    if (hasCode(error, 'CallbackUrlRefused')) return { kind: 'unreachable', reason: error.message };
    throw error;
  }
  // Store and keys may have been slow. A post that could still be under way when the lease ends is left to the next attempt,
  // or both would be accepted.
  if (ports.now() + attemptTimeoutMs + clockToleranceMs > leaseUntil)
    throw new DeliveryBusy(`The lease of delivery ${message.deliveryId} ran out before its attempt.`);
  return ports.post(url, notificationBody(message), {
    'x-insights-event-id': message.eventId,
    'x-insights-delivery-id': message.deliveryId,
    ...(message.origin && { 'x-insights-origin': message.origin }),
  });
};

const stoppedMetric = { paused: 'SubscriptionsPaused', ended: 'SubscriptionsEnded' } as const;

/** @returns false when the flow was registered again meanwhile: the new registration stands */
const stop = async (
  ports: DeliverPorts,
  stored: Stored<Subscription>,
  state: Exclude<SubscriptionStatus['state'], 'active'>,
  reason: string,
): Promise<boolean> => {
  const now = ports.now();
  const stopped = await ports.subscriptions.stop(
    stored,
    { state, since: new Date(now).toISOString(), reason },
    ports.newVersion(),
    stoppedUntil(state, now),
  );
  if (stopped) ports.count(stoppedMetric[state]);
  ports.log.warn('subscription stopped', {
    subscriptionId: stored.body.subscriptionId,
    state,
    reason,
    ...(!stopped && { superseded: true }),
  });
  return stopped;
};

const stoppedState = { pause: 'paused', end: 'ended' } as const;

/**
 * What the answer leads to. It was about the callback URL as it was when the attempt began: where another registration has
 * replaced that URL meanwhile, the event is still owed, and goes to the new one.
 */
const settle = async (
  ports: DeliverPorts,
  stored: Stored<Subscription>,
  answer: CallbackAnswer,
): Promise<Verdict> => {
  const verdict = consequenceOf(answer);
  const { consequence, meaning } = verdict;
  if (consequence !== 'pause' && consequence !== 'end') return verdict;
  const stopped = await stop(
    ports,
    stored,
    stoppedState[consequence],
    `Power Automate says that ${meaning}.`,
  );
  return stopped
    ? verdict
    : { consequence: 'retry', meaning: `${meaning}; it was registered again meanwhile` };
};

/**
 * Notes that an event was given up, and ends a subscription that keeps failing. Comes after all that matters for the delivery:
 * when it is lost, the next event given up does the same.
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
      const days = Math.floor((now - Date.parse(next.since)) / (failingForMs / 7));
      await stop(
        ports,
        stored,
        'ended',
        `No event was accepted for ${days} days, and ${next.count} were given up; the last time: ${meaning}. Save the flow to begin anew.`,
      );
    }
  }
  await ports.failures.save(subscriptionId, next, now, ports.newVersion(), known?.version ?? 'absent');
};

/** What led here leads nowhere. A registration in the meantime has written its entry under another version, and keeps it. */
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
  // Without its subscription nobody could read the history.
  const dropped = subscription || known ? dropDelivery(known?.body, fresh, note, ports.now()) : undefined;
  if (dropped) await ports.deliveries.save(dropped, ports.newVersion(), known?.version ?? 'absent');
  ports.count('DeliveriesDropped');
  ports.log.info('delivery dropped', {
    deliveryId: message.deliveryId,
    subscriptionId: message.subscriptionId,
    reason: note,
  });
};

const outcomeMetric: Readonly<Record<End['consequence'], MetricName>> = {
  delivered: 'DeliveriesDelivered',
  retry: 'DeliveriesRetried',
  pause: 'DeliveriesDropped',
  end: 'DeliveriesDropped',
  refuse: 'DeadLetters',
  'give up': 'DeadLetters',
};

/**
 * Makes at most one attempt for one message. When it returns, the message may be deleted: the delivery is done, or its next
 * attempt is durably queued. When it throws, the message goes back to the queue.
 */
export const deliver = async (ports: DeliverPorts, message: DeliveryMessage): Promise<void> => {
  const { subscriptions, deliveries, log } = ports;
  const ids = { deliveryId: message.deliveryId, subscriptionId: message.subscriptionId };
  const fresh: FreshDelivery = {
    ...ids,
    eventId: message.eventId,
    occurredAt: message.payload.occurredAt,
    round: message.round,
    ...(message.origin && { origin: message.origin }),
  };
  const stored = await subscriptions.find(message.subscriptionId);
  const known = await deliveries.find(fresh);
  if (!stored || stored.body.generation !== message.generation || stored.body.status.state !== 'active')
    return drop(ports, message, fresh, stored?.body, known);

  const start = startAttempt(known?.body, fresh, ports.now());
  switch (start.kind) {
    case 'done':
      return;
    case 'busy':
      throw new DeliveryBusy(`Delivery ${message.deliveryId} is being attempted elsewhere.`);
    case 'wait':
      return resend(ports, message, start.until);
    case 'attempt':
      break;
  }
  const version = ports.newVersion();
  if (!(await deliveries.save(start.delivery, version, known?.version ?? 'absent')))
    throw new DeliveryBusy(`Delivery ${message.deliveryId} was begun elsewhere.`);

  const answer = await attempt(ports, message, stored.body, start.delivery.leaseUntil);
  const verdict = await settle(ports, stored, answer);
  const end = endAttempt(start.delivery, answer, verdict, ports.now(), ports.random());
  const givenUp = end.consequence === 'give up' || end.consequence === 'refuse';
  log.info('delivery attempted', {
    ...ids,
    attempt: start.delivery.begun,
    consequence: end.consequence,
    meaning: end.meaning,
    ...(answer.kind === 'answered' && { status: answer.status }),
  });
  // The dead letter first: were the record first, a crash between the two would lose the event.
  if (givenUp) await ports.sendDeadLetter([queued(deadLetterOf(message))]);
  await record(ports, end.delivery, version);
  if (end.consequence === 'retry') await resend(ports, message, end.delivery.nextAttemptAt);
  ports.count(outcomeMetric[end.consequence]);
  if (givenUp) await noteFailure(ports, stored, end.meaning);
};

const record = async (
  { deliveries, newVersion, log }: DeliverPorts,
  delivery: Delivery,
  expected: string,
) => {
  if (await deliveries.save(delivery, newVersion(), expected)) return;
  // The lease ran out and somebody else began an attempt: theirs is recorded, and this one may have been a duplicate.
  log.warn('delivery overtaken', { deliveryId: delivery.deliveryId });
};
