import { allSourceTables } from '../data/source-tables.ts';
import { badRequest, notFound } from '../http/errors.ts';
import { isoOrUndefined, ok } from '../http/reply.ts';
import { type InstanceRequest, instanceRoutes, type Route } from '../http/route.ts';
import { type DataSource, refreshStateAt } from '../world/data-sources.ts';
import type { Instance } from '../world/instance.ts';
import { audit } from './audit.ts';
import { flagOption } from './body.ts';

const dataSourceInfo = (request: InstanceRequest, source: DataSource, includeModel: boolean) => {
  const { instance, behaviours, now } = request;
  const tasks = instance.workflow.tasksOfNode({ operationType: 'ingestion', key: source.id });
  const { state, lastRefresh } = refreshStateAt(tasks, now, behaviours.lastRefreshMovesOnFailure);
  const tables = allSourceTables.filter((table) => table.source === source.name);
  const dataSourceMetadata = {
    dataSourceId: source.id,
    name: source.name,
    friendlyName: source.friendlyName,
    kind: source.kind,
    isActive: true,
    provisioningState: 'active',
    refreshState: state,
    lastRefresh: isoOrUndefined(lastRefresh),
    entityNames: source.tables,
    entitiesCount: source.tables.length,
    entityInformation: tables.map((table) => ({
      entityName: table.name,
      primaryKey: table.key,
      entityType: table.activity === undefined ? 'unspecified' : 'activity',
      timestampFieldName: table.activity?.time,
    })),
    incrementalRefreshProperties: [],
    ...audit(instance, source.createdAt, source.createdAt, 1, 'data.team@contoso.example'),
  };
  if (!includeModel) return { dataSourceMetadata };
  const entities = tables.map(({ name }) => ({ name, isHidden: false, annotations: [] }));
  return { dataSourceMetadata, model: { name: source.name, version: '1.0', culture: 'en-US', entities } };
};

const dataSourceOf = (instance: Instance, id: string | undefined): DataSource => {
  const source = instance.dataSources.find((candidate) => candidate.id === id);
  if (source === undefined) throw notFound('the data source', id ?? '', 'dataSourceNotFound');
  return source;
};

export const dataSourceRoutes: readonly Route[] = [
  ...instanceRoutes(
    'GET manage/datasources',
    'Get-all-data-sources',
    'read',
    '401 404A 500A 503',
    (request) => ok(request.instance.dataSources.map((source) => dataSourceInfo(request, source, false))),
  ),
  ...instanceRoutes(
    'GET manage/datasources/{dataSourceId}',
    'Get-data-source',
    'read',
    '401 500A 503',
    (request) => {
      const source = dataSourceOf(request.instance, request.parameters.dataSourceId);
      return ok(dataSourceInfo(request, source, flagOption(request.query, 'includeModel')));
    },
  ),
  ...instanceRoutes(
    'DELETE manage/datasources/{dataSourceId}',
    'Delete-data-source',
    'write',
    '401 404A 500A 503',
    ({ instance, parameters }) => {
      const source = dataSourceOf(instance, parameters.dataSourceId);
      if (instance.dataSources.length === 1) throw badRequest('the last data source cannot be deleted');
      instance.dataSources.splice(instance.dataSources.indexOf(source), 1);
      return ok({ statusCode: 200 });
    },
  ),
];
