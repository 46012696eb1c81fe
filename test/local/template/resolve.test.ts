import { describe, expect, it } from 'vitest';
import { createResolver } from '../../../local/template/resolve.ts';
import type { Json, Template } from '../../../local/template/template.ts';

const template: Template = {
  Parameters: {
    Authority: { Type: 'String', Default: 'https://login.example/v2.0', AllowedPattern: 'https?://.+' },
    Stage: { Type: 'String', Default: 'test', AllowedValues: ['test', 'live'] },
    BootstrapVersion: { Type: 'AWS::SSM::Parameter::Value<String>', Default: '/cdk-bootstrap/version' },
  },
  Resources: { Queue: { Type: 'AWS::SQS::Queue' } },
};

const resolver = (parameters: Readonly<Record<string, string>> = {}, from: Template = template) =>
  createResolver({
    template: from,
    parameters,
    region: 'eu-west-1',
    accountId: '000000000000',
    namesOf: () => ({ ref: 'http://127.0.0.1/queue', attributes: { Arn: 'arn:queue' } }),
  });

const resolve = (value: Json, parameters?: Readonly<Record<string, string>>) =>
  resolver(parameters).resolve(value, { logicalId: 'Fn', property: 'Environment' });

describe('resolving', () => {
  it.each<[Json, Json]>([
    [{ Ref: 'Queue' }, 'http://127.0.0.1/queue'],
    [{ Ref: 'Authority' }, 'https://login.example/v2.0'],
    [{ Ref: 'AWS::Partition' }, 'aws'],
    [{ Ref: 'AWS::Region' }, 'eu-west-1'],
    [{ Ref: 'AWS::AccountId' }, '000000000000'],
    [{ Ref: 'AWS::URLSuffix' }, 'amazonaws.com'],
    [{ 'Fn::GetAtt': ['Queue', 'Arn'] }, 'arn:queue'],
    [{ 'Fn::GetAtt': 'Queue.Arn' }, 'arn:queue'],
    [{ 'Fn::Join': ['/', ['a', { Ref: 'AWS::Region' }, 5]] }, 'a/eu-west-1/5'],
    [{ 'Fn::Sub': `\${Queue.Arn} \${AWS::Region} \${!Literal}` }, `arn:queue eu-west-1 \${Literal}`],
    [{ 'Fn::Sub': [`\${Mine}`, { Mine: { Ref: 'Stage' } }] }, 'test'],
    [{ deep: [{ Ref: 'Stage' }, true, null] }, { deep: ['test', true, null] }],
  ])('%j yields %j', (value, expected) => {
    expect(resolve(value)).toEqual(expected);
  });

  it('takes given parameters before defaults', () => {
    expect(resolve({ Ref: 'Authority' }, { Authority: 'http://127.0.0.1:4000/v2.0' })).toBe(
      'http://127.0.0.1:4000/v2.0',
    );
  });

  it.each<[Json, string]>([
    [{ Ref: 'Elsewhere' }, 'Fn property Environment: Ref names Elsewhere'],
    [{ Ref: 'BootstrapVersion' }, 'Ref names BootstrapVersion'],
    [{ 'Fn::GetAtt': ['Elsewhere', 'Arn'] }, 'Fn::GetAtt names the resource Elsewhere'],
    [{ 'Fn::GetAtt': ['Queue', 'Age'] }, 'asks Queue (AWS::SQS::Queue) for Age'],
    [{ 'Fn::ImportValue': 'x' }, 'does not support the function Fn::ImportValue'],
    [{ 'Fn::Join': ['', [{ a: 1 }]] }, 'a text is expected'],
  ])('refuses %j', (value, message) => {
    expect(() => resolve(value)).toThrow(message);
  });

  it.each<[Readonly<Record<string, string>>, string]>([
    [
      { Authorty: 'x' },
      'the parameter Authorty was given, but the template declares Authority, Stage, BootstrapVersion',
    ],
    [{ Authority: 'ftp://x' }, 'does not match https?://.+'],
    [{ Stage: 'other' }, 'allowed: test, live'],
  ])('refuses the parameters %j', (parameters, message) => {
    expect(() => resolver(parameters)).toThrow(message);
  });

  it('asks for a parameter without a default', () => {
    expect(() => resolver({}, { ...template, Parameters: { Host: { Type: 'String' } } })).toThrow(
      'the parameter Host has no default: give it a value',
    );
  });
});
