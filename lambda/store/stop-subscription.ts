/** Stopping a subscription, and how long a stopped one is kept. */
import type { CallLog } from '../runtime/log.ts';
import type { Count } from '../runtime/metrics.ts';
import { dayMs } from '../runtime/time.ts';
import { longestPauseMs } from './listed-subscriptions.ts';
import type { Stored } from './record-store.ts';
import type { Subscription, SubscriptionStatus, SubscriptionStore } from './subscriptions.ts';

export type StoppedState = Exclude<SubscriptionStatus['state'], 'active'>;

/** An ended subscription stays visible this long, so that its owner can see why, ms. */
export const endedRetentionMs = 30 * dayMs;

/**
 * Until when a subscription that is stopped now is kept. A paused one is ended before that time; only if that never happened
 * would it vanish by itself.
 * @returns epoch seconds
 */
export const stoppedUntil = (state: StoppedState, now: number): number =>
  Math.floor((now + (state === 'paused' ? longestPauseMs : 0) + endedRetentionMs) / 1000);

export interface StopPorts {
  readonly subscriptions: Pick<SubscriptionStore, 'stop'>;
  readonly now: () => number;
  readonly log: CallLog;
  readonly count: Count;
}

const metric = { paused: 'SubscriptionsPaused', ended: 'SubscriptionsEnded' } as const;

/**
 * Stops a subscription, whatever the cause: writes the status with the time until which it is kept, counts it, logs it.
 * @param reason a sentence, for the owner
 * @returns false when the flow was registered again or the subscription deleted meanwhile: what stands now stays
 */
export const stopSubscription = async (
  { subscriptions, now, log, count }: StopPorts,
  stored: Stored<Subscription>,
  state: StoppedState,
  reason: string,
): Promise<boolean> => {
  const at = now();
  const status = { state, since: new Date(at).toISOString(), reason };
  const stopped = await subscriptions.stop(stored, status, stoppedUntil(state, at));
  const facts = { subscriptionId: stored.body.subscriptionId, state, reason };
  if (stopped) {
    count(metric[state]);
    log.warn('subscription stopped', facts);
  } else log.info('subscription changed before it was stopped', facts);
  return stopped;
};
