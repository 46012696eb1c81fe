import type { Json, JsonObject } from '../../../connector/emit/json.ts';
import { evaluate, type ResourcePolicy } from '../../../local/iam/evaluate.ts';
import { type PolicyKind, readPolicy } from '../../../local/iam/policy.ts';

export const table = 'arn:aws:dynamodb:eu-west-1:000000000000:table/State';
export const role = 'arn:aws:iam::000000000000:role/Watch';

export const read = (kind: PolicyKind, ...statements: readonly Json[]) =>
  readPolicy(
    kind,
    { Version: '2012-10-17', Statement: statements },
    { logicalId: 'Watch', type: 'AWS::IAM::Role', property: 'PolicyDocument' },
  );
export const allow = (more: JsonObject = {}): JsonObject => ({
  Effect: 'Allow',
  Action: 'dynamodb:GetItem',
  Resource: table,
  ...more,
});
export const deny = (more: JsonObject = {}): JsonObject => ({ ...allow(more), Effect: 'Deny' });

export const decide = (
  statements: readonly Json[],
  request: { action?: string; resource?: string; context?: Record<string, string[]> } = {},
  resourcePolicy?: ResourcePolicy,
) => {
  const decision = evaluate(
    {
      name: 'arn:aws:sts::000000000000:assumed-role/Watch/watch',
      arn: role,
      statements: read('identity', ...statements),
    },
    { action: 'dynamodb:GetItem', resource: table, ...request },
    resourcePolicy,
  );
  return decision.allowed ? 'allowed' : decision.reason;
};

export const implicit = 'because no identity-based policy allows the dynamodb:GetItem action';
