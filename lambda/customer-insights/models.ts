/**
 * The upstream models, as far as the connector and the watcher read them: one reader per model, and its type.
 * Names and types are those of the published API definition
 * (github.com/microsoft/Dynamics365-CustomerInsights-Client-Libraries, code-model-v1).
 */
import {
  decimal,
  enumValue,
  flag,
  instant,
  int,
  isAnyOf,
  list,
  model,
  type Read,
  text,
  textMap,
  unread,
} from './fields.ts';

type ModelOf<Reader> = Reader extends Read<infer Of> ? Of : never;

const runStatus = enumValue<
  | 'queued'
  | 'needsUpdate'
  | 'running'
  | 'failed'
  | 'timedOut'
  | 'aborted'
  | 'deleted'
  | 'successful'
  | 'skipped'
>();
/** Too many to list; see isAnyOf. */
const operationType = enumValue<
  'all' | 'ingestion' | 'map' | 'match' | 'merge' | 'segmentation' | 'measures'
>();
const submissionKind = enumValue<'onDemand' | 'scheduled'>();

/** Of the models that the definition marks with their audit. */
const audit = { createdBy: text, updatedBy: text };

export const stringInfo = model({ value: text, key: text, args: list(text) });

export const instanceInfo = model({
  instanceId: text,
  name: text,
  instanceType: text,
  expiryTimeUtc: instant,
  azureRegion: text,
});

const searchProperties = model({
  isSearchable: flag,
  isFilterable: flag,
  isFacetable: flag,
  isSortable: flag,
  facetSpecification: text,
});

export const attributeMetadata = model({
  name: text,
  friendlyName: text,
  baseName: text,
  dataType: text,
  semanticType: text,
  searchProperties,
});
export type AttributeMetadata = ModelOf<typeof attributeMetadata>;

export const entityMetadata = model({
  name: text,
  qualifiedEntityName: text,
  dataSourceName: text,
  datasourceId: text,
  dataflowType: text,
  entityType: text,
  /** In the order of the columns of a partition. */
  attributes: list(attributeMetadata),
  keys: list(list(attributeMetadata)),
  refreshTime: instant,
  annotations: list(model({ name: text, value: text })),
});
export type EntityMetadata = ModelOf<typeof entityMetadata>;

export const entityModel = model({ instanceId: text, entities: list(entityMetadata) });

/** Rows keep their own names and values; see parseJson for their numbers. */
export const rowPage = model({ value: list(unread) });
export type Row = Readonly<Record<string, unknown>>;

export const partitionRequests = model({ httpRequests: list(model({ uri: text, headers: textMap })) });

export const dataSourceMetadata = model({
  dataSourceId: text,
  name: text,
  friendlyName: text,
  kind: text,
  isActive: flag,
  provisioningState: text,
  refreshState: enumValue<'notUpdated' | 'updated' | 'updating' | 'updateFailed' | 'updateCancelled'>(),
  lastRefresh: instant,
  entityNames: list(text),
  entitiesCount: int,
  ...audit,
});
export type DataSourceMetadata = ModelOf<typeof dataSourceMetadata>;

export const dataSourceInfo = model({ dataSourceMetadata });

const segmentJobStatus = enumValue<
  | 'None'
  | 'Queued'
  | 'Running'
  | 'CompletedSuccess'
  | 'CompletedFailure'
  | 'Cancelled'
  | 'Interrupted'
  | 'NotQualified'
>();

export const segmentEvaluation = model({
  jobStatus: segmentJobStatus,
  evaluationDate: instant,
  /** Members. */
  entityCount: decimal,
  error: stringInfo,
  /** Only with the latest evaluation; rows of the history have no run id. */
  lastSuccessfulRunId: text,
});
export type SegmentEvaluation = ModelOf<typeof segmentEvaluation>;

export const segmentMetadata = model({
  name: text,
  friendlyName: text,
  description: text,
  state: enumValue<'inactive' | 'active' | 'validating' | 'validated' | 'invalid' | 'validationError'>(),
  evaluationStatus: segmentEvaluation,
  evaluationStatusHistory: list(segmentEvaluation),
  errorDescription: text,
  ...audit,
});
export type SegmentMetadata = ModelOf<typeof segmentMetadata>;

export const measureEvaluation = model({
  lastSuccessfulRunId: text,
  state: enumValue<'none' | 'running' | 'failed' | 'completed'>(),
  endTime: instant,
  error: text,
});
export type MeasureEvaluation = ModelOf<typeof measureEvaluation>;

export const scalarOutput = model({
  /** A scalar measure has exactly one; the name of its key is not published. */
  values: textMap,
  measureName: text,
  /** Start of the evaluation. */
  evaluationTime: instant,
});
export type ScalarOutput = ModelOf<typeof scalarOutput>;

export const measureMetadata = model({
  name: text,
  displayName: text,
  description: text,
  definition: model({
    kind: enumValue<'entity' | 'attribute'>(),
    type: enumValue<'structured' | 'manual'>(),
    isScalar: flag,
    isManualQueryScalar: flag,
    isProfile: flag,
    dimensions: list(model({ field: text, alias: text, displayName: text })),
  }),
  latestEvaluation: measureEvaluation,
  output: scalarOutput,
  evaluationStats: model({ lastSuccessful: instant, consecutiveFailureCount: int }),
  evaluationHistory: list(measureEvaluation),
  outputHistory: list(scalarOutput),
  errorDescription: stringInfo,
  ...audit,
});
export type MeasureMetadata = ModelOf<typeof measureMetadata>;

/**
 * Whether a measure has one value for the whole instance: a business measure without a dimension, also one
 * written in SQL.
 * @returns undefined where the source does not say
 */
export const isScalarMeasure = ({ definition }: MeasureMetadata): boolean | undefined => {
  if (definition === undefined) return undefined;
  const { kind, type, isScalar, isManualQueryScalar } = definition;
  if (isAnyOf(kind, 'attribute')) return false;
  if (isScalar === true || (isAnyOf(type, 'manual') && isManualQueryScalar === true)) return true;
  return isScalar === undefined && isManualQueryScalar === undefined ? undefined : false;
};

/** Also the items of an ApiErrorResult's list. */
export const ciResult = model({
  errorCode: text,
  message: text,
  name: text,
  exceptionCulprit: enumValue<'system' | 'user' | 'external'>(),
  resultSeverity: enumValue<'error' | 'warning' | 'recommendation'>(),
});

export const taskInfo = model({
  taskId: text,
  taskStatus: runStatus,
  operationType,
  subType: text,
  jobIds: list(text),
  friendlyName: text,
  submittedTimestamp: instant,
  endTimestamp: instant,
  ciError: ciResult,
  ciErrors: list(ciResult),
  waitingTaskIds: list(text),
  additionalInfo: unread,
});
export type TaskInfo = ModelOf<typeof taskInfo>;

export const jobInfo = model({
  jobId: text,
  jobType: enumValue<'full' | 'incremental'>(),
  jobSubmissionKind: submissionKind,
  jobStatus: runStatus,
  operationType,
  subType: text,
  submittedTimestamp: instant,
  endTimestamp: instant,
  /** Only when asked for. */
  tasks: list(taskInfo),
  idList: list(text),
});
export type JobInfo = ModelOf<typeof jobInfo>;

export const nodeInfo = model({
  operationType,
  subType: text,
  identifier: text,
  friendlyName: text,
  taskStatus: runStatus,
  jobIds: list(text),
  lastSuccessJobIds: list(text),
  endTimestamp: instant,
  lastSuccessfulTimestamp: instant,
  ciError: ciResult,
  ciErrors: list(ciResult),
  additionalInfo: unread,
  selectionReason: model({ code: text, details: text }),
});
export type NodeInfo = ModelOf<typeof nodeInfo>;

export const searchConfiguration = model({
  isSystemGenerated: flag,
  entityConfig: list(
    model({
      qualifiedEntityName: text,
      attributes: list(model({ name: text, properties: searchProperties })),
    }),
  ),
});
