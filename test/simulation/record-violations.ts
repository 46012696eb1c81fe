/** What the records of deliveries say. */
import { functionFacts } from '../../lambda/functions.ts';
import type { Observations } from './observations.ts';
import type { Violation } from './violation.ts';

/** An attempt begins with reading the subscription, and its function dies of its time limit, ms. */
const longestAttemptMs = functionFacts.deliver.timeoutSeconds * 1000;

/** No record says that a flow was registered again unless somebody did, between the attempt's beginning and its end. */
export const recordViolations = ({ recorded, registered }: Observations): readonly Violation[] => {
  const violations: Violation[] = [];
  /** Host and delivery → when the host last began an attempt of it. */
  const begun = new Map<string, number>();
  for (const { at, host, delivery } of recorded) {
    const { deliveryId, subscriptionId, leaseUntil, attempts } = delivery;
    const attempt = `${host} ${deliveryId}`;
    if (leaseUntil > 0) {
      begun.set(attempt, at);
      continue;
    }
    const from = begun.get(attempt);
    begun.delete(attempt);
    if (from === undefined || !attempts.at(-1)?.meaning.includes('registered again')) continue;
    const somebodyDid = registered.some(
      (registration) =>
        registration.subscriptionId === subscriptionId &&
        registration.at >= from - longestAttemptMs &&
        registration.at <= at,
    );
    if (!somebodyDid)
      violations.push({
        rule: 'record',
        text: `delivery ${deliveryId} says that its flow was registered again, and nobody did`,
        about: [deliveryId, subscriptionId],
      });
  }
  return violations;
};
