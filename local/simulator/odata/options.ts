import { ODataQueryError } from './error.ts';
import { parseFilter } from './parse.ts';
import type { Filter } from './syntax.ts';

export interface SortKey {
  readonly name: string;
  readonly descending: boolean;
}

export interface QueryOptions {
  readonly filter?: Filter;
  /** undefined = all columns. */
  readonly select?: readonly string[];
  readonly expand: readonly string[];
  readonly orderBy: readonly SortKey[];
  /** Words or phrases that must all occur. */
  readonly search?: readonly string[];
  readonly top?: number;
  readonly skip: number;
  readonly count: boolean;
  readonly proxy: boolean;
}

const known = [
  '$filter',
  '$select',
  '$orderby',
  '$expand',
  '$search',
  '$top',
  '$skip',
  '$skiptoken',
  '$count',
  'proxy',
  'forceSearch',
];
/** `&IsMemberOfSegment('X')` beside a filter, as one documented example is printed. */
const looseMembership = /^IsMemberOfSegment\('(?:[^']|'')*'\)$/;

/** @throws ODataQueryError for unknown `$` options, repeated options and malformed values. */
export const parseOptions = (parameters: URLSearchParams): QueryOptions => {
  const given = collect(parameters);
  const text = (name: string): string | undefined => given.get(name);
  const search = text('$search');
  const expand = names(text('$expand'), '$expand') ?? [];
  const select = names(text('$select'), '$select');
  const selectsAll = select === undefined || select.includes('*');
  if (expand.length > 0 && search !== undefined)
    throw new ODataQueryError('$expand', '$expand cannot be combined with $search');
  if (expand.length > 0 && !selectsAll)
    throw new ODataQueryError('$expand', '$expand cannot be combined with a partial $select');
  const filters = [text('$filter'), ...loose(parameters)].filter((part) => part !== undefined);
  const filter = filters.map(parseFilter).reduce<Filter | undefined>(conjunction, undefined);
  const top = text('$top');
  return {
    ...(filter === undefined ? {} : { filter }),
    ...(selectsAll ? {} : { select }),
    ...(search === undefined ? {} : { search: searchTerms(search) }),
    ...(top === undefined ? {} : { top: integer(top, '$top') }),
    expand,
    orderBy: sortKeys(text('$orderby')),
    skip: integer(text('$skip') ?? '0', '$skip') + skipToken(text('$skiptoken')),
    count: truth(text('$count'), '$count'),
    proxy: truth(text('proxy'), 'proxy'),
  };
};

/** The opaque text of `$skiptoken` that continues at this row. */
export const skipTokenAt = (row: number): string => Buffer.from(`row:${row}`).toString('base64url');

const collect = (parameters: URLSearchParams): ReadonlyMap<string, string> => {
  const given = new Map<string, string>();
  for (const [name, value] of parameters) {
    if (name.startsWith('$') && !known.includes(name))
      throw new ODataQueryError(name, `the query option ${name} is not supported`);
    if (given.has(name) && known.includes(name))
      throw new ODataQueryError(name, `${name} may occur only once`);
    given.set(name, value);
  }
  return given;
};

const loose = (parameters: URLSearchParams): readonly string[] =>
  [...parameters.keys()].filter((name) => looseMembership.test(name));

const conjunction = (left: Filter | undefined, right: Filter): Filter =>
  left === undefined ? right : { kind: 'and', left, right };

const names = (text: string | undefined, target: string): readonly string[] | undefined => {
  if (text === undefined) return undefined;
  const list = text.split(',').map((name) => name.trim());
  const wrong = list.find((name) => !/^(?:\*|[A-Za-z_][A-Za-z0-9_]*)$/.test(name));
  if (wrong !== undefined) throw new ODataQueryError(target, `"${wrong}" is not a name`);
  return list;
};

const integer = (text: string, target: string): number => {
  if (!/^\d{1,9}$/.test(text))
    throw new ODataQueryError(target, `${target} must be a whole number, not "${text}"`);
  return Number(text);
};

const truth = (text: string | undefined, target: string): boolean => {
  const value = text?.toLowerCase() ?? 'false';
  if (value !== 'true' && value !== 'false')
    throw new ODataQueryError(target, `${target} must be true or false`);
  return value === 'true';
};

const skipToken = (text: string | undefined): number => {
  if (text === undefined) return 0;
  const row = /^row:(\d{1,9})$/.exec(Buffer.from(text, 'base64url').toString())?.[1];
  if (row === undefined) throw new ODataQueryError('$skiptoken', 'the $skiptoken is not one of this service');
  return Number(row);
};

const sortKeys = (text: string | undefined): readonly SortKey[] => {
  if (text === undefined) return [];
  return text.split(',').map((part) => {
    const match = /^\s*([A-Za-z_][A-Za-z0-9_]*)(?:\s+(asc|desc))?\s*$/.exec(part);
    if (match?.[1] === undefined)
      throw new ODataQueryError('$orderby', `"${part}" is not "<property> asc|desc"`);
    return { name: match[1], descending: match[2] === 'desc' };
  });
};

const searchTerms = (text: string): readonly string[] => {
  const terms: string[] = [];
  for (const match of text.matchAll(/"([^"]*)"|([^\s"]+)|(")/g)) {
    if (match[3] !== undefined) throw new ODataQueryError('$search', 'unterminated phrase', match.index);
    const term = match[1] ?? match[2] ?? '';
    if (match[2] !== undefined && ['AND', 'OR', 'NOT'].includes(term))
      throw new ODataQueryError('$search', `the operator ${term} is not supported`, match.index);
    if (term !== '') terms.push(term.toLowerCase());
  }
  if (terms.length === 0) throw new ODataQueryError('$search', '$search is empty');
  return terms;
};
