/** When the deliveries of one look to one subscription may be attempted. */
import type { SubscriptionId } from '../runtime/ids.ts';
import { maximumDelaySeconds } from '../runtime/queue.ts';

/**
 * Deliveries to one subscription that are attempted at the same time: half the invocations that make first
 * attempts (lambda/functions.ts). A flow that does not answer then leaves the other half to the others.
 */
export const attemptsAtOnce = 10;
/** Longer than an attempt (lambda/callback/post.ts) with its calls, seconds. */
export const roundSeconds = 11;

/** @returns seconds by which the next delivery to a subscription is delayed */
export type DelayOf = (subscriptionId: SubscriptionId) => number;

/** For one look: each further ten deliveries to a subscription wait for a further round. */
export const createStagger = (): DelayOf => {
  const queued = new Map<SubscriptionId, number>();
  return (subscriptionId) => {
    const before = queued.get(subscriptionId) ?? 0;
    queued.set(subscriptionId, before + 1);
    return Math.min(maximumDelaySeconds, Math.floor(before / attemptsAtOnce) * roundSeconds);
  };
};
