/** What the policies of a template allow, one by one, and which of it was ever needed. */
import type { Permission } from '../aws/authorize.ts';
import { fits, fitsAction, fitsArn } from './patterns.ts';
import type { Statement } from './policy.ts';

/**
 * What a statement allows on one resource: one of its actions, and where it names partition keys, one of their patterns.
 * Any action of the list with any of the keys is a use.
 */
export interface Grant {
  /** Resource of the template that holds the statement: a role or a managed policy. */
  readonly logicalId: string;
  readonly actions: readonly string[];
  readonly resource: string;
  /** Of `dynamodb:LeadingKeys`. */
  readonly keys?: readonly string[];
}

const leadingKeys = 'dynamodb:LeadingKeys';

export const grantsOf = ({
  logicalId,
  effect,
  actions,
  resources,
  conditions,
}: Statement): readonly Grant[] => {
  if (effect === 'Deny') return [];
  const keys = conditions.find(({ key }) => key === leadingKeys)?.values;
  return resources.flatMap((resource): readonly Grant[] => [
    ...actions.map((action) => ({ logicalId, resource, actions: [action], ...(keys && { keys }) })),
    ...(keys ?? []).map((key) => ({ logicalId, resource, actions, keys: [key] })),
  ]);
};

/** A log group's ARN ends in `:*`: its streams. */
const isWide = (pattern: string): boolean => pattern.includes('*') && !/^arn:[^:]*:logs:.*:\*$/.test(pattern);

/**
 * Whether a request needs the grant. A wildcard that stands for more than the request named allows what was not needed:
 * such a grant counts as never used.
 */
export const isUseOf = (grant: Grant, { action, resource, context }: Permission): boolean =>
  grant.actions.some((allowed) => !allowed.includes('*') && fitsAction(allowed, action)) &&
  (grant.resource === resource || (!isWide(grant.resource) && fitsArn(grant.resource, resource))) &&
  (grant.keys === undefined ||
    (context?.[leadingKeys] ?? []).some((key) => grant.keys?.some((pattern) => fits(pattern, key))));

/** As text, which is also what tells grants apart. */
export const grantText = ({ logicalId, actions, resource, keys }: Grant): string => {
  const list = (texts: readonly string[]) => [...texts].sort().join(', ');
  return `${logicalId}: ${list(actions)} on ${resource}${keys === undefined ? '' : ` for the keys ${list(keys)}`}`;
};
