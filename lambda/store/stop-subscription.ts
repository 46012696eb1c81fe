/** How a subscription is stopped, and how long a stopped one is kept. */
import type { CallLog } from '../runtime/log.ts';
import type { Count, CountName } from '../runtime/metrics.ts';
import { dayMs, iso } from '../runtime/time.ts';
import { longestPauseMs } from './listed-subscriptions.ts';
import type { Stored } from './record-store.ts';
import {
  type StopOutcome,
  type Subscription,
  type SubscriptionStatus,
  type SubscriptionStore,
  subscriptionRecords,
} from './subscriptions.ts';
import type { Table } from './table.ts';

export type StoppedState = Exclude<SubscriptionStatus['state'], 'active'>;

/** An ended subscription stays visible this long, so that its owner can see why, ms. */
export const endedRetentionMs = 30 * dayMs;

/**
 * Until when a subscription that is stopped now is kept. A paused subscription is ended before that time; it
 * expires as a paused one only if the sweep fails for weeks.
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

/** What a subscription becomes when it is stopped, and how that is counted. */
export interface Stop {
  readonly state: StoppedState;
  readonly metric: CountName;
}

export const pausing: Stop = { state: 'paused', metric: 'SubscriptionsPaused' };
export const ending: Stop = { state: 'ended', metric: 'SubscriptionsEnded' };

/**
 * Stops a subscription: writes the status and the time of expiry, counts and logs it.
 *
 * Of two verdicts about one registration the stronger stands: a subscription that was paused in the meantime can
 * still be ended, and an ended one is not paused.
 * @param reason a sentence, for the owner
 */
export const stopSubscription = async (
  ports: StopPorts,
  stored: Stored<Subscription>,
  { state, metric }: Stop,
  reason: string,
): Promise<StopOutcome['kind']> => {
  const { subscriptions, now, log, count } = ports;
  const at = now();
  const status = { state, since: iso(at), reason };
  const outcome = await subscriptions.stop(stored, status, stoppedUntil(state, at));
  const facts = { subscriptionId: stored.body.subscriptionId, state, reason };
  if (outcome.kind === 'stopped') {
    count(metric);
    log.warn('subscription stopped', facts);
    return outcome.kind;
  }
  if (
    outcome.kind === 'stopped before' &&
    state === 'ended' &&
    outcome.stored.body.status.state === 'paused' &&
    outcome.stored.body.secretHash === stored.body.secretHash
  )
    return stopSubscription(ports, outcome.stored, { state, metric }, reason);
  log.info('subscription not stopped', { ...facts, found: outcome.kind });
  return outcome.kind;
};

/**
 * Replaces values of an ended subscription, which is forgotten when it would have been.
 * @returns false when it was registered again in between; nothing was written then
 */
export const rewriteEnded = async (
  table: Table,
  { body: { subscriptionId, status }, version }: Stored<Subscription>,
  next: Subscription,
): Promise<boolean> => {
  const expiresAt = stoppedUntil('ended', Date.parse(status.since));
  return (await subscriptionRecords(table).save(subscriptionId, next, version, { expiresAt })) !== undefined;
};
