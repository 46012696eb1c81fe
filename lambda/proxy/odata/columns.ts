/** `$orderby` and `$select`: lists of columns. */
import { checkLength, type QueryOption, QueryOptionProblem, shownText } from './problem.ts';
import { type Token, tokensOf } from './tokens.ts';

/** A column as it was written, and its position, counted from 1. */
export interface WrittenColumn {
  readonly name: string;
  readonly position: number;
}

export interface SortColumn extends WrittenColumn {
  readonly descending: boolean;
}

const listForm = 'names of columns, separated by commas';

/** The value's tokens between commas, and where each group begins. */
const groups = (option: QueryOption, value: string): readonly (readonly Token[])[] => {
  checkLength(option, value);
  const split: Token[][] = [[]];
  for (const token of tokensOf(option, value)) {
    if (token.kind === 'end') split.at(-1)?.push(token);
    else if (token.kind === ',') {
      split.at(-1)?.push({ kind: 'end', text: token.text, at: token.at });
      split.push([]);
    } else split.at(-1)?.push(token);
  }
  return split;
};

/** The name a group begins with; the rest of the group follows it. */
const nameOf = (option: QueryOption, group: readonly Token[], allowed: string): WrittenColumn => {
  const [first] = group;
  if (first?.kind === 'name') return { name: first.text, position: first.at + 1 };
  throw new QueryOptionProblem(
    option,
    first === undefined || first.kind === 'end'
      ? 'lacks the name of a column'
      : `has ${shownText(first.text)} where a column is expected`,
    first?.at ?? 0,
    allowed,
  );
};

const surplus = (option: QueryOption, token: Token, allowed: string): QueryOptionProblem =>
  new QueryOptionProblem(option, `has ${shownText(token.text)} where it is not expected`, token.at, allowed);

const checkUnique = (
  option: QueryOption,
  names: readonly string[],
  parsed: readonly (readonly Token[])[],
): void => {
  const repeated = names.findIndex((name, at) => names.indexOf(name) !== at);
  if (repeated >= 0)
    throw new QueryOptionProblem(
      option,
      `names ${shownText(names[repeated] ?? '')} twice`,
      parsed[repeated]?.[0]?.at ?? 0,
      'each column once',
    );
};

/**
 * `ActivityTime desc,CustomerId`.
 * @throws QueryOptionProblem
 */
export const parseOrderBy = (value: string): readonly SortColumn[] => {
  const parsed = groups('$orderby', value);
  const columns = parsed.map((group) => {
    const name = nameOf('$orderby', group, 'a column, followed by asc or desc if wanted');
    const [, direction, rest] = group;
    if (direction === undefined || direction.kind === 'end') return { ...name, descending: false };
    if (direction.kind !== 'name' || !/^(?:asc|desc)$/.test(direction.text))
      throw surplus('$orderby', direction, 'asc, desc or a comma');
    if (rest !== undefined && rest.kind !== 'end') throw surplus('$orderby', rest, 'a comma');
    return { ...name, descending: direction.text === 'desc' };
  });
  checkUnique(
    '$orderby',
    columns.map(({ name }) => name),
    parsed,
  );
  return columns;
};

export const renderOrderBy = (columns: readonly Omit<SortColumn, 'position'>[]): string =>
  columns.map(({ name, descending }) => `${name} ${descending ? 'desc' : 'asc'}`).join(',');

/**
 * `CustomerId,FullName`; undefined for `*`, which means all columns.
 * @throws QueryOptionProblem
 */
export const parseSelect = (value: string): readonly WrittenColumn[] | undefined => {
  const parsed = groups('$select', value);
  if (parsed.length === 1 && parsed[0]?.[0]?.kind === '*' && parsed[0][1]?.kind === 'end') return undefined;
  const names = parsed.map((group) => {
    const name = nameOf('$select', group, listForm);
    const rest = group[1];
    if (rest !== undefined && rest.kind !== 'end') throw surplus('$select', rest, 'a comma');
    return name;
  });
  checkUnique(
    '$select',
    names.map(({ name }) => name),
    parsed,
  );
  return names;
};
