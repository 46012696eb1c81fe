/** Section 4 of the API reference, `runStatus`, in the casing of the definition. */
export type RunStatus =
  | 'queued'
  | 'running'
  | 'failed'
  | 'timedOut'
  | 'aborted'
  | 'deleted'
  | 'successful'
  | 'skipped';

export type OperationType =
  | 'ingestion'
  | 'map'
  | 'match'
  | 'merge'
  | 'profileStore'
  | 'search'
  | 'activity'
  | 'segmentation'
  | 'measures'
  | 'attributeMeasures'
  | 'entityMeasures'
  | 'export'
  | 'insights';
export type JobOperation = OperationType | 'all';
export type SubmissionKind = 'onDemand' | 'scheduled';

/** One object that the workflow refreshes. */
export interface WorkflowNode {
  readonly operationType: OperationType;
  /** The object's stable key inside the simulator: a data source id, a segment or measure name, … */
  readonly key: string;
  readonly friendlyName: string;
  /** Inactive objects are not refreshed: their task is skipped. */
  readonly active: boolean;
}

export interface TaskError {
  readonly code: string;
  readonly message: string;
}

export type TaskOutcome = 'succeed' | 'fail' | 'retryThenSucceed' | 'timeOut' | 'cancel' | 'skip';

/** How one task is to go. */
export interface TaskPlan {
  readonly outcome: TaskOutcome;
  /** From running to the terminal status, retries included. */
  readonly durationMs: number;
  /** From the end of what it waits for to running. */
  readonly queueMs: number;
  /** Internal retries of an outcome with a failure. */
  readonly retries: number;
  readonly error?: TaskError | undefined;
  /** What the evaluation at the task's end yields; absent for tasks that evaluate nothing. */
  readonly evaluation?: EvaluationPlan | undefined;
}

export interface EvaluationPlan {
  /** A segment's member count after this evaluation. */
  readonly count?: number | undefined;
  readonly growBy?: number | undefined;
  /** A measure's value after this evaluation: a decimal text. */
  readonly value?: string | undefined;
  /** The status a failed segment evaluation shows. */
  readonly status?: 'CompletedFailure' | 'Cancelled' | 'Interrupted' | 'NotQualified' | undefined;
}

/** A task's status from a moment on. */
export interface Step {
  readonly at: number;
  readonly status: RunStatus;
  readonly error?: TaskError | undefined;
}

/** One run of one node. Its whole course is known when it is submitted; only a cancel changes it. */
export interface Task {
  readonly taskId: string;
  readonly node: WorkflowNode;
  readonly submittedAt: number;
  /** Tasks it waits for. */
  readonly waitsFor: readonly string[];
  readonly evaluation: EvaluationPlan | undefined;
  jobIds: readonly string[];
  /** In time order, the first one `queued`; the last one is terminal. */
  steps: readonly Step[];
}

export interface Job {
  readonly jobId: string;
  readonly operationType: JobOperation;
  readonly submissionKind: SubmissionKind;
  readonly jobType: 'full' | 'incremental';
  readonly submittedAt: number;
  readonly idList: readonly string[];
  readonly forceRunRequested: boolean;
  readonly runDownstreamAfterMerge: boolean;
  readonly taskIds: readonly string[];
  cancelledAt: number | undefined;
}
