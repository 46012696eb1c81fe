import { permutation } from '../data/permutation.ts';
import type { Row } from '../data/row.ts';
import { notFound, ServiceError } from '../http/errors.ts';
import { ok, type Reply } from '../http/reply.ts';
import { type InstanceRequest, instanceRoutes, type Route } from '../http/route.ts';
import { ODataQueryError } from '../odata/error.ts';
import { parseOptions, type QueryOptions, skipTokenAt } from '../odata/options.ts';
import { type QueryTable, runQuery } from '../odata/query.ts';
import type { Instance } from '../world/instance.ts';
import { membersOf, type Table } from '../world/tables.ts';
import { partitionRequests } from './partitions.ts';

const expandable = ['UnifiedActivity', 'Customer_Measure'] as const;
const keyPath = /^(\w+)\('((?:[^']|'')*)'\)$/;

const read = (request: InstanceRequest): Reply => {
  checkAccept(request.headers.accept);
  const { path, parameters } = addressOf(request);
  try {
    return readPath(request, path, parameters);
  } catch (error) {
    if (!(error instanceof ODataQueryError)) throw error;
    throw new ServiceError(400, 'odataInvalidQuery', error.message, { target: error.target });
  }
};

/** The path and its options; the options may also be encoded into the path, as `{relativePath}` allows. */
const addressOf = (
  request: InstanceRequest,
): {
  readonly path: string;
  readonly parameters: URLSearchParams;
} => {
  const relative = request.parameters.relativePath ?? '';
  const mark = relative.indexOf('?');
  if (mark < 0) return { path: relative, parameters: request.query };
  const parameters = new URLSearchParams(relative.slice(mark + 1));
  for (const [name, value] of request.query) parameters.append(name, value);
  return { path: relative.slice(0, mark), parameters };
};

const readPath = (request: InstanceRequest, path: string, parameters: URLSearchParams): Reply => {
  const { instance, behaviours, now } = request;
  const byKey = keyPath.exec(path);
  if (byKey !== null) return readByKey(request, byKey[1] ?? '', (byKey[2] ?? '').replaceAll("''", "'"));
  const table = tableOf(instance, path);
  const options = parseOptions(parameters);
  if (options.proxy && behaviours.partitionsOnProxy)
    return ok({ httpRequests: partitionRequests(instance, table, request.origin, now) });
  const limit = Math.min(options.top ?? behaviours.pageSize, behaviours.pageCap);
  const page = runQuery(queryTable(request, table, options), options, limit);
  const value = options.expand.length === 0 ? page.rows : expanded(request, table, options, page.rows);
  const remaining = options.top === undefined ? Number.POSITIVE_INFINITY : options.top - limit;
  const next = behaviours.nextLink && page.more && remaining > 0;
  return ok({
    '@odata.context': `$metadata#${table.qualifiedName}`,
    ...(options.count
      ? { '@odata.count': behaviours.odataCount === 'page' ? value.length : page.total }
      : {}),
    value,
    ...(next
      ? { '@odata.nextLink': nextLink(request, path, parameters, options.skip + limit, remaining) }
      : {}),
  });
};

const readByKey = (request: InstanceRequest, name: string, key: string): Reply => {
  if (!request.behaviours.rowByKeyPath) throw new ODataQueryError(name, 'paths with a key are not supported');
  const table = tableOf(request.instance, name);
  const rows = rowsOf(request, table);
  const index = rows.find?.(table.key[0], key)?.[0];
  if (index === undefined) throw notFound(`the row of ${name}`, key);
  return ok({ '@odata.context': `$metadata#${name}/$entity`, ...rows.at(index) });
};

const queryTable = (request: InstanceRequest, table: Table, options: QueryOptions): QueryTable => {
  const { instance, behaviours } = request;
  if (table.dataSource !== undefined && options.filter !== undefined)
    throw new ODataQueryError('$filter', '$filter is not supported on ingested source entities');
  const rows = rowsOf(request, table);
  const scrambled =
    behaviours.rowOrder === 'scrambled' ? permutation(rows.size, instance.seed).at : undefined;
  if (table.qualifiedName !== 'Customer')
    return { rows, key: table.key[0], attributes: table.attributes, order: scrambled };
  const index = instance.searchIndex.attributes;
  const filterable = index.filter((one) => one.isFilterable).map(({ name }) => name);
  return {
    rows,
    key: table.key[0],
    attributes: table.attributes,
    order: scrambled,
    filterable: behaviours.customerFilter === 'indexed' ? new Set(['CustomerId', ...filterable]) : undefined,
    searchable: index.filter((one) => one.isSearchable).map(({ name }) => name),
    memberOf: (name) => {
      const segment = instance.segments.get(name);
      if (segment === undefined) throw new ODataQueryError('$filter', `the segment "${name}" does not exist`);
      const isMember = membersOf(segment, instance.people);
      return (row) => isMember(instance.people.indexOf(String(row.CustomerId)));
    },
  };
};

/** `$expand` adds the customer's rows of the other entity under its name. */
const expanded = (request: InstanceRequest, table: Table, options: QueryOptions, rows: readonly Row[]) => {
  const unknown = options.expand.find((name) => !expandable.some((known) => known === name));
  if (unknown !== undefined || table.qualifiedName !== 'Customer') {
    const what = unknown ?? options.expand.join(',');
    throw new ODataQueryError('$expand', `${table.qualifiedName} cannot expand "${what}"`);
  }
  const sources = options.expand.map((name) => {
    const source = rowsOf(request, tableOf(request.instance, name));
    return { name, source };
  });
  return rows.map((row) => ({
    ...row,
    ...Object.fromEntries(
      sources.map(({ name, source }) => [
        name,
        (source.find?.('CustomerId', String(row.CustomerId)) ?? []).map((index) => source.at(index)),
      ]),
    ),
  }));
};

const nextLink = (
  request: InstanceRequest,
  path: string,
  given: URLSearchParams,
  row: number,
  remaining: number,
): string => {
  const query = new URLSearchParams(given);
  for (const name of ['$skip', '$skiptoken', '$top', 'subscription-key']) query.delete(name);
  if (Number.isFinite(remaining)) query.set('$top', String(remaining));
  query.set('$skiptoken', skipTokenAt(row));
  return `${request.origin}/v1/instances/${request.instance.id}/data/${path}?${query}`;
};

const checkAccept = (accept: string | string[] | undefined): void => {
  const text = String(accept ?? '*/*').toLowerCase();
  const fits = ['*/*', 'application/*', 'application/json'].some((type) => text.includes(type));
  if (!fits) throw new ServiceError(406, 'odataNotAcceptable', 'this service answers application/json only');
};

export const tableOf = (instance: Instance, name: string): Table => {
  const table = instance.table(name);
  if (table === undefined) throw notFound('the entity', name);
  return table;
};

/** A table's rows with those written through the API. */
export const rowsOf = ({ instance, now }: InstanceRequest, table: Table) =>
  instance.written.over(table.qualifiedName, table.key[0], table.rows(), now);

export const rowRoutes: readonly Route[] = instanceRoutes(
  'GET data/{+relativePath}',
  'Get-entities-with-OData-path',
  'read',
  '400O 401 404O 406O 500O 503O',
  read,
);
