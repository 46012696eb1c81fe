import type { Value } from '../expressions/values.ts';
import type { ActionRecord, RunError } from './record.ts';
import type { Status } from './workflow-definition.ts';

/** How an action ended, before it is entered in the record. */
export type Outcome = Pick<
  ActionRecord,
  'status' | 'code' | 'inputs' | 'outputs' | 'error' | 'actions' | 'iterations' | 'retryHistory'
>;

export const succeeded = (given: Omit<Outcome, 'status' | 'code'> = {}): Outcome => ({
  status: 'Succeeded',
  code: 'OK',
  ...given,
});

export const failed = (code: string, error: RunError, given: Omit<Outcome, 'status'> = {}): Outcome => ({
  status: 'Failed',
  code,
  error,
  ...given,
});

export const error = (code: string, message: string): RunError => ({ code, message });

/** What stands for a data operation: its value under `body`. */
export const bodyOutputs = (value: Value): { readonly outputs: Value } => ({ outputs: { body: value } });

/** As a scope, a loop or a branch ends whose inside did not succeed. */
export const actionFailed = (inside: readonly ActionRecord[]): RunError => {
  const culprit = firstFailure(inside);
  const message = 'An action failed. No dependent actions succeeded.';
  return error(
    'ActionFailed',
    culprit === undefined
      ? message
      : `${message} It was '${culprit.name}': ${culprit.error?.message ?? culprit.code ?? culprit.status}`,
  );
};

/** The innermost action that failed by itself. */
const firstFailure = (records: readonly ActionRecord[]): ActionRecord | undefined => {
  for (const record of records) {
    if (record.status !== 'Failed' && record.status !== 'TimedOut') continue;
    return firstFailure([...(record.actions ?? []), ...(record.iterations?.flat() ?? [])]) ?? record;
  }
  return undefined;
};

export const isFailure = (status: Status): boolean => status === 'Failed' || status === 'TimedOut';
