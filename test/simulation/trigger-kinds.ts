/**
 * What each trigger promises, told from the specification and from what really happened in the source: one
 * entry per trigger. Nothing here uses the code under test.
 */
import type { TriggerId } from '../../connector/contract/index.ts';
import type { Chance } from './chance.ts';
import {
  countsOf,
  endOfJob,
  isVague,
  lastState,
  outcomeOf,
  stagesOf,
  unificationEndOf,
  unificationTasksOf,
  vagueEndsOf,
  wordOf,
} from './completions.ts';
import { compareExact } from './exact.ts';
import { existsAt, type InstanceWorld, type Job, stampOf, type Task, type Valued } from './source-world.ts';
import type { Truth } from './truth.ts';
import { stepsOf } from './value-steps.ts';

export interface Inputs {
  readonly trigger: TriggerId;
  readonly instanceId: string;
  /** Null for any. */
  readonly subject: string | null;
  /** Exact, as text; null where the trigger has none. */
  readonly threshold: string | null;
  readonly direction: 'above' | 'below';
  /** Exact, as text; null for the threshold itself. */
  readonly rearmLevel: string | null;
  readonly outcome: 'any' | 'succeeded' | 'failed';
  readonly runs: 'all' | 'scheduled';
}

export interface TriggerKind {
  readonly trigger: TriggerId;
  readonly chooseInputs: (chance: Chance, instance: InstanceWorld) => Inputs;
  /** The request's body, without the callback URL. */
  readonly body: (inputs: Inputs) => Readonly<Record<string, unknown>>;
  /** Everything that happened, in the order in which it became final. */
  readonly truths: (instance: InstanceWorld) => readonly Truth[];
  /**
   * Whether a truth of this trigger and instance concerns a subscription with these inputs, re-arming apart.
   */
  readonly concerns: (inputs: Inputs, truth: Truth) => boolean;
  /** Whether a registration with these inputs can be answered now. */
  readonly canRegister: (instance: InstanceWorld, inputs: Inputs, time: number) => boolean;
}

const plain: Omit<Inputs, 'trigger' | 'instanceId'> = {
  subject: null,
  threshold: null,
  direction: 'above',
  rearmLevel: null,
  outcome: 'any',
  runs: 'all',
};

const isoOf = (instance: InstanceWorld) => (time: number) => new Date(stampOf(instance, time)).toISOString();

/** When no job that contains the task runs any more, or undefined while one does. */
const settledAt = (jobs: readonly Job[]): number | undefined => {
  const ends = jobs.map((job) => endOfJob(job)?.at);
  return ends.includes(undefined) ? undefined : Math.max(...ends.map((end) => end ?? 0));
};

type DataSourceTrigger = 'OnDataSourceRefreshFailed' | 'OnDataSourceRefreshSucceeded';

/**
 * Which end of a refresh each trigger speaks of, and when that is final: a failure may be retried while a job
 * runs.
 */
const refreshEnds: Readonly<
  Record<DataSourceTrigger, (task: Task) => { readonly finalAt: number | undefined } | undefined>
> = {
  OnDataSourceRefreshSucceeded: (task) => {
    const { status, at } = lastState(task);
    return status === 'successful' ? { finalAt: at } : undefined;
  },
  OnDataSourceRefreshFailed: (task) => {
    const { status, at } = lastState(task);
    if (status === 'timedOut') return { finalAt: at };
    return status === 'failed' ? { finalAt: settledAt(task.jobs) } : undefined;
  },
};

/** A flow gets 4,000 characters of an error, and is told that there were more. */
const shown = (message = ''): string | undefined =>
  message.length > 4_000
    ? `${message.slice(0, 4_000)}… (cut; the text has ${message.length} characters)`
    : message || undefined;

const refreshTruth = (trigger: DataSourceTrigger, instance: InstanceWorld, task: Task): readonly Truth[] => {
  const { finalAt } = (task.operation === 'ingestion' && refreshEnds[trigger](task)) || {};
  if (finalAt === undefined) return [];
  const [iso, state, vague] = [isoOf(instance), lastState(task), vagueEndsOf(task, instance)];
  // A task bears a display name only, which another source may bear too.
  const ambiguous =
    instance.dataSources.filter(({ displayName }) => displayName === task.objectName).length > 1;
  const failed = trigger === 'OnDataSourceRefreshFailed';
  return [
    {
      trigger,
      instance,
      subject: task.subject,
      key: task.id,
      finalAt,
      visibleAt: finalAt + instance.lagMs,
      optional: false,
      ambiguous,
      expected: {
        ...(vague.length === 0 && { occurredAt: iso(finalAt) }),
        dataSourceName: task.objectName,
        status: wordOf(state.status),
        submittedAt: iso(task.submittedAt),
        endedAt: iso(state.at),
        ...(failed && { errorCode: task.error?.code, errorMessage: shown(task.error?.message) }),
      },
      oneOf: {
        jobId: task.jobs.map(({ id }) => id),
        ...(vague.length > 0 && { occurredAt: vague.map(iso) }),
        dataSourceId: ambiguous ? [task.subject, undefined] : [task.subject],
      },
    },
  ];
};

const dataSourceKind = (trigger: DataSourceTrigger): TriggerKind => ({
  trigger,
  chooseInputs: (chance, instance) => ({
    ...plain,
    trigger,
    instanceId: instance.id,
    subject: chance.happens(0.5) ? null : chance.pick(instance.dataSources).id,
  }),
  body: ({ subject }) => (subject === null ? {} : { dataSource: subject }),
  truths: (instance) =>
    [...new Set(instance.jobs.flatMap(({ tasks }) => tasks))].flatMap((task) =>
      refreshTruth(trigger, instance, task),
    ),
  concerns: ({ subject }, truth) => subject === null || subject === truth.subject,
  canRegister: () => true,
});

/** "Not above before, above now": `previous <= threshold < current`; turned round for the other direction. */
const crosses = ({ threshold, direction }: Inputs, { previous, current }: NonNullable<Truth['step']>) => {
  if (threshold === null) return false;
  const sign = direction === 'above' ? 1 : -1;
  return sign * compareExact(previous, threshold) <= 0 && sign * compareExact(current, threshold) > 0;
};

const chooseThreshold = (chance: Chance, { levels }: Valued) => {
  const level = (index: number) => String(Number(levels[index]));
  const index = chance.whole(0, levels.length - 1);
  const direction = chance.pick(['above', 'above', 'below'] as const);
  const behind = direction === 'above' ? index - chance.whole(1, 3) : index + chance.whole(1, 3);
  // A request's number is a double; the rest of the comparison is exact.
  const threshold = level(index);
  const rearmLevel = levels[behind] === undefined ? threshold : level(behind);
  return {
    threshold,
    direction,
    rearmLevel: chance.happens(0.35) && compareExact(rearmLevel, threshold) !== 0 ? rearmLevel : null,
  };
};

const thresholdKind = (
  trigger: 'OnSegmentThresholdCrossed' | 'OnMeasureThresholdCrossed',
  key: 'segment' | 'measure',
  valuedOf: (instance: InstanceWorld) => readonly Valued[],
): TriggerKind => ({
  trigger,
  chooseInputs: (chance, instance) => {
    const subject = chance.pick(valuedOf(instance));
    return {
      ...plain,
      trigger,
      instanceId: instance.id,
      subject: subject.name,
      ...chooseThreshold(chance, subject),
    };
  },
  body: ({ subject, threshold, direction, rearmLevel }) => ({
    [key]: subject,
    threshold: Number(threshold),
    ...(direction === 'below' && { direction }),
    ...(rearmLevel !== null && { rearmLevel: Number(rearmLevel) }),
  }),
  truths: (instance) => valuedOf(instance).flatMap((subject) => stepsOf(instance, trigger, subject)),
  concerns: (inputs, { subject, step }) =>
    inputs.subject === subject && step !== undefined && crosses(inputs, step),
  canRegister: (instance, { subject }, time) =>
    valuedOf(instance).some((valued) => valued.name === subject && existsAt(valued, time)),
});

const completionTruth = (
  trigger: 'OnFullRefreshCompleted' | 'OnUnificationRefreshCompleted',
  instance: InstanceWorld,
  job: Job,
): readonly Truth[] => {
  const full = trigger === 'OnFullRefreshCompleted';
  if (full && job.operation !== 'all') return [];
  const tasks = full ? job.tasks : unificationTasksOf(job);
  const end = endOfJob(job);
  const finalAt = full ? end?.at : unificationEndOf(job);
  if (finalAt === undefined || end === undefined) return [];
  const iso = isoOf(instance);
  const vague = isVague(job);
  const outcome = outcomeOf(tasks, full ? job : undefined);
  const told = {
    occurredAt: iso(finalAt),
    outcome,
    endedAt: iso(full ? finalAt : Math.max(...tasks.map((task) => lastState(task).at))),
    ...countsOf(tasks),
    stages: stagesOf(tasks, iso),
  };
  const free = Object.fromEntries(Object.keys(told).map((key) => [key, null]));
  return [
    {
      trigger,
      instance,
      subject: 'instance',
      key: job.id,
      finalAt,
      visibleAt: finalAt + instance.lagMs,
      optional: vague,
      expected: {
        jobId: job.id,
        startedBy: job.kind,
        submittedAt: iso(job.submittedAt),
        ...(!vague && told),
      },
      oneOf: {
        // Unification may end while the job goes on.
        status: full ? [wordOf(end.status)] : ['queued', 'running', wordOf(end.status)],
        ...(vague && free),
      },
      completion: { outcome, scheduled: job.kind === 'scheduled' },
    },
  ];
};

const completionKind = (
  trigger: 'OnFullRefreshCompleted' | 'OnUnificationRefreshCompleted',
): TriggerKind => ({
  trigger,
  chooseInputs: (chance, instance) => ({
    ...plain,
    trigger,
    instanceId: instance.id,
    outcome: chance.pick(['any', 'any', 'succeeded', 'failed'] as const),
    runs: trigger === 'OnFullRefreshCompleted' && chance.happens(0.4) ? 'scheduled' : 'all',
  }),
  body: ({ outcome, runs }) => ({
    ...(outcome !== 'any' && { outcome }),
    ...(runs !== 'all' && { runs }),
  }),
  truths: (instance) => instance.jobs.flatMap((job) => completionTruth(trigger, instance, job)),
  concerns: ({ outcome, runs }, { completion, optional }) =>
    completion !== undefined &&
    (optional || outcome === 'any' || outcome === completion.outcome) &&
    (runs === 'all' || completion.scheduled),
  canRegister: () => true,
});

const kinds: Readonly<Record<TriggerId, TriggerKind>> = {
  OnDataSourceRefreshFailed: dataSourceKind('OnDataSourceRefreshFailed'),
  OnDataSourceRefreshSucceeded: dataSourceKind('OnDataSourceRefreshSucceeded'),
  OnSegmentThresholdCrossed: thresholdKind(
    'OnSegmentThresholdCrossed',
    'segment',
    ({ segments }) => segments,
  ),
  OnMeasureThresholdCrossed: thresholdKind(
    'OnMeasureThresholdCrossed',
    'measure',
    ({ measures }) => measures,
  ),
  OnFullRefreshCompleted: completionKind('OnFullRefreshCompleted'),
  OnUnificationRefreshCompleted: completionKind('OnUnificationRefreshCompleted'),
  OnTriggerTrouble: {
    trigger: 'OnTriggerTrouble',
    chooseInputs: (_, instance) => ({ ...plain, trigger: 'OnTriggerTrouble', instanceId: instance.id }),
    body: () => ({}),
    // It tells of subscriptions: test/lambda/watch/troubles.test.ts has its promises.
    truths: () => [],
    concerns: () => false,
    canRegister: () => true,
  },
};

/** Those that tell of what happens in an instance. */
export const triggerKinds: readonly TriggerKind[] = Object.values(kinds).filter(
  ({ trigger }) => trigger !== 'OnTriggerTrouble',
);

export const kindOf = (trigger: TriggerId): TriggerKind => kinds[trigger];
