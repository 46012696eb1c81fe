/**
 * Decisions, stated first: an explicit deny comes before every allow; without an allow the answer is no; a key's policy has
 * to allow before those of identities count; a queue's own policy is enough for whom it names; whatever the evaluator does
 * not know is refused when it is read, and never taken for an allow.
 */
import { describe, expect, it } from 'vitest';
import type { Json, JsonObject } from '../../../connector/emit/json.ts';
import type { ResourcePolicy } from '../../../local/iam/evaluate.ts';
import { grantsOf, grantText, isUseOf } from '../../../local/iam/grants.ts';
import { allow, decide, deny, implicit, read, role, table } from './statements.ts';

describe('policies of an identity', () => {
  it.each<readonly [string, readonly Json[], Parameters<typeof decide>[1], string]>([
    ['nothing', [], {}, implicit],
    ['the action on the resource', [allow()], {}, 'allowed'],
    ['the action in other letters', [allow({ Action: 'DynamoDB:getitem' })], {}, 'allowed'],
    ['a wildcard', [allow({ Action: 'dynamodb:Get*' })], {}, 'allowed'],
    ['one character each', [allow({ Action: 'dynamodb:???Item' })], {}, 'allowed'],
    ['one of several', [allow({ Action: ['dynamodb:PutItem', 'dynamodb:GetItem'] })], {}, 'allowed'],
    ['the start of another action', [allow({ Action: 'dynamodb:Get' })], {}, implicit],
    ['another resource', [allow({ Resource: `${table}2` })], {}, implicit],
    ['the resource in other letters', [allow({ Resource: table.toLowerCase() })], {}, implicit],
    ['every resource', [allow({ Resource: '*' })], {}, 'allowed'],
    ['every table', [allow({ Resource: 'arn:aws:dynamodb:eu-west-1:000000000000:table/*' })], {}, 'allowed'],
    ['every account', [allow({ Resource: 'arn:aws:dynamodb:eu-west-1:*:table/State' })], {}, 'allowed'],
    // A wildcard does not reach across the colons of an ARN.
    ['too few parts', [allow({ Resource: 'arn:aws:dynamodb:*' })], {}, implicit],
    ['a deny after the allow', [allow(), deny()], {}, 'with an explicit deny in an identity-based policy'],
    [
      'a wide deny before the allow',
      [deny({ Action: '*', Resource: '*' }), allow()],
      {},
      'with an explicit deny in an identity-based policy',
    ],
    ['a deny of something else', [deny({ Action: 'dynamodb:PutItem' }), allow()], {}, 'allowed'],
    [
      'a condition that holds',
      [allow({ Condition: { Bool: { 'aws:SecureTransport': 'true' } } })],
      {},
      'allowed',
    ],
    [
      'a condition that does not',
      [allow({ Condition: { Bool: { 'aws:SecureTransport': false } } })],
      {},
      implicit,
    ],
    [
      'two conditions, of which one does not hold',
      [
        allow({
          Condition: {
            Bool: { 'aws:SecureTransport': 'true' },
            ArnEquals: { 'aws:PrincipalArn': 'arn:aws:iam::000000000000:role/Other' },
          },
        }),
      ],
      {},
      implicit,
    ],
  ])('%s', (_case, statements, request, expected) => {
    expect(decide(statements, request)).toBe(expected);
  });
});

describe('a policy of the resource', () => {
  const key = 'arn:aws:kms:eu-west-1:000000000000:key/k';
  const policy = (mustAllow: boolean, ...statements: readonly Json[]): ResourcePolicy => ({
    statements: read('resource', ...statements),
    mustAllow,
  });
  const root = 'arn:aws:iam::000000000000:root';
  const decrypt = { action: 'kms:Decrypt', resource: key };
  const own = allow({ Action: 'kms:Decrypt', Resource: key });
  const toRoot = allow({ Action: 'kms:*', Resource: '*', Principal: { AWS: root } });

  it.each<readonly [string, readonly Json[], ResourcePolicy, string]>([
    ['leaves it to the account', [own], policy(true, toRoot), 'allowed'],
    [
      'leaves it to the account, whose policies allow nothing',
      [],
      policy(true, toRoot),
      'because no identity-based policy allows the kms:Decrypt action',
    ],
    [
      'of a key that names nobody',
      [own],
      policy(true),
      'because no resource-based policy allows the kms:Decrypt action',
    ],
    [
      'of a key that names another',
      [own],
      policy(true, allow({ Action: 'kms:*', Resource: '*', Principal: { AWS: `${role}2` } })),
      'because no resource-based policy allows the kms:Decrypt action',
    ],
    [
      'names the role',
      [],
      policy(true, allow({ Action: 'kms:Decrypt', Resource: '*', Principal: { AWS: role } })),
      'allowed',
    ],
    [
      'names a service, not the role',
      [],
      policy(
        false,
        allow({ Action: 'kms:Decrypt', Resource: '*', Principal: { Service: 'sns.amazonaws.com' } }),
      ),
      'because no identity-based policy allows the kms:Decrypt action',
    ],
    [
      'denies everybody',
      [own],
      policy(false, deny({ Action: 'kms:*', Resource: key, Principal: '*' })),
      'with an explicit deny in a resource-based policy',
    ],
    [
      'denies what is not encrypted',
      [own],
      policy(
        false,
        deny({
          Action: 'kms:*',
          Resource: key,
          Principal: { AWS: '*' },
          Condition: { Bool: { 'aws:SecureTransport': 'false' } },
        }),
      ),
      'allowed',
    ],
  ])('%s', (_case, statements, resourcePolicy, expected) => {
    expect(decide(statements, decrypt, resourcePolicy)).toBe(expected);
  });
});

describe('a grant', () => {
  const used = (statement: JsonObject, context: Record<string, string[]> = {}, resource = table) =>
    read('identity', statement)
      .flatMap(grantsOf)
      .filter((grant) => isUseOf(grant, { action: 'dynamodb:GetItem', resource, context }))
      .map(grantText);

  it('is one action on one resource; of a statement with keys also one pattern of them', () => {
    const [statement] = read(
      'identity',
      allow({
        Action: ['dynamodb:GetItem', 'dynamodb:PutItem'],
        Condition: { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': ['S#*', 'D#*'] } },
      }),
    );
    expect(statement && grantsOf(statement).map(grantText)).toEqual([
      `Watch: dynamodb:GetItem on ${table} for the keys D#*, S#*`,
      `Watch: dynamodb:PutItem on ${table} for the keys D#*, S#*`,
      `Watch: dynamodb:GetItem, dynamodb:PutItem on ${table} for the keys S#*`,
      `Watch: dynamodb:GetItem, dynamodb:PutItem on ${table} for the keys D#*`,
    ]);
    expect(
      read('identity', allow({ Action: ['a:b', 'a:c'] }))
        .flatMap(grantsOf)
        .map(grantText),
    ).toEqual([`Watch: a:b on ${table}`, `Watch: a:c on ${table}`]);
    expect(read('identity', deny()).flatMap(grantsOf)).toEqual([]);
  });

  it('of a resource is what one principal may do; a service has to say for whom it calls', () => {
    const arn = 'arn:aws:lambda:eu-west-1:000000000000:function:f';
    const grants = (Condition?: Json, Principal: Json = { Service: ['apigateway.amazonaws.com', 'a.b'] }) =>
      read(
        'resource',
        allow({ Action: 'lambda:InvokeFunction', Resource: arn, Principal, ...(Condition && { Condition }) }),
      ).flatMap(grantsOf);
    const api = 'arn:aws:execute-api:eu-west-1:000000000000:abc/*/*';
    const from = (SourceArn: string) => ({ ArnLike: { 'aws:SourceArn': SourceArn } });
    expect(grants(from(api)).map(grantText)).toEqual(
      ['apigateway.amazonaws.com', 'a.b'].map(
        (principal) => `Watch: lambda:InvokeFunction on ${arn} by ${principal} where aws:SourceArn is ${api}`,
      ),
    );
    const call = { action: 'lambda:InvokeFunction', resource: arn };
    const used = (list: ReturnType<typeof grants>, caller: string) =>
      list.filter((grant) => isUseOf(grant, call, caller)).map(({ principal }) => principal);
    const gateway = 'apigateway.amazonaws.com';
    expect(used(grants(from(api)), gateway)).toEqual([gateway]);
    expect(used(grants({ StringEquals: { 'aws:SourceAccount': '000000000000' } }), gateway)).toEqual([
      gateway,
    ]);
    for (const wide of [
      undefined,
      from('*'),
      from(api.replace('abc', '*')),
      from(api.replace('000000000000', '*')),
    ])
      expect(used(grants(wide), gateway)).toEqual([]);
    expect(used(grants(undefined, { AWS: role }), role)).toEqual([role]);
    expect(used(grants(undefined, { AWS: '*' }), role)).toEqual([]);
  });

  it('is used by a request that needs it, and only where it names no more than that', () => {
    expect(used(allow())).toHaveLength(1);
    expect(used(allow({ Action: 'dynamodb:PutItem' }))).toEqual([]);
    expect(used(allow({ Action: 'dynamodb:*' }))).toEqual([]);
    expect(used(allow({ Resource: '*' }))).toEqual([]);
    expect(used(allow({ Resource: '*' }), {}, '*')).toHaveLength(1);
    expect(used(allow({ Resource: 'arn:aws:dynamodb:eu-west-1:000000000000:table/*' }))).toEqual([]);
    const condition = { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': ['S#*', 'D#*'] } };
    expect(used(allow({ Condition: condition }), { 'dynamodb:LeadingKeys': ['D#1'] })).toEqual([
      `Watch: dynamodb:GetItem on ${table} for the keys D#*, S#*`,
      `Watch: dynamodb:GetItem on ${table} for the keys D#*`,
    ]);
  });
});
