import type { RunStatus } from '../../connector/contract/display-names.ts';

/** Customer Insights' words (`runStatus`), in lower case → ours. */
const words: Readonly<Record<string, RunStatus>> = {
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
export const runStatusOf = (status: string): RunStatus => words[status] ?? 'unknown';
