import type { Attribute, Cell, EdmType, Row } from '../data/row.ts';
import { ODataQueryError } from './error.ts';
import type { Comparison, Filter, Literal, Operand } from './syntax.ts';

type Test = (row: Row) => boolean;
type Scalar = string | number | boolean | null;
type Family = 'text' | 'number' | 'boolean' | 'time' | 'null';

export interface FilterScope {
  readonly attributes: readonly Attribute[];
  /** Attributes that may be filtered; undefined = all. */
  readonly filterable?: ReadonlySet<string> | undefined;
  /** The membership test of a segment, for tables of profiles; throws for an unknown segment. */
  memberOf?(segment: string): (row: Row) => boolean;
}

const families: Readonly<Record<EdmType, Family>> = {
  'Edm.String': 'text',
  'Edm.Guid': 'text',
  'Edm.Boolean': 'boolean',
  'Edm.Int32': 'number',
  'Edm.Int64': 'number',
  'Edm.Double': 'number',
  'Edm.Decimal': 'number',
  'Edm.Date': 'time',
  'Edm.DateTimeOffset': 'time',
};

/**
 * Binds a filter to a table's columns.
 * @throws ODataQueryError for unknown columns and types that do not compare.
 */
export const compileFilter = (filter: Filter, scope: FilterScope): Test => {
  switch (filter.kind) {
    case 'and': {
      const [left, right] = [compileFilter(filter.left, scope), compileFilter(filter.right, scope)];
      return (row) => left(row) && right(row);
    }
    case 'or': {
      const [left, right] = [compileFilter(filter.left, scope), compileFilter(filter.right, scope)];
      return (row) => left(row) || right(row);
    }
    case 'not': {
      const of = compileFilter(filter.of, scope);
      return (row) => !of(row);
    }
    case 'compare':
      return comparison(filter.by, filter.left, filter.right, scope);
    case 'in': {
      const tests = filter.list.map((item) => comparison('eq', filter.left, item, scope));
      return (row) => tests.some((test) => test(row));
    }
    case 'text': {
      const [of, part] = [bind(filter.of, scope), bind(filter.part, scope)];
      if (of.family !== 'text' || part.family !== 'text')
        throw new ODataQueryError('$filter', `${filter.by} takes two strings`, filter.of.position);
      return (row) => textTest(filter.by, of.read(row), part.read(row));
    }
    case 'member':
      if (scope.memberOf === undefined)
        throw new ODataQueryError('$filter', 'IsMemberOfSegment filters Customer only', filter.position);
      return scope.memberOf(filter.segment);
    case 'truth': {
      const of = bind(filter.of, scope);
      if (of.family !== 'boolean')
        throw new ODataQueryError('$filter', 'expected a comparison', filter.of.position);
      return (row) => of.read(row) === true;
    }
  }
};

interface Bound {
  readonly family: Family;
  read(row: Row): Scalar;
}

const bind = (operand: Operand, scope: FilterScope): Bound => {
  if (operand.kind === 'literal') {
    const value = operand.literal.type === 'null' ? null : operand.literal.value;
    return { family: familyOf(operand.literal), read: () => value };
  }
  const { name, position } = operand;
  const column = scope.attributes.find((attribute) => attribute.name === name);
  if (column === undefined) throw new ODataQueryError('$filter', `unknown property "${name}"`, position);
  if (scope.filterable !== undefined && !scope.filterable.has(name))
    throw new ODataQueryError('$filter', `"${name}" is not indexed for filtering`, position);
  const family = families[column.dataType];
  return { family, read: (row) => comparable(row[name] ?? null, family) };
};

const familyOf = (literal: Literal): Family => {
  if (literal.type === 'string' || literal.type === 'guid') return 'text';
  return literal.type === 'date' || literal.type === 'dateTime' ? 'time' : literal.type;
};

/** A value in the form that compares and sorts as its type does. */
export const comparable = (cell: Cell, family: Family): Scalar =>
  family === 'time' && typeof cell === 'string' ? Date.parse(cell) : cell;

export const familyOfType = (type: EdmType): Family => families[type];

const comparison = (by: Comparison, left: Operand, right: Operand, scope: FilterScope): Test => {
  const [a, b] = [bind(left, scope), bind(right, scope)];
  if (a.family !== b.family && a.family !== 'null' && b.family !== 'null') {
    const message = `"${by}" cannot compare a ${a.family} with a ${b.family}`;
    throw new ODataQueryError('$filter', message, left.position);
  }
  return (row) => compare(by, a.read(row), b.read(row));
};

/** OData 4.01 part 2, 5.1.1.1: null equals null only; every order comparison with null is false. */
const compare = (by: Comparison, a: Scalar, b: Scalar): boolean => {
  if (by === 'eq') return a === b;
  if (by === 'ne') return a !== b;
  if (a === null || b === null) return false;
  switch (by) {
    case 'gt':
      return a > b;
    case 'ge':
      return a >= b;
    case 'lt':
      return a < b;
    case 'le':
      return a <= b;
  }
};

const textTest = (by: 'contains' | 'startswith' | 'endswith', of: Scalar, part: Scalar): boolean => {
  if (typeof of !== 'string' || typeof part !== 'string') return false;
  if (by === 'contains') return of.includes(part);
  return by === 'startswith' ? of.startsWith(part) : of.endsWith(part);
};

/**
 * Narrows a scan: for `field eq 'value'` and `field in (...)` that every row found must satisfy, the field
 * and values.
 */
export const requiredValues = (filter: Filter): readonly { field: string; values: readonly string[] }[] => {
  if (filter.kind === 'and') return [...requiredValues(filter.left), ...requiredValues(filter.right)];
  const texts = (items: readonly Operand[]): readonly string[] | undefined => {
    const values = items.map((item) =>
      item.kind === 'literal' && item.literal.type === 'string' ? item.literal.value : undefined,
    );
    return values.every((value) => value !== undefined) ? values : undefined;
  };
  if (filter.kind === 'compare' && filter.by === 'eq' && filter.left.kind === 'property') {
    const values = texts([filter.right]);
    return values === undefined ? [] : [{ field: filter.left.name, values }];
  }
  if (filter.kind === 'in' && filter.left.kind === 'property') {
    const values = texts(filter.list);
    return values === undefined ? [] : [{ field: filter.left.name, values }];
  }
  return [];
};
