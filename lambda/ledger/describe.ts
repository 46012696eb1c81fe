/** A subscription and its state, in words. */

import type { Subscription } from '../store/subscriptions.ts';
import { conditionOf, subjectName, type Triggers } from '../triggers/trigger-set.ts';
import { time } from '../triggers/wording.ts';

/** Why there are no events for a segment that the source does not list. @param since epoch ms */
export const absenceReason = (segment: string, since: number): string =>
  `Customer Insights has not listed the segment "${segment}" since ${time(since)}, so there are no events. Its last value is kept; if the segment returns, its value is compared with it. If the segment was deleted or recreated under another name, choose another segment and save the flow.`;

/** What tells a subscription from others. @param instanceName undefined: its id is shown */
export const labelOf = (
  triggers: Triggers,
  subscription: Subscription,
  instanceName: string | undefined,
): string =>
  `${subscription.names?.subject ?? subjectName(triggers, subscription)}: ${conditionOf(triggers, subscription)} (${instanceName ?? subscription.instanceId})`;

/**
 * @param absence see {@link absenceReason}
 * @param instanceName undefined when the instance was removed */
export const summaryOf = (
  triggers: Triggers,
  subscription: Subscription,
  instanceName: string | undefined,
  absence?: string,
): string => {
  const { status, createdAt, registeredAt, instanceId } = subscription;
  const where = instanceName ?? `instance ${instanceId} (removed from the connector; no events are sent)`;
  return [
    `${subjectName(triggers, subscription)} in ${where}: ${conditionOf(triggers, subscription)}.`,
    `Registered at ${time(createdAt)}${registeredAt === createdAt ? '' : `, most recently at ${time(registeredAt)}`}; ${status.state} since ${time(status.since)}: ${status.reason}${/[.!?]$/.test(status.reason) ? '' : '.'}`,
    ...(absence === undefined ? [] : [absence]),
  ].join(' ');
};
