import type { SourceTime } from './occurrence.ts';

/**
 * A time of which detection cannot say what happened, because the source no longer tells. Events in it may be
 * missing; none is invented.
 * - jobs: the job list does not reach back to the last job handled, or the time is beyond the horizon
 * - evaluations: the evaluations of that time are kept no longer
 * - data source: it says it was refreshed, but no listed job did it
 * - value: an evaluation gave a value that cannot be held exactly
 * - set aside: an event was found and could not be sent
 */
export interface Gap {
  readonly kind: 'jobs' | 'evaluations' | 'data source' | 'value' | 'set aside';
  /** Name of a data source or measure; absent where it concerns the whole instance. */
  readonly subject?: string;
  readonly from: SourceTime;
  readonly to: SourceTime;
  /** A sentence. */
  readonly reason: string;
}
