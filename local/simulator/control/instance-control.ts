import type { Clock } from '../../clock.ts';
import { guid, mix } from '../random.ts';
import { type InstanceRecord, Replay } from '../recorded-instance.ts';
import { endOf } from '../workflow/plan.ts';
import type {
  EvaluationPlan,
  Job,
  OperationType,
  RunStatus,
  TaskOutcome,
  WorkflowNode,
} from '../workflow/types.ts';
import type { DataSource } from '../world/data-sources.ts';
import type { Instance, JobRequest } from '../world/instance.ts';
import { decimalText, isScalar } from '../world/measures.ts';
import type { Assignment } from '../world/principals.ts';
import { nextRun } from '../world/schedules.ts';
import type { Segment } from '../world/segments.ts';
import { mergeScripts, type TaskScript } from '../world/task-plans.ts';
import { type HistoryPoint, historyOf } from './history-points.ts';
import { dataSourceNamed, measureNamed, namesOf, nodeNamed, segmentNamed } from './named-objects.ts';

/** A job that a control method started, with its course as planned (a cancel can still change it). */
export interface StartedJob {
  readonly jobId: string;
  /** ms on the simulator's clock. */
  readonly submittedAt: number;
  readonly endsAt: number;
  readonly tasks: readonly {
    readonly taskId: string;
    readonly operationType: OperationType;
    readonly key: string;
    readonly endsAt: number;
    readonly endsAs: RunStatus;
  }[];
}

/**
 * How the tasks of a refresh go; see {@link TaskScript}. Keys of `outcomes`: names of objects or of stages.
 */
export interface RefreshScript extends TaskScript {
  readonly outcomes?: Readonly<Record<string, TaskOutcome | TaskScript>> | undefined;
}

/**
 * Changes what one instance holds and does, as of the clock's now. Unknown names throw a RangeError that
 * lists the known.
 */
export class InstanceControl {
  readonly #instance: Instance;
  readonly #clock: Clock;

  constructor(instance: Instance, clock: Clock) {
    this.#instance = instance;
    this.#clock = clock;
  }

  get id(): string {
    return this.#instance.id;
  }

  get name(): string {
    return this.#instance.name;
  }

  get subscriptionKeys(): { readonly primary: string; readonly secondary: string } {
    return this.#instance.keys;
  }

  get dataSources(): readonly Pick<DataSource, 'id' | 'name' | 'friendlyName'>[] {
    return this.#instance.dataSources.map(({ id, name, friendlyName }) => ({ id, name, friendlyName }));
  }

  get segments(): readonly Pick<
    Segment,
    'name' | 'friendlyName' | 'active' | 'count' | 'lastSuccessfulRunId'
  >[] {
    this.#now();
    return [...this.#instance.segments.values()].map(
      ({ name, friendlyName, active, count, lastSuccessfulRunId }) => ({
        name,
        friendlyName,
        active,
        count,
        lastSuccessfulRunId,
      }),
    );
  }

  get measures() {
    this.#now();
    return [...this.#instance.measures.values()].map((measure) => ({
      name: measure.name,
      displayName: measure.displayName,
      isScalar: isScalar(measure),
      value: measure.value,
      lastSuccessfulRunId: measure.lastSuccessfulRunId,
    }));
  }

  /**
   * From now on the record answers what it can; undefined ends it.
   * @param last how much of its end is played, ms
   */
  replay(record: InstanceRecord | undefined, last?: number): Replay | undefined {
    this.#instance.replay = record && new Replay(record, this.#now(), last);
    return this.#instance.replay;
  }

  refreshDataSource(idOrName: string, script: RefreshScript = {}): StartedJob {
    const key = dataSourceNamed(this.#settled(), idOrName).id;
    return this.#start({ operationType: 'ingestion', keys: [key], forceRunRequested: true }, script);
  }

  refreshAll(script: RefreshScript & { readonly kind?: 'scheduled' | 'onDemand' } = {}): StartedJob {
    return this.#start({ operationType: 'all', submissionKind: script.kind ?? 'onDemand' }, script);
  }

  /** Map, match and merge in one job; with `downstream` also all that follows from profiles. */
  refreshUnification(
    script: RefreshScript & { readonly upTo?: 'map' | 'match' | 'merge'; readonly downstream?: boolean } = {},
  ): StartedJob {
    const { upTo = 'merge', downstream = false } = script;
    return this.#start({ operationType: upTo, runDownstreamAfterMerge: downstream }, script);
  }

  /** Absolute or relative change of the member count, or an evaluation that does not succeed. */
  refreshSegment(name: string, script: RefreshScript & EvaluationPlan = {}): StartedJob {
    const { count, growBy, status } = script;
    checkedCount(count);
    const keys = [segmentNamed(this.#settled(), name).name];
    const evaluation = { count, growBy, status };
    const outcome = status === undefined ? script.outcome : (script.outcome ?? 'fail');
    return this.#start({ operationType: 'segmentation', keys }, { ...script, outcome, evaluation });
  }

  /** `value` is a decimal text of up to 38 digits. */
  refreshMeasure(name: string, script: RefreshScript & { readonly value?: string } = {}): StartedJob {
    const measure = measureNamed(this.#settled(), name);
    const value = script.value === undefined ? undefined : decimalText(script.value);
    const operationType = this.#instance.measureOperation(measure);
    return this.#start({ operationType, keys: [name] }, { ...script, evaluation: { value } });
  }

  /** Used by the next successful evaluation, regardless of what starts it. */
  setSegmentCountAtNextRefresh(name: string, count: number): void {
    segmentNamed(this.#settled(), name).pending = { count: checkedCount(count) };
  }

  setMeasureValueAtNextRefresh(name: string, value: string): void {
    measureNamed(this.#settled(), name).pending = { value: decimalText(value) };
  }

  /** Scripts the next task of an object or stage, also when a schedule or an API call starts it. */
  setOutcomeAtNextRefresh(objectOrStage: string, script: TaskScript): void {
    this.#now();
    const node = nodeNamed(this.#instance, objectOrStage);
    this.#instance.nextScripts.set(`${node.operationType}/${node.key}`, script);
  }

  /**
   * Evaluations of the past, each with the job that made it, in time order and after the latest one there is.
   */
  appendSegmentHistory(
    name: string,
    points: readonly (HistoryPoint & { readonly count?: number })[],
  ): readonly StartedJob[] {
    const segment = segmentNamed(this.#settled(), name);
    const last = segment.evaluations.at(-1)?.evaluationDate ?? 0;
    return historyOf(points, last, this.#now()).map(({ at, point }) => {
      const evaluation = { count: checkedCount(point.count) };
      return this.#startAt(
        { operationType: 'segmentation', keys: [name] },
        { ...point, evaluation, instant: true },
        at,
      );
    });
  }

  appendMeasureHistory(
    name: string,
    points: readonly (HistoryPoint & { readonly value?: string })[],
  ): readonly StartedJob[] {
    const measure = measureNamed(this.#settled(), name);
    const operationType = this.#instance.measureOperation(measure);
    const last = measure.evaluations.at(-1)?.endedAt ?? 0;
    return historyOf(points, last, this.#now()).map(({ at, point }) => {
      const evaluation = { value: point.value === undefined ? undefined : decimalText(point.value) };
      return this.#startAt({ operationType, keys: [name] }, { ...point, evaluation, instant: true }, at);
    });
  }

  cancelJob(jobId: string): void {
    const now = this.#now();
    const job = this.#instance.workflow.job(jobId);
    if (job === undefined) throw new RangeError(`unknown job "${jobId}"`);
    this.#instance.workflow.cancel(job, now);
    this.#instance.settle(now);
  }

  addSegment(name: string, count: number, friendlyName = name): void {
    const seed = { name, friendlyName, description: '', active: true };
    this.#instance.addSegment(seed, checkedCount(count) ?? 0, this.#now());
  }

  removeSegment(name: string): void {
    this.#instance.segments.delete(segmentNamed(this.#settled(), name).name);
  }

  setSegmentActive(name: string, active: boolean): void {
    segmentNamed(this.#settled(), name).active = active;
  }

  /** Changes the display name; the name too where the behaviour `renameKeepsName` is off. */
  renameSegment(name: string, friendlyName: string): void {
    const segment = segmentNamed(this.#settled(), name);
    if (this.#instance.behaviours.renameKeepsName) {
      segment.friendlyName = friendlyName;
      return;
    }
    const renamed = friendlyName.replace(/\W/g, '');
    replaceKey(this.#instance.segments, name, renamed, { ...segment, name: renamed, friendlyName });
  }

  renameMeasure(name: string, displayName: string): void {
    const measure = measureNamed(this.#settled(), name);
    if (this.#instance.behaviours.renameKeepsName) {
      measure.displayName = displayName;
      return;
    }
    const renamed = displayName.replace(/\W/g, '');
    replaceKey(this.#instance.measures, name, renamed, { ...measure, name: renamed, displayName });
  }

  addScalarMeasure(name: string, value: string, displayName = name): void {
    const aggregate = { operation: 'sum', field: 'TotalPrice', alias: name };
    const seed = {
      name,
      displayName,
      description: '',
      kind: 'entity',
      type: 'structured',
      aggregate,
    } as const;
    this.#instance.addMeasure({ ...seed, dimensions: [], value: decimalText(value) }, this.#now());
  }

  removeMeasure(name: string): void {
    this.#instance.measures.delete(measureNamed(this.#settled(), name).name);
  }

  /** Gives the measure one more dimension; a scalar stops being one. */
  addDimension(measureName: string, field: string): void {
    const measure = measureNamed(this.#settled(), measureName);
    measure.dimensions = [...measure.dimensions, { field, alias: field }];
  }

  assignRole(assignment: Assignment): void {
    this.#instance.assignments.set(assignment.principalId, assignment);
  }

  removeRole(principalId: string): void {
    this.#instance.assignments.delete(principalId);
  }

  /** Makes the old key invalid at once and returns the new one. */
  rotateKey(which: 'primary' | 'secondary', value?: string): string {
    const fresh =
      value ?? guid(mix(this.#instance.seed, 91), this.#clock.now() % 2 ** 31).replaceAll('-', '');
    this.#instance.keys = { ...this.#instance.keys, [which]: fresh };
    return fresh;
  }

  /** Section 3.3: instances without a name, and instances whose every call fails with 500, exist. */
  setBroken(broken: { readonly name?: boolean; readonly calls?: boolean }): void {
    if (broken.name !== undefined) this.#instance.hasName = !broken.name;
    if (broken.calls !== undefined) this.#instance.failing = broken.calls;
  }

  /** The scheduled full refresh: on or off, and when (five-field cron in UTC). */
  setSchedule(change: { readonly active?: boolean; readonly cron?: string }): void {
    const now = this.#now();
    const [first, ...others] = this.#instance.schedules;
    if (first === undefined) throw new RangeError('the instance has no schedule');
    const cronSchedules = change.cron === undefined ? first.cronSchedules : [change.cron];
    const schedule = {
      ...first,
      isActive: change.active ?? first.isActive,
      timezoneId: 'UTC',
      cronSchedules,
    };
    nextRun(schedule, now);
    this.#instance.schedules = [schedule, ...others];
  }

  /** Stretches (above 1) or shrinks the default task durations of jobs submitted from now on. */
  setTaskTimeScale(scale: number): void {
    if (!(scale >= 0)) throw new RangeError(`a task time scale is at least 0, not ${scale}`);
    this.#instance.taskTimeScale = scale;
  }

  #settled(): Instance {
    this.#now();
    return this.#instance;
  }

  #now(): number {
    const now = this.#clock.now();
    this.#instance.settle(now);
    return now;
  }

  #start(request: JobRequest, script: RefreshScript): StartedJob {
    const now = this.#now();
    const started = this.#startAt(request, script, now);
    this.#instance.settle(now);
    return started;
  }

  #startAt(request: JobRequest, script: RefreshScript, at: number): StartedJob {
    const { outcomes = {}, ...common } = script;
    for (const name of Object.keys(outcomes)) nodeNamed(this.#instance, name);
    const scripted = this.#instance.submit(
      {
        ...request,
        shareTasks: false,
        scriptOf: (node) => mergeScripts(common, this.#outcomeOf(node, outcomes)),
      },
      at,
    );
    this.#instance.settle(this.#clock.now());
    return this.#started(scripted);
  }

  #outcomeOf(node: WorkflowNode, outcomes: NonNullable<RefreshScript['outcomes']>): TaskScript {
    const name = namesOf(this.#instance, node).find((candidate) => outcomes[candidate] !== undefined);
    const given = name === undefined ? undefined : outcomes[name];
    return typeof given === 'string' ? { outcome: given } : (given ?? {});
  }

  #started(job: Job): StartedJob {
    const tasks = this.#instance.workflow.tasksOf(job).map((task) => {
      const end = endOf(task.steps);
      const { operationType, key } = task.node;
      return { taskId: task.taskId, operationType, key, endsAt: end.at, endsAs: end.status };
    });
    const endsAt = Math.max(job.submittedAt, ...tasks.map((task) => task.endsAt));
    return { jobId: job.jobId, submittedAt: job.submittedAt, endsAt, tasks };
  }
}

const checkedCount = (count: number | undefined): number | undefined => {
  if (count !== undefined && !(Number.isSafeInteger(count) && count >= 0))
    throw new RangeError(`a member count is a whole number of at least 0, not ${count}`);
  return count;
};

const replaceKey = <T>(map: Map<string, T>, from: string, to: string, value: T): void => {
  if (map.has(to)) throw new RangeError(`"${to}" exists already`);
  map.delete(from);
  map.set(to, value);
};
