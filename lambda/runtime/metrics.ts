import { Console } from 'node:console';
import type { FunctionSettings } from '../../config/schema.ts';
import type { MetricName } from '../functions.ts';

export type { MetricName };

/** Metrics that are a level and not a count: the highest of an invocation is published. */
export const levelUnits = {
  WatchLag: 'Seconds',
  ClockBehind: 'Milliseconds',
  CanaryMilliseconds: 'Milliseconds',
  // Days, for which CloudWatch has no unit.
  ClientSecretDaysLeft: 'None',
} as const satisfies Readonly<Partial<Record<MetricName, 'Seconds' | 'Milliseconds' | 'None'>>>;

type Units = Readonly<Partial<Record<MetricName, string>>>;

export type LevelName = keyof typeof levelUnits;

export const metricsNamespace = 'InsightsConnector';

/** A metric that counts. */
export type CountName = Exclude<MetricName, LevelName>;

/** @param value 1 by default */
export type Count = (metric: CountName, value?: number) => void;

/** @param value in the unit of the metric; the highest of an invocation is published */
export type Measure = (metric: LevelName, value: number) => void;

export const countNothing: Count = () => undefined;

export const measureNothing: Measure = () => undefined;

export interface InvocationMetrics {
  readonly count: Count;
  readonly measure: Measure;
  /**
   * Writes what was counted and measured since the last time into the log, where CloudWatch reads it; nothing
   * when nothing was.
   */
  publish(): void;
}

/**
 * Metrics in CloudWatch's embedded format. Their dimensions are the function (`service`) and, where the
 * deployment has a name, that (`deployment`): deployments in one account count apart.
 *
 * Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html.
 * A line is that of the metrics of Powertools (test/lambda/runtime/metrics.test.ts), which would be 12 KB of each bundle.
 */
export const embeddedMetrics = (
  serviceName: string,
  { deployment }: Pick<FunctionSettings, 'deployment'>,
): InvocationMetrics => {
  const dimensions = { service: serviceName, ...(deployment && { deployment: deployment.name }) };
  const counted = new Map<MetricName, number>();
  const levels = new Map<LevelName, number>();
  // Lambda changes the lines of the console of the process.
  const output = new Console(process.stdout, process.stderr);
  return {
    measure: (metric, value) => {
      levels.set(metric, Math.max(levels.get(metric) ?? value, value));
    },
    count: (metric, value = 1) => {
      counted.set(metric, (counted.get(metric) ?? 0) + value);
    },
    publish: () => {
      const values = [...counted, ...levels];
      if (values.length === 0) return;
      counted.clear();
      levels.clear();
      const line = {
        _aws: {
          Timestamp: Date.now(),
          CloudWatchMetrics: [
            {
              Namespace: metricsNamespace,
              Dimensions: [Object.keys(dimensions)],
              Metrics: values.map(([Name]) => ({ Name, Unit: (levelUnits as Units)[Name] ?? 'Count' })),
            },
          ],
        },
        ...dimensions,
        ...Object.fromEntries(values),
      };
      output.log(JSON.stringify(line));
    },
  };
};
