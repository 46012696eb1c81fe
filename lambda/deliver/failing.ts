/** When a subscription whose callbacks keep failing is ended. Pure. */
import { dayMs } from '../runtime/time.ts';
import type { Delivery } from '../store/deliveries.ts';
import type { Failures } from '../store/failures.ts';

/** A subscription is ended when no event was accepted for this long, ms, … */
export const failingForMs = 7 * dayMs;
/** … and at least this many events were given up in that time. */
export const failingEvents = 3;
/** How many of the newest deliveries are searched for an accepted one. */
export const newestLookedAt = 200;

/** One more event was given up. */
export const oneMoreFailure = (known: Failures | undefined, generation: string, now: number): Failures =>
  known?.generation === generation
    ? { ...known, count: known.count + 1 }
    : { generation, since: new Date(now).toISOString(), count: 1 };

/** Whether it has failed so long and so often that the history has to be searched for a success. */
export const keepsFailing = ({ since, count }: Failures, now: number): boolean =>
  count >= failingEvents && now - Date.parse(since) >= failingForMs;

/** Whether one of these deliveries was accepted at or after `since` (RFC 3339). */
export const acceptedSince = (deliveries: readonly Delivery[], since: string): boolean =>
  deliveries.some(({ state, attempts }) => state === 'delivered' && (attempts.at(-1)?.at ?? '') >= since);
