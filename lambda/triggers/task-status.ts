import type { RunStatus } from '../../connector/contract/words.ts';

/** Customer Insights' `runStatus` in lower case → the contract's. */
const statuses: Readonly<Record<string, RunStatus>> = {
  queued: 'queued',
  needsupdate: 'outdated',
  running: 'running',
  failed: 'failed',
  timedout: 'timedOut',
  aborted: 'canceled',
  deleted: 'canceled',
  successful: 'successful',
  skipped: 'skipped',
};

/** @param status in lower case */
export const runStatusOf = (status: string): RunStatus => statuses[status] ?? 'unknown';
