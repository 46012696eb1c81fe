import type { Attribute } from '../data/row.ts';
import { notFound } from '../http/errors.ts';
import { iso, isoOrUndefined, ok } from '../http/reply.ts';
import { type InstanceRequest, instanceRoutes, type Route } from '../http/route.ts';
import { endOf } from '../workflow/plan.ts';
import type { Instance } from '../world/instance.ts';
import type { Table } from '../world/tables.ts';
import { flagOption } from './body.ts';
import { partitionNames } from './partitions.ts';

const errors = '400A 401 404A 500 503A';

const attributeInfo = (instance: Instance, table: Table, column: Attribute) => {
  const indexed =
    table.qualifiedName === 'Customer'
      ? instance.searchIndex.attributes.find(({ name }) => name === column.name)
      : undefined;
  if (indexed === undefined) return { ...column, friendlyName: column.name };
  const { name: _name, ...searchProperties } = indexed;
  return { ...column, friendlyName: column.name, searchProperties };
};

/** When the node behind a table last succeeded. */
const refreshTime = (instance: Instance, table: Table, now: number): number | undefined => {
  const ends = instance.workflow.tasksOfNode(table.refreshedBy).map((task) => endOf(task.steps));
  return ends.findLast((step) => step.status === 'successful' && step.at <= now)?.at;
};

const entityMetadata = (request: InstanceRequest, table: Table) => {
  const { instance, now, query } = request;
  const infoOf = (column: Attribute) => attributeInfo(instance, table, column);
  const keyColumns = table.attributes.filter(({ name }) => table.key.includes(name));
  const refreshed = refreshTime(instance, table, now);
  return {
    name: table.name,
    qualifiedEntityName: table.qualifiedName,
    dataSourceName: table.dataSource?.name,
    datasourceId: table.dataSource?.id,
    dataflowType: table.dataflowType,
    entityType: table.entityType,
    attributes: table.attributes.map(infoOf),
    keys: [keyColumns.map(infoOf)],
    relationships: [],
    semanticType: table.semanticType,
    refreshTime: isoOrUndefined(refreshed),
    shouldUseSparkSasAuth: false,
    partitions: partitionNames(table).map((name) => ({
      name,
      location: `${table.qualifiedName}/${name}`,
      refreshTime: iso(refreshed ?? instance.createdAt),
      isCIGenerated: table.dataSource === undefined,
      forceSasAuth: true,
      hasHeader: table.segment !== undefined && request.behaviours.segmentPartitionHeader,
    })),
    ...(flagOption(query, 'attributesAnnotations')
      ? { annotations: table.key.map((name) => ({ name: `${name}.Mandatory`, value: 'true' })) }
      : {}),
  };
};

const tableOf = ({ instance, parameters }: InstanceRequest): Table => {
  const table = instance.table(parameters.entityName ?? '');
  if (table === undefined) throw notFound('the entity', parameters.entityName ?? '');
  return table;
};

export const entityRoutes: readonly Route[] = [
  ...instanceRoutes('GET manage/entities', 'Get-all-entity-metadata', 'read', errors, (request) => {
    const { instance, query } = request;
    flagOption(query, 'includeQuarantined');
    flagOption(query, 'includeSelfConflatedEntity');
    const entities = instance.tables().map((table) => entityMetadata(request, table));
    return ok({ instanceId: instance.id, dataflowType: 'unknown', entities });
  }),
  ...instanceRoutes('GET manage/entities/{entityName}', 'Get-entity-metadata', 'read', errors, (request) =>
    ok(entityMetadata(request, tableOf(request))),
  ),
  ...instanceRoutes(
    'GET manage/entities/{entityName}/entitysize',
    'Get-entity-size',
    'read',
    '401 404A 500A 503A',
    (request) => {
      const table = tableOf(request);
      const rowCount = table.rows().size;
      return ok({
        qualifiedEntityName: table.qualifiedName,
        size: rowCount * table.attributes.length * 14,
        rowCount,
      });
    },
  ),
];
