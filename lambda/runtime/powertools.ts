/** What the functions write through Powertools: log lines and metrics. */
import { LogFormatter, Logger, LogItem } from '@aws-lambda-powertools/logger';
import { Metrics } from '@aws-lambda-powertools/metrics';
import type { FunctionSettings } from '../../config/schema.ts';
import type { Log } from './log.ts';
import {
  type InvocationMetrics,
  type LevelName,
  levelUnits,
  type MetricName,
  metricsNamespace,
} from './metrics.ts';

type Formatted = Parameters<LogFormatter['formatAttributes']>;

/** What Lambda says of the trace of an invocation; "Sampled=1" where one is recorded. */
const traceVariable = '_X_AMZN_TRACE_ID';

/**
 * The lines of Powertools, but with the id of a trace only where one is recorded. In every other line it would name
 * nothing, and be a tenth of what the log costs.
 */
class ShortLines extends LogFormatter {
  override formatAttributes(...[attributes, additional]: Formatted): LogItem {
    const { logLevel: level, message, timestamp, serviceName, sampleRateValue, xRayTraceId } = attributes;
    const isTraced = process.env[traceVariable]?.includes('Sampled=1') === true;
    const line = {
      level,
      message,
      timestamp: this.formatTimestamp(timestamp),
      service: serviceName,
      sampling_rate: sampleRateValue,
      ...(isTraced && { xray_trace_id: xRayTraceId }),
    };
    return new LogItem({ attributes: line }).addAttributes(additional);
  }
}

export const logger = (serviceName: string): Log =>
  new Logger({ serviceName, logFormatter: new ShortLines() });

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
