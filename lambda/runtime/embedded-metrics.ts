import { Metrics } from '@aws-lambda-powertools/metrics';
import type { FunctionSettings } from '../../config/schema.ts';
import {
  type InvocationMetrics,
  type LevelName,
  levelUnits,
  type MetricName,
  metricsNamespace,
} from './metrics.ts';

/**
 * Metrics in CloudWatch's embedded format. Their dimensions are the function (`service`) and, where the
 * deployment has a name, that (`deployment`): deployments in one account count apart.
 */
export const embeddedMetrics = (
  serviceName: string,
  { deployment }: Pick<FunctionSettings, 'deployment'>,
): InvocationMetrics => {
  const metrics = new Metrics({
    namespace: metricsNamespace,
    serviceName,
    ...(deployment && { defaultDimensions: { deployment: deployment.name } }),
  });
  const counted = new Map<MetricName, number>();
  const levels = new Map<LevelName, number>();
  return {
    measure: (metric, value) => {
      levels.set(metric, Math.max(levels.get(metric) ?? value, value));
    },
    count: (metric, value = 1) => {
      counted.set(metric, (counted.get(metric) ?? 0) + value);
    },
    publish: () => {
      if (counted.size + levels.size === 0) return;
      for (const [metric, value] of counted) metrics.addMetric(metric, 'Count', value);
      for (const [metric, value] of levels) metrics.addMetric(metric, levelUnits[metric], value);
      counted.clear();
      levels.clear();
      metrics.publishStoredMetrics();
    },
  };
};
