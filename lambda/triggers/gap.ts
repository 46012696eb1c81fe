import type { SourceTime } from './occurrence.ts';

/**
 * A time of which detection cannot say what happened: it lies beyond what the source still tells. Events in it may be
 * missing; none is invented.
 * - jobs: the job list does not reach back to what was worked off last, or lies beyond the horizon
 * - evaluations: the evaluations of that time are kept no longer
 * - data source: it says it was refreshed, but no listed job did it
 * - value: an evaluation gave a value that cannot be held exactly
 */
export interface Gap {
  readonly kind: 'jobs' | 'evaluations' | 'data source' | 'value';
  /** Name of a data source or measure; absent where it concerns the whole instance. */
  readonly subject?: string;
  readonly from: SourceTime;
  readonly to: SourceTime;
  /** A sentence. */
  readonly reason: string;
}
