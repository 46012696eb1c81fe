/** The source world as its REST API shows it at one moment, in the models of the client. */
import type {
  CustomerInsightsClient,
  JobInfo,
  MeasureMetadata,
  NodeInfo,
  SegmentMetadata,
} from '../../lambda/customer-insights/index.ts';
import { toDecimal } from '../../lambda/runtime/decimal.ts';
import { ConnectorError } from '../../lambda/runtime/errors.ts';
import type { Host, Surroundings } from './host.ts';
import { crowdSegments } from './source-crowd.ts';
import { ghostEvaluations, ghostJobs } from './source-ghosts.ts';
import {
  type Evaluation,
  existsAt,
  type InstanceWorld,
  isFinalStatus,
  type Job,
  jobsListed,
  type State,
  stampOf,
  statusAt,
  type Task,
  type Valued,
} from './source-world.ts';

const iso = (instance: InstanceWorld, time: number) => new Date(stampOf(instance, time)).toISOString();

const worded = ({ pascalCase }: InstanceWorld, word: string) =>
  pascalCase ? word.charAt(0).toUpperCase() + word.slice(1) : word;

const endOf = (instance: InstanceWorld, state: State) =>
  isFinalStatus(state.status) ? { endTimestamp: iso(instance, state.at) } : {};

const queued: State = { at: 0, status: 'queued' };

const shownTask = (instance: InstanceWorld, task: Task, time: number) => {
  const state = statusAt(task.states, time) ?? queued;
  const failed = state.status === 'failed' || state.status === 'timedOut';
  return {
    taskId: task.id,
    operationType: worded(instance, task.operation),
    taskStatus: worded(instance, state.status),
    friendlyName: task.objectName,
    submittedTimestamp: iso(instance, task.submittedAt),
    jobIds: task.jobs.map(({ id }) => id),
    ...endOf(instance, state),
    ...(failed && task.error && { ciError: { errorCode: task.error.code, message: task.error.message } }),
  };
};

/** Jobs of which nothing changes any more, as they are shown: most of every list. */
const settledJobs = new WeakMap<Job, JobInfo>();

const shownJob = (instance: InstanceWorld, job: Job, time: number): JobInfo => {
  const known = settledJobs.get(job);
  if (known) return known;
  const shown = freshlyShown(instance, job, time);
  const settled = [job, ...job.tasks.flatMap((task) => task.jobs)].every(({ states }) => {
    const last = states.at(-1);
    return last && isFinalStatus(last.status) && last.at <= time;
  });
  if (settled) settledJobs.set(job, shown);
  return shown;
};

const freshlyShown = (instance: InstanceWorld, job: Job, time: number): JobInfo => {
  const state = statusAt(job.states, time) ?? queued;
  return {
    jobId: job.id,
    jobType: 'full',
    jobSubmissionKind: worded(instance, job.kind),
    jobStatus: worded(instance, state.status),
    operationType: worded(instance, job.operation),
    submittedTimestamp: iso(instance, job.submittedAt),
    ...endOf(instance, state),
    tasks: job.tasks.map((task) => shownTask(instance, task, time)),
  };
};

const dayMs = 24 * 60 * 60 * 1000;

/** Of its present life, what is visible. */
const visibleEvaluations = (subject: Valued, time: number): readonly Evaluation[] => {
  const births = subject.reborn.filter(({ createdAt, dimension }) => createdAt <= time && !dimension);
  const born = Math.max(0, ...births.map(({ createdAt }) => createdAt));
  return subject.evaluations.filter(({ at, visibleAt }) => at >= born && visibleAt <= time);
};

const shownEvaluation = (instance: InstanceWorld, { at, status, value }: Evaluation) => {
  const entityCount = value === undefined ? undefined : toDecimal(value);
  return {
    jobStatus: status,
    evaluationDate: iso(instance, at),
    ...(entityCount !== undefined && { entityCount }),
  };
};

const shownSegment = (
  instance: InstanceWorld,
  segment: Valued,
  time: number,
  historyDays: number | undefined,
): SegmentMetadata => {
  const visible = visibleEvaluations(segment, time);
  const last = visible.at(-1);
  const running = segment.running.find(({ from, to }) => from <= time && time < to);
  const latest = running
    ? { jobStatus: 'Running', evaluationDate: iso(instance, running.from) }
    : last && shownEvaluation(instance, last);
  // The latest evaluation stands in the history too, or not yet; not when a next one has begun.
  const past = running || instance.lagMs === 0 ? visible : visible.slice(0, -1);
  return {
    name: segment.name,
    friendlyName: segment.displayName,
    state: 'active',
    ...(latest && { evaluationStatus: latest }),
    ...(historyDays !== undefined && {
      evaluationStatusHistory: [
        ...past
          .filter(({ at }) => at > time - historyDays * dayMs)
          .map((evaluation) => shownEvaluation(instance, evaluation)),
        ...ghostEvaluations(instance, segment, time),
      ],
    }),
  };
};

const shownOutput = (instance: InstanceWorld, { name }: Valued, { from, value = '' }: Evaluation) => ({
  values: { Value: value },
  measureName: name,
  evaluationTime: iso(instance, from),
});

/** @param alone asked for by its name, with its history; a list may leave the value out */
const shownMeasure = (
  instance: InstanceWorld,
  measure: Valued,
  time: number,
  historyDays: number | undefined,
  alone: boolean,
): MeasureMetadata => {
  const visible = visibleEvaluations(measure, time);
  const good = visible.filter(({ status }) => status === 'CompletedSuccess');
  const [last, lastGood] = [visible.at(-1), good.at(-1)];
  const running = measure.running.some(({ from, to }) => from <= time && time < to);
  const state = (evaluation: Evaluation) =>
    evaluation.status === 'CompletedSuccess' ? 'completed' : 'failed';
  const recent = ({ at }: Evaluation) => historyDays !== undefined && at > time - historyDays * dayMs;
  return {
    name: measure.name,
    displayName: measure.displayName,
    definition: {
      kind: 'entity',
      type: 'structured',
      isScalar: existsAt(measure, time),
      dimensions: existsAt(measure, time) ? [] : [{ field: 'Country' }],
    },
    latestEvaluation: {
      ...(lastGood && { lastSuccessfulRunId: lastGood.runId }),
      state: running ? 'running' : last ? state(last) : 'none',
      ...(last && !running && { endTime: iso(instance, last.endedAt) }),
    },
    ...(lastGood &&
      (alone || instance.granularityMs === 1) && { output: shownOutput(instance, measure, lastGood) }),
    ...(historyDays !== undefined && {
      evaluationHistory: visible.filter(recent).map((evaluation) => ({
        lastSuccessfulRunId: evaluation.runId,
        state: state(evaluation),
        endTime: iso(instance, evaluation.endedAt),
      })),
      outputHistory: good.filter(recent).map((evaluation) => shownOutput(instance, measure, evaluation)),
    }),
  };
};

const isGone = ({ reborn }: Valued, time: number) =>
  reborn.some(({ deletedAt, createdAt, dimension }) => !dimension && deletedAt <= time && time < createdAt);

/** The newest state of each data source: unlike a task it carries an identifier. */
const shownNodes = (instance: InstanceWorld, time: number): readonly NodeInfo[] => {
  const tasks = instance.jobs.filter(({ submittedAt }) => submittedAt <= time).flatMap((job) => job.tasks);
  return instance.dataSources.flatMap(({ id }) => {
    const task = tasks.findLast(({ subject, operation }) => subject === id && operation === 'ingestion');
    if (!task) return [];
    const shown = shownTask(instance, task, time);
    const { operationType, friendlyName, taskStatus, jobIds } = shown;
    return [
      {
        operationType,
        identifier: id,
        friendlyName,
        taskStatus,
        jobIds,
        ...('endTimestamp' in shown && { endTimestamp: shown.endTimestamp }),
      },
    ];
  });
};

const lastRefreshOf = (instance: InstanceWorld, id: string, time: number) => {
  const ends = instance.jobs
    .flatMap(({ tasks }) => tasks)
    .filter(({ subject }) => subject === id)
    .flatMap(({ states }) => states.filter(({ status, at }) => status === 'successful' && at <= time));
  return ends.length > 0 ? { lastRefresh: iso(instance, Math.max(...ends.map(({ at }) => at))) } : {};
};

const refusals = [
  () => new ConnectorError('UpstreamThrottled', 'Too many calls.', { retryAfterSeconds: 20 }),
  () => new ConnectorError('UpstreamUnavailable', 'Not available.', { retryAfterSeconds: 90 }),
  () => new ConnectorError('UpstreamFailed', 'It failed.'),
  () => new ConnectorError('UpstreamTimeout', 'No answer in time.'),
];

/**
 * The client of one host. Members that detection does not use are not there, and fail when called.
 * @param away whether the instance's API is away as a whole
 */
export const clientFrom = (
  host: Host,
  instances: readonly InstanceWorld[],
  { chance, rates, scheduler, trace }: Surroundings,
  away: (instanceId: string) => boolean,
): CustomerInsightsClient => {
  const read = <Result>(what: string, instanceId: string, view: (instance: InstanceWorld) => Result) =>
    host.call({
      port: 'source',
      what,
      effect: async () => {
        const instance = instances.find(({ id }) => id === instanceId);
        if (!instance) throw new ConnectorError('UpstreamNotFound', 'There is no such instance.');
        if (away(instanceId) || chance.happens(rates().source)) {
          trace.count('source refuses');
          throw chance.pick(refusals)();
        }
        return view(instance);
      },
      failure: () => chance.pick(refusals)(),
    });
  const client: Partial<CustomerInsightsClient> = {
    listJobs: (instanceId, { top = jobsListed } = {}) =>
      read('jobs', instanceId, (instance) => {
        const time = scheduler.now() - instance.lagMs;
        const jobs = instance.jobs.filter(({ submittedAt }) => submittedAt <= time);
        // What is dated last comes first, and takes a place of the list.
        const ghosts = ghostJobs(instance, time);
        const places = Math.min(top, jobsListed) - ghosts.length;
        return chance.shuffled([
          ...jobs.slice(-places).map((job) => shownJob(instance, job, time)),
          ...ghosts,
        ]);
      }),
    listDataSources: (instanceId) =>
      read('data sources', instanceId, (instance) =>
        instance.dataSources.map(({ id, name, displayName }) => ({
          dataSourceMetadata: {
            dataSourceId: id,
            name,
            friendlyName: displayName,
            ...lastRefreshOf(instance, id, scheduler.now() - instance.lagMs),
          },
        })),
      ),
    listSegments: (instanceId, { historyDays } = {}) =>
      read('segments', instanceId, (instance) => [
        ...instance.segments
          .filter((segment) => existsAt(segment, scheduler.now()))
          .map((segment) => shownSegment(instance, segment, scheduler.now(), historyDays)),
        ...crowdSegments(instance, scheduler.now()),
      ]),
    listMeasures: (instanceId) =>
      read('measures', instanceId, (instance) =>
        instance.measures
          .filter((measure) => !isGone(measure, scheduler.now()))
          .map((measure) => shownMeasure(instance, measure, scheduler.now(), undefined, false)),
      ),
    getMeasure: (instanceId, name, { historyDays } = {}) =>
      read('measure', instanceId, (instance) => {
        const measure = instance.measures.find((each) => each.name === name);
        if (!measure || isGone(measure, scheduler.now()))
          throw new ConnectorError('UpstreamNotFound', 'There is no such measure.');
        return shownMeasure(instance, measure, scheduler.now(), historyDays, true);
      }),
    getWorkflowStatus: (instanceId) =>
      read('nodes', instanceId, (instance) => shownNodes(instance, scheduler.now() - instance.lagMs)),
  };
  return client as CustomerInsightsClient;
};
