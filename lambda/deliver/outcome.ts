/** What each answer of the platform means for a delivery and its subscription. docs/delivery.md holds the same table. */
import type { CallbackAnswer } from '../callback/post.ts';

/**
 * - delivered: done
 * - retry: try again later
 * - pause: the flow is switched off; a later registration resumes it
 * - end: the address is gone; the subscription is ended
 * - refuse: this payload will never be taken; a dead letter, to be looked at
 */
export type Consequence = 'delivered' | 'retry' | 'pause' | 'end' | 'refuse';

export interface Rule {
  /** The answers it is about, both included; "none" where no answer came, "other" for answers of any other status. */
  readonly status: readonly [from: number, to: number] | 'none' | 'other';
  /** `error.code` of the answer's body; any when absent. */
  readonly errorCode?: string;
  readonly consequence: Consequence;
  /** A clause, for the history and the owner. */
  readonly meaning: string;
}

const anyOtherAnswer: Rule = {
  status: 'other',
  consequence: 'refuse',
  meaning: 'an answer that a flow does not give',
};

/** The first that fits holds. Statuses and codes: connector-format reference, "Runtime behaviour". */
export const rules: readonly Rule[] = [
  { status: [200, 299], consequence: 'delivered', meaning: 'accepted' },
  {
    status: [400, 400],
    // Reported for a deleted flow, too: the message says "Deleted" where it says "Disabled" for one switched off.
    errorCode: 'WorkflowTriggerIsNotEnabled',
    consequence: 'pause',
    meaning: 'the flow is switched off or deleted',
  },
  {
    status: [400, 400],
    errorCode: 'TriggerInputSchemaMismatch',
    consequence: 'refuse',
    meaning: 'the flow was saved with another version of the connector',
  },
  { status: [400, 400], consequence: 'refuse', meaning: 'the platform cannot read the event' },
  // A flow that is being saved has a new signature; its registration brings the new URL within moments.
  { status: [401, 401], consequence: 'retry', meaning: 'the signature of the callback URL is not accepted' },
  { status: [403, 403], consequence: 'retry', meaning: 'the callback URL is not accepted' },
  { status: [404, 404], consequence: 'end', meaning: 'the flow is gone' },
  { status: [408, 408], consequence: 'retry', meaning: 'the platform timed out' },
  { status: [410, 410], consequence: 'end', meaning: 'the flow is gone' },
  { status: [429, 429], consequence: 'retry', meaning: 'the flow is throttled' },
  { status: [500, 599], consequence: 'retry', meaning: 'the platform has trouble' },
  { status: 'none', consequence: 'retry', meaning: 'no answer' },
  anyOtherAnswer,
];

export interface Verdict {
  readonly consequence: Consequence;
  /** A clause, for the history and the owner. */
  readonly meaning: string;
}

const fits = ({ status, errorCode }: Rule, answer: CallbackAnswer): boolean => {
  if (answer.kind === 'unreachable' || status === 'none')
    return answer.kind === 'unreachable' && status === 'none';
  if (status === 'other') return true;
  const [from, to] = status;
  return (
    answer.status >= from &&
    answer.status <= to &&
    (errorCode === undefined || errorCode === answer.errorCode)
  );
};

export const consequenceOf = (answer: CallbackAnswer): Verdict => {
  const { consequence, meaning } = rules.find((rule) => fits(rule, answer)) ?? anyOtherAnswer;
  return {
    consequence,
    // What went wrong on the way tells more than that nothing came back.
    meaning: answer.kind === 'unreachable' ? answer.reason : meaning,
  };
};
