/** The list of operations. Everything else is derived from it. */
import type { HttpFunction, Operation } from './operation.ts';
import { deleteSubscription } from './operations/delete-subscription.ts';
import { getItems } from './operations/get-items.ts';
import { listDataSources } from './operations/list-data-sources.ts';
import { listInstances } from './operations/list-instances.ts';
import { listSegments } from './operations/list-segments.ts';
import { onDataSourceRefreshFailed } from './operations/on-data-source-refresh-failed.ts';
import { onSegmentThresholdCrossed } from './operations/on-segment-threshold-crossed.ts';

/** In the order in which the designer lists them: triggers, actions, then what only the platform calls. */
export const operations = [
  onDataSourceRefreshFailed,
  onSegmentThresholdCrossed,
  getItems,
  listInstances,
  listSegments,
  listDataSources,
  deleteSubscription,
] as const;

export type AnyOperation = (typeof operations)[number];
export type OperationId = AnyOperation['operationId'];
export type OperationById<Id extends OperationId> = Extract<AnyOperation, { readonly operationId: Id }>;
export type OperationIdOf<Fn extends HttpFunction> = Extract<
  AnyOperation,
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
