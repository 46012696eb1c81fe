/** A subscription and its state, in words. */
import type { Subscription } from '../store/subscriptions.ts';
import { conditionOf, subjectName, type Triggers } from '../triggers/trigger-set.ts';
import { time } from '../triggers/wording.ts';

/** @param instanceName undefined when the instance is not served any more */
export const summaryOf = (
  triggers: Triggers,
  subscription: Subscription,
  instanceName: string | undefined,
): string => {
  const { status, createdAt, registeredAt, instanceId } = subscription;
  const where = instanceName ?? `instance ${instanceId}, which this connector serves no more: no events come`;
  return [
    `${subjectName(triggers, subscription)} in ${where}: ${conditionOf(triggers, subscription)}.`,
    `Registered at ${time(createdAt)}${registeredAt === createdAt ? '' : `, the last time at ${time(registeredAt)}`}; ${status.state} since ${time(status.since)}: ${status.reason}${/[.!?]$/.test(status.reason) ? '' : '.'}`,
  ].join(' ');
};
