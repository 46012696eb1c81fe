/** The decisions about one delivery, pure: whether an attempt may begin, and what its answer leads to. */

import type { CallbackAnswer } from '../callback/post.ts';
import { retryAfterMs } from '../runtime/retry-after.ts';
import type { Attempt, Delivery } from '../store/deliveries.ts';
import type { Consequence, Verdict } from './outcome.ts';
import { nextAttempt } from './retry-policy.ts';

/** Longer than an attempt and the calls around it can take, ms. */
export const leaseMs = 30_000;
/** Attempts kept in the record, the newest; a day of retries has about 30. */
const attemptsKept = 40;

export type Start =
  | { readonly kind: 'attempt'; readonly delivery: Delivery }
  /** Delivered or given up before: a repeated message. */
  | { readonly kind: 'done' }
  /** Somebody is at it. The message stays in the queue, for they might die. */
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
      leaseUntil: now + leaseMs,
      nextAttemptAt: now,
    },
  };
};

/**
 * How a delivery ends whose subscription no longer wants it; undefined while an attempt of it is under way, or when it has
 * ended.
 * @param note a clause: why
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
  /** "give up": the retries are used up. */
  readonly consequence: Consequence | 'give up';
  readonly meaning: string;
}

const finalState = { delivered: 'delivered', pause: 'dropped', end: 'dropped', refuse: 'dead' } as const;

export const endAttempt = (
  delivery: Delivery,
  answer: CallbackAnswer,
  { consequence, meaning }: Verdict,
  now: number,
  random: number,
): End => {
  const attempt: Attempt = {
    at: new Date(now).toISOString(),
    status: answer.kind === 'answered' ? answer.status : null,
    meaning,
  };
  const ended: Delivery = {
    ...delivery,
    attempts: [...delivery.attempts, attempt].slice(-attemptsKept),
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
