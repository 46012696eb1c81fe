/** Refresh and Get refresh status. */
import type { OperationById } from '../../connector/contract/index.ts';
import type { RequestOf } from '../../connector/contract/operation.ts';
import {
  isAnyOf,
  isPathSegment,
  type JobInfo,
  type JobSubmission,
  type TaskInfo,
} from '../customer-insights/index.ts';
import { jobUnknown, notFoundAs, notRefreshable } from '../customer-insights/not-found.ts';
import { ConnectorError, hasCode } from '../runtime/errors.ts';
import { requestInvalid } from '../runtime/invalid-request.ts';
import { hourMs } from '../runtime/time.ts';
import { isTerminal } from '../triggers/observation.ts';
import { byText } from './by-text.ts';
import { onInstance } from './on-instance.ts';
import { hasFailed, runStatusOf } from './upstream-status.ts';

type Wanted = RequestOf<OperationById<'Refresh'>>['body'];
type Target = Wanted['target'];

/**
 * How long a job that is under way counts as the one asked for, in milliseconds: Power Automate repeats a
 * call whose answer it did not get for up to about an hour. What was submitted earlier may have read its data
 * before this request was made.
 */
export const sameRefreshMs = hourMs;

/** Jobs looked through. The maximum of the API is not published. */
const jobsAskedFor = 50;

/** What Customer Insights calls a refresh of each target. */
const operationTypes: Readonly<Record<Target, string>> = {
  all: 'all',
  dataSource: 'ingestion',
  segment: 'segmentation',
  measure: 'measures',
};

/** The one object to refresh; undefined for everything. */
const subjectOf = (wanted: Wanted): string | undefined => {
  const { target } = wanted;
  const object = wanted.object?.trim() || undefined;
  const former = { dataSource: wanted.dataSource, segment: wanted.segment, measure: wanted.measure };
  const given = { ...former, ...(target !== 'all' && object !== undefined && { [target]: object }) };
  const problems = Object.entries(given).flatMap(([name, value]) => {
    if (name === target)
      return value?.trim()
        ? []
        : [
            {
              parameter: 'object',
              problem: 'is missing',
              allowed: `one from the list, for the target ${target}`,
            },
          ];
    return value?.trim()
      ? [{ parameter: name, problem: `does not belong to the target ${target}`, allowed: 'nothing' }]
      : [];
  });
  if (target === 'all' && object !== undefined)
    problems.push({
      parameter: 'object',
      problem: 'does not belong to the target all',
      allowed: 'nothing',
    });
  if (problems.length > 0) throw requestInvalid(problems);
  return target === 'all' ? undefined : given[target]?.trim();
};

const isOver = ({ jobStatus }: JobInfo): boolean => isTerminal(jobStatus?.toLowerCase() ?? '');

/** A job as Refresh and Get refresh status answer it. */
const refreshJob = (job: JobInfo & { readonly jobId: string }) => {
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

const isSame = (job: JobInfo, { operationType, identifiers = [] }: JobSubmission): boolean =>
  isAnyOf(job.operationType, operationType) &&
  (job.idList ?? []).length === identifiers.length &&
  identifiers.every((identifier) => isAnyOf(identifier, ...(job.idList ?? [])));

/** The newest job that does the same and is under way. */
const underWay = (jobs: readonly JobInfo[], submission: JobSubmission, now: number): JobInfo | undefined => {
  const submittedAt = ({ submittedTimestamp }: JobInfo) => Date.parse(submittedTimestamp ?? '');
  return jobs
    .filter((job) => isSame(job, submission) && !isOver(job) && submittedAt(job) > now - sameRefreshMs)
    .sort((a, b) => submittedAt(b) - submittedAt(a))[0];
};

export const refresh = onInstance<'Refresh'>(async ({ body }, { instance, client }, { now }) => {
  const { target } = body;
  const subject = subjectOf(body);
  const unknown = () =>
    target === 'all' || subject === undefined ? undefined : notRefreshable(target, subject);
  // A comma would make two identifiers of one.
  if (subject !== undefined && !isPathSegment(subject)) throw unknown();
  const submission: JobSubmission = {
    operationType: operationTypes[target],
    ...(subject !== undefined && { identifiers: [subject] }),
    forceRunRequested: true,
  };
  const known = underWay(await client.listJobs(instance.id, { top: jobsAskedFor }), submission, now());
  const job =
    known ??
    (await client.submitJob(instance.id, submission).catch((error: unknown) => {
      throw (hasCode(error, 'UpstreamNotFound') && unknown()) || error;
    }));
  const { jobId } = job;
  if (jobId === undefined)
    throw new ConnectorError(
      'UpstreamUnreadable',
      'Customer Insights took the refresh but named no job. Look for it under Settings > System > Status.',
    );
  return { body: { ...refreshJob({ ...job, jobId }), alreadyUnderWay: known !== undefined } };
});

const taskAnswer = (task: TaskInfo) => {
  const error = task.ciError ?? task.ciErrors?.[0];
  return {
    name: task.friendlyName ?? task.operationType ?? '',
    operation: task.operationType ?? 'unknown',
    status: runStatusOf(task.taskStatus),
    endedAt: task.endTimestamp ?? null,
    errorCode: error?.errorCode ?? null,
    errorMessage: error?.message ?? null,
  };
};

export const getRefreshStatus = onInstance<'GetRefreshStatus'>(async ({ path }, { instance, client }) => {
  if (!isPathSegment(path.jobId)) throw jobUnknown(path.jobId);
  const job = await client
    .getJob(instance.id, path.jobId, { includeTasks: true })
    .catch(notFoundAs(() => jobUnknown(path.jobId)));
  const tasks = (job.tasks ?? []).map(taskAnswer);
  const failed = tasks.filter(({ status }) => hasFailed(status));
  const others = tasks.filter(({ status }) => !hasFailed(status));
  const byKindAndName = byText<(typeof tasks)[number]>(({ operation, name }) => `${operation}\n${name}`);
  return {
    body: {
      ...refreshJob({ ...job, jobId: job.jobId ?? path.jobId }),
      failedTasks: failed.length,
      tasks: [...failed.sort(byKindAndName), ...others.sort(byKindAndName)],
    },
  };
});
