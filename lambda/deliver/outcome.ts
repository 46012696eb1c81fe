/** What each answer of the platform means for a delivery and its subscription. docs/triggers.md holds the same table. */
import type { CallbackAnswer } from '../callback/post.ts';

/**
 * - delivered: done
 * - retry: try again later
 * - pause: the flow is switched off; a later registration resumes it
 * - end: the address is gone; the subscription is ended
 * - refuse: this payload will never be taken; a dead letter, to be looked at
 */
export type Consequence = 'delivered' | 'retry' | 'pause' | 'end' | 'refuse';

interface Rule {
  readonly status: (status: number) => boolean;
  readonly errorCode?: string;
  readonly consequence: Consequence;
  readonly meaning: string;
}

const is = (expected: number) => (status: number) => status === expected;
const between = (from: number, to: number) => (status: number) => status >= from && status <= to;

/** The first that fits holds. Statuses and codes: connector-format reference, "Runtime behaviour". */
export const rules: readonly Rule[] = [
  { status: between(200, 299), consequence: 'delivered', meaning: 'accepted' },
  {
    status: is(400),
    errorCode: 'WorkflowTriggerIsNotEnabled',
    consequence: 'pause',
    meaning: 'the flow is switched off or deleted',
  },
  {
    status: is(400),
    errorCode: 'TriggerInputSchemaMismatch',
    consequence: 'refuse',
    meaning: 'the flow was saved with another version of the connector',
  },
  { status: is(400), consequence: 'refuse', meaning: 'the platform cannot read the event' },
  { status: is(401), consequence: 'retry', meaning: 'the signature of the callback URL is not accepted' },
  { status: is(403), consequence: 'retry', meaning: 'the callback URL is not accepted' },
  { status: is(404), consequence: 'end', meaning: 'the flow is gone' },
  { status: is(408), consequence: 'retry', meaning: 'the platform timed out' },
  { status: is(410), consequence: 'end', meaning: 'the flow is gone' },
  { status: is(429), consequence: 'retry', meaning: 'the flow is throttled' },
  { status: between(500, 599), consequence: 'retry', meaning: 'the platform has trouble' },
  { status: between(0, 999), consequence: 'refuse', meaning: 'an answer that a flow does not give' },
];

export interface Verdict {
  readonly consequence: Consequence;
  /** A clause, for the history and the owner. */
  readonly meaning: string;
}

export const consequenceOf = (answer: CallbackAnswer): Verdict => {
  if (answer.kind === 'unreachable') return { consequence: 'retry', meaning: answer.reason };
  const rule = rules.find(
    ({ status, errorCode }) =>
      status(answer.status) && (errorCode === undefined || errorCode === answer.errorCode),
  );
  return rule ?? { consequence: 'refuse', meaning: `status ${answer.status}` };
};
