import type { MetricName } from '../functions.ts';

export type { MetricName };

export const metricsNamespace = 'InsightsConnector';

/** @param value 1 by default */
export type Count = (metric: MetricName, value?: number) => void;

export const countNothing: Count = () => undefined;
