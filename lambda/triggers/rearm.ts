/**
 * Re-arming against flapping, pure.
 *
 * A threshold subscription with a re-arm level is armed or disarmed. Firing disarms it; a value at or beyond the re-arm level, on
 * the other side of the threshold, arms it again. A new subscription is armed, wherever the value stands: a level has been
 * asked for between two firings only.
 *
 * The state carries the evaluation that last changed it. A watch may repeat itself, from any step on, or come late: a step at or
 * before that evaluation has been decided already and changes nothing. So each step's decision is made once, whoever makes it.
 */
import type { SourceTime } from './occurrence.ts';

export interface Armament {
  /** Of the subscription: with other inputs it begins anew, armed. */
  readonly generation: string;
  readonly armed: boolean;
  /** Time of the evaluation that changed it. */
  readonly changedAt: SourceTime;
}

interface Step {
  readonly generation: string;
  readonly at: SourceTime;
}

/** Whether the step may still be decided for this state. */
const isOpen = (known: Armament | undefined, { generation, at }: Step): boolean =>
  known === undefined || known.generation !== generation || known.changedAt < at;

const isArmed = (known: Armament | undefined, generation: string): boolean =>
  known === undefined || known.generation !== generation || known.armed;

/** Whether a crossing of the threshold fires. */
export const fires = (known: Armament | undefined, step: Step): boolean =>
  isOpen(known, step) && isArmed(known, step.generation);

/** The state after it has fired; undefined when this step changes nothing. */
export const disarmed = (known: Armament | undefined, step: Step): Armament | undefined =>
  fires(known, step) ? { generation: step.generation, armed: false, changedAt: step.at } : undefined;

/** The state after the value has reached the re-arm level; undefined when this step changes nothing. */
export const rearmed = (known: Armament | undefined, step: Step): Armament | undefined =>
  isOpen(known, step) && !isArmed(known, step.generation)
    ? { generation: step.generation, armed: true, changedAt: step.at }
    : undefined;
