import type { OperationById } from '../../connector/contract/index.ts';
import type { RequestOf } from '../../connector/contract/operation.ts';
import { isAnyOf, isPathSegment, type JobInfo, type JobSubmission } from '../customer-insights/index.ts';
import { servedInstance } from '../customer-insights/served-instance.ts';
import type { Implementation } from '../http/implementations.ts';
import { ApiError, type ApiErrorCode, isApiError } from '../runtime/errors.ts';
import { requestInvalid } from '../runtime/invalid-request.ts';
import { hourMs } from '../runtime/time.ts';
import type { ProxyPorts } from './ports.ts';
import { isOver, refreshJob } from './refresh-job.ts';

type Wanted = RequestOf<OperationById<'Refresh'>>['body'];
type Target = Wanted['target'];

/**
 * How long a job that is under way counts as the one asked for, in milliseconds: Power Automate repeats a call whose answer it
 * did not get for up to about an hour. What was submitted earlier may have read its data before this request was made.
 */
export const SAME_REFRESH_MS = hourMs;

/** Jobs looked through. The maximum of the API is not published. */
const jobsAskedFor = 50;

interface TargetKind {
  readonly operationType: string;
  readonly unknown: ApiErrorCode;
  /** As a message names it. */
  readonly noun: string;
}

const kinds: Readonly<Record<Exclude<Target, 'all'>, TargetKind>> = {
  dataSource: { operationType: 'ingestion', unknown: 'DataSourceUnknown', noun: 'data source' },
  segment: { operationType: 'segmentation', unknown: 'SegmentUnknown', noun: 'segment' },
  measure: { operationType: 'measures', unknown: 'MeasureUnknown', noun: 'measure' },
};

const subjectUnknown = ({ unknown, noun }: TargetKind, subject: string) =>
  new ApiError(
    unknown,
    `The instance has no ${noun} ${JSON.stringify(subject)}, or none that can be refreshed. Choose one from the list.`,
  );

/** The one object to refresh; undefined for everything. */
function subjectOf(wanted: Wanted): string | undefined {
  const { target } = wanted;
  const given = { dataSource: wanted.dataSource, segment: wanted.segment, measure: wanted.measure };
  const problems = Object.entries(given).flatMap(([name, value]) => {
    if (name === target)
      return value?.trim()
        ? []
        : [
            {
              parameter: name,
              problem: 'is missing',
              allowed: `one from the list, for the target ${target}`,
            },
          ];
    return value?.trim()
      ? [{ parameter: name, problem: `does not belong to the target ${target}`, allowed: 'nothing' }]
      : [];
  });
  if (problems.length > 0) throw requestInvalid(problems);
  return target === 'all' ? undefined : given[target]?.trim();
}

const isSame = (job: JobInfo, { operationType, identifiers = [] }: JobSubmission): boolean =>
  isAnyOf(job.operationType, operationType) &&
  (job.idList ?? []).length === identifiers.length &&
  identifiers.every((identifier) => isAnyOf(identifier, ...(job.idList ?? [])));

/** The newest job that does the same and is under way. */
function underWay(jobs: readonly JobInfo[], submission: JobSubmission, now: number): JobInfo | undefined {
  const submittedAt = ({ submittedTimestamp }: JobInfo) => Date.parse(submittedTimestamp ?? '');
  return jobs
    .filter((job) => isSame(job, submission) && !isOver(job) && submittedAt(job) > now - SAME_REFRESH_MS)
    .sort((a, b) => submittedAt(b) - submittedAt(a))[0];
}

export const refresh =
  ({ settings, access, now }: ProxyPorts): Implementation<'Refresh'> =>
  async ({ path, body }, { caller, deadline }) => {
    const { id: instanceId } = servedInstance(settings, path.dataset);
    const subject = subjectOf(body);
    const kind = body.target === 'all' ? undefined : kinds[body.target];
    // A comma would make two identifiers of one.
    if (kind && subject !== undefined && !isPathSegment(subject)) throw subjectUnknown(kind, subject);
    const submission: JobSubmission = {
      operationType: kind?.operationType ?? 'all',
      ...(subject !== undefined && { identifiers: [subject] }),
      forceRunRequested: true,
    };
    const client = access.forUser(caller, deadline);
    const known = underWay(await client.listJobs(instanceId, { top: jobsAskedFor }), submission, now());
    const job =
      known ??
      (await client.submitJob(instanceId, submission).catch((error: unknown) => {
        throw kind && subject !== undefined && isApiError(error, 'UpstreamNotFound')
          ? subjectUnknown(kind, subject)
          : error;
      }));
    const { jobId } = job;
    if (jobId === undefined)
      throw new ApiError(
        'UpstreamUnreadable',
        'Customer Insights took the refresh but named no job. Look for it under Settings > System > Status.',
      );
    return { body: { ...refreshJob({ ...job, jobId }), alreadyUnderWay: known !== undefined } };
  };
