/** The query options whose value is a language of its own. */
export type QueryOption = '$filter' | '$orderby' | '$select' | '$search';

/** A value that does not follow the grammar of its query option. The only error the parsers throw. */
export class QueryOptionProblem extends Error {
  override readonly name = 'QueryOptionProblem';
  readonly option: QueryOption;
  /** Where, counted from 1, in characters of the decoded value; one more than its length at its end. */
  readonly position: number;
  /** What would be accepted there. */
  readonly allowed: string;

  constructor(option: QueryOption, problem: string, index: number, allowed: string) {
    super(problem);
    this.option = option;
    this.position = index + 1;
    this.allowed = allowed;
  }
}

/** Longest values taken, in characters. */
export const longestValue: Readonly<Record<QueryOption, number>> = {
  $filter: 4_000,
  $orderby: 1_000,
  $select: 4_000,
  $search: 500,
};

export const checkLength = (option: QueryOption, value: string): void => {
  if (value.length > longestValue[option])
    throw new QueryOptionProblem(
      option,
      `is ${value.length} characters long`,
      longestValue[option],
      `at most ${longestValue[option]} characters`,
    );
};

/** What is found at a place, short enough to be shown. */
export const shownText = (text: string): string =>
  JSON.stringify(text.length > 40 ? `${text.slice(0, 40)}…` : text);
