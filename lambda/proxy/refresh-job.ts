import type { JobInfo } from '../customer-insights/index.ts';
import { isTerminal } from '../triggers/observation.ts';
import { runStatusOf } from './run-status.ts';

export const isOver = ({ jobStatus }: JobInfo): boolean => isTerminal(jobStatus?.toLowerCase() ?? '');

/** A job as Refresh and Get refresh status answer it. */
export const refreshJob = (job: JobInfo & { readonly jobId: string }) => {
  const status = runStatusOf(job.jobStatus);
  return {
    jobId: job.jobId,
    status,
    isFinished: isOver(job),
    isSuccessful: status === 'successful',
    operation: job.operationType ?? 'unknown',
    subjects: [...(job.idList ?? [])],
    submittedBy: job.jobSubmissionKind ?? 'unknown',
    submittedAt: job.submittedTimestamp ?? null,
    endedAt: job.endTimestamp ?? null,
  };
};
