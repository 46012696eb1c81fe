/** How far a job list reaches back, and how far it must, pure. */
import { clockDifferenceMs, type DetectionStart, type JobCursor } from './cursor.ts';
import { earliest, type ObservedJob, submissionOf } from './observation.ts';
import type { SourceTime } from './occurrence.ts';
import { type JobList, jobListLengths } from './source.ts';

/** How far a job list must reach back, so that no job is missed. */
export interface Need {
  /** Submission of the oldest job; 0 where there was none, so that the list must be whole. */
  readonly jobsFrom: SourceTime;
  /** From when on nothing is known if it does not. */
  readonly from: SourceTime;
}

/** Undefined on the first poll, while there is no registration. */
export const neededBackTo = (
  { seenUntil, open }: JobCursor,
  start: DetectionStart | undefined,
): Need | undefined => {
  if (seenUntil === 0)
    // Where no job was listed, only our clock tells since when, and that of the source may be behind it.
    return start && { jobsFrom: start.jobsFrom, from: start.jobsFrom || start.at - clockDifferenceMs };
  const jobsFrom =
    earliest([seenUntil, ...Object.values(open).map(({ submittedAt }) => submittedAt)]) ?? seenUntil;
  return { jobsFrom, from: jobsFrom };
};

const longestJobList = Math.max(...jobListLengths);

/** Whether jobs may be missing before the oldest one listed. */
export const isMissed = ({ jobsFrom }: Need, oldest: SourceTime, { jobs, cut }: JobList): boolean =>
  jobsFrom === 0 ? cut || jobs.length >= longestJobList : oldest > jobsFrom;

export const oldestOf = (jobs: readonly ObservedJob[]) => earliest(jobs.map(submissionOf));

/**
 * Whether a job list reaches back to what was processed last. An empty one says nothing, and leaves nothing
 * to ask for.
 */
export const reachesBack = (
  cursor: JobCursor,
  jobs: readonly ObservedJob[],
  start?: DetectionStart,
): boolean => {
  const [needed, oldest] = [neededBackTo(cursor, start), oldestOf(jobs)];
  return needed === undefined || oldest === undefined || oldest <= needed.jobsFrom;
};
