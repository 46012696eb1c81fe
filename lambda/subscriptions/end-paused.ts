import type { CallLog } from '../runtime/log.ts';
import type { Count } from '../runtime/metrics.ts';
import { minuteMs } from '../runtime/time.ts';
import type { PauseStore } from '../store/agenda.ts';
import { longestPauseMs } from '../store/listed-subscriptions.ts';
import { unlessUnreadable } from '../store/record-store.ts';
import { ending, stopSubscription } from '../store/stop-subscription.ts';
import type { SubscriptionStore } from '../store/subscriptions.ts';

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
