import { Metrics } from '@aws-lambda-powertools/metrics';
import { type Count, type MetricName, metricsNamespace } from './metrics.ts';

export interface InvocationMetrics {
  readonly count: Count;
  /**
   * Writes what was counted since the last time into the log, where CloudWatch reads it; nothing when nothing
   * was.
   */
  publish(): void;
}

/** Metrics in CloudWatch's embedded format, with the function's name as their dimension. */
export const embeddedMetrics = (serviceName: string): InvocationMetrics => {
  const metrics = new Metrics({ namespace: metricsNamespace, serviceName });
  const counted = new Map<MetricName, number>();
  return {
    count: (metric, value = 1) => {
      counted.set(metric, (counted.get(metric) ?? 0) + value);
    },
    publish: () => {
      if (counted.size === 0) return;
      for (const [metric, value] of counted) metrics.addMetric(metric, 'Count', value);
      counted.clear();
      metrics.publishStoredMetrics();
    },
  };
};
