/** The decisions of detection: pure, from what was read and how far the instance has been worked off. */

import { type Cursor, forgetOld, horizonMs } from './cursor.ts';
import { compareDecimals } from './decimal.ts';
import { eventId } from './ids.ts';
import {
  isTerminal,
  type ObservedDataSource,
  type ObservedJob,
  type ObservedSegment,
  type ObservedTask,
} from './observation.ts';
import type { Occurrence, SourceTime, SubjectOccurrence, ValueOccurrence } from './occurrence.ts';

export interface WatchedInstance {
  readonly id: string;
  readonly name: string;
}

/** A task that can no longer change, with the job it is reported under. */
export interface FinalTask {
  readonly task: ObservedTask;
  readonly jobId: string;
  readonly finalAt: SourceTime;
}

/** What a job list says happened since the cursor, and which further reads that calls for. */
export interface Findings {
  readonly tasks: readonly FinalTask[];
  readonly readDataSources: boolean;
  readonly readSegments: boolean;
}

const latest = (times: readonly (SourceTime | undefined)[]): SourceTime | undefined =>
  times.reduce((a, b) => (a === undefined ? b : b === undefined ? a : Math.max(a, b)), undefined);

const isIngestionFailure = ({ task }: FinalTask) =>
  task.operation === 'ingestion' && (task.status === 'failed' || task.status === 'timedout');

/**
 * The tasks that became final since the cursor, oldest first.
 *
 * Customer Insights retries failed tasks by itself and has no status for "will be retried", so a task is final only when
 * every listed job that contains it has ended; a time-out is always final.
 */
export const findNews = (cursor: Cursor, jobs: readonly ObservedJob[]): Findings => {
  const containing = new Map<string, { task: ObservedTask; jobs: ObservedJob[] }>();
  for (const job of jobs)
    for (const task of job.tasks) {
      const known = containing.get(task.taskId);
      if (known) known.jobs.push(job);
      else containing.set(task.taskId, { task, jobs: [job] });
    }
  const newest = latest(jobs.flatMap((job) => [job.submittedAt, job.endedAt])) ?? 0;
  const tasks: FinalTask[] = [];
  for (const { task, jobs: parents } of containing.values()) {
    const [first] = parents;
    if (cursor.handled[task.taskId] !== undefined || !isTerminal(task.status) || !first) continue;
    const settled = parents.every((job) => isTerminal(job.status));
    // A segment's new count is there when its task has succeeded, however long the rest of the job takes.
    const early =
      task.status === 'timedout' || (task.operation === 'segmentation' && task.status === 'successful');
    if (!settled && !early) continue;
    const finalAt = early
      ? (task.endedAt ?? latest(parents.map((job) => job.endedAt)))
      : latest([task.endedAt, ...parents.map((job) => job.endedAt)]);
    if (finalAt === undefined || finalAt <= newest - horizonMs) continue;
    tasks.push({ task, jobId: first.jobId, finalAt });
  }
  tasks.sort((a, b) => a.finalAt - b.finalAt || (a.task.taskId < b.task.taskId ? -1 : 1));
  return {
    tasks,
    readDataSources: tasks.some(isIngestionFailure),
    readSegments: tasks.some(({ task }) => task.operation === 'segmentation'),
  };
};

const dataSourceFailures = (
  instance: WatchedInstance,
  findings: Findings,
  dataSources: readonly ObservedDataSource[],
): readonly SubjectOccurrence[] =>
  findings.tasks.filter(isIngestionFailure).map(({ task, jobId, finalAt }) => {
    const named = dataSources.filter((source) => source.displayName === task.objectName);
    // Display names need not be unique; an ambiguous one names nobody rather than the wrong source.
    const source =
      named.length === 1 ? named[0] : dataSources.find((candidate) => candidate.name === task.objectName);
    const subject = source?.dataSourceId ?? task.objectName;
    return {
      kind: 'subject',
      trigger: 'OnDataSourceRefreshFailed',
      eventId: eventId(instance.id, 'OnDataSourceRefreshFailed', subject, task.taskId),
      occurrence: task.taskId,
      subject,
      finalAt,
      payload: {
        eventId: eventId(instance.id, 'OnDataSourceRefreshFailed', subject, task.taskId),
        trigger: 'OnDataSourceRefreshFailed',
        instanceId: instance.id,
        instanceName: instance.name,
        occurredAt: new Date(finalAt).toISOString(),
        ...(source && { dataSourceId: source.dataSourceId }),
        dataSourceName: source?.displayName ?? task.objectName,
        jobId,
        status: task.status === 'timedout' ? 'timedOut' : 'failed',
        ...(task.errorCode && { errorCode: task.errorCode }),
        ...(task.errorMessage && { errorMessage: task.errorMessage }),
      },
    };
  });

/** Every step from one successful evaluation to the next since the cursor, so that nothing between two looks is lost. */
const segmentSteps = (
  instance: WatchedInstance,
  cursor: Cursor,
  segments: readonly ObservedSegment[],
): readonly ValueOccurrence[] =>
  segments.flatMap((segment) => {
    const seen = cursor.segments[segment.name];
    const chain = seen
      ? [seen, ...segment.evaluations.filter(({ at }) => at > seen.at)]
      : segment.evaluations;
    return chain.slice(1).flatMap((current, index) => {
      const previous = chain[index];
      if (!previous || compareDecimals(previous.value, current.value) === 0) return [];
      const at = new Date(current.at).toISOString();
      const id = eventId(instance.id, 'OnSegmentThresholdCrossed', segment.name, at);
      return [
        {
          kind: 'value' as const,
          trigger: 'OnSegmentThresholdCrossed' as const,
          eventId: id,
          occurrence: at,
          subject: segment.name,
          finalAt: current.at,
          previous: previous.value,
          current: current.value,
          payload: {
            eventId: id,
            trigger: 'OnSegmentThresholdCrossed' as const,
            instanceId: instance.id,
            instanceName: instance.name,
            occurredAt: at,
            segmentName: segment.name,
            segmentDisplayName: segment.displayName,
          },
        },
      ];
    });
  });

export interface Reads {
  readonly jobs: readonly ObservedJob[];
  /** Absent when not read in this cycle. */
  readonly dataSources?: readonly ObservedDataSource[];
  readonly segments?: readonly ObservedSegment[];
}

export interface Detection {
  /** Oldest first. */
  readonly occurrences: readonly Occurrence[];
  /** To be stored once every occurrence's deliveries are durably queued. */
  readonly cursor: Cursor;
}

/** Turns what was read into occurrences and the cursor behind them. */
export const detect = (
  instance: WatchedInstance,
  cursor: Cursor,
  findings: Findings,
  reads: Reads,
): Detection => {
  const listed = new Set(reads.jobs.flatMap((job) => job.tasks.map((task) => task.taskId)));
  const newest = latest(reads.jobs.flatMap((job) => [job.submittedAt, job.endedAt])) ?? 0;
  const occurrences: Occurrence[] = [
    ...dataSourceFailures(instance, findings, reads.dataSources ?? []),
    ...segmentSteps(instance, cursor, reads.segments ?? []),
  ].sort((a, b) => a.finalAt - b.finalAt);
  const worked = Object.fromEntries(
    (reads.segments ?? []).flatMap((segment) => {
      const last = segment.evaluations.at(-1);
      const seen = cursor.segments[segment.name];
      return last && (!seen || last.at > seen.at) ? [[segment.name, last]] : [];
    }),
  );
  return {
    occurrences,
    cursor: {
      handled: forgetOld(
        { ...cursor.handled, ...Object.fromEntries(findings.tasks.map((f) => [f.task.taskId, f.finalAt])) },
        listed,
        newest,
      ),
      segments: { ...cursor.segments, ...worked },
    },
  };
};
