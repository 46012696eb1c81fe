/**
 * How an instance lives: jobs that overlap, fail, are retried and share tasks; evaluations; things that come
 * and go.
 */
import type { Chance } from './chance.ts';
import type { Scheduler } from './scheduler.ts';
import {
  type Evaluation,
  existsAt,
  guid,
  type InstanceWorld,
  isFinalStatus,
  type Job,
  type RunStatus,
  type Task,
  type Valued,
} from './source-world.ts';
import type { Trace } from './trace.ts';

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

/** Now and then a whole answer of somebody else's system, beyond what a message or an item holds. */
const errorMessage = (drawn: number): string =>
  drawn < 6 ? 'ü'.repeat(150_000 + drawn * 15_000) : `The source said no (${drawn}).`;

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
    message: errorMessage(chance.whole(0, 99)),
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

/** One refresh of a data source after the other, at short intervals: more than a first list of jobs holds. */
export const refreshOften = async (life: Life, end: number): Promise<void> => {
  while (life.scheduler.now() < end) {
    await life.scheduler.sleep(life.chance.within(4_000, 12_000));
    void runJob(life, 'ingestion');
  }
};

/**
 * The life of an instance until `end`: jobs that overlap, evaluations of their own, segments that come and
 * go.
 */
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
