/** How long a stopped subscription is kept. */
import { dayMs } from '../runtime/time.ts';
import { longestPauseMs } from './listed-subscriptions.ts';
import type { SubscriptionStatus } from './subscriptions.ts';

/** An ended subscription stays visible this long, so that its owner can see why, ms. */
export const endedRetentionMs = 30 * dayMs;

/**
 * Until when a subscription that is stopped now is kept. A paused one is ended before that time; only if that never happened
 * would it vanish by itself.
 * @returns epoch seconds
 */
export const stoppedUntil = (state: Exclude<SubscriptionStatus['state'], 'active'>, now: number): number =>
  Math.floor((now + (state === 'paused' ? longestPauseMs : 0) + endedRetentionMs) / 1000);
