/**
 * What the watch has read from Customer Insights, in one normal form: words in lower case (the API's casing
 * varies), times as epoch milliseconds of the source's clock, numbers exact.
 */
import type { Decimal } from '../runtime/decimal.ts';
import type { SourceTime } from './occurrence.ts';

export interface ObservedTask {
  readonly taskId: string;
  /** "ingestion", "segmentation" … */
  readonly operation: string;
  readonly status: string;
  /** Name of the object; a task carries no identifier. */
  readonly objectName: string;
  readonly submittedAt?: SourceTime | undefined;
  readonly endedAt: SourceTime | undefined;
  readonly errorCode: string | undefined;
  readonly errorMessage: string | undefined;
}

export interface ObservedJob {
  readonly jobId: string;
  /** "all" is a full refresh. */
  readonly operation: string;
  readonly submissionKind: string;
  readonly status: string;
  readonly submittedAt: SourceTime | undefined;
  readonly endedAt: SourceTime | undefined;
  readonly tasks: readonly ObservedTask[];
}

/** Who answers for an object; absent where the source does not say. */
export interface Ownership {
  /** E-mail address of who created it. */
  readonly ownerEmail?: string;
  /** Sign-in name (UPN) of who changed it last. */
  readonly lastEditor?: string;
}

export interface ObservedDataSource extends Ownership {
  readonly dataSourceId: string;
  readonly name: string;
  readonly displayName: string;
  readonly lastRefresh?: SourceTime | undefined;
}

/** The newest state of one object in the workflow status: unlike a task it carries an identifier. */
export interface ObservedNode {
  readonly operation: string;
  readonly identifier: string;
  readonly objectName: string;
  readonly jobIds: readonly string[];
  readonly status: string;
  readonly endedAt: SourceTime | undefined;
}

/** A successful evaluation. */
export interface ObservedEvaluation {
  /** Orders the evaluations of one segment or measure. */
  readonly at: SourceTime;
  readonly value: Decimal;
  /** The source's id of it; segments have none in their history. */
  readonly runId?: string;
  /** Where `at` is its start. */
  readonly endedAt?: SourceTime;
}

export interface ObservedSegment extends Ownership {
  readonly name: string;
  readonly displayName: string;
  /** The successful evaluations known, in order of time, each once. */
  readonly evaluations: readonly ObservedEvaluation[];
}

export interface ObservedMeasure extends Ownership {
  readonly name: string;
  readonly displayName: string;
  /** A business measure without a dimension; undefined where the source does not say. */
  readonly scalar: boolean | undefined;
  /** The source's id of the last successful evaluation, with or without its value. */
  readonly lastRunId: string | undefined;
  /** The successful evaluations known with their values, in order of time, each once. */
  readonly evaluations: readonly ObservedEvaluation[];
  /** Evaluations whose value cannot be held exactly. */
  readonly unreadable: readonly SourceTime[];
  /** No subscription followed it when it was read: only the list was, which tells the last value and not of which run. */
  readonly unfollowed?: true;
}

const terminal: ReadonlySet<string> = new Set([
  'failed',
  'timedout',
  'aborted',
  'deleted',
  'successful',
  'skipped',
]);

/**
 * customer-insights run status (`runStatus`) that no longer changes, once the job around it has ended too.
 */
export const isTerminal = (status: string): boolean => terminal.has(status);

/**
 * Run statuses that no retry changes: Customer Insights retries what has failed, and what was skipped because
 * of that.
 */
const unchangeable: ReadonlySet<string> = new Set(['successful', 'timedout', 'aborted', 'deleted']);

export const isUnchangeable = (status: string): boolean => unchangeable.has(status);

/** The same, without the rest of an object. */
export const ownershipOf = ({ ownerEmail, lastEditor }: Ownership): Ownership => ({
  ...(ownerEmail !== undefined && { ownerEmail }),
  ...(lastEditor !== undefined && { lastEditor }),
});

/** Both ends of a list of times, some of which are not known. */
export const latest = (times: readonly (SourceTime | undefined)[]): SourceTime | undefined =>
  times.reduce((a, b) => (a === undefined ? b : b === undefined ? a : Math.max(a, b)), undefined);

export const earliest = (times: readonly (SourceTime | undefined)[]): SourceTime | undefined =>
  times.reduce((a, b) => (a === undefined ? b : b === undefined ? a : Math.min(a, b)), undefined);

/** When a job was submitted, or the nearest that is known of it. */
export const submissionOf = (job: ObservedJob): SourceTime | undefined => job.submittedAt ?? job.endedAt;

/** When a job ended; undefined while it runs. Where the source leaves it out, the end of its last task. */
export const endOf = (job: ObservedJob): SourceTime | undefined => {
  if (!isTerminal(job.status)) return undefined;
  if (job.endedAt !== undefined) return job.endedAt;
  return job.tasks.every((task) => isTerminal(task.status))
    ? latest(job.tasks.map((task) => task.endedAt))
    : undefined;
};
