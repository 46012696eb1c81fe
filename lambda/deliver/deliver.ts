import { type CallbackRules, CallbackUrlRefused, checkCallbackUrl } from '../callback/callback-url.ts';
import type { CallbackAnswer, PostCallback } from '../callback/post.ts';
import type { CallbackCipher } from '../callback/sealed-url.ts';
import type { CallLog } from '../http/log.ts';
import { maximumDelaySeconds, type Send } from '../queue/queue.ts';
import type { Delivery, DeliveryStore } from '../store/deliveries.ts';
import type { Stored } from '../store/record.ts';
import type { Subscription, SubscriptionStatus, SubscriptionStore } from '../store/subscriptions.ts';
import { dropPending, endAttempt, startAttempt } from './attempt.ts';
import { type DeliveryMessage, deadLetterOf, notificationBody } from './message.ts';
import { consequenceOf, type Verdict } from './outcome.ts';

export interface DeliverPorts {
  readonly subscriptions: SubscriptionStore;
  readonly deliveries: DeliveryStore;
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
}

/** Another process is at this delivery. The message goes back to the queue. */
export class DeliveryBusy extends Error {
  override readonly name = 'DeliveryBusy';
}

/** How long a stopped subscription stays visible, seconds. */
const stoppedRetentionSeconds = 30 * 24 * 60 * 60;

const resend = (ports: DeliverPorts, message: DeliveryMessage, until: number) =>
  ports.sendRetry([
    {
      body: JSON.stringify(message),
      delaySeconds: Math.min(maximumDelaySeconds, Math.max(1, Math.ceil((until - ports.now()) / 1000))),
    },
  ]);

const attempt = async (
  ports: DeliverPorts,
  message: DeliveryMessage,
  subscription: Subscription,
): Promise<CallbackAnswer> => {
  const address = await ports.cipher.open(subscription.callback, subscription.subscriptionId);
  let url: URL;
  try {
    url = checkCallbackUrl(address, ports.rules);
  } catch (error) {
    if (error instanceof CallbackUrlRefused) return { kind: 'unreachable', reason: error.message };
    throw error;
  }
  return ports.post(url, notificationBody(message), {
    'x-insights-event-id': message.eventId,
    'x-insights-delivery-id': message.deliveryId,
  });
};

/** @returns false when the flow was registered again meanwhile: the new registration stands */
const stop = async (
  ports: DeliverPorts,
  stored: Stored<Subscription>,
  state: SubscriptionStatus['state'],
  reason: string,
): Promise<boolean> => {
  const now = ports.now();
  const stopped = await ports.subscriptions.stop(
    stored,
    { state, since: new Date(now).toISOString(), reason },
    ports.newVersion(),
    Math.floor(now / 1000) + stoppedRetentionSeconds,
  );
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
 * Makes at most one attempt for one message. When it returns, the message may be deleted: the delivery is done, or its next
 * attempt is durably queued. When it throws, the message goes back to the queue.
 */
export const deliver = async (ports: DeliverPorts, message: DeliveryMessage): Promise<void> => {
  const { subscriptions, deliveries, log } = ports;
  const ids = { deliveryId: message.deliveryId, subscriptionId: message.subscriptionId };
  const fresh = {
    ...ids,
    eventId: message.eventId,
    occurredAt: message.payload.occurredAt,
    round: message.round,
  };
  const stored = await subscriptions.find(message.subscriptionId);
  const known = await deliveries.find(fresh);
  if (!stored || stored.body.generation !== message.generation || stored.body.status.state !== 'active') {
    // What led here leads nowhere. A registration in the meantime has written it under another version, and keeps it.
    await subscriptions.removeOrphan(message.entry);
    const dropped = known && dropPending(known.body, ports.now());
    if (dropped) await deliveries.save(dropped, ports.newVersion(), known.version);
    log.info('delivery dropped', {
      ...ids,
      reason: stored
        ? `the subscription is ${stored.body.status.state} or has changed`
        : 'the subscription is gone',
    });
    return;
  }

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

  const answer = await attempt(ports, message, stored.body);
  const verdict = await settle(ports, stored, answer);
  const end = endAttempt(start.delivery, answer, verdict, ports.now(), ports.random());
  log.info('delivery attempted', {
    ...ids,
    attempt: start.delivery.begun,
    consequence: end.consequence,
    meaning: end.meaning,
    ...(answer.kind === 'answered' && { status: answer.status }),
  });
  // The dead letter first: were the record first, a crash between the two would lose the event.
  if (end.consequence === 'give up' || end.consequence === 'refuse')
    await ports.sendDeadLetter([{ body: JSON.stringify(deadLetterOf(message)) }]);
  await record(ports, end.delivery, version);
  if (end.consequence === 'retry') await resend(ports, message, end.delivery.nextAttemptAt);
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
