/**
 * When a threshold fires, pure: the one rule that the watch, the preview and the replay share.
 *
 * A value fires a threshold when it goes across it in the direction asked for. A threshold with a re-arm
 * level has a state: firing disarms it, and a value at or beyond the level, on the other side of the
 * threshold, arms it again. A new subscription is armed, wherever the value stands.
 *
 * The state carries the time of the evaluation that last changed it. A watch may repeat itself from any step
 * on, or come late: a step at or before that time has been decided already and changes nothing. So each step
 * is decided once.
 */
import { compareDecimals, type Decimal } from '../runtime/decimal.ts';
import type { SourceTime } from './occurrence.ts';
import type { Direction, Threshold } from './threshold.ts';

/** Whether a subscription with a re-arm level may fire; nothing stored means armed. */
export interface RearmState {
  /** Of the subscription: with other inputs it starts again, armed. */
  readonly generation: string;
  readonly armed: boolean;
  /** Time of the evaluation that changed it. */
  readonly changedAt: SourceTime;
}

/** From one successful evaluation to the next. */
export interface ValueStep {
  /** Time of the later evaluation. */
  readonly at: SourceTime;
  readonly previous: Decimal;
  readonly current: Decimal;
}

/**
 * Whether a value went across a threshold in the direction asked for: exactly at the threshold is neither
 * above nor below.
 */
export const crosses = (
  { previous, current }: Pick<ValueStep, 'previous' | 'current'>,
  { threshold, direction }: Pick<Threshold, 'threshold' | 'direction'>,
): boolean => {
  const [before, after] = [compareDecimals(previous, threshold), compareDecimals(current, threshold)];
  return direction === 'above' ? before <= 0 && after > 0 : before >= 0 && after < 0;
};

/** Whether a value is at the re-arm level or beyond it, on the other side of the threshold. */
const isAtRearmLevel = (value: Decimal, rearmLevel: Decimal, direction: Direction): boolean =>
  direction === 'above' ? compareDecimals(value, rearmLevel) <= 0 : compareDecimals(value, rearmLevel) >= 0;

export interface Firings<Step extends ValueStep> {
  /** The steps that fire, oldest first. */
  readonly fired: readonly Step[];
  /** The state after the last step; the very object that was passed in when no step changed it. */
  readonly state: RearmState | undefined;
}

/**
 * @param steps of one value, oldest first
 * @param from the subscription's generation, and its state before the first step
 */
export const firings = <Step extends ValueStep>(
  threshold: Threshold,
  steps: readonly Step[],
  from: { readonly generation: string; readonly state?: RearmState | undefined },
): Firings<Step> => {
  const { direction, rearmLevel } = threshold;
  const { generation } = from;
  const fired: Step[] = [];
  let { state } = from;
  for (const step of steps) {
    const { at, current } = step;
    // The state of an earlier generation says nothing about this one.
    const known = state?.generation === generation ? state : undefined;
    if (known !== undefined && known.changedAt >= at) continue;
    const armed = known?.armed ?? true;
    if (crosses(step, threshold)) {
      if (!armed) continue;
      fired.push(step);
      if (rearmLevel !== null) state = { generation, armed: false, changedAt: at };
    } else if (!armed && rearmLevel !== null && isAtRearmLevel(current, rearmLevel, direction))
      state = { generation, armed: true, changedAt: at };
  }
  return { fired, state };
};
