import { hasCode } from '../runtime/errors.ts';
import type {
  ObservedDataSource,
  ObservedJob,
  ObservedMeasure,
  ObservedNode,
  ObservedSegment,
} from './observation.ts';

/** What Customer Insights keeps of evaluations, days; the longest time that detection covers. */
export const longestHistoryDays = 30;

/**
 * How many jobs are asked for, and how many more when those do not reach back to what was processed last.
 */
export const jobListLengths = [50, 200, 500] as const;

/** What detection and registration read of one Customer Insights instance. */
export interface Source {
  // Of a list that is larger than an answer may be, each of these throws AnswerTooLarge.
  /**
   * The newest jobs with their tasks.
   * @param top how many at most; the first of {@link jobListLengths} by default
   */
  jobs(instanceId: string, top?: number): Promise<readonly ObservedJob[]>;
  dataSources(instanceId: string): Promise<readonly ObservedDataSource[]>;
  /** @param historyDays evaluations of how many days to read beside the latest; 0 for the latest only */
  segments(instanceId: string, historyDays: number): Promise<readonly ObservedSegment[]>;
  /** All measures with their latest evaluation; its value may be missing in a list. */
  measures(instanceId: string): Promise<readonly ObservedMeasure[]>;
  /** One measure with its history; undefined when there is none of this name. */
  measure(instanceId: string, name: string, historyDays: number): Promise<ObservedMeasure | undefined>;
  /** The workflow status: the newest state of every object. */
  nodes(instanceId: string): Promise<readonly ObservedNode[]>;
}

/** The newest jobs, and whether there may be more of them than are here. */
export interface JobList {
  readonly jobs: readonly ObservedJob[];
  /** Fewer were asked for than were wanted, because the answer would have been too large. */
  readonly cut: boolean;
}

/**
 * The newest jobs, `top` of them or as many as an answer holds.
 * @throws AnswerTooLarge when a single job is too large
 */
export const newestJobs = async (
  source: Source,
  instanceId: string,
  top: number = jobListLengths[0],
): Promise<JobList> => {
  for (let asked = top; ; asked = Math.floor(asked / 2)) {
    try {
      return { jobs: await source.jobs(instanceId, asked), cut: asked < top };
    } catch (error) {
      if (!hasCode(error, 'AnswerTooLarge') || asked === 1) throw error;
    }
  }
};
