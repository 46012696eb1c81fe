/** Whether an occurrence was for a subscription, and if not, why: pure. */

import { compareDecimals, type Decimal } from '../runtime/decimal.ts';
import type { Subscription } from '../store/subscriptions.ts';
import { type Conditions, defaultConditions, wants } from '../triggers/conditions.ts';
import { crosses } from '../triggers/crossing.ts';
import type { Occurrence, ValueOccurrence } from '../triggers/occurrence.ts';
import { number } from './wording.ts';

/** For the subscription, or a clause that says why not. */
export type Match = { readonly for: 'it' } | { readonly for: 'nobody'; readonly because: string };

const it: Match = { for: 'it' };
const because = (reason: string): Match => ({ for: 'nobody', because: reason });

const matchValue = (
  { previous, current }: Pick<ValueOccurrence, 'previous' | 'current'>,
  threshold: Decimal,
  direction: Conditions['direction'],
): Match => {
  if (crosses(previous, current, threshold, direction)) return it;
  const compared = compareDecimals(current, threshold);
  if (compared === 0)
    return because(`it is exactly at the threshold ${number(threshold)}, which is not ${direction}`);
  if (direction === 'above' ? compared < 0 : compared > 0)
    return because(`it is not ${direction} the threshold ${number(threshold)}`);
  return because(`it was ${direction} the threshold ${number(threshold)} already`);
};

/** What of a subscription decides. */
export type Watching = Pick<Subscription, 'subject' | 'threshold' | 'conditions'>;

/** Whether a subscription is to this subject at all. */
export const concerns = ({ subject }: Pick<Watching, 'subject'>, occurrence: Occurrence): boolean =>
  occurrence.kind === 'completion' || subject === null || subject === occurrence.subject;

/** Whether it is what the author of the flow asked for, whenever it happened. */
export const matchOf = (
  { threshold, conditions = defaultConditions }: Watching,
  occurrence: Occurrence,
): Match => {
  switch (occurrence.kind) {
    case 'subject':
      return it;
    case 'completion':
      return wants(conditions, occurrence.completion)
        ? it
        : because(
            occurrence.completion.scheduled || conditions.runs === 'all'
              ? `it ${occurrence.completion.outcome}, and the flow asks for those that ${conditions.outcome === 'failed' ? 'fail' : 'succeed'}`
              : 'somebody started it, and the flow asks for scheduled ones',
          );
    case 'value':
      return threshold === null ? it : matchValue(occurrence, threshold, conditions.direction);
  }
};
