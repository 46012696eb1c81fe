/** When a subscription whose callbacks keep failing is ended. Pure. */
import { dayMs, hourMs, iso, minuteMs } from '../runtime/time.ts';
import type { Attempt, Delivery } from '../store/deliveries.ts';
import type { Doubt, Failures } from '../store/failures.ts';

/** A subscription is ended when no event was accepted for this long, ms, … */
export const failingForMs = 7 * dayMs;
/** … and at least this many events were given up in that time. */
export const failingEvents = 3;
/** How many of the newest deliveries are searched for an accepted one. */
export const newestLookedAt = 200;

/** One more event was given up. */
export const oneMoreFailure = (known: Failures | undefined, generation: string, now: number): Failures =>
  known?.generation === generation && known.count > 0
    ? { ...known, count: known.count + 1 }
    : { generation, since: iso(now), count: 1, ...(known?.gone && { gone: known.gone }) };

/** Whether it has failed so long and so often that the history has to be searched for a success. */
export const keepsFailing = ({ since, count }: Failures, now: number): boolean =>
  count >= failingEvents && now - Date.parse(since) >= failingForMs;

/** Whether one of these deliveries was accepted at or after `since` (RFC 3339). */
export const acceptedSince = (deliveries: readonly Delivery[], since: string): boolean =>
  deliveries.some(({ state, attempts }) => state === 'delivered' && (attempts.at(-1)?.at ?? '') >= since);

/**
 * A subscription whose address says "gone" without the platform's own word is ended when that has gone on for
 * this long, ms: longer than what makes a live address say so (a gateway, a deployment, a region that is moved)
 * usually takes, and short enough that the event which found it out, retried for a day, sees the end of it …
 */
export const goneForMs = 6 * hourMs;
/** … has been answered at least this often … */
export const goneTimes = 6;
/** … each time at least this much later, ms, so that a burst of events counts once. */
export const goneEveryMs = 30 * minuteMs;

/** "Gone" was said once more. The same doubt where it is too soon to count. */
export const oneMoreDoubt = (known: Doubt | undefined, registeredAt: string, now: number): Doubt => {
  if (known?.registeredAt !== registeredAt)
    return { registeredAt, since: iso(now), last: iso(now), times: 1 };
  return now - Date.parse(known.last) < goneEveryMs
    ? known
    : { ...known, last: iso(now), times: known.times + 1 };
};

/** Whether it was said so long and so often that the history has to be searched for another answer. */
export const seemsGone = ({ since, times }: Doubt, now: number): boolean =>
  times >= goneTimes && now - Date.parse(since) >= goneForMs;

/** Statuses that say "gone". */
const goneStatuses: ReadonlySet<number | null> = new Set([404, 410]);

/** No answer at all says nothing about the flow. */
const saysOtherwise = ({ status }: Attempt): boolean => status !== null && !goneStatuses.has(status);

/** Whether one of these deliveries was answered otherwise at or after `since` (RFC 3339). */
export const answeredOtherwiseSince = (deliveries: readonly Delivery[], since: string): boolean =>
  deliveries.some(({ attempts }) =>
    attempts.some((attempt) => attempt.at >= since && saysOtherwise(attempt)),
  );

/** A clause for the owner: how far it has come, and what follows. */
export const describeDoubt = ({ since, times }: Doubt): string =>
  `counted ${times} of ${goneTimes} times since ${since}; without another response, the subscription is ended after ${iso(Date.parse(since) + goneForMs)}`;
