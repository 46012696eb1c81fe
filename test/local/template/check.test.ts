import { describe, expect, it } from 'vitest';
import { checkTemplate, checkValues, ignoredProperties } from '../../../local/template/check-template.ts';
import type { Resource, Template } from '../../../local/template/template.ts';
import { vocabulary } from '../../../local/template/vocabulary.ts';

const withResource = (resource: Resource): Template => ({ Resources: { Thing: resource } });

describe('the closed lists', () => {
  it('admit what they name', () => {
    expect(() =>
      checkTemplate(
        withResource({
          Type: 'AWS::SQS::Queue',
          Properties: {
            VisibilityTimeout: 60,
            RedrivePolicy: { deadLetterTargetArn: 'arn', maxReceiveCount: 3 },
          },
          DeletionPolicy: 'Delete',
        }),
      ),
    ).not.toThrow();
  });

  it.each<[string, Resource, string]>([
    [
      'a resource type',
      { Type: 'AWS::Kinesis::Stream' },
      'Thing (AWS::Kinesis::Stream): the local run does not support this resource type',
    ],
    [
      'a property',
      { Type: 'AWS::SQS::Queue', Properties: { FifoQueue: true } },
      'Thing (AWS::SQS::Queue) property FifoQueue: the local run does not honour this property',
    ],
    [
      'a nested property',
      { Type: 'AWS::Lambda::Function', Properties: { Code: { ZipFile: 'x' } } },
      'Thing (AWS::Lambda::Function) property Code.ZipFile:',
    ],
    [
      'a property of a list',
      {
        Type: 'AWS::DynamoDB::GlobalTable',
        Properties: { Replicas: [{ Region: 'r' }, { GlobalSecondaryIndexes: [] }] },
      },
      'property Replicas.1.GlobalSecondaryIndexes: the local run does not honour',
    ],
    [
      'a value',
      { Type: 'AWS::Lambda::EventSourceMapping', Properties: { MaximumBatchingWindowInSeconds: 5 } },
      'property MaximumBatchingWindowInSeconds: is 5; the local run only honours 0',
    ],
    [
      'a nested value',
      { Type: 'AWS::Scheduler::Schedule', Properties: { FlexibleTimeWindow: { Mode: 'FLEXIBLE' } } },
      'property FlexibleTimeWindow.Mode: is "FLEXIBLE"; the local run only honours "OFF"',
    ],
    [
      'a resource attribute',
      { Type: 'AWS::SQS::Queue', Condition: 'IsProduction' },
      'the resource attribute Condition is not known',
    ],
    [
      'a name every object has',
      { Type: 'constructor' },
      'Thing (constructor): the local run does not support this resource type',
    ],
    [
      'a property name every object has',
      { Type: 'AWS::SQS::Queue', Properties: { toString: 'x' } },
      'property toString:',
    ],
    [
      'a dependency on nothing',
      { Type: 'AWS::SQS::Queue', DependsOn: ['Elsewhere'] },
      'DependsOn names Elsewhere, which the template does not contain',
    ],
  ])('refuse %s they do not name', (_what, resource, message) => {
    expect(() => checkTemplate(withResource(resource))).toThrow(message);
  });

  it('refuse a section they do not name', () => {
    expect(() => checkTemplate({ Resources: {}, Conditions: { A: {} } })).toThrow(
      'the section Conditions is not known',
    );
  });

  it('leave the rules of the template alone', () => {
    expect(() => checkTemplate({ Resources: {}, Rules: { CheckBootstrapVersion: {} } })).not.toThrow();
  });

  it('check a value that a function yields once it is known', () => {
    const Properties = { ProtocolType: { Ref: 'Protocol' } };
    expect(() => checkTemplate(withResource({ Type: 'AWS::ApiGatewayV2::Api', Properties }))).not.toThrow();
    expect(() => checkValues('Thing', 'AWS::ApiGatewayV2::Api', { ProtocolType: 'WEBSOCKET' })).toThrow(
      'property ProtocolType: is "WEBSOCKET"',
    );
  });

  it('give a reason for every property without effect', () => {
    const found = ignoredProperties(
      withResource({
        Type: 'AWS::Lambda::Function',
        Properties: { Architectures: ['arm64'], Code: { S3Bucket: 'b' } },
      }),
    );
    expect(found.map(({ property }) => property)).toEqual(['Architectures', 'Code.S3Bucket']);
    const reasons = Object.values(vocabulary).flatMap((properties) =>
      Object.values(properties).flatMap((rule) => (rule.kind === 'ignored' ? [rule.reason] : [])),
    );
    expect(reasons.filter((reason) => reason.length < 10)).toEqual([]);
  });
});
