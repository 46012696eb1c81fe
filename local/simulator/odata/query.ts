import type { Attribute, Row, RowSource } from '../data/row.ts';
import { ODataQueryError } from './error.ts';
import { comparable, compileFilter, type FilterScope, familyOfType, requiredValues } from './evaluate.ts';
import type { QueryOptions, SortKey } from './options.ts';

export interface QueryTable extends FilterScope {
  readonly rows: RowSource;
  /** Columns that `$search` looks into; undefined = the table has no search index. */
  readonly searchable?: readonly string[] | undefined;
  /** The column whose ascending order the rows come in. */
  readonly key: string;
  /** The position-th row of a result without `$orderby`; the identity for key order. */
  readonly order?: ((position: number) => number) | undefined;
}

export interface QueryPage {
  readonly rows: readonly Row[];
  /** All rows that match; known only when it was asked for or came for free. */
  readonly total?: number;
  readonly more: boolean;
}

type Test = (row: Row) => boolean;

/** One page of `limit` rows. Rows that sort alike keep the order of the key, so pages never overlap. */
export const runQuery = (table: QueryTable, options: QueryOptions, limit: number): QueryPage => {
  const tests = [filterTest(table, options), searchTest(table, options)].filter((test) => test !== undefined);
  checkColumns(options.select ?? [], table.attributes, '$select');
  checkColumns(
    options.orderBy.map((key) => key.name),
    table.attributes,
    '$orderby',
  );
  const candidates = candidateRows(table, options);
  if (options.orderBy.length > 0 && !isKeyOrder(table, options))
    return sortedPage(candidates, tests, table, options, limit);

  const found: Row[] = [];
  let matched = 0;
  let more = false;
  const first = tests.length === 0 ? Math.min(options.skip, candidates.size) : 0;
  matched = first;
  for (let position = first; position < candidates.size; position += 1) {
    if (found.length === limit && tests.length === 0) {
      more = true;
      matched = candidates.size;
      break;
    }
    const row = candidates.at(position);
    if (!tests.every((test) => test(row))) continue;
    matched += 1;
    if (matched <= options.skip) continue;
    if (found.length < limit) {
      found.push(row);
      continue;
    }
    more = true;
    if (!options.count) break;
  }
  const rows = found.map((row) => project(row, options.select));
  return options.count ? { rows, more, total: matched } : { rows, more };
};

const sortedPage = (
  candidates: RowSource,
  tests: readonly Test[],
  table: QueryTable,
  options: QueryOptions,
  limit: number,
): QueryPage => {
  const matching: Row[] = [];
  for (let position = 0; position < candidates.size; position += 1) {
    const row = candidates.at(position);
    if (tests.every((test) => test(row))) matching.push(row);
  }
  const sorted = sort(matching, options.orderBy, table.attributes);
  const rows = sorted.slice(options.skip, options.skip + limit).map((row) => project(row, options.select));
  return { rows, total: sorted.length, more: sorted.length > options.skip + limit };
};

/** Paging by key is the common walk: its order is the rows' own, so nothing needs to be sorted. */
const isKeyOrder = (table: QueryTable, { orderBy }: QueryOptions): boolean =>
  orderBy.length === 1 && orderBy[0]?.name === table.key && !orderBy[0].descending;

const filterTest = (table: QueryTable, options: QueryOptions): Test | undefined =>
  options.filter === undefined ? undefined : compileFilter(options.filter, table);

const searchTest = (table: QueryTable, options: QueryOptions): Test | undefined => {
  const { search } = options;
  if (search === undefined) return undefined;
  const columns = table.searchable;
  if (columns === undefined) throw new ODataQueryError('$search', '$search works on Customer only');
  return (row) => {
    const texts = columns.map((name) => String(row[name] ?? '').toLowerCase());
    return search.every((term) => texts.some((text) => text.includes(term)));
  };
};

/** Rows to scan: those the table finds by key where the filter demands one, else all. */
const candidateRows = (table: QueryTable, options: QueryOptions): RowSource => {
  const { rows } = table;
  for (const { field, values } of options.filter === undefined ? [] : requiredValues(options.filter)) {
    const lists = values.map((value) => rows.find?.(field, value));
    if (lists.every((list) => list !== undefined)) {
      const indices = [...new Set(lists.flat())].sort((a, b) => a - b);
      return { size: indices.length, at: (position) => rows.at(indices[position] ?? -1) };
    }
  }
  const order = options.orderBy.length > 0 ? undefined : table.order;
  return order === undefined ? rows : { size: rows.size, at: (position) => rows.at(order(position)) };
};

const checkColumns = (names: readonly string[], attributes: readonly Attribute[], target: string): void => {
  const unknown = names.find((name) => !attributes.some((attribute) => attribute.name === name));
  if (unknown !== undefined) throw new ODataQueryError(target, `unknown property "${unknown}"`);
};

/** Null sorts before every value when ascending (OData 4.01 part 2, 5.1.5). */
const sort = (
  rows: readonly Row[],
  keys: readonly SortKey[],
  attributes: readonly Attribute[],
): readonly Row[] => {
  const families = keys.map(({ name }) => {
    const column = attributes.find((attribute) => attribute.name === name);
    return familyOfType(column?.dataType ?? 'Edm.String');
  });
  const decorated = rows.map((row) => ({
    row,
    values: keys.map(({ name }, index) => comparable(row[name] ?? null, families[index] ?? 'text')),
  }));
  decorated.sort((left, right) => {
    for (const [index, { descending }] of keys.entries()) {
      const [a, b] = [left.values[index] ?? null, right.values[index] ?? null];
      if (a === b) continue;
      const rising = a === null || (b !== null && a < b) ? -1 : 1;
      return descending ? -rising : rising;
    }
    return 0;
  });
  return decorated.map(({ row }) => row);
};

const project = (row: Row, select: readonly string[] | undefined): Row => {
  if (select === undefined) return row;
  return Object.fromEntries(select.map((name) => [name, row[name] ?? null]));
};
