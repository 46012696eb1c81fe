import { ConnectorError } from '../runtime/errors.ts';
import type { LimiterTime } from './limiter-time.ts';

/** Frees a place that was taken long enough ago and takes it for a new call, in one step. */
export interface PlaceReplacement {
  readonly id: string;
  /** How many places the list has: the limit. */
  readonly places: number;
  /** Index of the place to free. */
  readonly place: number;
  /** The place is freed only when its time is at or before this. */
  readonly notAfter: LimiterTime;
  /** The time that is appended to the list. */
  readonly time: LimiterTime;
  /** Unix seconds after which the item may be deleted. */
  readonly expiresAt: number;
}

export type ReplacementAnswer =
  | { readonly replaced: true; readonly times: readonly LimiterTime[] }
  /** Nothing was written. `times` is the list as it stands; undefined when there is none, or the store did not say. */
  | { readonly replaced: false; readonly times: readonly LimiterTime[] | undefined };

export interface ListCreation {
  readonly id: string;
  readonly times: readonly LimiterTime[];
  readonly expiresAt: number;
}

export type CreationAnswer =
  | { readonly created: true }
  /** Somebody else created it. `times` is their list; undefined when it has gone again. */
  | { readonly created: false; readonly times: readonly LimiterTime[] | undefined };

/**
 * Keeps one list of call times per connection. Both steps are atomic; each rejects when it cannot tell what happened, and its
 * caller then refuses the call. All stores pass the same contract suite.
 */
export interface LimiterStore {
  replace(replacement: PlaceReplacement): Promise<ReplacementAnswer>;
  create(creation: ListCreation): Promise<CreationAnswer>;
}

/** The limit could not be counted, so the call is refused. @param cause the store's error */
export const limitUnavailable = (cause: unknown): ConnectorError<'LimitUnavailable'> =>
  new ConnectorError(
    'LimitUnavailable',
    'The call limit could not be checked, so the call was not made. Try again in a moment.',
    { cause },
  );
