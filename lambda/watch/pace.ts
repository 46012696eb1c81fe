import { minuteMs, secondMs } from '../runtime/time.ts';

/** How much work is done at a time. */
export interface Pace {
  /** A look begins no further occurrence after this, ms. */
  readonly lookMs: number;
  /** Entries of one occurrence that a look processes itself; the others are left to messages of their own. */
  readonly entriesPerLook: number;
  /** Entries after which the position of a fan-out is saved: as much is repeated when a process dies. */
  readonly entriesPerPart: number;
  /** Parts that one message processes at most. */
  readonly partsPerMessage: number;
  /** A message begins no further part after this, ms. */
  readonly messageMs: number;
  /** A fan-out that has not got further for this long has lost its message, ms. */
  readonly lostAfterMs: number;
}

/**
 * The function has 120 s. Of a look, the reads take 50 s at most and the begun work 45 s, so at least 25 s remain for
 * the last occurrence: 1,000 entries are one or two pages of the table and 100 batches, eight at a time. A part
 * is twice as much.
 */
export const pace: Pace = {
  lookMs: 45 * secondMs,
  entriesPerLook: 1_000,
  entriesPerPart: 2_000,
  partsPerMessage: 5,
  messageMs: 30 * secondMs,
  lostAfterMs: 5 * minuteMs,
};
