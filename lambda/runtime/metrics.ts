/** What is counted, by name: the functions count, and alarms can watch nothing else. */

export const metricsNamespace = 'InsightsConnector';

export const metricNames = [
  /** Occurrences that were owed to at least one subscription. */
  'EventsDetected',
  'DeliveriesDelivered',
  /** Attempts that are followed by another. */
  'DeliveriesRetried',
  /** Events that nobody waits for any more: the flow was switched off or gone. */
  'DeliveriesDropped',
  'DeadLetters',
  'SubscriptionsPaused',
  'SubscriptionsEnded',
  /** Times that detection could not look back to. */
  'Gaps',
  /** Looks at an instance that Customer Insights did not answer. */
  'SourceFailures',
] as const;

export type MetricName = (typeof metricNames)[number];

/** @param value 1 by default */
export type Count = (metric: MetricName, value?: number) => void;

export const countNothing: Count = () => undefined;
