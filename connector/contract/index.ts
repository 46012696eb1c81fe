/** The list of operations. Everything else is derived from it; what the console adds is in console.ts. */
import type { consoleOperations } from './console.ts';
import type { HttpFunction, Operation } from './operation.ts';
import { createItem } from './operations/create-item.ts';
import { deleteSubscription } from './operations/delete-subscription.ts';
import { explainSubscription } from './operations/explain-subscription.ts';
import { getEntities } from './operations/get-entities.ts';
import { getEntitySchema } from './operations/get-entity-schema.ts';
import { getItem } from './operations/get-item.ts';
import { getItems } from './operations/get-items.ts';
import { getRefreshStatus } from './operations/get-refresh-status.ts';
import { listDataSources } from './operations/list-data-sources.ts';
import { listDeliveries } from './operations/list-deliveries.ts';
import { listInstances } from './operations/list-instances.ts';
import { listMeasures } from './operations/list-measures.ts';
import { listObjects } from './operations/list-objects.ts';
import { listScalarMeasures } from './operations/list-scalar-measures.ts';
import { listSegments } from './operations/list-segments.ts';
import { listSubscriptions } from './operations/list-subscriptions.ts';
import { onDataSourceRefreshFailed } from './operations/on-data-source-refresh-failed.ts';
import { onDataSourceRefreshSucceeded } from './operations/on-data-source-refresh-succeeded.ts';
import { onFullRefreshCompleted } from './operations/on-full-refresh-completed.ts';
import { onMeasureThresholdCrossed } from './operations/on-measure-threshold-crossed.ts';
import { onSegmentThresholdCrossed } from './operations/on-segment-threshold-crossed.ts';
import { onTriggerTrouble } from './operations/on-trigger-trouble.ts';
import { onUnificationRefreshCompleted } from './operations/on-unification-refresh-completed.ts';
import { previewThreshold } from './operations/preview-threshold.ts';
import { refresh } from './operations/refresh.ts';
import { removeSubscription } from './operations/remove-subscription.ts';
import { retrieveDataFromPartition } from './operations/retrieve-data-from-partition.ts';
import { retrievePartitions, retrievePartitionsV2 } from './operations/retrieve-partitions.ts';
import { sendSampleEvent } from './operations/send-sample-event.ts';
import { sendStatusReport, sendStatusReportV2 } from './operations/send-status-report.ts';
import { testConnection } from './operations/test-connection.ts';
import { updateItem } from './operations/update-item.ts';

/** In the order in which the designer lists them: triggers, actions, then what only the platform calls. */
export const operations = [
  onDataSourceRefreshFailed,
  onDataSourceRefreshSucceeded,
  onSegmentThresholdCrossed,
  onMeasureThresholdCrossed,
  onFullRefreshCompleted,
  onUnificationRefreshCompleted,
  onTriggerTrouble,
  getEntities,
  getItem,
  getItems,
  createItem,
  updateItem,
  retrievePartitions,
  retrievePartitionsV2,
  retrieveDataFromPartition,
  sendStatusReport,
  sendStatusReportV2,
  refresh,
  getRefreshStatus,
  listSegments,
  listMeasures,
  previewThreshold,
  listSubscriptions,
  explainSubscription,
  listDeliveries,
  sendSampleEvent,
  removeSubscription,
  listInstances,
  listScalarMeasures,
  listObjects,
  listDataSources,
  getEntitySchema,
  testConnection,
  deleteSubscription,
] as const;

export type AnyOperation = (typeof operations)[number];
export type OperationId = AnyOperation['operationId'];
type ServedOperation = AnyOperation | (typeof consoleOperations)[number];
export type ServedOperationId = ServedOperation['operationId'];
export type OperationById<Id extends ServedOperationId> = Extract<
  ServedOperation,
  { readonly operationId: Id }
>;
export type OperationIdOf<Fn extends HttpFunction> = Extract<
  ServedOperation,
  { readonly function: Fn }
>['operationId'];

/** Operations that post notifications. */
export type TriggerId = Extract<AnyOperation, { readonly notification: object }>['operationId'];

/** Path prefix of every route, the swagger's `basePath`. */
export const basePath = '/v1';

/** The API's route key, as API Gateway names it: `GET /v1/datasets`. */
export const routeKey = (operation: Pick<Operation, 'method' | 'path'>): string =>
  `${operation.method} ${basePath}${operation.path}`;

/** Requests may not be larger; bytes. */
export const maximumBodyBytes = 64 * 1024;
