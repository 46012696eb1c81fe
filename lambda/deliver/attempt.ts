/** Decides about one delivery whether an attempt may begin, and what follows from its answer. Pure. */

import type { CallbackAnswer } from '../callback/post.ts';
import { retryAfterMs } from '../runtime/retry-after.ts';
import { iso } from '../runtime/time.ts';
import type { Attempt, Delivery } from '../store/deliveries.ts';
import type { SettledVerdict } from './outcome.ts';
import { nextAttempt } from './retry-policy.ts';

/** Longer than an attempt with its calls to store and keys can take, ms. */
export const leaseMs = 30_000;
/** How many of the newest attempts the record keeps; a day of retries has about 30. */
const attemptsKept = 40;

export type Start =
  | { readonly kind: 'attempt'; readonly delivery: Delivery }
  /** Delivered or given up before; the message was repeated. */
  | { readonly kind: 'done' }
  /** Another process makes an attempt. The message stays in the queue in case that process stops. */
  | { readonly kind: 'busy' }
  | { readonly kind: 'wait'; readonly until: number };

/** What a message says about its delivery. */
export type FreshDelivery = Pick<
  Delivery,
  'deliveryId' | 'eventId' | 'subscriptionId' | 'occurredAt' | 'round' | 'origin'
>;

export const startAttempt = (known: Delivery | undefined, fresh: FreshDelivery, now: number): Start => {
  const again = known?.state === 'dead' && fresh.round > known.round;
  if (known && known.state !== 'pending' && !again) return { kind: 'done' };
  if (known && known.leaseUntil > now) return { kind: 'busy' };
  if (known && known.nextAttemptAt > now) return { kind: 'wait', until: known.nextAttemptAt };
  return {
    kind: 'attempt',
    delivery: {
      deliveryId: fresh.deliveryId,
      eventId: fresh.eventId,
      subscriptionId: fresh.subscriptionId,
      occurredAt: fresh.occurredAt,
      ...(fresh.origin && { origin: fresh.origin }),
      state: 'pending',
      round: Math.max(fresh.round, known?.round ?? 0),
      firstAttemptAt: again ? now : (known?.firstAttemptAt ?? now),
      begun: again ? 1 : (known?.begun ?? 0) + 1,
      attempts: known?.attempts ?? [],
      ...(known?.earlier !== undefined && { earlier: known.earlier }),
      ...(known?.overdue && !again && { overdue: true }),
      leaseUntil: now + leaseMs,
      nextAttemptAt: now,
    },
  };
};

/**
 * The record of a delivery whose subscription is no longer active; undefined when an attempt is in progress
 * or the delivery has ended before.
 * @param note a clause: the reason
 */
export const dropDelivery = (
  known: Delivery | undefined,
  fresh: FreshDelivery,
  note: string,
  now: number,
): Delivery | undefined => {
  if (!known)
    return {
      ...fresh,
      state: 'dropped',
      firstAttemptAt: now,
      begun: 0,
      attempts: [],
      leaseUntil: 0,
      nextAttemptAt: 0,
      note,
    };
  return known.state === 'pending' && known.leaseUntil <= now
    ? { ...known, state: 'dropped', leaseUntil: 0, note }
    : undefined;
};

export interface End {
  readonly delivery: Delivery;
  /** "give up": the time for retries is over. */
  readonly consequence: SettledVerdict['consequence'] | 'give up';
  readonly meaning: string;
}

const finalState = { delivered: 'delivered', pause: 'dropped', end: 'dropped', refuse: 'dead' } as const;

export const endAttempt = (
  delivery: Delivery,
  answer: CallbackAnswer,
  { consequence, meaning }: SettledVerdict,
  now: number,
  random: number,
): End => {
  const attempt: Attempt = {
    at: iso(now),
    status: answer.kind === 'answered' ? answer.status : null,
    meaning,
  };
  const attempts = [...delivery.attempts, attempt];
  const earlier = (delivery.earlier ?? 0) + Math.max(0, attempts.length - attemptsKept);
  const ended: Delivery = {
    ...delivery,
    attempts: attempts.slice(-attemptsKept),
    ...(earlier > 0 && { earlier }),
    leaseUntil: 0,
  };
  if (consequence !== 'retry')
    return { delivery: { ...ended, state: finalState[consequence] }, consequence, meaning };
  const retryAfter = answer.kind === 'answered' ? retryAfterMs(answer.retryAfter, now) : undefined;
  const next = nextAttempt(delivery.begun, delivery.firstAttemptAt, now, random, retryAfter);
  return next === 'give up'
    ? { delivery: { ...ended, state: 'dead' }, consequence: next, meaning }
    : { delivery: { ...ended, nextAttemptAt: next }, consequence, meaning };
};
