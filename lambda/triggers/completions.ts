/** Ends of full refreshes and of unification, pure. */

import { eventId } from '../runtime/ids.ts';
import type { Completion } from './conditions.ts';
import type { Findings, JobEnd } from './findings.ts';
import { instantOf, iso, type WatchedInstance } from './instance.ts';
import { latest, type ObservedTask } from './observation.ts';
import type { CompletionOccurrence, SourceTime } from './occurrence.ts';
import { runStatusOf } from './run-status.ts';
import { unificationTasks } from './unification.ts';

/** Stages in a notification, and characters of an error in it: a queue message holds 256 KB, and other events share its batch. */
const stagesShown = 100;
const errorLength = 300;

/** In the casing of the API's definition; others stand in lower case. */
const operations: Readonly<Record<string, string>> = Object.fromEntries(
  [
    'derivedEntity',
    'dataPreparation',
    'realtimeM3Search',
    'profileStore',
    'attributeMeasures',
    'entityMeasures',
    'segmentMembership',
    'preEnrichment',
    'aiBuilder',
    'modelManagement',
    'roleAssignment',
    'semanticEntity',
  ].map((word) => [word.toLowerCase(), word]),
);

const stageOf = (task: ObservedTask) => ({
  operation: operations[task.operation] ?? task.operation,
  ...(task.objectName !== '' && { name: task.objectName }),
  status: runStatusOf(task.status),
  ...instantOf('submittedAt', task.submittedAt),
  ...instantOf('endedAt', task.endedAt),
  ...(task.errorCode && { errorCode: task.errorCode.slice(0, errorLength) }),
  ...(task.errorMessage && { errorMessage: task.errorMessage.slice(0, errorLength) }),
});

/** What went wrong, before what did not: were a list cut, the first is what its reader needs. */
const urgency = ({ status }: ObservedTask) => (status === 'successful' ? 2 : status === 'skipped' ? 1 : 0);

/** What ends in the same moment stands in the order in which it is refreshed. */
const refreshOrder: readonly string[] = ['ingestion', 'map', 'match', 'merge'];

const place = ({ operation }: ObservedTask): number => {
  const index = refreshOrder.indexOf(operation);
  return index < 0 ? refreshOrder.length : index;
};

const byEnd = (a: ObservedTask, b: ObservedTask): number =>
  (a.endedAt ?? Number.MAX_SAFE_INTEGER) - (b.endedAt ?? Number.MAX_SAFE_INTEGER) ||
  place(a) - place(b) ||
  (a.taskId < b.taskId ? -1 : 1);

/** In the order in which they ended; where there are too many, those that did not succeed first. */
const stagesOf = (tasks: readonly ObservedTask[]) =>
  [...tasks]
    .sort((a, b) => urgency(a) - urgency(b) || byEnd(a, b))
    .slice(0, stagesShown)
    .sort(byEnd)
    .map(stageOf);

const countsOf = (tasks: readonly ObservedTask[]) => {
  const count = (...statuses: readonly string[]) =>
    tasks.filter(({ status }) => statuses.includes(status)).length;
  return {
    stageCount: tasks.length,
    successfulCount: count('successful'),
    failedCount: count('failed', 'timedout'),
    skippedCount: count('skipped'),
    canceledCount: count('aborted', 'deleted'),
  };
};

const startedBy = (submissionKind: string) =>
  submissionKind === 'scheduled' ? 'scheduled' : submissionKind === 'ondemand' ? 'onDemand' : 'unknown';

/**
 * A full refresh succeeded when its job did and nothing in it failed or was canceled. Stages skipped without a failure are
 * those of inactive objects, which were not to be refreshed.
 */
const fullRefreshOutcome = ({ job }: JobEnd): Completion['outcome'] =>
  job.status === 'successful' &&
  job.tasks.every(({ status }) => status === 'successful' || status === 'skipped')
    ? 'succeeded'
    : 'failed';

/** Unification succeeded when each of its stages did. */
const unificationOutcome = ({ job }: JobEnd): Completion['outcome'] =>
  unificationTasks(job).every(({ status }) => status === 'successful') ? 'succeeded' : 'failed';

const occurrence = (
  instance: WatchedInstance,
  trigger: CompletionOccurrence['trigger'],
  { job, finalAt }: JobEnd,
  tasks: readonly ObservedTask[],
  outcome: Completion['outcome'],
  endedAt: SourceTime,
): CompletionOccurrence => {
  const id = eventId(instance.id, trigger, 'instance', job.jobId);
  return {
    kind: 'completion',
    trigger,
    eventId: id,
    occurrence: job.jobId,
    subject: job.jobId,
    finalAt,
    completion: { outcome, scheduled: job.submissionKind === 'scheduled' },
    payload: {
      eventId: id,
      trigger,
      instanceId: instance.id,
      instanceName: instance.name,
      occurredAt: iso(finalAt),
      jobId: job.jobId,
      outcome,
      status: runStatusOf(job.status),
      startedBy: startedBy(job.submissionKind),
      ...instantOf('submittedAt', job.submittedAt),
      endedAt: iso(endedAt),
      ...countsOf(tasks),
      stages: stagesOf(tasks),
    },
  };
};

/** One event for each job that ended a full refresh, and for each that ended unification. */
export const completionOccurrences = (
  instance: WatchedInstance,
  { fullRefreshes, unifications }: Pick<Findings, 'fullRefreshes' | 'unifications'>,
): readonly CompletionOccurrence[] => [
  ...fullRefreshes.map((end) =>
    occurrence(instance, 'OnFullRefreshCompleted', end, end.job.tasks, fullRefreshOutcome(end), end.finalAt),
  ),
  ...unifications.map((end) => {
    const tasks = unificationTasks(end.job);
    // Unification that failed is final with its job, but its last stage ended before.
    const endedAt = latest(tasks.map((task) => task.endedAt)) ?? end.finalAt;
    return occurrence(
      instance,
      'OnUnificationRefreshCompleted',
      end,
      tasks,
      unificationOutcome(end),
      endedAt,
    );
  }),
];
