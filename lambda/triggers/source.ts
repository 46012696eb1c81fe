import type { ObservedDataSource, ObservedJob, ObservedSegment } from './observation.ts';

/** What Customer Insights keeps of evaluations, days. */
export const longestHistoryDays = 30;

/** What detection and registration read of one Customer Insights instance. */
export interface Source {
  /** The newest jobs with their tasks. */
  jobs(instanceId: string): Promise<readonly ObservedJob[]>;
  dataSources(instanceId: string): Promise<readonly ObservedDataSource[]>;
  /** @param historyDays evaluations of how many days to read beside the latest; 0 for the latest only */
  segments(instanceId: string, historyDays: number): Promise<readonly ObservedSegment[]>;
}
