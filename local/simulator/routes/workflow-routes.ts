import { isRecord } from '../../../lambda/runtime/json.ts';
import { badRequest, notFound, ServiceError } from '../http/errors.ts';
import { iso, isoOrUndefined, ok } from '../http/reply.ts';
import { type InstanceRequest, instanceRoutes, type Route } from '../http/route.ts';
import { refreshOrder } from '../workflow/graph.ts';
import { endOf, stepAt } from '../workflow/plan.ts';
import type { Job, JobOperation, RunStatus, Task, TaskError, WorkflowNode } from '../workflow/types.ts';
import type { Instance } from '../world/instance.ts';
import { enumValue, flagOption, type JsonObject, textField, textList } from './body.ts';
import { listed } from './job-list.ts';

const errors = '401 404A 500A 503';
const operations: readonly JobOperation[] = [...refreshOrder, 'all'];

const ciError = (error: TaskError | undefined) => {
  if (error === undefined) return {};
  const result = {
    exceptionCulprit: 'external',
    errorCode: error.code,
    resultSeverity: 'error',
    message: error.message,
    name: error.code,
    params: {},
  };
  return { ciError: result, ciErrors: [result] };
};

const isOver = (status: RunStatus): boolean => status !== 'queued' && status !== 'running';

const taskInfo = (instance: Instance, task: Task, now: number) => {
  const step = stepAt(task.steps, now);
  const waiting = task.waitsFor.filter((id) => !instance.workflow.hasEnded(id, now));
  return {
    taskId: task.taskId,
    taskStatus: step.status,
    operationType: task.node.operationType,
    subType: 'noSubType',
    jobIds: task.jobIds,
    friendlyName: task.node.friendlyName,
    submittedTimestamp: iso(task.submittedAt),
    endTimestamp: isOver(step.status) ? iso(step.at) : undefined,
    waitingTaskIds: step.status === 'queued' ? waiting : [],
    ...ciError(step.error),
  };
};

/** GraphJobInfo (3.7). */
export const jobInfo = (instance: Instance, job: Job, now: number, includeTasks: boolean) => {
  const { workflow, behaviours } = instance;
  const state = workflow.statusOf(job, now);
  const shown =
    state.endedAt === undefined && behaviours.retryingJob === 'failed' && workflow.isRetrying(job, now)
      ? { status: 'failed', endedAt: now }
      : state;
  return {
    jobId: job.jobId,
    jobType: job.jobType,
    jobSubmissionKind: job.submissionKind,
    jobStatus: shown.status,
    operationType: job.operationType,
    subType: 'noSubType',
    submittedTimestamp: iso(job.submittedAt),
    endTimestamp: isoOrUndefined(shown.endedAt),
    ...(includeTasks ? { tasks: workflow.tasksOf(job).map((task) => taskInfo(instance, task, now)) } : {}),
    idList: job.idList,
    shouldForceRunRequestedNodes: job.forceRunRequested,
    options: { runDownstreamAfterMerge: job.runDownstreamAfterMerge },
  };
};

/** GraphNodeInfo (3.7): the latest state of one object. */
const nodeInfo = (instance: Instance, node: WorkflowNode, now: number) => {
  const tasks = instance.workflow.tasksOfNode(node);
  const latest = tasks.at(-1);
  const step = latest === undefined ? undefined : stepAt(latest.steps, now);
  const good = tasks.findLast((task) => {
    const end = endOf(task.steps);
    return end.status === 'successful' && end.at <= now;
  });
  const source = instance.dataSources.find(({ id }) => node.operationType === 'ingestion' && id === node.key);
  const byName = instance.behaviours.ingestionIdentifier === 'name';
  return {
    operationType: node.operationType,
    subType: 'noSubType',
    identifier: source !== undefined && byName ? source.name : node.key,
    friendlyName: node.friendlyName,
    taskStatus: step?.status,
    jobIds: latest?.jobIds ?? [],
    lastSuccessJobIds: good?.jobIds ?? [],
    endTimestamp: step !== undefined && isOver(step.status) ? iso(step.at) : undefined,
    lastSuccessfulTimestamp: good === undefined ? undefined : iso(endOf(good.steps).at),
    ...(latest === undefined ? {} : { selectionReason: { code: 'requested', details: '' } }),
    ...ciError(step?.error),
  };
};

/** `main` is the only workflow that is known. */
const checkWorkflow = ({ parameters }: InstanceRequest): void => {
  if (parameters.wf?.toLowerCase() !== 'main') throw notFound('the workflow', parameters.wf ?? '');
};

const jobOf = (request: InstanceRequest): Job => {
  checkWorkflow(request);
  const job = request.instance.workflow.job(request.parameters.jobId ?? '');
  if (job === undefined) throw notFound('the job', request.parameters.jobId ?? '');
  return job;
};

const submit = (request: InstanceRequest) => {
  checkWorkflow(request);
  const { instance, query, behaviours, now } = request;
  const body: JsonObject = request.body === undefined ? {} : submitBody(request.body);
  const fromQuery = query.get('operationType') ?? undefined;
  const fromBody = textField(body, 'operationType');
  const bodyWins = behaviours.submitPrecedence === 'body';
  const operationText = (bodyWins ? (fromBody ?? fromQuery) : (fromQuery ?? fromBody)) ?? '';
  const operationType = enumValue(operationText, operations);
  if (operationType === undefined) throw badRequest(`"operationType" cannot be "${operationText}"`);
  const listedIds = unquoted(query.get('identifiers') ?? '');
  const bodyIds = textList(body.identifiers, 'identifiers');
  const [preferred, other] = bodyWins ? [bodyIds, listedIds] : [listedIds, bodyIds];
  const keys = preferred.length > 0 ? preferred : other;
  if (operationType === 'all' && keys.length > 0)
    throw badRequest('identifiers are allowed only if operationType is not "all"');
  const job = instance.submit(
    {
      operationType,
      keys: keys.map((key) => knownKey(instance, operationType, key)),
      submissionKind:
        textField(body, 'submissionKind')?.toLowerCase() === 'scheduled' ? 'scheduled' : 'onDemand',
      jobType: textField(body, 'jobType')?.toLowerCase() === 'incremental' ? 'incremental' : 'full',
      forceRunRequested: flagOption(query, 'forceRunRequested') || body.forceRunRequested === true,
      runDownstreamAfterMerge: isRecord(body.options) && body.options.runDownstreamAfterMerge === true,
    },
    now,
  );
  return ok(jobInfo(instance, job, now, true));
};

const submitBody = (body: unknown): JsonObject => {
  if (!isRecord(body)) throw badRequest('the body must be an OnDemandJobRequest');
  return body;
};

/** `a,b`, also in the single quotes that the documentation prints. */
const unquoted = (text: string): readonly string[] =>
  text
    .split(',')
    .map((part) => part.trim().replace(/^'(.*)'$/, '$1'))
    .filter((part) => part !== '');

const knownKey = (instance: Instance, operationType: JobOperation, key: string): string => {
  const bySourceName = instance.dataSources.find(({ name }) => operationType === 'ingestion' && name === key);
  const wanted = bySourceName?.id ?? key;
  const measures = operationType === 'measures';
  const known = instance.nodes().some((node) => {
    const same =
      node.operationType === operationType || (measures && node.operationType.endsWith('Measures'));
    return same && node.key === wanted;
  });
  if (!known) throw new ServiceError(404, 'apiResourceNotFound', `${operationType} has no object "${key}"`);
  return wanted;
};

export const workflowRoutes: readonly Route[] = [
  ...instanceRoutes(
    'GET workflows/{wf}/jobs',
    'Get-list-of-recent-workflow-jobs',
    'read',
    errors,
    (request) => {
      checkWorkflow(request);
      const { instance, query, behaviours, now } = request;
      const includeTasks = flagOption(query, 'includeTasks');
      const jobs = listed(instance.workflow.jobs, (job) => job.jobId, query, behaviours);
      return ok(jobs.map((job) => jobInfo(instance, job, now, includeTasks)));
    },
  ),
  ...instanceRoutes(
    'GET workflows/{wf}/jobs/{jobId}',
    'Get-a-workflow-job-information',
    'read',
    errors,
    (request) => {
      const job = jobOf(request);
      const includeTasks = flagOption(request.query, 'includeTasks');
      return ok(jobInfo(request.instance, job, request.now, includeTasks));
    },
  ),
  ...instanceRoutes('POST workflows/{wf}/jobs', 'Submit-a-workflow-job', 'write', errors, submit),
  ...instanceRoutes(
    'POST workflows/{wf}/jobs/{jobId}/cancel',
    'Cancel-a-workflow-job',
    'write',
    errors,
    (request) => {
      const job = jobOf(request);
      request.instance.workflow.cancel(job, request.now);
      request.instance.settle(request.now);
      return ok(jobInfo(request.instance, job, request.now, true));
    },
  ),
  ...instanceRoutes('GET workflows/{wf}/status', 'Get-workflow-status', 'read', errors, (request) => {
    checkWorkflow(request);
    const { instance, now } = request;
    return ok(instance.nodes().map((node) => nodeInfo(instance, node, now)));
  }),
  ...instanceRoutes(
    'GET workflows/{wf}/history',
    'Get-list-of-workflow-task-information-history',
    'read',
    errors,
    (request) => {
      checkWorkflow(request);
      const { instance, query, behaviours, now } = request;
      const tasks = listed(instance.workflow.allTasks(), (task) => task.taskId, query, behaviours);
      return ok(tasks.map((task) => taskInfo(instance, task, now)));
    },
  ),
];
