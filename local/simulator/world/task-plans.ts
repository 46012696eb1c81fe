import type { EvaluationPlan, OperationType, TaskError, TaskOutcome, TaskPlan } from '../workflow/types.ts';

/** What a scenario says about one task; all of it has defaults. */
export interface TaskScript {
  readonly outcome?: TaskOutcome | undefined;
  /** ms from running to the terminal status, retries included. */
  readonly durationMs?: number | undefined;
  /** ms from submission, or from the end of what the task waits for, to running. */
  readonly queueMs?: number | undefined;
  readonly retries?: number | undefined;
  /** An error text, or a code of `StringInfo.key` with its text. */
  readonly error?: string | TaskError | undefined;
  readonly evaluation?: EvaluationPlan | undefined;
  /** Ends where it begins: no queueing, no duration. */
  readonly instant?: boolean | undefined;
}

const SECOND = 1000;
const DURATIONS: Readonly<Record<OperationType, number>> = {
  ingestion: 240 * SECOND,
  map: 30 * SECOND,
  match: 120 * SECOND,
  merge: 120 * SECOND,
  profileStore: 90 * SECOND,
  search: 60 * SECOND,
  activity: 90 * SECOND,
  segmentation: 20 * SECOND,
  measures: 15 * SECOND,
  attributeMeasures: 15 * SECOND,
  entityMeasures: 15 * SECOND,
  export: 60 * SECOND,
  insights: 45 * SECOND,
};
const QUEUE_MS = 2 * SECOND;

const FAILURES: Readonly<Partial<Record<OperationType, TaskError>>> = {
  ingestion: {
    code: 'datasourceIngestionUnexpectedError',
    message: 'The data source could not be ingested: the source system closed the connection.',
  },
  map: { code: 'matchMergeOrchestrationFailed', message: 'The unification stage failed.' },
  match: { code: 'matchMergeOrchestrationFailed', message: 'The unification stage failed.' },
  merge: { code: 'matchMergeOrchestrationFailed', message: 'The unification stage failed.' },
  segmentation: {
    code: 'segmentEvaluationOrchestrationFailed',
    message: 'The segment could not be evaluated.',
  },
  measures: { code: 'measuresProcessingOrchestrationFailed', message: 'The measure could not be evaluated.' },
};
const TIMEOUT: TaskError = {
  code: 'dataSourceRefreshTimeout',
  message: 'The refresh took too long and was ended.',
};
const OTHER: TaskError = { code: 'apiInternalError', message: 'The process failed.' };

/** The later script wins where it says anything. */
export const mergeScripts = (...scripts: readonly (TaskScript | undefined)[]): TaskScript => {
  const said = scripts.flatMap((script) =>
    Object.entries(script ?? {}).filter(([, value]) => value !== undefined),
  );
  return Object.fromEntries(said);
};

/** Fills in the defaults. `scale` stretches or shrinks default durations, never those a script states. */
export const taskPlan = (operation: OperationType, script: TaskScript, scale: number): TaskPlan => {
  const outcome = script.outcome ?? 'succeed';
  const instant = script.instant === true;
  return {
    outcome,
    durationMs: script.durationMs ?? (instant ? 0 : Math.round(DURATIONS[operation] * scale)),
    queueMs: script.queueMs ?? (instant ? 0 : Math.round(QUEUE_MS * scale)),
    retries: script.retries ?? (instant ? 0 : 1),
    error: errorOf(operation, outcome, script.error),
    evaluation: script.evaluation,
  };
};

const errorOf = (operation: OperationType, outcome: TaskOutcome, given: TaskScript['error']): TaskError => {
  const kind = operation === 'attributeMeasures' || operation === 'entityMeasures' ? 'measures' : operation;
  const standard = outcome === 'timeOut' ? TIMEOUT : (FAILURES[kind] ?? OTHER);
  return typeof given === 'string' ? { code: standard.code, message: given } : (given ?? standard);
};
