import { dayMs } from '../../../lambda/runtime/time.ts';
import type { Behaviours } from '../behaviours.ts';
import { type Activities, activities } from '../data/activities.ts';
import { type Customers, customers } from '../data/customers.ts';
import { guid, guidSequence, hashText, mix } from '../random.ts';
import type { Replay } from '../recorded-instance.ts';
import { endOf, startOf } from '../workflow/plan.ts';
import type { Job, OperationType, SubmissionKind, Task, WorkflowNode } from '../workflow/types.ts';
import { Workflow } from '../workflow/workflow.ts';
import { type DataSource, dataSourceSeeds } from './data-sources.ts';
import { evaluateMeasure, type Measure, measureSeeds } from './measures.ts';
import { nodesOf } from './nodes.ts';
import type { Assignment } from './principals.ts';
import { defaultAssignments } from './principals.ts';
import { dailyRefresh, nextRun, type Schedule } from './schedules.ts';
import { defaultSearchIndex, type SearchIndex } from './search-index.ts';
import { type EvaluationEnd, evaluateSegment, type Segment, segmentSeeds } from './segments.ts';
import { type Table, tablesOf } from './tables.ts';
import { mergeScripts, type TaskScript, taskPlan } from './task-plans.ts';
import { WrittenRows } from './written-rows.ts';

export interface InstanceOptions {
  /** GUID; derived from the seed by default. */
  readonly id?: string;
  readonly name?: string;
  readonly instanceType?: 'trial' | 'sandbox' | 'production';
  readonly primaryKey?: string;
  readonly secondaryKey?: string;
  readonly customers?: number;
  readonly activities?: number;
  readonly assignments?: readonly Assignment[];
  /** Whether the daily full refresh continues after the start. */
  readonly scheduledRefresh?: boolean;
}

export interface JobRequest {
  readonly operationType: OperationType | 'all';
  readonly keys?: readonly string[];
  readonly submissionKind?: SubmissionKind;
  readonly jobType?: 'full' | 'incremental';
  readonly forceRunRequested?: boolean;
  readonly runDownstreamAfterMerge?: boolean;
  readonly shareTasks?: boolean;
  readonly scriptOf?: (node: WorkflowNode) => TaskScript;
}

interface DueRun {
  readonly at: number;
  readonly schedule: Schedule;
}

export const historyDays = 30;

/**
 * One environment: its data, its objects and its workflow. State changes only in {@link settle}, {@link
 * submit} and the control methods; every reader passes the time it asks for.
 */
export class Instance {
  readonly id: string;
  readonly seed: number;
  readonly createdAt: number;
  readonly instanceType: string;
  readonly behaviours: Behaviours;
  readonly workflow: Workflow;
  readonly people: Customers;
  readonly timeline: Activities;
  readonly dataSources: DataSource[];
  readonly segments = new Map<string, Segment>();
  readonly measures = new Map<string, Measure>();
  readonly written = new WrittenRows();
  readonly assignments: Map<string, Assignment>;
  readonly newId: () => string;
  /** Scripts for the next task of an object, by `operation/key`. */
  readonly nextScripts = new Map<string, TaskScript>();
  name: string;
  hasName = true;
  /** Every call answers 500 (section 3.3). */
  failing = false;
  keys: { readonly primary: string; readonly secondary: string };
  /** Replaced as a whole, never changed in place. */
  schedules: readonly Schedule[];
  searchIndex: SearchIndex;
  /** A record of another instance, which answers in place of this one what it can. */
  replay: Replay | undefined;
  /** Stretches default task durations. */
  taskTimeScale = 1;
  #settledUntil: number;
  #due: { readonly schedules: readonly Schedule[]; readonly run: DueRun | undefined } | undefined;

  constructor(
    options: InstanceOptions,
    index: number,
    worldSeed: number,
    startAt: number,
    behaviours: Behaviours,
  ) {
    this.id = options.id ?? guid(mix(worldSeed, 61), index);
    this.seed = mix(worldSeed, hashText(this.id));
    this.name = options.name ?? (index === 0 ? 'Contoso' : `Contoso ${index + 1}`);
    this.instanceType = options.instanceType ?? (index === 0 ? 'production' : 'sandbox');
    this.behaviours = behaviours;
    this.createdAt = startAt - (historyDays + 200) * dayMs;
    this.#settledUntil = startAt - (historyDays + 1) * dayMs;
    const keySeed = mix(this.seed, 62);
    this.keys = {
      primary: options.primaryKey ?? guid(keySeed, 1).replaceAll('-', ''),
      secondary: options.secondaryKey ?? guid(keySeed, 2).replaceAll('-', ''),
    };
    this.newId = guidSequence(mix(this.seed, 63));
    this.people = customers(options.customers ?? 10_000, mix(this.seed, 64), startAt);
    this.timeline = activities(options.activities ?? 60_000, mix(this.seed, 65), startAt, this.people);
    const assignments = options.assignments ?? defaultAssignments;
    this.assignments = new Map(assignments.map((one) => [one.principalId, one]));
    this.workflow = new Workflow(this.newId, () => ({
      permanentFailure: behaviours.permanentFailure,
      cancelled: behaviours.cancelledTask,
    }));
    this.dataSources = dataSourceSeeds.map((seed) => ({
      ...seed,
      id: this.newId(),
      createdAt: this.createdAt,
    }));
    for (const { share, ...seed } of segmentSeeds) {
      this.addSegment(seed, Math.round(share * this.people.size), this.createdAt);
    }
    for (const seed of measureSeeds) this.addMeasure(seed, this.createdAt);
    this.schedules = [{ ...dailyRefresh(this.newId(), startAt), isActive: options.scheduledRefresh ?? true }];
    this.searchIndex = defaultSearchIndex(this.createdAt);
  }

  addSegment(
    seed: Pick<Segment, 'name' | 'friendlyName' | 'description' | 'active'> & { readonly query?: unknown },
    count: number,
    at: number,
  ): Segment {
    const segment: Segment = {
      ...seed,
      query: seed.query ?? { type: 'structured', rowsets: [] },
      memberSeed: mix(this.seed, hashText(seed.name), 66),
      createdAt: at,
      updatedAt: at,
      version: 1,
      count,
      lastSuccessfulRunId: undefined,
      evaluations: [],
      pending: undefined,
    };
    this.segments.set(segment.name, segment);
    return segment;
  }

  addMeasure(
    seed: Pick<
      Measure,
      'name' | 'kind' | 'type' | 'aggregate' | 'displayName' | 'description' | 'dimensions'
    > & { readonly value?: string },
    at: number,
  ): Measure {
    const measure: Measure = {
      ...seed,
      value: seed.value,
      createdAt: at,
      updatedAt: at,
      version: 1,
      lastSuccessfulRunId: undefined,
      consecutiveFailures: 0,
      lastSuccessfulAt: undefined,
      evaluations: [],
      pending: undefined,
    };
    this.measures.set(measure.name, measure);
    return measure;
  }

  measureOperation(measure: Measure): OperationType {
    if (this.behaviours.measureTaskOperation === 'measures') return 'measures';
    return measure.kind === 'attribute' ? 'attributeMeasures' : 'entityMeasures';
  }

  /** Everything a full refresh runs. */
  nodes(): readonly WorkflowNode[] {
    return nodesOf(this);
  }

  tables(): readonly Table[] {
    return tablesOf({
      seed: this.seed,
      people: this.people,
      timeline: this.timeline,
      dataSources: this.dataSources,
      segments: [...this.segments.values()],
      measures: [...this.measures.values()],
      measureOperation: (measure) => this.measureOperation(measure),
    });
  }

  table(qualifiedName: string): Table | undefined {
    return this.tables().find((table) => table.qualifiedName === qualifiedName);
  }

  /** A job as of `at`. The past of `at` must be settled. */
  submit(request: JobRequest, at: number): Job {
    return this.workflow.submit(
      this.nodes(),
      {
        operationType: request.operationType,
        keys: request.keys ?? [],
        runDownstreamAfterMerge: request.runDownstreamAfterMerge ?? false,
        submissionKind: request.submissionKind ?? 'onDemand',
        jobType: request.jobType ?? 'full',
        forceRunRequested: request.forceRunRequested ?? false,
        shareTasks: request.shareTasks ?? true,
        planOf: (node) => {
          const script = mergeScripts(request.scriptOf?.(node), this.#takeScript(node));
          return taskPlan(node.operationType, script, this.taskTimeScale);
        },
      },
      at,
    );
  }

  /**
   * Catches up to `now`: starts due scheduled refreshes and applies what ended tasks evaluated, in time
   * order.
   */
  settle(now: number): void {
    for (;;) {
      const due = this.#nextScheduled();
      if (due === undefined || due.at > now) break;
      this.#applyEnded(due.at);
      this.#settledUntil = due.at;
      const [operationType, keys] = [
        due.schedule.operationType as OperationType | 'all',
        due.schedule.identifiers,
      ];
      this.submit(
        { operationType, keys, submissionKind: 'scheduled', jobType: due.schedule.jobType },
        due.at,
      );
    }
    this.#applyEnded(now);
    this.#settledUntil = Math.max(this.#settledUntil, now);
  }

  /**
   * Applies task ends up to `at` and forgets schedules before it: the history of the start is laid with this.
   */
  settleHistory(at: number): void {
    this.#applyEnded(at);
    this.#settledUntil = Math.max(this.#settledUntil, at);
  }

  #nextScheduled(): DueRun | undefined {
    // Reading cron expressions costs far more than a poll's own work: keep the answer until it can have
    // changed.
    if (this.#due?.schedules === this.schedules && (this.#due.run?.at ?? Infinity) > this.#settledUntil)
      return this.#due.run;
    const runs = this.schedules.flatMap((schedule) => {
      const at = nextRun(schedule, this.#settledUntil);
      return at === undefined ? [] : [{ at, schedule }];
    });
    const run = runs.sort((a, b) => a.at - b.at)[0];
    this.#due = { schedules: this.schedules, run };
    return run;
  }

  #applyEnded(until: number): void {
    for (const task of this.workflow.takeEnded(until)) this.#apply(task);
  }

  #apply(task: Task): void {
    const last = endOf(task.steps);
    const end: EvaluationEnd = {
      startedAt: startOf(task.steps),
      endedAt: last.at,
      status: last.status,
      error: last.error,
      plan: task.evaluation,
      newRunId: this.newId,
    };
    const { operationType, key } = task.node;
    if (operationType === 'segmentation') {
      const segment = this.segments.get(key);
      if (segment !== undefined) evaluateSegment(segment, end, this.behaviours);
    } else if (['measures', 'attributeMeasures', 'entityMeasures'].includes(operationType)) {
      const measure = this.measures.get(key);
      if (measure !== undefined) evaluateMeasure(measure, end, this.behaviours);
    }
  }

  #takeScript(node: WorkflowNode): TaskScript | undefined {
    const key = `${node.operationType}/${node.key}`;
    const script = this.nextScripts.get(key);
    this.nextScripts.delete(key);
    return script;
  }
}
