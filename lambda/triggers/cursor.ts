import type { Decimal } from './decimal.ts';
import type { SourceTime } from './occurrence.ts';

/**
 * How far an instance has been worked off. It moves only after every delivery of what was found is durably queued; a watch
 * that repeats itself finds the same occurrences with the same ids.
 */
export interface Cursor {
  /** Tasks already handled → when they became final, so that old ones can be forgotten. */
  readonly handled: Readonly<Record<string, SourceTime>>;
  /** Segment name → its last evaluation worked off. */
  readonly segments: Readonly<Record<string, { readonly at: SourceTime; readonly value: Decimal }>>;
}

export const emptyCursor: Cursor = { handled: {}, segments: {} };

/**
 * How far back detection looks, in ms: what became final earlier is not replayed. An instance not watched for longer than
 * this has a gap.
 */
export const horizonMs = 7 * 24 * 60 * 60 * 1000;

/**
 * Forgets handled tasks that the source no longer lists and that lie beyond the horizon.
 * @param listed ids in the newest job list: never forgotten, or they would be handled twice
 */
export const forgetOld = (
  handled: Readonly<Record<string, SourceTime>>,
  listed: ReadonlySet<string>,
  newest: SourceTime,
): Readonly<Record<string, SourceTime>> =>
  Object.fromEntries(
    Object.entries(handled).filter(([id, finalAt]) => listed.has(id) || finalAt > newest - horizonMs),
  );
