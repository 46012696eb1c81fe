import type { Cache } from '../runtime/cache.ts';
import type { JobInfo } from './models.ts';

/**
 * Lists of jobs that a process has read, by the path of the request. A poll asks for the same list every minute, and
 * mostly gets the same text: reading it again would be a quarter of the poll (`npm run bench -- --only watch`).
 */
export type KnownJobs = Cache<{ readonly text: string; readonly jobs: readonly JobInfo[] }>;

/** Longer lists are not kept, characters. The usual 50 jobs have about 150,000. */
const longestKnown = 300_000;

/** The jobs in an answer: the same array for the same text. */
export const jobsOf = (
  path: string,
  text: string,
  knownJobs: KnownJobs | undefined,
  read: () => readonly JobInfo[],
): readonly JobInfo[] => {
  const known = knownJobs?.find(path);
  if (known?.text === text) return known.jobs;
  const jobs = read();
  if (text.length <= longestKnown) knownJobs?.set(path, { text, jobs });
  return jobs;
};
