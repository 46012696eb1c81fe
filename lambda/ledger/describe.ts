/** What a subscription waits for, in words. */
import type { Subscription } from '../store/subscriptions.ts';
import { defaultConditions } from '../triggers/conditions.ts';
import { number, time } from './wording.ts';

/** Shown instead of a subject where there is none. */
const anyOf: Readonly<Record<Subscription['trigger'], string>> = {
  OnDataSourceRefreshFailed: 'any data source',
  OnDataSourceRefreshSucceeded: 'any data source',
  OnSegmentThresholdCrossed: 'any segment',
  OnMeasureThresholdCrossed: 'any measure',
  OnFullRefreshCompleted: 'full refresh',
  OnUnificationRefreshCompleted: 'unification',
};

const event: Readonly<Record<Subscription['trigger'], string>> = {
  OnDataSourceRefreshFailed: 'refresh fails for good',
  OnDataSourceRefreshSucceeded: 'refresh succeeds',
  OnSegmentThresholdCrossed: 'member count',
  OnMeasureThresholdCrossed: 'value',
  OnFullRefreshCompleted: 'ends',
  OnUnificationRefreshCompleted: 'ends',
};

type Described = Pick<Subscription, 'trigger' | 'subject' | 'threshold' | 'conditions'>;

export const subjectOf = ({ trigger, subject }: Pick<Described, 'trigger' | 'subject'>): string =>
  subject ?? anyOf[trigger];

/** When it fires: `member count rises above 1,200`. */
export const conditionOf = ({ trigger, threshold, conditions = defaultConditions }: Described): string => {
  const { direction, rearmLevel, outcome, runs } = conditions;
  if (threshold !== null) {
    const crossing = direction === 'above' ? 'rises above' : 'falls below';
    const rearm = rearmLevel === null ? '' : `, armed again at ${number(rearmLevel)}`;
    return `${event[trigger]} ${crossing} ${number(threshold)}${rearm}`;
  }
  const outcomes = outcome === 'any' ? '' : `, if it ${outcome}`;
  return `${event[trigger]}${outcomes}${runs === 'scheduled' ? ', if it was scheduled' : ''}`;
};

/** The subscription and its state, in sentences. @param instanceName undefined when the instance is not served any more */
export const summaryOf = (subscription: Subscription, instanceName: string | undefined): string => {
  const { status, createdAt, registeredAt, instanceId } = subscription;
  const where = instanceName ?? `instance ${instanceId}, which this connector serves no more: no events come`;
  return [
    `${subjectOf(subscription)} in ${where}: ${conditionOf(subscription)}.`,
    `Registered at ${time(createdAt)}${registeredAt === createdAt ? '' : `, the last time at ${time(registeredAt)}`}; ${status.state} since ${time(status.since)}: ${status.reason}${/[.!?]$/.test(status.reason) ? '' : '.'}`,
  ].join(' ');
};
