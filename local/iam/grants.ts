/** What the policies of a template allow, one by one, and which of it was ever needed. */
import type { Permission } from '../aws/authorize.ts';
import type { Condition } from './conditions.ts';
import { fits, fitsAction, fitsArn } from './patterns.ts';
import type { Statement } from './policy.ts';

/**
 * What a statement allows on one resource: one of its actions, and where it limits partition keys or the purpose of an
 * encryption, one of the values. Any action of the list with any of the values is a use. In the policy of a resource it is
 * what one principal may do.
 */
export interface Grant {
  /** Resource of the template that holds the statement: a role, a managed policy, a queue's policy. */
  readonly logicalId: string;
  readonly actions: readonly string[];
  readonly resource: string;
  /** Of `dynamodb:LeadingKeys`. */
  readonly keys?: readonly string[];
  /** Of the encryption context. */
  readonly purposes?: readonly string[];
  /** A service, an ARN, an account or `*`; absent in policies of identities. */
  readonly principal?: string;
  /** The conditions of a statement with a principal. */
  readonly conditions?: readonly Condition[];
}

/** The lists of values by which statements with the same actions are told apart. */
const limits = {
  keys: 'dynamodb:LeadingKeys',
  purposes: 'kms:EncryptionContext:purpose',
} as const;
type Limit = keyof typeof limits;
const limitNames = Object.keys(limits) as readonly Limit[];

const limitsOf = (conditions: readonly Condition[]): Partial<Record<Limit, readonly string[]>> =>
  Object.fromEntries(
    limitNames.flatMap((name) => {
      const values = conditions.find(({ key }) => key === limits[name])?.values;
      return values === undefined ? [] : [[name, values]];
    }),
  );

export const grantsOf = ({
  logicalId,
  effect,
  principals,
  actions,
  resources,
  conditions,
}: Statement): readonly Grant[] => {
  if (effect === 'Deny') return [];
  const limited = limitsOf(conditions);
  const whom: readonly Pick<Grant, 'principal' | 'conditions'>[] =
    principals === undefined
      ? [{}]
      : [...principals.services, ...principals.aws].map((principal) => ({ principal, conditions }));
  return whom.flatMap((who) =>
    resources.flatMap((resource): readonly Grant[] => [
      ...actions.map((action) => ({ logicalId, resource, actions: [action], ...limited, ...who })),
      ...limitNames.flatMap((name) =>
        (limited[name] ?? []).map((value) => ({
          logicalId,
          resource,
          actions,
          ...limited,
          [name]: [value],
          ...who,
        })),
      ),
    ]),
  );
};

/** A log group's ARN ends in `:*`: its streams. */
const isWide = (pattern: string): boolean => pattern.includes('*') && !/^arn:[^:]*:logs:.*:\*$/.test(pattern);

/** Roles are passed to a service by who may deploy; other resources have to say for whom the service calls. */
const isForAnyCaller = ({ principal = 'arn:', actions, conditions = [] }: Grant): boolean =>
  !principal.startsWith('arn:') &&
  !actions.includes('sts:AssumeRole') &&
  !conditions.some(
    ({ key, values }) =>
      // Every stage and route of one API.
      (key === 'aws:SourceArn' &&
        values.every((arn) => !isWide(arn) || /^arn(:[^:*]+){4}:[^:*/]+\/\*\/\*$/.test(arn))) ||
      (key === 'aws:SourceAccount' && !values.some(isWide)),
  );

const limitOfRequest = ({ context }: Permission, name: Limit): readonly string[] =>
  context?.[limits[name]] ?? [];

/** What KMS encrypts is told apart by its context: a grant without one is for all that the key encrypts. */
const isForAnyPurpose = ({ principal, purposes }: Grant, permission: Permission): boolean =>
  principal === undefined && purposes === undefined && limitOfRequest(permission, 'purposes').length > 0;

/**
 * Whether a request needs the grant. A wildcard that stands for more than the request named allows what was not needed:
 * such a grant counts as never used.
 * @param caller ARN, or name of a service
 */
export const isUseOf = (grant: Grant, permission: Permission, caller?: string): boolean => {
  const { action, resource } = permission;
  return (
    grant.actions.some((allowed) => !allowed.includes('*') && fitsAction(allowed, action)) &&
    (grant.resource === resource ||
      // A trust policy names no resource.
      (grant.resource === '*' && action === 'sts:AssumeRole') ||
      (!isWide(grant.resource) && fitsArn(grant.resource, resource))) &&
    (grant.principal === undefined || grant.principal === caller) &&
    !isForAnyCaller(grant) &&
    !isForAnyPurpose(grant, permission) &&
    limitNames.every(
      (name) =>
        grant[name] === undefined ||
        limitOfRequest(permission, name).some((value) =>
          grant[name]?.some((pattern) => fits(pattern, value)),
        ),
    )
  );
};

/** As text, which is also what tells grants apart. */
export const grantText = ({
  logicalId,
  actions,
  resource,
  keys,
  purposes,
  principal,
  conditions = [],
}: Grant): string => {
  const list = (texts: readonly string[]) => [...texts].sort().join(', ');
  return [
    `${logicalId}: ${list(actions)} on ${resource}`,
    ...(keys === undefined ? [] : [`for the keys ${list(keys)}`]),
    ...(purposes === undefined ? [] : [`for the purpose ${list(purposes)}`]),
    ...(principal === undefined ? [] : [`by ${principal}`]),
    ...conditions.map(({ key, values }) => `where ${key} is ${list(values)}`),
  ].join(' ');
};
