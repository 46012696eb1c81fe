/** What a run leaves behind. */
import type { Value, ValueObject } from '../expressions/values.ts';
import type { Status } from './workflow-definition.ts';

export interface RunError {
  readonly code: string;
  readonly message: string;
}

export interface Attempt {
  /** UTC, with seven digits of a second. */
  readonly startTime: string;
  readonly code: string;
}

export interface ActionRecord {
  readonly name: string;
  readonly type: string;
  readonly status: Status;
  /** "OK", "ActionFailed", "NotFound" …; absent where the platform shows none. */
  readonly code?: string;
  readonly inputs?: Value;
  readonly outputs?: Value;
  readonly error?: RunError;
  readonly startTime: string;
  readonly endTime: string;
  readonly trackingId: string;
  /** Attempts before the last, where a call was repeated. */
  readonly retryHistory?: readonly Attempt[];
  /** Of a loop: how often it went round. */
  readonly iterations?: readonly (readonly ActionRecord[])[];
  /** Of a scope, a condition, a switch: what is inside, of all branches. */
  readonly actions?: readonly ActionRecord[];
  /** Whether inputs and outputs are hidden in what is shown. */
  readonly secure?: { readonly inputs: boolean; readonly outputs: boolean };
}

export interface TriggerRecord {
  readonly name: string;
  readonly type: string;
  readonly inputs?: Value;
  readonly outputs: ValueObject;
  readonly startTime: string;
}

export interface RunRecord {
  readonly flow: string;
  readonly id: string;
  readonly status: 'Succeeded' | 'Failed' | 'Cancelled';
  readonly error?: RunError;
  readonly startTime: string;
  readonly endTime: string;
  readonly trigger: TriggerRecord;
  readonly actions: readonly ActionRecord[];
  /** What a Response action answered the caller. */
  readonly response?: Value;
  /** Where the platform may behave otherwise. */
  readonly warnings: readonly string[];
}

/** What came of one event: a run for each item that `splitOn` makes of it, or none. */
export type TriggerResult =
  | { readonly fired: true; readonly runs: readonly RunRecord[] }
  | { readonly fired: false; readonly reason: string };

const hidden = 'Hidden: the action is set to secure it.';

/** As it is shown and stored: without what is to be hidden. */
export const shownAction = (record: ActionRecord): ValueObject => {
  const { secure, inputs, outputs, iterations, actions, error, retryHistory, ...rest } = record;
  return {
    ...rest,
    ...(inputs !== undefined && { inputs: secure?.inputs ? hidden : inputs }),
    ...(outputs !== undefined && { outputs: secure?.outputs ? hidden : outputs }),
    ...(error && { error: { ...error } }),
    ...(retryHistory && { retryHistory: retryHistory.map((attempt) => ({ ...attempt })) }),
    ...(actions && { actions: actions.map(shownAction) }),
    ...(iterations && { iterations: iterations.map((iteration) => iteration.map(shownAction)) }),
  };
};

export const shownRun = ({ actions, trigger, error, ...rest }: RunRecord): ValueObject => ({
  ...rest,
  ...(error && { error: { ...error } }),
  trigger: { ...trigger },
  actions: actions.map(shownAction),
});

/** What `actions('Name')` gives: the record as the platform has it, without this engine's own members. */
export const actionValue = (record: ActionRecord): ValueObject => {
  const { type, secure, iterations, actions, retryHistory, error, inputs, outputs, ...rest } = record;
  return {
    ...rest,
    ...(inputs !== undefined && { inputs }),
    ...(outputs !== undefined && { outputs }),
    ...(error && { error: { ...error, messageTemplate: error.message } }),
    clientTrackingId: record.trackingId,
  };
};
