import type { RunStatus } from '../../connector/contract/display-names.ts';
import { runStatusOf as ofRun } from '../triggers/run-status.ts';

/** refreshState, segmentJobStatus and Evaluation.state of the API in lower case, as far as they differ from its runStatus. */
const words: Readonly<Record<string, RunStatus>> = {
  notupdated: 'notStarted',
  updated: 'successful',
  updating: 'running',
  updatefailed: 'failed',
  updatecancelled: 'canceled',
  none: 'notStarted',
  completedsuccess: 'successful',
  completedfailure: 'failed',
  cancelled: 'canceled',
  interrupted: 'failed',
  notqualified: 'skipped',
  completed: 'successful',
};

/** @param word of any of the API's enums for how something stands, in any casing; undefined where nothing has run yet */
export function runStatusOf(word: string | undefined): RunStatus {
  if (word === undefined) return 'notStarted';
  const lower = word.toLowerCase();
  return words[lower] ?? ofRun(lower);
}

export const hasFailed = (status: RunStatus): boolean => status === 'failed' || status === 'timedOut';
