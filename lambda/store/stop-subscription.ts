/** How a subscription is stopped, how long a stopped one is kept, and the end of those that stay paused. */
import type { CallLog } from '../runtime/log.ts';
import type { Count, CountName } from '../runtime/metrics.ts';
import { dayMs, iso, minuteMs } from '../runtime/time.ts';
import type { PauseStore } from './agenda.ts';
import { longestPauseMs } from './listed-subscriptions.ts';
import { type Stored, unlessUnreadable } from './record-store.ts';
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

export interface EndPausedPorts {
  readonly pauses: PauseStore;
  readonly subscriptions: SubscriptionStore;
  readonly now: () => number;
  readonly log: CallLog;
  readonly count: Count;
}

/** Ended in one run at most; the rest have their turn in the next. */
const mostAtOnce = 200;

/**
 * Ends subscriptions that were paused for 30 days. Its cost follows those whose time is over, not those there
 * are. The item that led to a subscription is removed last, so the next run completes one that died.
 * @returns how many were ended
 */
export const endPaused = async (ports: EndPausedPorts): Promise<number> => {
  const { pauses, subscriptions, now } = ports;
  let seen = 0;
  let ended = 0;
  for await (const pause of pauses.over(now())) {
    if (seen === mostAtOnce) break;
    seen += 1;
    const { subscriptionId } = pause.body;
    const find = () => subscriptions.find(subscriptionId);
    const stored = await unlessUnreadable(ports, subscriptionId, find, 'set aside' as const);
    // Its item stays: the program that can read the subscription ends it.
    if (stored === 'set aside') continue;
    const { state, since } = stored?.body.status ?? {};
    // Resumed since, or paused again: then there is another item for it.
    if (stored && state === 'paused' && Date.parse(since ?? '') + longestPauseMs <= now()) {
      const reason = `The subscription was paused for 30 days, since ${since}: ${stored.body.status.reason} Switch the flow on, or save it, to start again.`;
      if ((await stopSubscription(ports, stored, ending, reason)) === 'stopped') ended += 1;
    }
    await pauses.remove(pause);
  }
  return ended;
};

/** Once an hour, in this minute: when a tick is lost, the next one does its work. */
const minuteOfHour = 7;

export const isTimeToEndPaused = (now: number): boolean => Math.floor(now / minuteMs) % 60 === minuteOfHour;
