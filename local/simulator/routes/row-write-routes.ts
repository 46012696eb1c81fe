import { isRecord } from '../../../lambda/runtime/json.ts';
import { dayMs, hourMs } from '../../../lambda/runtime/time.ts';
import { activityKinds } from '../data/activities.ts';
import { customerAttributes } from '../data/customers.ts';
import type { Attribute, Cell, EdmType, Row } from '../data/row.ts';
import { badRequest, notFound, ServiceError } from '../http/errors.ts';
import type { Reply } from '../http/reply.ts';
import { type InstanceRequest, instanceRoutes, type Route } from '../http/route.ts';
import { guid, hashText } from '../random.ts';
import type { Table } from '../world/tables.ts';
import type { JsonObject } from './body.ts';
import { rowsOf, tableOf } from './row-routes.ts';

/** 5.3: how long a write is seen without `validUntil`, and the most that `validUntil` may ask for. */
const profileValidity = 4 * hourMs;
const activityValidity = 30 * dayMs;
const longestValidity = 30 * dayMs;

const create = (request: InstanceRequest): Reply => {
  const { instance, now, behaviours } = request;
  const table = tableOf(instance, request.parameters.entityName ?? '');
  if (table.qualifiedName === 'Customer')
    throw badRequest('profiles can be updated but not created', 'Customer');
  const isTimeline = table.qualifiedName === 'UnifiedActivity';
  if (!isTimeline && table.sourceTable?.activity === undefined)
    throw badRequest(`"${table.qualifiedName}" is not set up as an activity entity`, table.qualifiedName);
  const cells = checkedCells(jsonRow(request.body), table.attributes);
  const key = cells[table.key[0]];
  if (typeof key !== 'string' || key === '')
    throw badRequest(`the row needs its key "${table.key[0]}"`, table.key[0]);
  if (keyExists(request, table, key))
    throw new ServiceError(409, 'odataConflict', `a row with ${table.key[0]} "${key}" already exists`);
  const validUntil = validity(request, activityValidity);
  const row = withNulls(cells, table.attributes);
  const visibleFrom = now + behaviours.writeVisibleAfterMs;
  instance.written.create(table.qualifiedName, { key, cells: row, visibleFrom, validUntil });
  if (!isTimeline) {
    const activity = timelineRow(request, table, row);
    const activityKey = String(activity.ActivityId);
    instance.written.create('UnifiedActivity', {
      key: activityKey,
      cells: activity,
      visibleFrom,
      validUntil,
    });
  }
  return created(request, table, key, row);
};

const created = (request: InstanceRequest, table: Table, key: string, row: Row): Reply => {
  const status = request.behaviours.createStatus === 'accepted' ? 202 : 201;
  const location = `${request.origin}/v1/instances/${request.instance.id}/data/${table.qualifiedName}('${key}')`;
  switch (request.behaviours.createBody) {
    case 'empty':
      return { status, headers: { Location: location } };
    case 'row':
      return { status, json: row, headers: { Location: location } };
    case 'wrapper':
      return { status, json: { location, value: row, formatters: [], contentTypes: [], statusCode: status } };
  }
};

const update = (request: InstanceRequest): Reply => {
  const { instance, now, behaviours } = request;
  const table = tableOf(instance, request.parameters.entityName ?? '');
  if (table.qualifiedName !== 'Customer')
    throw badRequest('only Customer can be updated; activities are immutable', table.qualifiedName);
  const key = request.parameters.entityId ?? '';
  if (instance.people.indexOf(key) < 0) throw notFound('the customer', key);
  const cells = checkedCells(jsonRow(request.body), customerAttributes);
  if (cells.CustomerId !== undefined && cells.CustomerId !== key)
    throw badRequest('CustomerId cannot be changed', 'CustomerId');
  instance.written.change('Customer', {
    key,
    cells,
    visibleFrom: now + behaviours.writeVisibleAfterMs,
    validUntil: validity(request, profileValidity),
  });
  return { status: 204 };
};

/** The activity that a row of a source entity becomes on the timeline. */
const timelineRow = ({ instance }: InstanceRequest, table: Table, row: Row): Row => {
  const activity = table.sourceTable?.activity;
  if (activity === undefined) throw badRequest(`"${table.qualifiedName}" contains no activities`);
  const kind = activityKinds[activity.kind];
  const sourceId = String(row[table.key[0]]);
  const customer = instance.people.indexOfSourceKey(String(row[activity.customer]));
  return {
    ActivityId: guid(instance.seed, hashText(`${table.qualifiedName}/${sourceId}`)).replaceAll('-', ''),
    CustomerId: customer < 0 ? null : instance.people.id(customer),
    ActivityType: kind.type,
    ActivityTypeDisplay: kind.display,
    ActivityTime: row[activity.time] ?? null,
    Title: kind.display,
    Description: null,
    URL: null,
    SourceTableName: table.qualifiedName,
    SourceActivityId: sourceId,
  };
};

const keyExists = (request: InstanceRequest, table: Table, key: string): boolean => {
  const rows = rowsOf(request, table);
  const found = rows.find?.(table.key[0], key);
  if (found !== undefined) return found.length > 0;
  let [low, high] = [0, rows.size];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (String(rows.at(middle)[table.key[0]]) < key) low = middle + 1;
    else high = middle;
  }
  return low < rows.size && rows.at(low)[table.key[0]] === key;
};

/** One JSON object, or a string that holds one: the definition declares the body as a string. */
const jsonRow = (body: unknown): JsonObject => {
  let row = body;
  if (typeof body === 'string') {
    try {
      row = JSON.parse(body);
    } catch (cause) {
      throw new ServiceError(400, 'odataInvalidBody', `the row is not JSON: ${String(cause)}`);
    }
  }
  if (!isRecord(row) || Object.keys(row).length === 0)
    throw badRequest('the body must be one JSON object with fields');
  return row;
};

const checkedCells = (row: JsonObject, attributes: readonly Attribute[]): Row => {
  const cells = Object.entries(row).map(([name, value]): [string, Cell] => {
    const column = attributes.find((attribute) => attribute.name === name);
    if (column === undefined) throw badRequest(`unknown property "${name}"`, name);
    if (!isCell(value) || !fits(value, column.dataType))
      throw badRequest(`"${name}" must be ${column.dataType}`, name);
    return [name, value];
  });
  return Object.fromEntries(cells);
};

const isCell = (value: unknown): value is Cell =>
  value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';

const fits = (value: Cell, type: EdmType): boolean => {
  if (value === null) return true;
  switch (type) {
    case 'Edm.Boolean':
      return typeof value === 'boolean';
    case 'Edm.Int32':
    case 'Edm.Int64':
      return Number.isInteger(value);
    case 'Edm.Double':
    case 'Edm.Decimal':
      return typeof value === 'number';
    case 'Edm.Date':
    case 'Edm.DateTimeOffset':
      return typeof value === 'string' && !Number.isNaN(Date.parse(value));
    default:
      return typeof value === 'string';
  }
};

const withNulls = (cells: Row, attributes: readonly Attribute[]): Row =>
  Object.fromEntries(attributes.map(({ name }): [string, Cell] => [name, cells[name] ?? null]));

const validity = ({ query, now }: InstanceRequest, standard: number): number => {
  const text = query.get('validUntil');
  if (text === null) return now + standard;
  const until = Date.parse(text);
  if (Number.isNaN(until)) throw badRequest('"validUntil" must be an ISO 8601 date and time', 'validUntil');
  if (until <= now) throw badRequest('"validUntil" is in the past', 'validUntil');
  if (until > now + longestValidity)
    throw badRequest('"validUntil" is more than 30 days in the future', 'validUntil');
  return until;
};

export const rowWriteRoutes: readonly Route[] = [
  ...instanceRoutes(
    'POST data/{entityName}',
    'Create-an-entity',
    'write',
    '400O 401 404O 409O 429 500 503',
    create,
  ),
  ...instanceRoutes(
    'PATCH data/{entityName}/{entityId}',
    'Update-an-entity',
    'write',
    '400O 401 404O 429 500 503',
    update,
  ),
];
