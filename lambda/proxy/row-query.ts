/** Checks the OData options of a read against what the connector passes on, and renders them for upstream. */
import { ConnectorError } from '../runtime/errors.ts';
import {
  parseOrderBy,
  parseSelect,
  renderOrderBy,
  type SortColumn,
  type WrittenColumn,
} from './odata/columns.ts';
import {
  type Filter,
  fieldsOf,
  membershipPosition,
  parseFilter,
  renderFilter,
  withFieldNames,
} from './odata/filter.ts';
import { type QueryOption, QueryOptionProblem } from './odata/problem.ts';
import { parseSearch, renderSearch } from './odata/search.ts';

/** The options as the caller wrote them. */
export interface WrittenOptions {
  readonly $filter?: string | undefined;
  readonly $orderby?: string | undefined;
  readonly $select?: string | undefined;
  readonly $search?: string | undefined;
}

export interface RowOptions {
  readonly filter: Filter | undefined;
  readonly orderBy: readonly SortColumn[];
  readonly select: readonly WrittenColumn[] | undefined;
  readonly search: string | undefined;
}

/** The entity that has members of segments and a search index. */
const searchedEntity = 'Customer';

const optionInvalid = (
  option: QueryOption,
  problem: string,
  position: number,
  allowed: string,
): ConnectorError<'QueryOptionInvalid'> =>
  new ConnectorError(
    'QueryOptionInvalid',
    `${option} ${problem} at position ${position}. Allowed there: ${allowed}.`,
    { details: [{ parameter: option, problem, position, allowed }] },
  );

const parsed = <Value>(value: string | undefined, parse: (text: string) => Value): Value | undefined => {
  if (value === undefined) return undefined;
  try {
    return parse(value);
  } catch (error) {
    if (!(error instanceof QueryOptionProblem)) throw error;
    throw optionInvalid(error.option, error.message, error.position, error.allowed);
  }
};

/** @throws ConnectorError QueryOptionInvalid that points at the position */
export const readRowOptions = (entity: string, written: WrittenOptions): RowOptions => {
  const filter = parsed(written.$filter, parseFilter);
  const search = parsed(written.$search, parseSearch);
  const membership = filter && membershipPosition(filter);
  if (membership !== undefined && entity !== searchedEntity)
    throw optionInvalid(
      '$filter',
      `asks for the members of a segment in ${entity}`,
      membership,
      `IsMemberOfSegment for the entity ${searchedEntity} only`,
    );
  if (search !== undefined && entity !== searchedEntity)
    throw optionInvalid(
      '$search',
      `is used for ${entity}`,
      1,
      `$search for the entity ${searchedEntity} only`,
    );
  return {
    filter,
    search,
    orderBy: parsed(written.$orderby, parseOrderBy) ?? [],
    select: parsed(written.$select, parseSelect),
  };
};

/**
 * Fields that may always be filtered; those of Customer that are indexed come on top. The product's connector
 * documents only the ids of UnifiedActivity; its API serves samples that filter by time and type too.
 */
const alwaysFilterable = (entity: string): readonly string[] =>
  entity === 'UnifiedActivity'
    ? ['ActivityId', 'CustomerId', 'ActivityTime', 'ActivityType', 'ActivityTypeDisplay']
    : ['CustomerId'];

/** Names in messages: an entity may have hundreds of columns. */
const namesShown = 40;

const shownNames = (names: readonly string[]): string =>
  names.length <= namesShown
    ? names.join(', ')
    : `${names.slice(0, namesShown).join(', ')} and ${names.length - namesShown} more`;

/** The name as it is spelt among others: exactly, or in another casing where exactly one fits. */
const speltAmong = (names: readonly string[], written: string): string | undefined => {
  if (names.includes(written)) return written;
  const [found, ...others] = names.filter((name) => name.toLowerCase() === written.toLowerCase());
  return others.length === 0 ? found : undefined;
};

/**
 * Filterable fields as the product's connector documents them.
 * @param indexedFields asked only when it matters
 * @returns the filter with each field as it is spelt
 * @throws ConnectorError FieldNotFilterable, naming those that are
 */
export const checkFilterable = async (
  entity: string,
  filter: Filter | undefined,
  indexedFields: () => Promise<readonly string[]>,
): Promise<Filter | undefined> => {
  if (filter === undefined) return undefined;
  const always = alwaysFilterable(entity);
  const fields = fieldsOf(filter);
  const filterable =
    entity === searchedEntity && fields.some(({ name }) => !always.includes(name))
      ? [...new Set([...always, ...(await indexedFields())])]
      : always;
  const refused = fields.find(({ name }) => speltAmong(filterable, name) === undefined);
  if (refused === undefined)
    return withFieldNames(filter, ({ name }) => speltAmong(filterable, name) ?? name);
  const names = shownNames(filterable);
  const remedy =
    entity === searchedEntity
      ? ' An administrator adds more under Settings > Search & filter index in Customer Insights.'
      : '';
  throw new ConnectorError(
    'FieldNotFilterable',
    `$filter: ${refused.name} (position ${refused.position}) cannot be filtered in ${entity}. Fields that can: ${names}.${remedy}`,
    {
      details: [
        {
          parameter: '$filter',
          problem: `${refused.name} cannot be filtered in ${entity}`,
          position: refused.position,
          allowed: names,
        },
      ],
    },
  );
};

/**
 * The options with each column of $orderby and $select as it is spelt.
 * @param columns of the entity, asked only when it matters; undefined where the caller may not see them
 * @throws ConnectorError QueryOptionInvalid that points at a column the entity does not have
 */
export const checkColumns = async (
  options: RowOptions,
  columns: () => Promise<readonly string[] | undefined>,
): Promise<RowOptions> => {
  if (options.orderBy.length === 0 && options.select === undefined) return options;
  const names = await columns();
  // Without columns Customer Insights itself checks them.
  if (names === undefined || names.length === 0) return options;
  const checked = <Of extends WrittenColumn>(option: QueryOption, written: readonly Of[]): readonly Of[] =>
    written.map((column) => {
      const name = speltAmong(names, column.name);
      if (name === undefined)
        throw optionInvalid(
          option,
          `names the unknown column ${column.name}`,
          column.position,
          shownNames(names),
        );
      return { ...column, name };
    });
  return {
    ...options,
    orderBy: checked('$orderby', options.orderBy),
    select: options.select && checked('$select', options.select),
  };
};

/**
 * The columns to sort by so that pages never overlap: what the caller asked for, made unambiguous by the key.
 * A search keeps its own order of relevance.
 */
const stableOrder = (
  { orderBy, search }: RowOptions,
  key: readonly string[],
): readonly Omit<SortColumn, 'position'>[] =>
  search !== undefined && orderBy.length === 0
    ? []
    : [
        ...orderBy,
        ...key
          .filter((name) => !orderBy.some((column) => column.name === name))
          .map((name) => ({ name, descending: false })),
      ];

/** The options for upstream, without $top and $skip. */
export const renderRowOptions = (options: RowOptions, key: readonly string[]) => {
  const { filter, select, search } = options;
  const order = stableOrder(options, key);
  return {
    ...(filter !== undefined && { $filter: renderFilter(filter) }),
    ...(select !== undefined && { $select: select.map(({ name }) => name).join(',') }),
    ...(order.length > 0 && { $orderby: renderOrderBy(order) }),
    ...(search !== undefined && { $search: renderSearch(search) }),
  };
};
