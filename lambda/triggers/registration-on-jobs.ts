import { baselineOfJobs } from './baseline.ts';
import { believedUntil } from './cursor.ts';
import { detectionStart } from './job-changes.ts';
import type { ObservedJob } from './observation.ts';
import type { RegistrationBaseline } from './trigger-definition.ts';

/**
 * What a registration for ends of jobs or tasks takes from the job list.
 * @param now epoch ms of our clock
 */
export const registrationOnJobs = (jobs: readonly ObservedJob[], now: number): RegistrationBaseline => {
  const believed = believedUntil(now);
  return { baseline: baselineOfJobs(jobs, believed), start: detectionStart(jobs, now, believed) };
};
