/**
 * Objects whose last ended run failed and that are refreshed again: their state alone says only that they
 * run. The job list tells how the run before ended; it is read only while something runs.
 */
import {
  type CustomerInsightsClient,
  isAnyOf,
  type JobInfo,
  type TaskInfo,
} from '../../customer-insights/index.ts';
import { hasFailed, runStatusOf } from '../upstream-status.ts';
import type { ReportEntry } from './report-entry.ts';

/** Jobs looked through: where none of them tells of an object, nothing is known of its run before. */
const jobsAskedFor = 200;

/** Runs that were skipped or canceled leave the result of the one before. */
const hasResult = ({ taskStatus }: TaskInfo): boolean => {
  const status = runStatusOf(taskStatus);
  return status === 'successful' || hasFailed(status);
};

const endOf = ({ endTimestamp }: TaskInfo): number => Date.parse(endTimestamp ?? '') || 0;

/** The newest run with a result; a task names its object by the name that people see. */
const lastRun = (
  jobs: readonly JobInfo[],
  operations: readonly string[],
  { name, displayName }: ReportEntry,
): TaskInfo | undefined =>
  jobs
    .flatMap(({ tasks = [] }) => tasks)
    .filter(
      (task) =>
        isAnyOf(task.operationType, ...operations) &&
        [name, displayName].includes(task.friendlyName ?? '') &&
        hasResult(task),
    )
    .sort((a, b) => endOf(b) - endOf(a))[0];

const isUnderWay = ({ status }: ReportEntry): boolean => status === 'running' || status === 'queued';

/** The jobs of an instance, read at most once and not before they are asked for. */
export const jobsOnce = (client: CustomerInsightsClient, instanceId: string) => {
  let reading: Promise<readonly JobInfo[]> | undefined;
  return () => {
    reading ??= client.listJobs(instanceId, { top: jobsAskedFor, includeTasks: true });
    return reading;
  };
};

/**
 * The same entries; those that are refreshed again after a failure say so, with its time and its error.
 * @param operations of the tasks that refresh an entry
 */
export const withRetries = async (
  entries: readonly ReportEntry[],
  operations: (entry: ReportEntry) => readonly string[],
  jobs: () => Promise<readonly JobInfo[]>,
): Promise<readonly ReportEntry[]> => {
  if (!entries.some(isUnderWay)) return entries;
  const listed = await jobs();
  return entries.map((entry) => {
    const last = isUnderWay(entry) ? lastRun(listed, operations(entry), entry) : undefined;
    if (last === undefined || !hasFailed(runStatusOf(last.taskStatus))) return entry;
    const error = last.ciError ?? last.ciErrors?.[0];
    return {
      ...entry,
      status: 'retrying',
      updatedAt: last.endTimestamp ?? null,
      error: error?.message ?? error?.errorCode ?? null,
    };
  });
};
