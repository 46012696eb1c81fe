/**
 * Conditions of statements.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
 */
import { fits, fitsArn } from './patterns.ts';

/** Condition keys of a request, each with its values. Names are compared without regard to case. */
export type RequestContext = Readonly<Record<string, readonly string[]>>;

/** One condition key of a statement with the values that it is compared with. */
export interface Condition {
  /** As the policy names it, such as `ForAllValues:StringLike`. */
  readonly operator: string;
  readonly key: string;
  readonly values: readonly string[];
}

type Compare = (value: string, expected: string) => boolean;

const numeric =
  (compare: (value: number, expected: number) => boolean): Compare =>
  (value, expected) =>
    compare(Number(value), Number(expected));

const comparisons: Readonly<Record<string, Compare>> = {
  StringEquals: (value, expected) => value === expected,
  StringEqualsIgnoreCase: (value, expected) => value.toLowerCase() === expected.toLowerCase(),
  StringLike: (value, expected) => fits(expected, value),
  // ArnEquals takes wildcards too: the two are the same.
  ArnEquals: (value, expected) => fitsArn(expected, value),
  ArnLike: (value, expected) => fitsArn(expected, value),
  Bool: (value, expected) => value.toLowerCase() === expected.toLowerCase(),
  NumericEquals: numeric((value, expected) => value === expected),
  NumericLessThan: numeric((value, expected) => value < expected),
  NumericLessThanEquals: numeric((value, expected) => value <= expected),
  NumericGreaterThan: numeric((value, expected) => value > expected),
  NumericGreaterThanEquals: numeric((value, expected) => value >= expected),
};

/** True where the comparison is false for every expected value. */
const negations: Readonly<Record<string, Compare>> = Object.fromEntries(
  ['String', 'Arn', 'Numeric'].flatMap((type) => {
    const like = comparisons[`${type}Like`];
    return [
      [`${type}NotEquals`, comparisons[`${type}Equals`] as Compare],
      ...(like === undefined ? [] : [[`${type}NotLike`, like] as const]),
    ];
  }),
);

/** What the local run gives with a request, where the request has it. */
const suppliedKeys: readonly string[] = [
  'aws:PrincipalArn',
  'aws:SecureTransport',
  'aws:SourceAccount',
  'aws:SourceArn',
  'dynamodb:LeadingKeys',
  'kms:EncryptionContext:*',
  'kms:EncryptionContextKeys',
  // The local run encrypts no table or queue, so no service calls KMS for a caller.
  'kms:ViaService',
  'sts:DurationSeconds',
  'sts:IdentityTokenAudience',
  'sts:SigningAlgorithm',
];

const parsed = (operator: string) => {
  const [, set, name = '', ifExists] =
    /^(?:(ForAllValues|ForAnyValue):)?(\w+?)(IfExists)?$/.exec(operator) ?? [];
  return { set, name, ifExists: ifExists !== undefined };
};

/** Why the local run cannot evaluate a condition; undefined when it can. */
export const unknownCondition = ({ operator, key, values }: Condition): string | undefined => {
  const { name } = parsed(operator);
  if (name !== 'Null' && comparisons[name] === undefined && negations[name] === undefined)
    return `the condition operator ${operator} is not known to the local run; implement it in local/iam/conditions.ts`;
  if (!suppliedKeys.some((known) => fits(known.toLowerCase(), key.toLowerCase())))
    return `the condition key ${key} is not known to the local run; supply it with the requests, and list it in local/iam/conditions.ts`;
  // https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
  const variable = values.find((value) => value.includes('${'));
  if (variable !== undefined) return `the policy variable in ${variable} is not known to the local run`;
  if (name === 'Null' && !values.every((value) => /^(true|false)$/i.test(value)))
    return `Null compares with true or false, not with ${values.join(', ')}`;
  return undefined;
};

const valuesOf = (context: RequestContext, key: string): readonly string[] =>
  Object.entries(context).find(([name]) => name.toLowerCase() === key.toLowerCase())?.[1] ?? [];

/** Whether a request fulfils a condition that {@link unknownCondition} finds nothing about. */
export const holds = ({ operator, key, values: expected }: Condition, context: RequestContext): boolean => {
  const { set, name, ifExists } = parsed(operator);
  const values = valuesOf(context, key);
  if (name === 'Null')
    return expected.some((absent) => (absent.toLowerCase() === 'true') === (values.length === 0));
  const negated = negations[name];
  const compare = comparisons[name];
  const one = (value: string): boolean =>
    negated === undefined
      ? expected.some((wanted) => compare?.(value, wanted) ?? false)
      : !expected.some((wanted) => negated(value, wanted));
  if (ifExists && values.length === 0) return true;
  // Without a value: all of none, or a negation.
  if (set === 'ForAllValues') return values.every(one);
  if (set === 'ForAnyValue') return values.some(one);
  const [value, ...others] = values;
  if (value === undefined) return negated !== undefined;
  return others.length === 0 && one(value);
};
