import { dayMs } from '../../../lambda/runtime/time.ts';
import { notFound, ServiceError } from '../http/errors.ts';
import { iso, isoOrUndefined, ok } from '../http/reply.ts';
import { type InstanceRequest, instanceRoutes, type Route } from '../http/route.ts';
import { stepAt } from '../workflow/plan.ts';
import type { TaskError } from '../workflow/types.ts';
import type { Instance } from '../world/instance.ts';
import type { Segment } from '../world/segments.ts';
import { audit } from './audit.ts';
import { countOption, flagOption, newName, objectBody, textField } from './body.ts';

const errors = '401 404A 500 503';

const stringInfo = (error: TaskError | undefined) =>
  error === undefined ? undefined : { value: error.message, key: error.code, args: [] };

/** `Queued` or `Running` while the segment's latest task is under way. */
const pendingStatus = (
  instance: Instance,
  segment: Segment,
  now: number,
): 'Queued' | 'Running' | undefined => {
  const task = instance.workflow.tasksOfNode({ operationType: 'segmentation', key: segment.name }).at(-1);
  const status = task === undefined ? undefined : stepAt(task.steps, now).status;
  if (status === 'queued') return 'Queued';
  return status === 'running' ? 'Running' : undefined;
};

const evaluationStatus = (instance: Instance, segment: Segment, now: number) => {
  const last = segment.evaluations.at(-1);
  return {
    jobStatus: pendingStatus(instance, segment, now) ?? last?.jobStatus ?? 'None',
    evaluationDate: isoOrUndefined(last?.evaluationDate),
    entityCount: last?.entityCount,
    error: stringInfo(last?.error),
    lastSuccessfulRunId: segment.lastSuccessfulRunId,
  };
};

const segmentMetadata = (request: InstanceRequest, segment: Segment, historyDays: number | undefined) => {
  const { instance, now } = request;
  const since = now - (historyDays ?? 0) * dayMs;
  const history = segment.evaluations
    .filter(({ evaluationDate }) => evaluationDate >= since)
    .map((evaluation) => ({
      evaluationDate: iso(evaluation.evaluationDate),
      entityCount: evaluation.entityCount,
      jobStatus: evaluation.jobStatus,
      error: stringInfo(evaluation.error),
    }));
  return {
    name: segment.name,
    friendlyName: segment.friendlyName,
    description: segment.description,
    kind: 'default',
    state: segment.active ? 'active' : 'inactive',
    evaluationStatus: evaluationStatus(instance, segment, now),
    ...(historyDays === undefined ? {} : { evaluationStatusHistory: history }),
    segmentQueryExpression: segment.query,
    ...audit(instance, segment.createdAt, segment.updatedAt, segment.version, 'maria.olsen@contoso.example'),
  };
};

const segmentOf = (instance: Instance, name: string | undefined): Segment => {
  const segment = instance.segments.get(name ?? '');
  if (segment === undefined) throw notFound('the segment', name ?? '', 'segmentNotFound');
  return segment;
};

const setActive = (request: InstanceRequest, active: boolean) => {
  const segment = segmentOf(request.instance, request.parameters.segmentName);
  segment.active = active;
  segment.version += 1;
  segment.updatedAt = request.now;
  return ok(true);
};

export const segmentRoutes: readonly Route[] = [
  ...instanceRoutes('GET manage/segments', 'Get-all-segments', 'read', errors, (request) => {
    const withHistory = flagOption(request.query, 'includeHistoricStats');
    const days = countOption(request.query, 'historicStatsDays') ?? request.behaviours.historyDays;
    const segments = [...request.instance.segments.values()];
    const limit = countOption(request.query, 'numberOfSegments') ?? segments.length;
    const listed = segments.slice(0, limit);
    return ok(listed.map((segment) => segmentMetadata(request, segment, withHistory ? days : undefined)));
  }),
  ...instanceRoutes('POST manage/segments', 'Create-a-segment', 'write', errors, (request) => {
    const body = objectBody(request.body);
    const name = newName(body);
    if (request.instance.table(name) !== undefined)
      throw new ServiceError(409, 'segmentAlreadyExists', `an entity named "${name}" already exists`);
    const created = request.instance.addSegment(
      {
        name,
        friendlyName: textField(body, 'friendlyName') ?? name,
        description: textField(body, 'description') ?? '',
        active: textField(body, 'state')?.toLowerCase() !== 'inactive',
        query: body.segmentQueryExpression ?? undefined,
      },
      0,
      request.now,
    );
    return { status: 201, json: segmentMetadata(request, created, undefined) };
  }),
  ...instanceRoutes('PUT manage/segments/{segmentName}', 'Update-a-segment', 'write', errors, (request) => {
    const segment = segmentOf(request.instance, request.parameters.segmentName);
    const body = objectBody(request.body);
    segment.friendlyName = textField(body, 'friendlyName') ?? segment.friendlyName;
    segment.description = textField(body, 'description') ?? segment.description;
    segment.query = body.segmentQueryExpression ?? segment.query;
    segment.version += 1;
    segment.updatedAt = request.now;
    return ok(segmentMetadata(request, segment, undefined));
  }),
  ...instanceRoutes(
    'DELETE manage/segments/{segmentName}',
    'Delete-a-segment',
    'write',
    '400A 401 500 503',
    ({ instance, parameters }) => {
      instance.segments.delete(segmentOf(instance, parameters.segmentName).name);
      return ok({ statusCode: 200 });
    },
  ),
  ...instanceRoutes(
    'PUT manage/segments/{segmentName}/activate',
    'Activate-a-segment',
    'write',
    errors,
    (request) => setActive(request, true),
  ),
  ...instanceRoutes(
    'PUT manage/segments/{segmentName}/deactivate',
    'Deactivate-a-segment',
    'write',
    errors,
    (request) => setActive(request, false),
  ),
];
