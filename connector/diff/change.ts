/** The result of a comparison of two connectors. */

/**
 * - breaking: existing flows fail, lose values, or must be edited; or connections must be created again
 * - compatible: existing flows continue to work; makers get more, or another implementation of the same
 * - cosmetic: texts, order and pictures
 */
export type ChangeClass = 'breaking' | 'compatible' | 'cosmetic';

/** In the order in which a report lists them. */
export const changeClasses: readonly ChangeClass[] = ['breaking', 'compatible', 'cosmetic'];

/** A change that is not yet assigned to an operation. */
export interface Finding {
  readonly class: ChangeClass;
  /** Stable name of the rule, for scripts: `input-removed`. */
  readonly rule: string;
  /** One or two sentences that a maker understands. */
  readonly text: string;
}

export interface Change extends Finding {
  /** Null: the connector as a whole. */
  readonly operation: { readonly operationId: string; readonly summary: string } | null;
}

export const finding = (changeClass: ChangeClass, rule: string, text: string): Finding => ({
  class: changeClass,
  rule,
  text,
});

export const breaking = (rule: string, text: string): Finding => finding('breaking', rule, text);
export const compatible = (rule: string, text: string): Finding => finding('compatible', rule, text);
export const cosmetic = (rule: string, text: string): Finding => finding('cosmetic', rule, text);

/** For lists with members that may be absent. */
export const present = (...findings: readonly (Finding | false | null | undefined)[]): readonly Finding[] =>
  findings.filter((found) => found !== false && found !== null && found !== undefined);

/** A text of the connector that is only shown. */
export const textChange = (
  rule: string,
  what: string,
  before: string | null,
  after: string | null,
): Finding | null => {
  if (before === after) return null;
  if (before === null) return cosmetic(rule, `${what} is new: "${after}".`);
  if (after === null) return cosmetic(rule, `${what} was removed: "${before}".`);
  return cosmetic(rule, `${what} now reads "${after}"; it was "${before}".`);
};

/**
 * Keywords that have no rule of their own.
 * @param prefix put before each name, such as `The input "Top" (top): `
 */
export const keywordChanges = (
  rule: string,
  prefix: string,
  before: ReadonlyMap<string, string>,
  after: ReadonlyMap<string, string>,
): readonly Finding[] =>
  [...new Set([...before.keys(), ...after.keys()])]
    .filter((name) => before.get(name) !== after.get(name))
    .map((name) =>
      compatible(
        rule,
        `${prefix}${name} is now ${after.get(name) ?? 'absent'}; it was ${before.get(name) ?? 'absent'}.`,
      ),
    );
