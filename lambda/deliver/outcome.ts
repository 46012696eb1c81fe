/**
 * What each answer of the platform means for a delivery and its subscription; the same table is in
 * docs/delivery.md.
 */
import type { CallbackAnswer } from '../callback/post.ts';

/**
 * - delivered: the delivery has ended
 * - retry: another attempt later
 * - pause: the flow is switched off; a later registration resumes it
 * - end: the platform says that the flow is gone; the subscription is ended
 * - doubt: the response says that the flow is gone, but without the platform's error code: another attempt later; the
 *   subscription is ended when this continues for hours (failing.ts)
 * - refuse: no attempt of this payload will be accepted; a dead letter at once
 */
export type Consequence = 'delivered' | 'retry' | 'pause' | 'end' | 'doubt' | 'refuse';

export interface Rule {
  /** Range of statuses, both included; "none" where no answer came, "other" for every other status. */
  readonly status: readonly [from: number, to: number] | 'none' | 'other';
  /** One of these is `error.code` of the answer's body; null: the body has no code. Any when absent. */
  readonly errorCodes?: readonly string[] | null;
  readonly consequence: Consequence;
  /** A clause, for the history and the owner. */
  readonly meaning: string;
}

const doubtful = 'the response says that the flow is gone, but without the error code of Power Automate';

const anyOtherAnswer: Rule = {
  status: 'other',
  consequence: 'refuse',
  meaning: 'an unexpected response',
};

/**
 * The platform's own words for a flow, version or trigger that is gone. Everything else that says "gone" (a
 * gateway on the way, a name server's mistake, a region that is being moved) may be over in an hour.
 */
const goneCodes = ['WorkflowNotFound', 'WorkflowVersionNotFound', 'WorkflowTriggerNotFound'] as const;

/** The first rule that fits applies. */
export const rules: readonly Rule[] = [
  { status: [200, 299], consequence: 'delivered', meaning: 'accepted' },
  {
    status: [400, 400],
    // Also for a deleted flow: the message says "Deleted" instead of "Disabled".
    errorCodes: ['WorkflowTriggerIsNotEnabled'],
    consequence: 'pause',
    meaning: 'the flow is switched off or deleted',
  },
  {
    status: [400, 400],
    errorCodes: ['TriggerInputSchemaMismatch'],
    consequence: 'refuse',
    meaning: 'the flow was saved with another version of the connector',
  },
  // The platform always names its reason; something else on the way may answer better in a minute.
  {
    status: [400, 400],
    errorCodes: null,
    consequence: 'retry',
    meaning: 'refused without an error code',
  },
  { status: [400, 400], consequence: 'refuse', meaning: 'the platform cannot read the event' },
  // Saving a flow changes the signature; its registration with the new URL follows within seconds.
  { status: [401, 401], consequence: 'retry', meaning: 'the signature of the callback URL is not accepted' },
  { status: [403, 403], consequence: 'retry', meaning: 'the callback URL is not accepted' },
  { status: [404, 404], errorCodes: goneCodes, consequence: 'end', meaning: 'the flow is gone' },
  { status: [404, 404], consequence: 'doubt', meaning: doubtful },
  { status: [408, 408], consequence: 'retry', meaning: 'the platform timed out' },
  { status: [410, 410], errorCodes: goneCodes, consequence: 'end', meaning: 'the flow is gone' },
  { status: [410, 410], consequence: 'doubt', meaning: doubtful },
  { status: [429, 429], consequence: 'retry', meaning: 'the flow is throttled' },
  { status: [500, 599], consequence: 'retry', meaning: 'the platform reported a server error' },
  { status: 'none', consequence: 'retry', meaning: 'no answer' },
  anyOtherAnswer,
];

export interface Verdict {
  readonly consequence: Consequence;
  /** A clause, for the history and the owner. */
  readonly meaning: string;
}

/** A verdict after the decision about the subscription. */
export type SettledVerdict = Verdict & { readonly consequence: Exclude<Consequence, 'doubt'> };

const fits = ({ status, errorCodes }: Rule, answer: CallbackAnswer): boolean => {
  if (answer.kind === 'unreachable' || status === 'none')
    return answer.kind === 'unreachable' && status === 'none';
  if (status === 'other') return true;
  const [from, to] = status;
  return (
    answer.status >= from &&
    answer.status <= to &&
    (errorCodes === undefined ||
      (errorCodes === null
        ? answer.errorCode === undefined
        : errorCodes.some((code) => code === answer.errorCode)))
  );
};

export const consequenceOf = (answer: CallbackAnswer): Verdict => {
  const { consequence, meaning } = rules.find((rule) => fits(rule, answer)) ?? anyOtherAnswer;
  return {
    consequence,
    // The reason says more than "no answer".
    meaning: answer.kind === 'unreachable' ? answer.reason : meaning,
  };
};
