import type { ReportStatus, RunStatus } from '../../connector/contract/display-names.ts';
import { runStatusOf as ofRun } from '../triggers/task-status.ts';

/**
 * refreshState, segmentJobStatus and Evaluation.state of the API in lower case, as far as they differ from
 * its runStatus.
 */
const statuses: Readonly<Record<string, RunStatus>> = {
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

/** @param value of one of the API's status enums, in any casing; undefined where nothing has run yet */
export const runStatusOf = (value: string | undefined): RunStatus => {
  if (value === undefined) return 'notStarted';
  const lower = value.toLowerCase();
  return statuses[lower] ?? ofRun(lower);
};

export const hasFailed = (status: ReportStatus): boolean => status === 'failed' || status === 'timedOut';
