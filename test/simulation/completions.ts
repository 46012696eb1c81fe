/** What the two completion triggers promise: one event per job, with what became of each stage. */
import {
  type InstanceWorld,
  isFinalStatus,
  type Job,
  jobsListed,
  type RunStatus,
  type State,
  type Task,
} from './source-world.ts';

/** Words of the product's pages. */
const words: Readonly<Record<RunStatus, string>> = {
  queued: 'queued',
  running: 'running',
  failed: 'failed',
  timedOut: 'timedOut',
  successful: 'successful',
  skipped: 'skipped',
  aborted: 'canceled',
  deleted: 'canceled',
};

export const wordOf = (status: RunStatus): string => words[status];

export const endOfJob = ({ states }: Job): State | undefined =>
  states.find(({ status }) => isFinalStatus(status));

export const lastState = ({ states }: Task): State => states.at(-1) ?? { at: 0, status: 'queued' };

const unifies = ({ operation }: Task) => ['map', 'match', 'merge'].includes(operation);

export const unificationTasksOf = ({ tasks }: Job): readonly Task[] => tasks.filter(unifies);

/** Not even a retry changes it. */
const isSettled = ({ status }: State) => ['successful', 'timedOut', 'aborted', 'deleted'].includes(status);

/**
 * When map, match and merge, those that were selected, are over: with the last of them, or with the job where
 * a retry might still come.
 */
export const unificationEndOf = (job: Job): number | undefined => {
  const states = unificationTasksOf(job).map(lastState);
  if (states.length === 0) return undefined;
  const last = Math.max(...states.map(({ at }) => at));
  const end = endOfJob(job);
  return states.every(isSettled) && (end === undefined || last <= end.at) ? last : end?.at;
};

/**
 * Another job that shares a task has gone on with it: what is told of this one depends on when it is looked
 * at.
 */
export const isVague = (job: Job): boolean => {
  const end = endOfJob(job);
  return end !== undefined && job.tasks.some((task) => lastState(task).at > end.at);
};

/** When a failed task of several jobs may seem final, where some of them may be off the list of jobs; else none. */
export const vagueEndsOf = (task: Task, { jobs }: InstanceWorld): readonly number[] => {
  const mayChange = lastState(task).status === 'failed' && task.jobs.length > 1;
  if (!mayChange || jobs.length <= jobsListed) return [];
  return task.jobs.flatMap((job) => {
    const end = endOfJob(job);
    return end === undefined ? [] : [Math.max(end.at, lastState(task).at)];
  });
};

export const countsOf = (tasks: readonly Task[]) => {
  const count = (...statuses: readonly RunStatus[]) =>
    tasks.filter((task) => statuses.includes(lastState(task).status)).length;
  return {
    stageCount: tasks.length,
    successfulCount: count('successful'),
    failedCount: count('failed', 'timedOut'),
    skippedCount: count('skipped'),
    canceledCount: count('aborted', 'deleted'),
  };
};

/** Of a stage's error a flow gets 300 characters, and a sign that there were more. */
const shown = (message: string) => (message.length > 300 ? `${message.slice(0, 300)}…` : message);

/** @param iso a true time as the source states it */
export const stagesOf = (tasks: readonly Task[], iso: (time: number) => string): readonly unknown[] =>
  tasks.map((task) => {
    const { status, at } = lastState(task);
    const failed = status === 'failed' || status === 'timedOut';
    return {
      operation: task.operation,
      name: task.objectName,
      status: wordOf(status),
      submittedAt: iso(task.submittedAt),
      endedAt: iso(at),
      ...(failed && task.error && { errorCode: task.error.code, errorMessage: shown(task.error.message) }),
    };
  });

export const outcomeOf = (tasks: readonly Task[], job: Job | undefined): 'succeeded' | 'failed' => {
  const good: readonly RunStatus[] = job ? ['successful', 'skipped'] : ['successful'];
  return (job === undefined || endOfJob(job)?.status === 'successful') &&
    tasks.every((task) => good.includes(lastState(task).status))
    ? 'succeeded'
    : 'failed';
};
