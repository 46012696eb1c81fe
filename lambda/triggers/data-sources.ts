/** Refreshes of data sources, pure: whose they were, and which event each one is. */

import { eventId } from '../runtime/ids.ts';
import { minuteMs } from '../runtime/time.ts';
import type { FinalTask, Findings } from './findings.ts';
import type { Gap } from './gap.ts';
import { instantOf, iso, type WatchedInstance } from './instance.ts';
import type { ObservedDataSource, ObservedJob, ObservedNode } from './observation.ts';
import type { SourceTime, SubjectOccurrence } from './occurrence.ts';
import { runStatusOf } from './run-status.ts';

/** How an ingestion task ended, as far as it is an event: what was skipped or canceled is none. */
const endings = {
  failed: 'OnDataSourceRefreshFailed',
  timedout: 'OnDataSourceRefreshFailed',
  successful: 'OnDataSourceRefreshSucceeded',
} as const;

const triggerOf = ({ task }: FinalTask) =>
  task.operation === 'ingestion' ? endings[task.status as keyof typeof endings] : undefined;

/** The tasks that are events of data sources. */
export const dataSourceTasks = ({ tasks }: Pick<Findings, 'tasks'>): readonly FinalTask[] =>
  tasks.filter((task) => triggerOf(task) !== undefined);

/** The source that alone bears this name; undefined for none and for several. */
const named = (
  objectName: string,
  sources: readonly ObservedDataSource[],
): ObservedDataSource | undefined => {
  const shown = sources.filter(({ displayName }) => displayName === objectName);
  if (shown.length > 0) return shown.length === 1 ? shown[0] : undefined;
  return sources.find(({ name }) => name === objectName);
};

/**
 * By the workflow status, whose nodes carry an identifier: the one node of this name that ended with the task. That of a source
 * which has been refreshed again meanwhile has moved on, and then another one of this name would be left over for its task.
 */
const identified = (
  { task, jobIds }: FinalTask,
  sources: readonly ObservedDataSource[],
  nodes: readonly ObservedNode[],
): ObservedDataSource | undefined => {
  const [node, ...others] = nodes.filter(
    (candidate) =>
      candidate.operation === 'ingestion' &&
      candidate.objectName === task.objectName &&
      candidate.jobIds.some((jobId) => jobIds.includes(jobId)) &&
      candidate.status === task.status &&
      candidate.endedAt === task.endedAt,
  );
  return node && others.length === 0
    ? sources.find(({ dataSourceId, name }) => [dataSourceId, name].includes(node.identifier))
    : undefined;
};

/** Whether some refreshed source cannot be told by its name: then the workflow status is worth a read. */
export const needsNodes = (
  findings: Pick<Findings, 'tasks'>,
  sources: readonly ObservedDataSource[],
): boolean =>
  sources.length > 0 &&
  dataSourceTasks(findings).some(({ task }) => named(task.objectName, sources) === undefined);

/** One event for each refresh that succeeded or failed for good. */
export const dataSourceOccurrences = (
  instance: WatchedInstance,
  findings: Pick<Findings, 'tasks'>,
  sources: readonly ObservedDataSource[],
  nodes: readonly ObservedNode[],
): readonly SubjectOccurrence[] =>
  findings.tasks.flatMap((final) => {
    const trigger = triggerOf(final);
    if (trigger === undefined) return [];
    const { task, jobId, finalAt } = final;
    // A name that stays ambiguous names nobody rather than the wrong source.
    const source = named(task.objectName, sources) ?? identified(final, sources, nodes);
    // Of the task alone: whether its source could be told may differ from one look to the next.
    const id = eventId(instance.id, trigger, task.objectName, task.taskId);
    return [
      {
        kind: 'subject' as const,
        trigger,
        eventId: id,
        occurrence: task.taskId,
        subject: source?.dataSourceId ?? task.objectName,
        finalAt,
        payload: {
          eventId: id,
          trigger,
          instanceId: instance.id,
          instanceName: instance.name,
          occurredAt: iso(finalAt),
          ...(source && { dataSourceId: source.dataSourceId }),
          dataSourceName: source?.displayName ?? task.objectName,
          jobId,
          status: runStatusOf(task.status),
          ...instantOf('submittedAt', task.submittedAt),
          ...instantOf('endedAt', task.endedAt),
          ...(trigger === 'OnDataSourceRefreshFailed' && task.errorCode && { errorCode: task.errorCode }),
          ...(trigger === 'OnDataSourceRefreshFailed' &&
            task.errorMessage && { errorMessage: task.errorMessage }),
        },
      },
    ];
  });

/** The last refresh that a source tells of and the end of the task that did it may differ by this, ms. */
const refreshToleranceMs = 15 * minuteMs;

/**
 * Refreshes that a source says it had and no listed task accounts for: their events, if any, are missing.
 * @param seen last refreshes known before; a source that is not among them is met for the first time
 */
export const unexplainedRefreshes = (
  seen: Readonly<Record<string, SourceTime>>,
  sources: readonly ObservedDataSource[],
  jobs: readonly ObservedJob[],
): readonly Gap[] => {
  const tasks = jobs.flatMap((job) => job.tasks).filter(({ operation }) => operation === 'ingestion');
  return sources.flatMap(({ dataSourceId, name, displayName, lastRefresh }) => {
    const before = seen[dataSourceId];
    if (before === undefined || lastRefresh === undefined || lastRefresh <= before) return [];
    const accounted = tasks.some(
      (task) =>
        (task.objectName === displayName || task.objectName === name) &&
        (task.endedAt === undefined || task.endedAt >= lastRefresh - refreshToleranceMs),
    );
    return accounted
      ? []
      : [
          {
            kind: 'data source',
            subject: dataSourceId,
            from: before,
            to: lastRefresh,
            reason: `The data source "${displayName}" was refreshed, but no job that did it is listed.`,
          },
        ];
  });
};
