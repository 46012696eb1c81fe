import { isRecord } from '../../../lambda/runtime/json.ts';
import { dayMs } from '../../../lambda/runtime/time.ts';
import { badRequest, notFound, ServiceError } from '../http/errors.ts';
import { iso, isoOrUndefined, ok } from '../http/reply.ts';
import { type InstanceRequest, instanceRoutes, type Route } from '../http/route.ts';
import { startOf, stepAt } from '../workflow/plan.ts';
import type { Instance } from '../world/instance.ts';
import { isScalar, type Measure, type MeasureEvaluation } from '../world/measures.ts';
import { audit } from './audit.ts';
import { countOption, flagOption, type JsonObject, newName, objectBody, textField } from './body.ts';

const errors = '401 404A 500 503';
const writeErrors = '400P 401 404A 500 503';

const definition = (measure: Measure) => {
  const { operation, field, alias } = measure.aggregate;
  const manual = measure.type === 'manual';
  const scalar = isScalar(measure);
  return {
    kind: measure.kind,
    type: measure.type,
    isScalar: scalar && !manual,
    isManualQueryScalar: scalar && manual,
    isProfile: measure.kind === 'attribute',
    dimensions: measure.dimensions.map((dimension, order) => ({
      ...dimension,
      displayName: dimension.alias,
      order,
      bucket: 'none',
      isReadOnly: false,
    })),
    aggregates: manual
      ? []
      : [{ operation, field, alias, displayName: measure.displayName, order: 0, isIncluded: true }],
    linkedEntities: manual ? [] : [{ kind: 'base', entity: 'UnifiedActivity', alias: 'UnifiedActivity' }],
    variables: [],
    ...(manual ? { measureQuerySql: `SELECT ${operation}(${field}) AS ${alias} FROM PoS_posPurchases` } : {}),
    dependencies: [{ qualifiedEntityName: 'UnifiedActivity', type: 'unifiedActivity', attributeNames: [] }],
  };
};

const evaluationOf = (evaluation: MeasureEvaluation) => ({
  lastSuccessfulRunId: evaluation.runId,
  state: evaluation.state,
  endTime: iso(evaluation.endedAt),
  error: evaluation.error,
});

const outputOf = (measure: Measure, evaluation: MeasureEvaluation) => ({
  values: { [measure.aggregate.alias]: evaluation.value },
  measureName: measure.name,
  evaluationTime: iso(evaluation.startedAt),
});

const latestEvaluation = (instance: Instance, measure: Measure, now: number) => {
  const operationType = instance.measureOperation(measure);
  const task = instance.workflow.tasksOfNode({ operationType, key: measure.name }).at(-1);
  if (task !== undefined && stepAt(task.steps, now).status === 'running' && startOf(task.steps) <= now)
    return { lastSuccessfulRunId: measure.lastSuccessfulRunId, state: 'running' };
  const last = measure.evaluations.at(-1);
  return last === undefined ? { state: 'none' } : evaluationOf(last);
};

const measureMetadata = (
  request: InstanceRequest,
  measure: Measure,
  shape: { output: boolean; days?: number },
) => {
  const { instance, now } = request;
  const since = now - (shape.days ?? 0) * dayMs;
  const recent = measure.evaluations.filter(({ endedAt }) => endedAt >= since);
  const valued = isScalar(measure) ? measure.evaluations.filter(({ value }) => value !== undefined) : [];
  const lastValued = valued.at(-1);
  return {
    name: measure.name,
    displayName: measure.displayName,
    description: measure.description,
    definition: definition(measure),
    latestEvaluation: latestEvaluation(instance, measure, now),
    output: shape.output && lastValued !== undefined ? outputOf(measure, lastValued) : undefined,
    evaluationStats: {
      lastSuccessful: isoOrUndefined(measure.lastSuccessfulAt),
      consecutiveFailureCount: measure.consecutiveFailures,
    },
    ...(shape.days === undefined
      ? {}
      : {
          evaluationHistory: recent.map(evaluationOf),
          outputHistory: valued.filter((one) => recent.includes(one)).map((one) => outputOf(measure, one)),
        }),
    isTemplate: false,
    isCreatedFromTemplate: false,
    ...audit(instance, measure.createdAt, measure.updatedAt, measure.version, 'jonas.weber@contoso.example'),
  };
};

const measureOf = (instance: Instance, name: string | undefined): Measure => {
  const measure = instance.measures.get(name ?? '');
  if (measure === undefined) throw notFound('the measure', name ?? '', 'measureNotFound');
  return measure;
};

const dimensionsOf = (body: JsonObject): Measure['dimensions'] | undefined => {
  const given = isRecord(body.definition) ? body.definition.dimensions : undefined;
  if (given === undefined || given === null) return undefined;
  if (!Array.isArray(given)) throw badRequest('"definition.dimensions" must be a list');
  return given.map((entry: unknown) => {
    const dimension = objectBody(entry);
    const field = textField(dimension, 'field');
    if (field === undefined) throw badRequest('each dimension needs a "field"');
    return { field, alias: textField(dimension, 'alias') ?? field };
  });
};

export const measureRoutes: readonly Route[] = [
  ...instanceRoutes('GET manage/measures', 'Get-a-list-of-measures-metadata', 'read', errors, (request) => {
    const output = request.behaviours.measureListOutput;
    return ok(
      [...request.instance.measures.values()].map((one) => measureMetadata(request, one, { output })),
    );
  }),
  ...instanceRoutes(
    'GET manage/measures/{measureName}',
    'Get-metadata-for-a-measure',
    'read',
    errors,
    (request) => {
      const measure = measureOf(request.instance, request.parameters.measureName);
      const days = countOption(request.query, 'historicStatsDays') ?? request.behaviours.historyDays;
      const withHistory = flagOption(request.query, 'includeHistoricStats');
      return ok(measureMetadata(request, measure, withHistory ? { output: true, days } : { output: true }));
    },
  ),
  ...instanceRoutes('POST manage/measures', 'Create-a-measure', 'write', writeErrors, (request) => {
    const body = objectBody(request.body);
    const name = newName(body);
    if (request.instance.measures.has(name) || request.instance.table(name) !== undefined)
      throw new ServiceError(409, 'measureAlreadyExists', `an entity named "${name}" already exists`);
    const created = request.instance.addMeasure(
      {
        name,
        displayName: textField(body, 'displayName') ?? name,
        description: textField(body, 'description') ?? '',
        kind: 'entity',
        type: 'structured',
        aggregate: { operation: 'sum', field: 'TotalPrice', alias: name },
        dimensions: dimensionsOf(body) ?? [],
      },
      request.now,
    );
    return ok(measureMetadata(request, created, { output: true }));
  }),
  ...instanceRoutes(
    'PUT manage/measures/{measureName}',
    'Update-a-measure',
    'write',
    writeErrors,
    (request) => {
      const measure = measureOf(request.instance, request.parameters.measureName);
      const body = objectBody(request.body);
      measure.displayName = textField(body, 'displayName') ?? measure.displayName;
      measure.description = textField(body, 'description') ?? measure.description;
      measure.dimensions = dimensionsOf(body) ?? measure.dimensions;
      measure.version += 1;
      measure.updatedAt = request.now;
      return ok(measureMetadata(request, measure, { output: true }));
    },
  ),
  ...instanceRoutes(
    'DELETE manage/measures/{measureName}',
    'Delete-a-measure',
    'write',
    errors,
    ({ instance, parameters }) => {
      instance.measures.delete(measureOf(instance, parameters.measureName).name);
      return ok({ statusCode: 200 });
    },
  ),
];
