/** Conditions, and all that is refused when it is read because it could not be evaluated. */
import { describe, expect, it } from 'vitest';
import type { Json, JsonObject } from '../../../connector/emit/json.ts';
import { type PolicyKind, readPolicy } from '../../../local/iam/policy.ts';
import { allow, decide, implicit, read } from './statements.ts';

describe('a condition', () => {
  const keys = (...values: string[]) => ({ 'dynamodb:LeadingKeys': values });
  it.each<readonly [string, JsonObject, Record<string, string[]>, boolean]>([
    [
      'all of the keys fit',
      { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': ['S#*', 'D#*'] } },
      keys('S#1', 'D#2'),
      true,
    ],
    [
      'one of the keys does not',
      { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': 'S#*' } },
      keys('S#1', 'D#2'),
      false,
    ],
    // As in AWS: the set is empty. A statement that has only this must not be of an action without keys.
    ['there are no keys', { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': 'S#*' } }, {}, true],
    [
      'one of the keys is enough',
      { 'ForAnyValue:StringEquals': { 'dynamodb:LeadingKeys': 'a' } },
      keys('b', 'a'),
      true,
    ],
    ['one of none', { 'ForAnyValue:StringEquals': { 'dynamodb:LeadingKeys': 'a' } }, {}, false],
    [
      'several values without a set operator',
      { StringEquals: { 'dynamodb:LeadingKeys': ['a', 'b'] } },
      keys('a', 'b'),
      false,
    ],
    ['a value is needed', { StringEquals: { 'aws:SourceAccount': '1' } }, {}, false],
    ['a value is needed, if there is one', { StringEqualsIfExists: { 'aws:SourceAccount': '1' } }, {}, true],
    [
      'another value',
      { StringEqualsIfExists: { 'aws:SourceAccount': '1' } },
      { 'aws:SourceAccount': ['2'] },
      false,
    ],
    ['no value is not the value', { StringNotEquals: { 'aws:SourceAccount': '1' } }, {}, true],
    [
      'none of several',
      { StringNotEquals: { 'aws:SourceAccount': ['1', '2'] } },
      { 'aws:SourceAccount': ['2'] },
      false,
    ],
    [
      'the case counts',
      { StringEquals: { 'aws:SourceAccount': 'a' } },
      { 'aws:SourceAccount': ['A'] },
      false,
    ],
    [
      'the case does not count',
      { StringEqualsIgnoreCase: { 'aws:SourceAccount': 'a' } },
      { 'aws:SourceAccount': ['A'] },
      true,
    ],
    [
      'the name of the key in other letters',
      { StringEquals: { 'AWS:sourceaccount': 'a' } },
      { 'aws:SourceAccount': ['a'] },
      true,
    ],
    [
      'a star is no wildcard',
      { StringEquals: { 'aws:SourceAccount': '*' } },
      { 'aws:SourceAccount': ['a'] },
      false,
    ],
    [
      'numbers, not texts',
      { NumericLessThanEquals: { 'sts:DurationSeconds': '300' } },
      { 'sts:DurationSeconds': ['60'] },
      true,
    ],
    [
      'the number itself',
      { NumericLessThanEquals: { 'sts:DurationSeconds': '300' } },
      { 'sts:DurationSeconds': ['300'] },
      true,
    ],
    [
      'one more',
      { NumericLessThanEquals: { 'sts:DurationSeconds': 300 } },
      { 'sts:DurationSeconds': ['301'] },
      false,
    ],
    [
      'no number',
      { NumericLessThanEquals: { 'sts:DurationSeconds': 300 } },
      { 'sts:DurationSeconds': ['x'] },
      false,
    ],
    ['present', { Null: { 'sts:DurationSeconds': 'false' } }, { 'sts:DurationSeconds': ['1'] }, true],
    ['not present', { Null: { 'sts:DurationSeconds': 'false' } }, {}, false],
    ['absent', { Null: { 'sts:DurationSeconds': true } }, {}, true],
    [
      'an ARN',
      { ArnLike: { 'aws:SourceArn': 'arn:aws:execute-api:*:*:api/*/*' } },
      { 'aws:SourceArn': ['arn:aws:execute-api:eu-west-1:000000000000:api/$default/GET/v1'] },
      true,
    ],
  ])('%s', (_case, condition, context, expected) => {
    expect(decide([allow({ Condition: condition })], { context })).toBe(expected ? 'allowed' : implicit);
  });
});

describe('what cannot be evaluated', () => {
  it.each<readonly [string, PolicyKind, Json, RegExp]>([
    [
      'NotAction',
      'identity',
      { Effect: 'Allow', NotAction: 'iam:*', Resource: '*' },
      /does not know NotAction/,
    ],
    [
      'NotResource',
      'identity',
      { Effect: 'Allow', Action: 'iam:*', NotResource: '*' },
      /does not know NotResource/,
    ],
    ['NotPrincipal', 'resource', allow({ NotPrincipal: '*' }), /does not know NotPrincipal/],
    [
      'a principal in a policy of an identity',
      'identity',
      allow({ Principal: '*' }),
      /does not know Principal/,
    ],
    [
      'a principal of another kind',
      'resource',
      allow({ Principal: { Federated: 'x' } }),
      /principals of the kind Federated/,
    ],
    ['no principal', 'resource', allow(), /Principal is missing/],
    ['no action', 'identity', { Effect: 'Allow', Resource: '*' }, /Action is missing/],
    ['no resource', 'identity', { Effect: 'Allow', Action: 'a:b' }, /Resource is missing/],
    ['no effect', 'identity', { Action: 'a:b', Resource: '*' }, /Effect is neither/],
    [
      'an operator',
      'identity',
      allow({ Condition: { DateLessThan: { 'aws:SourceArn': '2026' } } }),
      /operator DateLessThan is not known/,
    ],
    [
      'a condition key',
      'identity',
      allow({ Condition: { StringEquals: { 'aws:SourceVpc': 'v' } } }),
      /key aws:SourceVpc is not known/,
    ],
    [
      'a variable',
      'identity',
      allow({ Condition: { StringEquals: { 'aws:SourceArn': '$' + '{aws:username}' } } }),
      /policy variable/,
    ],
    [
      'Null with a text',
      'identity',
      allow({ Condition: { Null: { 'aws:SourceArn': 'yes' } } }),
      /Null compares with true or false/,
    ],
    ['a statement that is a text', 'identity', 'Allow', /is not a statement/],
  ])('%s', (_case, kind, statement, problem) => {
    expect(() => read(kind, statement)).toThrow(problem);
    expect(() => read(kind, statement)).toThrow('Watch (AWS::IAM::Role) property PolicyDocument.Statement.0');
  });

  it('an older version of the language', () => {
    expect(() =>
      readPolicy('identity', { Version: '2008-10-17', Statement: [] }, { logicalId: 'a', property: 'p' }),
    ).toThrow('2012-10-17 only');
  });
});
