import { ConnectorError } from '../runtime/errors.ts';
import type { LimiterTime } from './window.ts';

/** Frees a slot that was taken long enough ago and takes it for a new call, in one step. */
export interface SlotReplacement {
  readonly id: string;
  /** How many slots the list has: the limit. */
  readonly slots: number;
  /** Index of the slot to free. */
  readonly slot: number;
  /** The slot is freed only when its time is at or before this. */
  readonly notAfter: LimiterTime;
  /** The time that is appended to the list. */
  readonly time: LimiterTime;
  /** Unix seconds after which the item may be deleted. */
  readonly expiresAt: number;
}

export type ReplacementAnswer =
  | { readonly replaced: true; readonly times: readonly LimiterTime[] }
  /**
   * Nothing was written. `times` is the current list; undefined when there is none, or the store did not
   * return it.
   */
  | { readonly replaced: false; readonly times: readonly LimiterTime[] | undefined };

export interface ListCreation {
  readonly id: string;
  readonly times: readonly LimiterTime[];
  readonly expiresAt: number;
}

export type CreationAnswer =
  | { readonly created: true }
  /** Another call created it. `times` is its list; undefined when that has been deleted since. */
  | { readonly created: false; readonly times: readonly LimiterTime[] | undefined };

/**
 * Keeps one list of call times per connection. Both steps are atomic; each rejects when the outcome is
 * unknown, and its caller then refuses the call. All stores pass the same contract suite.
 */
export interface LimiterStore {
  replace(replacement: SlotReplacement): Promise<ReplacementAnswer>;
  create(creation: ListCreation): Promise<CreationAnswer>;
}

/** The limit could not be counted, so the call is refused. @param cause the store's error */
export const limitUnavailable = (cause: unknown): ConnectorError<'LimitUnavailable'> =>
  new ConnectorError(
    'LimitUnavailable',
    'The call limit could not be checked, so the call was not made. Try again in a moment.',
    { cause },
  );

/** Milliseconds (of real time) after which a request to the limiter's table counts as failed. */
export const storeTimeoutMs = 3_000;
