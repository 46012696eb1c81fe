/**
 * What the watch has read from Customer Insights, in one normal form: words in lower case (the API's casing varies), times as
 * epoch milliseconds of the source's clock, numbers exact.
 */
import type { Decimal } from './decimal.ts';
import type { SourceTime } from './occurrence.ts';

export interface ObservedTask {
  readonly taskId: string;
  /** "ingestion", "segmentation" … */
  readonly operation: string;
  readonly status: string;
  /** Name of the object; a task carries no identifier. */
  readonly objectName: string;
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

export interface ObservedDataSource {
  readonly dataSourceId: string;
  readonly name: string;
  readonly displayName: string;
}

/** A successful evaluation. */
export interface ObservedEvaluation {
  readonly at: SourceTime;
  readonly value: Decimal;
}

export interface ObservedSegment {
  readonly name: string;
  readonly displayName: string;
  /** The successful evaluations known, in order of time, each once. */
  readonly evaluations: readonly ObservedEvaluation[];
}

const terminal: ReadonlySet<string> = new Set([
  'failed',
  'timedout',
  'aborted',
  'deleted',
  'successful',
  'skipped',
]);

/** customer-insights run status (`runStatus`) that no longer changes, once the job around it has ended too. */
export const isTerminal = (status: string): boolean => terminal.has(status);
