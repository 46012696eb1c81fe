/** The source of detection: what the client reads, in the normal form of lambda/triggers/observation.ts. */
import { keptWith } from '../runtime/cache.ts';
import { hasCode } from '../runtime/errors.ts';
import type {
  ObservedEvaluation,
  ObservedJob,
  ObservedNode,
  ObservedSegment,
  ObservedTask,
} from '../triggers/observation.ts';
import { jobListLengths, type Source } from '../triggers/source.ts';
import { boundedName, boundedText, longestName } from './bounded-text.ts';
import type { CustomerInsightsClient } from './client.ts';
import { isAnyOf } from './fields.ts';
import type { JobInfo, NodeInfo, SegmentEvaluation, SegmentMetadata, TaskInfo } from './models.ts';
import { observedMeasure } from './observe-measures.ts';
import { ownershipIn } from './ownership.ts';

const timeOf = (instant: string | undefined): number | undefined =>
  instant === undefined ? undefined : Date.parse(instant);

const lowerCase = (text: string | undefined): string => boundedName(text?.toLowerCase() ?? '');

const nameOf = (name: string | undefined): string => boundedName(name ?? '');

const textOf = (text: string | undefined): string | undefined =>
  text === undefined ? undefined : boundedText(text);

const observedTask = (task: TaskInfo): readonly ObservedTask[] => {
  const { taskId } = task;
  if (taskId === undefined) return [];
  const error = task.ciError ?? task.ciErrors?.[0];
  return [
    {
      taskId: boundedName(taskId),
      operation: lowerCase(task.operationType),
      status: lowerCase(task.taskStatus),
      objectName: nameOf(task.friendlyName),
      submittedAt: timeOf(task.submittedTimestamp),
      endedAt: timeOf(task.endTimestamp),
      errorCode: error?.errorCode === undefined ? undefined : boundedName(error.errorCode),
      errorMessage: textOf(error?.message),
    },
  ];
};

/** A job that the client knows is observed once. */
const observedJob = keptWith((job: JobInfo): readonly ObservedJob[] => {
  const { jobId } = job;
  if (jobId === undefined) return [];
  return [
    {
      jobId: boundedName(jobId),
      operation: lowerCase(job.operationType),
      submissionKind: lowerCase(job.jobSubmissionKind),
      status: lowerCase(job.jobStatus),
      submittedAt: timeOf(job.submittedTimestamp),
      endedAt: timeOf(job.endTimestamp),
      tasks: (job.tasks ?? []).flatMap(observedTask),
    },
  ];
});

const observedNode = (node: NodeInfo): readonly ObservedNode[] => {
  const { identifier } = node;
  if (identifier === undefined) return [];
  return [
    {
      operation: lowerCase(node.operationType),
      identifier: boundedName(identifier),
      objectName: nameOf(node.friendlyName),
      jobIds: (node.jobIds ?? []).map(boundedName),
      status: lowerCase(node.taskStatus),
      endedAt: timeOf(node.endTimestamp),
    },
  ];
};

/** Only a successful evaluation with a count says anything; every other keeps the state. */
const successful = (evaluation: SegmentEvaluation | undefined): readonly ObservedEvaluation[] => {
  const at = timeOf(evaluation?.evaluationDate);
  const value = evaluation?.entityCount;
  return at !== undefined && value !== undefined && isAnyOf(evaluation?.jobStatus, 'CompletedSuccess')
    ? [{ at, value }]
    : [];
};

/** The history may contain the latest evaluation already: evaluations of the same time are the same one. */
const evaluationsOf = (segment: SegmentMetadata): readonly ObservedEvaluation[] => {
  const byTime = new Map(
    [...(segment.evaluationStatusHistory ?? []), segment.evaluationStatus]
      .flatMap(successful)
      .map((evaluation) => [evaluation.at, evaluation]),
  );
  return [...byTime.values()].sort((a, b) => a.at - b.at);
};

/** One that the client knows is observed once. */
const observedSegment = keptWith((segment: SegmentMetadata): readonly ObservedSegment[] => {
  const { name, friendlyName } = segment;
  // One with a longer name cannot be chosen, so no subscription follows it.
  return name === undefined || name.length > longestName
    ? []
    : [
        {
          name,
          displayName: boundedName(friendlyName ?? name),
          evaluations: evaluationsOf(segment),
          ...ownershipIn(segment),
        },
      ];
});

/** A list that the client knows is observed once. */
const observedJobs = keptWith((jobs: readonly JobInfo[]): readonly ObservedJob[] =>
  jobs.flatMap(observedJob).sort((a, b) => (b.submittedAt ?? 0) - (a.submittedAt ?? 0)),
);

/** @param client acting for the user at a registration, for the application in the watch */
export const observe = (client: CustomerInsightsClient): Source => ({
  async jobs(instanceId, top = jobListLengths[0]) {
    return observedJobs(await client.listJobs(instanceId, { top, includeTasks: true }));
  },
  async dataSources(instanceId) {
    const sources = await client.listDataSources(instanceId);
    return sources.flatMap(({ dataSourceMetadata }) => {
      const { dataSourceId, name, friendlyName, lastRefresh } = dataSourceMetadata ?? {};
      return dataSourceId === undefined
        ? []
        : [
            {
              dataSourceId: boundedName(dataSourceId),
              name: boundedName(name ?? dataSourceId),
              displayName: boundedName(friendlyName ?? name ?? dataSourceId),
              lastRefresh: timeOf(lastRefresh),
              ...ownershipIn(dataSourceMetadata ?? {}),
            },
          ];
    });
  },
  async segments(instanceId, historyDays) {
    const segments = await client.listSegments(instanceId, historyDays > 0 ? { historyDays } : {});
    return segments.flatMap(observedSegment);
  },
  async measures(instanceId) {
    const measures = await client.listMeasures(instanceId);
    return measures.flatMap((measure) => observedMeasure(measure, false));
  },
  async measure(instanceId, name, historyDays) {
    try {
      const measure = await client.getMeasure(instanceId, name, { historyDays });
      // The path identifies it, also where the answer leaves its name out.
      return observedMeasure({ ...measure, name }, true)[0];
    } catch (error) {
      if (hasCode(error, 'UpstreamNotFound')) return undefined;
      throw error;
    }
  },
  async nodes(instanceId) {
    const nodes = await client.getWorkflowStatus(instanceId);
    return nodes.flatMap(observedNode);
  },
});
