/**
 * The decision about one request in one account.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-basics.html
 */
import type { Permission } from '../aws/authorize.ts';
import { holds, type RequestContext } from './conditions.ts';
import { fitsAction, fitsArn } from './patterns.ts';
import type { Statement } from './policy.ts';

/** The caller: a session of a role, a user, or a service of AWS. */
export interface Principal {
  /** As errors name it: `arn:aws:sts::<account>:assumed-role/<role>/<session>`, `arn:aws:iam::…`, or a service's name. */
  readonly name: string;
  /** The role, the user or the service as policies name it. */
  readonly arn: string;
  /** Of the policies that it has; a service has none. */
  readonly statements: readonly Statement[];
}

/** The policy of the resource, and what it is for. */
export interface ResourcePolicy {
  readonly statements: readonly Statement[];
  /**
   * Whether the account's own policies are enough (queues, secrets), or this one must allow them first (keys, and roles
   * that are assumed).
   */
  readonly mustAllow: boolean;
}

export type Decision =
  /** @property by the statements that allow it: one, or the account's and the key's that leaves it to the account */
  | { readonly allowed: true; readonly by: readonly Statement[] }
  /** @property reason as errors of AWS end */
  | { readonly allowed: false; readonly reason: string };

const isAbout = (statement: Statement, { action, resource }: Permission, context: RequestContext): boolean =>
  statement.actions.some((pattern) => fitsAction(pattern, action)) &&
  statement.resources.some((pattern) => pattern === '*' || fitsArn(pattern, resource)) &&
  statement.conditions.every((condition) => holds(condition, context));

const isRoot = (principal: string): boolean => /^(\d{12}|arn:aws:iam::\d{12}:root)$/.test(principal);

/** "account": the whole account is named, which leaves the decision to the policies of its identities. */
const names = ({ principals }: Statement, { arn, name }: Principal): 'itself' | 'account' | undefined => {
  if (principals?.services.includes(arn)) return 'itself';
  if (!arn.startsWith('arn:')) return undefined;
  if (principals?.aws.some((one) => one === '*' || one === arn || one === name)) return 'itself';
  return principals?.aws.some(isRoot) ? 'account' : undefined;
};

/** An explicit deny comes before every allow; without an allow the answer is no. */
export const evaluate = (
  principal: Principal,
  permission: Permission,
  resourcePolicy: ResourcePolicy = { statements: [], mustAllow: false },
): Decision => {
  const context: RequestContext = {
    // The deployed services are called over https only; what the local run listens on is loopback.
    'aws:SecureTransport': ['true'],
    'aws:PrincipalArn': [principal.arn],
    ...permission.context,
  };
  const about = (statements: readonly Statement[]) =>
    statements.filter((statement) => isAbout(statement, permission, context));
  const own = about(principal.statements);
  const ofResource = about(resourcePolicy.statements).flatMap((statement) => {
    const named = names(statement, principal);
    return named === undefined ? [] : [{ statement, named }];
  });
  if (own.some(({ effect }) => effect === 'Deny'))
    return { allowed: false, reason: 'with an explicit deny in an identity-based policy' };
  if (ofResource.some(({ statement: { effect } }) => effect === 'Deny'))
    return { allowed: false, reason: 'with an explicit deny in a resource-based policy' };
  const direct = ofResource.find(({ named }) => named === 'itself');
  if (direct !== undefined) return { allowed: true, by: [direct.statement] };
  const missing = (kind: string) => ({
    allowed: false as const,
    reason: `because no ${kind} policy allows the ${permission.action} action`,
  });
  // A service has no policies of its own.
  if ((resourcePolicy.mustAllow && ofResource.length === 0) || !principal.arn.startsWith('arn:'))
    return missing('resource-based');
  const by = own.find(({ effect }) => effect === 'Allow');
  return by === undefined
    ? missing('identity-based')
    : { allowed: true, by: [by, ...ofResource.map(({ statement }) => statement)] };
};
