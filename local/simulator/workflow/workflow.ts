import { type Selection, selectNodes, upstreamOf } from './graph.ts';
import { cancelled, courseOf, endOf, type StatusNames, stepAt } from './plan.ts';
import type { Job, RunStatus, Step, SubmissionKind, Task, TaskPlan, WorkflowNode } from './types.ts';

export interface Submission extends Selection {
  readonly submissionKind: SubmissionKind;
  readonly jobType: 'full' | 'incremental';
  readonly forceRunRequested: boolean;
  /** A task of another job that is still under way may serve this job too. */
  readonly shareTasks: boolean;
  planOf(node: WorkflowNode): TaskPlan;
}

export interface JobStatus {
  readonly status: RunStatus;
  readonly endedAt: number | undefined;
}

const nodeKey = (node: Pick<WorkflowNode, 'operationType' | 'key'>): string =>
  `${node.operationType}/${node.key}`;

/**
 * Jobs and tasks of one instance. Nothing runs: a task's course is planned at submission, and each answer
 * follows from the time asked for, so any clock gives the same answers.
 */
export class Workflow {
  readonly #newId: () => string;
  readonly #names: () => StatusNames;
  readonly #jobs: Job[] = [];
  readonly #jobsById = new Map<string, Job>();
  readonly #tasks = new Map<string, Task>();
  readonly #byNode = new Map<string, Task[]>();
  #unsettled: Task[] = [];

  constructor(newId: () => string, names: () => StatusNames) {
    this.#newId = newId;
    this.#names = names;
  }

  /** In order of submission. */
  get jobs(): readonly Job[] {
    return this.#jobs;
  }

  job(jobId: string): Job | undefined {
    return this.#jobsById.get(jobId);
  }

  tasksOf(job: Job): readonly Task[] {
    return job.taskIds.map((id) => this.#tasks.get(id)).filter((task) => task !== undefined);
  }

  /** Every task of a node, in order of submission. */
  tasksOfNode(node: Pick<WorkflowNode, 'operationType' | 'key'>): readonly Task[] {
    return this.#byNode.get(nodeKey(node)) ?? [];
  }

  hasEnded(taskId: string, at: number): boolean {
    const task = this.#tasks.get(taskId);
    return task === undefined || endOf(task.steps).at <= at;
  }

  /** In order of submission. */
  allTasks(): readonly Task[] {
    return [...this.#tasks.values()];
  }

  submit(nodes: readonly WorkflowNode[], submission: Submission, at: number): Job {
    const jobId = this.#newId();
    const selected = selectNodes(nodes, submission);
    const placed = new Map<WorkflowNode, Task>();
    for (const node of selected) {
      const upstream = upstreamOf(node, selected)
        .map((other) => placed.get(other))
        .filter((task) => task !== undefined);
      const shared = submission.shareTasks ? this.#sharable(node, [...placed.values()], at) : undefined;
      if (shared !== undefined) shared.jobIds = [...shared.jobIds, jobId];
      placed.set(node, shared ?? this.#place(node, submission.planOf(node), upstream, jobId, at));
    }
    const job: Job = {
      jobId,
      operationType: submission.operationType,
      submissionKind: submission.submissionKind,
      jobType: submission.jobType,
      submittedAt: at,
      idList: submission.keys,
      forceRunRequested: submission.forceRunRequested,
      runDownstreamAfterMerge: submission.runDownstreamAfterMerge,
      taskIds: [...placed.values()].map((task) => task.taskId),
      cancelledAt: undefined,
    };
    this.#jobs.push(job);
    this.#jobsById.set(jobId, job);
    return job;
  }

  /**
   * Ends the job now, and those of its tasks that no other running job needs. A job that has ended stays as
   * it is.
   */
  cancel(job: Job, at: number): void {
    if (this.statusOf(job, at).endedAt !== undefined) return;
    job.cancelledAt = at;
    for (const task of this.tasksOf(job)) {
      const needed = task.jobIds.some((id) => {
        const other = this.#jobsById.get(id);
        return other !== undefined && other !== job && this.statusOf(other, at).endedAt === undefined;
      });
      if (!needed) task.steps = cancelled(task.steps, at, this.#names());
    }
  }

  /** Hands out each task once, in the order of their ends, as soon as the time has passed its end. */
  takeEnded(until: number): readonly Task[] {
    const ended = this.#unsettled.filter((task) => endOf(task.steps).at <= until);
    if (ended.length === 0) return [];
    this.#unsettled = this.#unsettled.filter((task) => endOf(task.steps).at > until);
    return ended.sort((a, b) => endOf(a.steps).at - endOf(b.steps).at);
  }

  statusOf(job: Job, at: number): JobStatus {
    const names = this.#names();
    if (job.cancelledAt !== undefined && job.cancelledAt <= at)
      return { status: names.cancelled, endedAt: job.cancelledAt };
    const courses = this.tasksOf(job).map((task) => task.steps);
    const ends = courses.map(endOf);
    const endedAt = ends.reduce((latest, step) => Math.max(latest, step.at), job.submittedAt);
    if (endedAt <= at) return { status: verdict(ends), endedAt };
    const started = courses.some((steps) => stepAt(steps, at).status !== 'queued');
    return { status: started ? 'running' : 'queued', endedAt: undefined };
  }

  /** Whether one of the job's tasks has failed and waits for its internal retry. */
  isRetrying(job: Job, at: number): boolean {
    return this.tasksOf(job).some((task) => {
      const step = stepAt(task.steps, at);
      return step.status === 'failed' && step !== endOf(task.steps);
    });
  }

  /** A task of the same node that has not ended and whose own upstream is part of the new job or over. */
  #sharable(node: WorkflowNode, placed: readonly Task[], at: number): Task | undefined {
    return this.tasksOfNode(node).find((task) => {
      if (endOf(task.steps).at <= at) return false;
      return task.waitsFor.every((id) => {
        const upstream = this.#tasks.get(id);
        return upstream === undefined || endOf(upstream.steps).at <= at || placed.includes(upstream);
      });
    });
  }

  #place(node: WorkflowNode, plan: TaskPlan, upstream: readonly Task[], jobId: string, at: number): Task {
    const ends = upstream.map((task) => endOf(task.steps));
    const blocked = ends.some((step) => step.status !== 'successful');
    const busy = this.tasksOfNode(node).map((task) => endOf(task.steps).at);
    const readyAt = Math.max(at, ...ends.map((step) => step.at), ...busy);
    const outcome = blocked || !node.active ? 'skip' : plan.outcome;
    const task: Task = {
      taskId: this.#newId(),
      node,
      submittedAt: at,
      waitsFor: upstream.map((other) => other.taskId),
      evaluation: plan.evaluation,
      jobIds: [jobId],
      steps: courseOf({ ...plan, outcome }, at, readyAt, this.#names()),
    };
    this.#tasks.set(task.taskId, task);
    const siblings = this.#byNode.get(nodeKey(node)) ?? [];
    siblings.push(task);
    this.#byNode.set(nodeKey(node), siblings);
    this.#unsettled.push(task);
    return task;
  }
}

/**
 * A job's own status from the ends of its tasks: any failure first, then any cancel; skipped tasks alone do
 * not fail it.
 */
const verdict = (ends: readonly Step[]): RunStatus => {
  const has = (...statuses: readonly RunStatus[]): boolean =>
    ends.some((step) => statuses.includes(step.status));
  if (has('failed', 'timedOut')) return 'failed';
  if (has('aborted')) return 'aborted';
  if (has('deleted')) return 'deleted';
  return has('successful') || ends.length === 0 ? 'successful' : 'skipped';
};
