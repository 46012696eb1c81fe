/** Which crossings fire under a re-arm level: once fired, silent until the value has been at the level. */
import { compareExact } from './exact.ts';
import { type Inputs, kindOf } from './trigger-kinds.ts';
import type { Truth } from './truth.ts';

/** What a registration makes of a truth; absent: nothing. */
export type Judgement = 'yes' | 'maybe';

/** The time in which a registration begins: what becomes final meanwhile may belong to it or not. */
export interface Beginning {
  readonly begin: number;
  readonly confirmed: number;
  /** A subscription with the same inputs may have gone on. */
  readonly afresh: boolean;
}

const reaches = ({ direction, rearmLevel }: Inputs, value: string) =>
  rearmLevel !== null && (direction === 'above' ? 1 : -1) * compareExact(value, rearmLevel) <= 0;

const sure = (truth: Truth, inputs: Inputs, { confirmed }: Beginning) =>
  !truth.optional && truth.finalAt > confirmed && !(truth.ambiguous && inputs.subject !== null);

/** @param truths of the trigger and instance, in the order in which they became final */
export const judge = (
  inputs: Inputs,
  truths: readonly Truth[],
  beginning: Beginning,
): ReadonlyMap<Truth, Judgement> => {
  const judged = new Map<Truth, Judgement>();
  const { concerns } = kindOf(inputs.trigger);
  let armed: 'yes' | 'no' | 'maybe' = beginning.afresh ? 'yes' : 'maybe';
  for (const truth of truths) {
    if (truth.visibleAt < beginning.begin) continue;
    const certain = sure(truth, inputs, beginning);
    if (concerns(inputs, truth) && (inputs.rearmLevel === null || armed !== 'no')) {
      judged.set(truth, certain && (inputs.rearmLevel === null || armed === 'yes') ? 'yes' : 'maybe');
      armed = certain ? 'no' : 'maybe';
    }
    if (
      inputs.subject === truth.subject &&
      truth.step &&
      reaches(inputs, truth.step.current) &&
      armed !== 'yes'
    )
      armed = certain ? 'yes' : 'maybe';
  }
  return judged;
};
