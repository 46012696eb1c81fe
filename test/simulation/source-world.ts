/**
 * What really happens in Customer Insights: jobs with their tasks, and evaluations. Each state is kept with its time, so that
 * what the API shows (a little later) and what is owed can both be told from it.
 */
import type { Chance } from './chance.ts';
import type { Scheduler } from './scheduler.ts';
import type { Trace } from './trace.ts';

export type RunStatus =
  | 'queued'
  | 'running'
  | 'failed'
  | 'timedOut'
  | 'successful'
  | 'skipped'
  | 'aborted'
  | 'deleted';

export interface State {
  /** True time, ms. */
  readonly at: number;
  readonly status: RunStatus;
}

export interface Task {
  readonly id: string;
  readonly operation: string;
  /** Display name: all that the API tells of a task's object. */
  readonly objectName: string;
  /** Id of the data source, name of the segment or measure. */
  readonly subject: string;
  readonly submittedAt: number;
  readonly states: State[];
  readonly jobs: Job[];
  error: { readonly code: string; readonly message: string } | undefined;
  /** Settles when the job that began the task does nothing more with it. */
  readonly done: Promise<void>;
}

export interface Job {
  readonly id: string;
  readonly operation: string;
  readonly kind: 'scheduled' | 'onDemand';
  readonly submittedAt: number;
  readonly states: State[];
  readonly tasks: Task[];
}

export interface Evaluation {
  readonly runId: string;
  /** True times of its begin, of its date, and of its end. */
  readonly from: number;
  readonly at: number;
  readonly endedAt: number;
  /** When the API shows how it ended. */
  readonly visibleAt: number;
  readonly status: 'CompletedSuccess' | 'CompletedFailure' | 'Cancelled' | 'NotQualified';
  /** Exact, as text; a failed evaluation may carry a meaningless one. */
  readonly value: string | undefined;
}

/** A segment or a measure. */
export interface Valued {
  readonly name: string;
  readonly displayName: string;
  /** In order of time; of all its lives. */
  readonly evaluations: Evaluation[];
  /**
   * When it was deleted and created again under the same name; a measure may have gained a dimension and lost it again
   * instead, which leaves its history.
   */
  readonly reborn: {
    readonly deletedAt: number;
    readonly createdAt: number;
    readonly dimension: boolean;
  }[];
  /** Numbers that its values lie around. */
  readonly levels: readonly string[];
  /** When its evaluations begin and end, for what the API shows meanwhile. */
  readonly running: { readonly from: number; to: number }[];
}

export interface DataSource {
  readonly id: string;
  readonly name: string;
  readonly displayName: string;
}

export interface InstanceWorld {
  readonly id: string;
  readonly name: string;
  readonly dataSources: readonly DataSource[];
  readonly segments: readonly Valued[];
  readonly measures: readonly Valued[];
  readonly jobs: Job[];
  /** The API shows the state of jobs this much later, ms. */
  readonly lagMs: number;
  /** The source's clock is ahead of the true time by this, ms. */
  readonly clockOffsetMs: number;
  /** Times in the API are multiples of this, ms. */
  readonly granularityMs: number;
  /** Words in camel case or Pascal case. */
  readonly pascalCase: boolean;
  /** Much happens at short intervals, and things come and go. */
  readonly hectic: boolean;
}

/** A true time as the source states it, epoch ms. */
export const stampOf = (
  { clockOffsetMs, granularityMs }: Pick<InstanceWorld, 'clockOffsetMs' | 'granularityMs'>,
  time: number,
): number => Math.floor((time + clockOffsetMs) / granularityMs) * granularityMs;

export const statusAt = (states: readonly State[], time: number): State | undefined =>
  states.findLast(({ at }) => at <= time);

export const isFinalStatus = (status: RunStatus): boolean => status !== 'queued' && status !== 'running';

const guid = (chance: Chance, kind: string) => {
  const hex = (digits: number) =>
    Array.from({ length: digits }, () => chance.whole(0, 15).toString(16)).join('');
  return `${kind}${hex(7)}-${hex(4)}-4${hex(3)}-8${hex(3)}-${hex(12)}`;
};

export const existsAt = ({ reborn }: Valued, time: number): boolean =>
  !reborn.some(({ deletedAt, createdAt }) => deletedAt <= time && time < createdAt);

/** Levels where thresholds lie and values fall: small counts, or numbers with more digits than a double holds. */
const levelsOf = (chance: Chance, decimals: boolean): readonly string[] => {
  if (chance.happens(0.7)) return Array.from({ length: 8 }, (_, index) => String(index + 8));
  const start = `${chance.whole(1, 9)}${Array.from({ length: 29 }, () => chance.whole(0, 9)).join('')}`;
  return Array.from({ length: 8 }, (_, index) =>
    decimals ? `${start}.${index}5` : String(BigInt(start) + BigInt(index)),
  );
};

const valued = (name: string, levels: readonly string[]): Valued => ({
  name,
  displayName: `The ${name}`,
  evaluations: [],
  reborn: [],
  levels,
  running: [],
});

export const createInstance = (chance: Chance, index: number, hectic: boolean): InstanceWorld => {
  const namesakes = chance.happens(0.15);
  const many = (most: number) => Array.from({ length: chance.whole(1, most) }, (_, n) => n);
  return {
    id: guid(chance, 'a'),
    name: `Instance ${index}`,
    dataSources: many(3).map((n) => ({
      id: guid(chance, 'd'),
      name: `Source${index}x${n}`,
      // Display names need not be unique.
      displayName: namesakes && n > 0 ? `Source ${index}` : `Source ${index}.${n}`,
    })),
    // A name may look like the separators of a key.
    segments: many(3).map((n) =>
      valued(n === 2 ? `Segment${index}x0#2` : `Segment${index}x${n}`, levelsOf(chance, false)),
    ),
    measures: many(2).map((n) => valued(`Measure${index}x${n}`, levelsOf(chance, true))),
    jobs: [],
    lagMs: chance.pick([0, 0, 200, 3_000]),
    clockOffsetMs: chance.whole(-300_000, 300_000),
    granularityMs: chance.pick([1, 1_000]),
    pascalCase: chance.happens(0.3),
    hectic,
  };
};

interface Life {
  readonly instance: InstanceWorld;
  readonly scheduler: Scheduler;
  readonly chance: Chance;
  readonly trace: Trace;
}

const enter = ({ scheduler, trace }: Life, thing: Task | Job, status: RunStatus) => {
  thing.states.push({ at: scheduler.now(), status });
  const name =
    'objectName' in thing
      ? `task ${thing.id.slice(0, 8)} (${thing.operation} ${thing.objectName})`
      : `job ${thing.id.slice(0, 8)}`;
  trace.add(`source: ${name} ${status}`);
};

/** One evaluation of a segment or measure, while its task runs; its result shows somewhat later. */
const evaluate = async ({ scheduler, chance, trace }: Life, subject: Valued, seconds: number) => {
  while (subject.running.some(({ to }) => to >= scheduler.now())) await scheduler.sleep(2_000);
  if (!existsAt(subject, scheduler.now())) return false;
  const period = { from: scheduler.now(), to: Number.POSITIVE_INFINITY };
  subject.running.push(period);
  await scheduler.sleep(seconds * 500);
  const at = scheduler.now();
  await scheduler.sleep(seconds * 500);
  const endedAt = scheduler.now();
  const failed = chance.happens(0.15);
  const visibleAt = scheduler.now() + chance.pick([0, 0, 1_000, 40_000]);
  period.to = visibleAt;
  const evaluation: Evaluation = {
    runId: guid(chance, 'e'),
    from: period.from,
    at,
    endedAt,
    visibleAt,
    status: failed
      ? chance.pick(['CompletedFailure', 'Cancelled', 'NotQualified'] as const)
      : 'CompletedSuccess',
    value: failed ? chance.pick([undefined, '0']) : chance.pick(subject.levels),
  };
  subject.evaluations.push(evaluation);
  trace.add(`source: ${subject.name} evaluated ${evaluation.status} ${evaluation.value ?? '-'}`);
  // The result may be seen before the task says so, with it, or later.
  await scheduler.sleep(chance.pick([0, 0, 3_000]));
  return !failed;
};

const run = async (life: Life, task: Task): Promise<void> => {
  const { chance, scheduler, instance } = life;
  enter(life, task, 'running');
  const seconds = chance.within(4, 40);
  const subject = [...instance.segments, ...instance.measures].find(({ name }) => name === task.subject);
  let good: boolean;
  if (subject && (task.operation === 'segmentation' || task.operation === 'measures'))
    good = await evaluate(life, subject, seconds);
  else {
    await scheduler.sleep(seconds * 1000);
    good = chance.happens(0.62);
  }
  if (good) return enter(life, task, 'successful');
  task.error = {
    code: `E${chance.whole(100, 999)}`,
    message: `The source said no (${chance.whole(0, 99)}).`,
  };
  enter(life, task, chance.happens(0.15) ? 'timedOut' : 'failed');
};

const lastStatus = (thing: Task | Job): RunStatus => thing.states.at(-1)?.status ?? 'queued';

/** Runs a task, again while Customer Insights retries it; a time-out is not retried. */
const drive = async (life: Life, task: Task): Promise<void> => {
  await run(life, task);
  for (let tries = 0; tries < 2 && lastStatus(task) === 'failed' && life.chance.happens(0.5); tries += 1) {
    await life.scheduler.sleep(life.chance.within(3_000, 50_000));
    await run(life, task);
  }
};

const stages: Readonly<Record<string, readonly (readonly string[])[]>> = {
  all: [['ingestion'], ['map'], ['match'], ['merge'], ['segmentation', 'measures']],
  ingestion: [['ingestion']],
  match: [['map'], ['match']],
  merge: [['map'], ['match'], ['merge']],
  segmentation: [['segmentation']],
  measures: [['measures']],
};

/** Objects that a stage of a job works on: all of them, or one on demand. */
const subjectsOf = ({ instance, chance }: Life, operation: string, all: boolean) => {
  const objects = {
    ingestion: instance.dataSources.map(({ id, displayName }) => ({ subject: id, objectName: displayName })),
    segmentation: instance.segments.map(({ name, displayName }) => ({
      subject: name,
      objectName: displayName,
    })),
    measures: instance.measures.map(({ name, displayName }) => ({ subject: name, objectName: displayName })),
  }[operation] ?? [{ subject: operation, objectName: operation }];
  return all ? objects : [chance.pick(objects)];
};

/** A task of another job that has not ended yet and works on the same object: the two jobs share it. */
const sharedTask = ({ instance }: Life, operation: string, subject: string): Task | undefined =>
  instance.jobs
    .flatMap(({ tasks }) => tasks)
    .find(
      (task) => task.operation === operation && task.subject === subject && !isFinalStatus(lastStatus(task)),
    );

/** A job from submission to end. */
const runJob = async (life: Life, operation: string): Promise<void> => {
  const { chance, scheduler, instance } = life;
  const job: Job = {
    id: guid(chance, 'b'),
    operation,
    kind: chance.pick(['scheduled', 'onDemand'] as const),
    submittedAt: scheduler.now(),
    states: [],
    tasks: [],
  };
  const finished = new Map<Task, () => void>();
  const own = new Set<Task>();
  for (const stage of stages[operation] ?? [])
    for (const kind of stage)
      for (const object of subjectsOf(life, kind, operation === 'all')) {
        const shared = sharedTask(life, kind, object.subject);
        if (shared) {
          shared.jobs.push(job);
          job.tasks.push(shared);
          continue;
        }
        let finish: () => void = () => undefined;
        const task: Task = {
          id: guid(chance, 'c'),
          operation: kind,
          ...object,
          submittedAt: scheduler.now(),
          states: [],
          jobs: [job],
          error: undefined,
          done: new Promise((resolve) => {
            finish = resolve;
          }),
        };
        finished.set(task, finish);
        own.add(task);
        enter(life, task, 'queued');
        job.tasks.push(task);
      }
  enter(life, job, 'queued');
  instance.jobs.push(job);
  await scheduler.sleep(chance.within(500, 15_000));
  enter(life, job, 'running');
  const cancelled = chance.happens(0.05);
  let broken = false;
  for (const stage of stages[operation] ?? []) {
    const tasks = job.tasks.filter((task) => stage.includes(task.operation));
    await Promise.all(
      tasks.map(async (task) => {
        if (!own.has(task)) {
          await task.done;
          // The job that began it has given it up; this one has not.
          if (task.jobs[1] === job && lastStatus(task) === 'failed' && chance.happens(0.4)) {
            await scheduler.sleep(chance.within(2_000, 60_000));
            await drive(life, task);
          }
          return;
        }
        if (broken || cancelled) enter(life, task, cancelled ? 'aborted' : 'skipped');
        else await drive(life, task);
        finished.get(task)?.();
      }),
    );
    // A failure downstream of which nothing makes sense, now and then.
    if (tasks.some((task) => lastStatus(task) !== 'successful') && chance.happens(0.4)) broken = true;
  }
  await scheduler.sleep(chance.within(0, 8_000));
  const good = job.tasks.every((task) => lastStatus(task) === 'successful');
  enter(life, job, cancelled ? 'aborted' : good ? 'successful' : 'failed');
};

/** The life of an instance until `end`: jobs that overlap, evaluations of their own, segments that come and go. */
export const liveInstance = async (life: Life, end: number): Promise<void> => {
  const { chance, scheduler, instance } = life;
  const pause = instance.hectic ? 45_000 : chance.pick([120_000, 300_000, 700_000]);
  while (scheduler.now() < end) {
    await scheduler.sleep(chance.within(0.05, 2) * pause);
    if (scheduler.now() >= end) return;
    if (chance.happens(0.06)) {
      // An evaluation that no job tells of is found by the sweep.
      await evaluate(life, chance.pick([...instance.segments, ...instance.measures]), 10);
      continue;
    }
    if (chance.happens(instance.hectic ? 0.2 : 0.04)) {
      const measure = chance.happens(0.5);
      const gone = chance.pick(measure ? instance.measures : instance.segments);
      const deletedAt = scheduler.now();
      const createdAt = deletedAt + chance.within(5_000, instance.hectic ? 120_000 : 1_500_000);
      if (
        gone.running.every(({ to }) => to < deletedAt) &&
        !gone.reborn.some((life) => life.createdAt > deletedAt)
      ) {
        const dimension = measure && chance.happens(0.6);
        gone.reborn.push({ deletedAt, createdAt, dimension });
        life.trace.add(
          `source: ${gone.name} ${dimension ? 'gains a dimension' : 'is deleted'}, until ${Math.round(createdAt - deletedAt)} ms later`,
        );
      }
      continue;
    }
    const operation = chance.pick([
      'all',
      'all',
      'ingestion',
      'segmentation',
      'segmentation',
      'merge',
      'match',
      'measures',
    ]);
    const ended = runJob(life, operation);
    if (chance.happens(0.7)) await ended;
  }
};
