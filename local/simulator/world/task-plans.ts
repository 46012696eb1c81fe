import { secondMs } from '../../../lambda/runtime/time.ts';
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

const durations: Readonly<Record<OperationType, number>> = {
  ingestion: 240 * secondMs,
  map: 30 * secondMs,
  match: 120 * secondMs,
  merge: 120 * secondMs,
  profileStore: 90 * secondMs,
  search: 60 * secondMs,
  activity: 90 * secondMs,
  segmentation: 20 * secondMs,
  measures: 15 * secondMs,
  attributeMeasures: 15 * secondMs,
  entityMeasures: 15 * secondMs,
  export: 60 * secondMs,
  insights: 45 * secondMs,
};
const queueMs = 2 * secondMs;

const failures: Readonly<Partial<Record<OperationType, TaskError>>> = {
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
const timeout: TaskError = {
  code: 'dataSourceRefreshTimeout',
  message: 'The refresh took too long and was ended.',
};
const other: TaskError = { code: 'apiInternalError', message: 'The process failed.' };

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
    durationMs: script.durationMs ?? (instant ? 0 : Math.round(durations[operation] * scale)),
    queueMs: script.queueMs ?? (instant ? 0 : Math.round(queueMs * scale)),
    retries: script.retries ?? (instant ? 0 : 1),
    error: errorOf(operation, outcome, script.error),
    evaluation: script.evaluation,
  };
};

const errorOf = (operation: OperationType, outcome: TaskOutcome, given: TaskScript['error']): TaskError => {
  const kind = operation === 'attributeMeasures' || operation === 'entityMeasures' ? 'measures' : operation;
  const standard = outcome === 'timeOut' ? timeout : (failures[kind] ?? other);
  return typeof given === 'string' ? { code: standard.code, message: given } : (given ?? standard);
};
