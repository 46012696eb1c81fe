/** What the policies of a template allow, one by one, and which of it was ever needed. */
import type { Permission } from '../aws/authorize.ts';
import { fits, fitsAction, fitsArn } from './patterns.ts';
import type { Statement } from './policy.ts';

/** One action on one resource that a statement allows, for the partition keys of one pattern where it names them. */
export interface Grant {
  /** Resource of the template that holds the statement: a role or a managed policy. */
  readonly logicalId: string;
  readonly action: string;
  readonly resource: string;
  /** Of `dynamodb:LeadingKeys`. */
  readonly keys?: string;
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
  const patterns = conditions.find(({ key }) => key === leadingKeys)?.values.map((keys) => ({ keys })) ?? [
    {},
  ];
  return actions.flatMap((action) =>
    resources.flatMap((resource) => patterns.map((keys) => ({ logicalId, action, resource, ...keys }))),
  );
};

/** A log group's ARN ends in `:*`: its streams. */
const isWide = (pattern: string): boolean => pattern.includes('*') && !/^arn:[^:]*:logs:.*:\*$/.test(pattern);

/**
 * Whether a request needs the grant. A wildcard that stands for more than the request named allows what was not needed:
 * such a grant counts as never used.
 */
export const isUseOf = (grant: Grant, { action, resource, context }: Permission): boolean =>
  !grant.action.includes('*') &&
  fitsAction(grant.action, action) &&
  (grant.resource === resource || (!isWide(grant.resource) && fitsArn(grant.resource, resource))) &&
  (grant.keys === undefined || (context?.[leadingKeys] ?? []).some((key) => fits(grant.keys ?? '', key)));

/** As text, which is also what tells grants apart. */
export const grantText = ({ logicalId, action, resource, keys }: Grant): string =>
  `${logicalId}: ${action} on ${resource}${keys === undefined ? '' : ` for the keys ${keys}`}`;
