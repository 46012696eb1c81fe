import { type Attempt, attemptCount, type Delivery } from '../store/deliveries.ts';
import { count, time } from '../triggers/wording.ts';

const answerOf = ({ status, meaning }: Attempt): string =>
  status === null ? meaning : `${status}, ${meaning}`;

const began: Readonly<Record<NonNullable<Delivery['origin']>, string>> = {
  event: 'Sent',
  sample: 'Sent as a sample',
  replay: 'Sent again by an operator',
};

/** The state of a delivery, in a sentence. */
export const deliverySentence = (delivery: Delivery): string => {
  const { state, attempts, begun, nextAttemptAt, leaseUntil, note, round, origin = 'event' } = delivery;
  const last = attempts.at(-1);
  const tries = count(attemptCount(delivery), 'attempt');
  const again = round > 1 ? ` It was moved back from the dead letters ${count(round - 1, 'time')}.` : '';
  switch (state) {
    case 'delivered':
      return `${began[origin]}; the flow accepted it at ${last ? time(last.at) : 'an unknown time'} after ${tries}.${again}`;
    case 'pending':
      return last
        ? `${began[origin]}; ${tries}, the last at ${time(last.at)}: ${answerOf(last)}. The next ${leaseUntil > nextAttemptAt ? 'is in progress' : `follows at ${time(nextAttemptAt)}`}.${again}`
        : begun === 0
          ? `Not sent yet: another person has registered the same flow, and that registration is tried first. The first attempt follows at ${time(nextAttemptAt)}.`
          : `${began[origin]}; the first attempt is in progress.`;
    case 'dead':
      return `${began[origin]}, and given up after ${tries}${last ? `, the last at ${time(last.at)}: ${answerOf(last)}` : ''}. It is a dead letter and can be sent again.${again}`;
    case 'dropped':
      return `${began[origin]}, and dropped${last ? ` after ${tries}, the last at ${time(last.at)}: ${answerOf(last)}` : ''}${note ? `: ${note}` : ''}.${again}`;
  }
};
