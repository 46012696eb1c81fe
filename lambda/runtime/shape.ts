/**
 * Checks of values that come from outside the program as JSON: what they must be, said once, and which field
 * is wrong. Some 900 bytes of a bundle; for one delivery message the compiled checks of ajv are 13 KB and
 * those of valibot 7 KB.
 */

/**
 * What is wrong with a value: `<field> must be …`; undefined when nothing is. Values are not quoted, because
 * they may be a customer's.
 */
export type Check = (value: unknown, field: string) => string | undefined;

const check =
  (what: string, holds: (value: unknown) => boolean): Check =>
  (value, field) =>
    holds(value) ? undefined : `${field} must be ${what}`;

export const text = check('a text', (value) => typeof value === 'string' && value !== '');
export const flag = check('true or false', (value) => typeof value === 'boolean');
export const time = check('a time', (value) => typeof value === 'string' && !Number.isNaN(Date.parse(value)));

/** A whole number that a double holds. */
export const wholeNumber = (least: number): Check =>
  check(
    `a whole number of at least ${least}`,
    (value) => Number.isSafeInteger(value) && Number(value) >= least,
  );

/** A text that `holds` accepts. */
export const textThat = (what: string, holds: (text: string) => boolean): Check =>
  check(what, (value) => typeof value === 'string' && holds(value));

export const oneOf = (...values: readonly unknown[]): Check =>
  check(values.map((value) => JSON.stringify(value)).join(' or '), (value) => values.includes(value));

export const optional =
  (of: Check): Check =>
  (value, field) =>
    value === undefined ? undefined : of(value, field);

export const nullable =
  (of: Check): Check =>
  (value, field) =>
    value === null ? undefined : of(value, field);

export const listOf =
  (of: Check): Check =>
  (value, field) =>
    Array.isArray(value)
      ? firstProblem(value.map((item, index) => () => of(item, `${field}[${index}]`)))
      : `${field} must be a list`;

const firstProblem = (problems: readonly (() => string | undefined)[]): string | undefined => {
  for (const problem of problems) {
    const found = problem();
    if (found !== undefined) return found;
  }
  return undefined;
};

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const within = (field: string, name: string) => (field === '' ? name : `${field}.${name}`);

/** An object each of whose values passes the same check. */
export const mapOf =
  (of: Check): Check =>
  (value, field) =>
    isRecord(value)
      ? firstProblem(
          Object.entries(value).map(
            ([name, each]) =>
              () =>
                of(each, within(field, name)),
          ),
        )
      : `${field} must be an object`;

/** An object; further fields are left alone. A field of `Shape` without a check does not compile. */
export const shape =
  <Shape extends object>(fields: { readonly [Field in keyof Shape]-?: Check }): Check =>
  (value, field) =>
    isRecord(value)
      ? firstProblem(
          Object.entries<Check>(fields).map(
            ([name, of]) =>
              () =>
                of(value[name], within(field, name)),
          ),
        )
      : `${field === '' ? 'it' : field} must be an object`;
