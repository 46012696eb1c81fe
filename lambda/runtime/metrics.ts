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
