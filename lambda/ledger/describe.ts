/** A subscription and its state, in words. */

import type { Subscription } from '../store/subscriptions.ts';
import { conditionOf, subjectName, type Triggers } from '../triggers/trigger-set.ts';
import { time } from '../triggers/wording.ts';

/** Why nothing is found for a segment that the source does not list. @param since epoch ms */
export const absenceReason = (segment: string, since: number): string =>
  `Since ${time(since)} Customer Insights does not list the segment "${segment}", so no events come. Its last value is kept and compared with if it comes back. If it was deleted or made anew under another name, choose another one and save the flow.`;

/**
 * @param absence see {@link absenceReason}
 * @param instanceName undefined when the instance is not served any more */
export const summaryOf = (
  triggers: Triggers,
  subscription: Subscription,
  instanceName: string | undefined,
  absence?: string,
): string => {
  const { status, createdAt, registeredAt, instanceId } = subscription;
  const where = instanceName ?? `instance ${instanceId}, which this connector serves no more: no events come`;
  return [
    `${subjectName(triggers, subscription)} in ${where}: ${conditionOf(triggers, subscription)}.`,
    `Registered at ${time(createdAt)}${registeredAt === createdAt ? '' : `, the last time at ${time(registeredAt)}`}; ${status.state} since ${time(status.since)}: ${status.reason}${/[.!?]$/.test(status.reason) ? '' : '.'}`,
    ...(absence === undefined ? [] : [absence]),
  ].join(' ');
};
