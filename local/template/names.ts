import { createHash } from 'node:crypto';
import type { Account } from '../aws/account.ts';
import type { ResourceNames } from './resolve.ts';
import type { Json, Resource, Template } from './template.ts';

/** Addresses that are only known once the servers listen. */
export interface Addresses {
  readonly apiUrl: (logicalId: string) => string;
  readonly queueUrl: (queueName: string) => string;
  readonly secretArn: (secretName: string) => string;
}

export interface Names {
  physicalName(logicalId: string): string;
  arnOf(logicalId: string): string;
  /** What Ref and Fn::GetAtt yield. */
  of(logicalId: string): ResourceNames;
}

/** Where a template may give a resource its own name. Without it the logical id gives the name. */
const nameProperties: Readonly<Record<string, string>> = {
  'AWS::DynamoDB::GlobalTable': 'TableName',
  'AWS::IAM::ManagedPolicy': 'ManagedPolicyName',
  'AWS::IAM::Role': 'RoleName',
  'AWS::KMS::Alias': 'AliasName',
  'AWS::Lambda::Function': 'FunctionName',
  'AWS::Logs::LogGroup': 'LogGroupName',
  'AWS::SQS::Queue': 'QueueName',
  'AWS::Scheduler::Schedule': 'Name',
  'AWS::SecretsManager::Secret': 'Name',
};

const cdkHash = /[0-9A-F]{8}$/;

/** The longest name SQS takes. */
const longestQueueName = 80;

/** Gives every resource the names by which the others refer to it. */
export const createNames = (options: {
  readonly template: Template;
  readonly account: Account;
  readonly addresses: Addresses;
  /** Resolves a name that the template gives. */
  readonly resolveName: (value: Json, logicalId: string) => string;
}): Names => {
  const { template, account, addresses } = options;
  const arn = (service: string, resource: string, region = account.region) =>
    `arn:aws:${service}:${region}:${account.id}:${resource}`;

  const stems = new Map<string, number>();
  for (const logicalId of Object.keys(template.Resources)) {
    const name = logicalId.replace(cdkHash, '');
    stems.set(name, (stems.get(name) ?? 0) + 1);
  }

  const resourceOf = (logicalId: string): Resource => {
    const resource = template.Resources[logicalId];
    if (resource === undefined) throw new Error(`${logicalId} is not a resource of the template`);
    return resource;
  };

  /**
   * The logical id without the hash that the CDK puts behind it, where that still names one resource only.
   */
  const readable = (logicalId: string): string => {
    const name = logicalId.replace(cdkHash, '');
    return name !== '' && stems.get(name) === 1 ? name : logicalId;
  };

  const physicalName = (logicalId: string): string => {
    const { Type: type, Properties: properties } = resourceOf(logicalId);
    const given = properties?.[nameProperties[type] ?? ''];
    if (given !== undefined) return options.resolveName(given, logicalId);
    switch (type) {
      case 'AWS::SQS::Queue':
        return readable(logicalId).slice(-longestQueueName);
      case 'AWS::KMS::Key':
        return keyIdOf(logicalId);
      case 'AWS::ApiGatewayV2::Api':
        return digest(logicalId).slice(0, 10);
      default:
        return type in nameProperties ? readable(logicalId) : logicalId;
    }
  };

  const arnOf = (logicalId: string): string => {
    const name = physicalName(logicalId);
    switch (resourceOf(logicalId).Type) {
      case 'AWS::CloudWatch::Alarm':
        return arn('cloudwatch', `alarm:${name}`);
      case 'AWS::DynamoDB::GlobalTable':
        return arn('dynamodb', `table/${name}`);
      case 'AWS::IAM::ManagedPolicy':
        return arn('iam', `policy/${name}`, '');
      case 'AWS::IAM::Role':
        return arn('iam', `role/${name}`, '');
      case 'AWS::KMS::Key':
        return arn('kms', `key/${name}`);
      case 'AWS::Lambda::Function':
        return arn('lambda', `function:${name}`);
      case 'AWS::Logs::LogGroup':
        return arn('logs', `log-group:${name}:*`);
      case 'AWS::SQS::Queue':
        return arn('sqs', name);
      case 'AWS::SNS::Topic':
        return arn('sns', name);
      case 'AWS::Scheduler::Schedule':
        return arn('scheduler', `schedule/default/${name}`);
      case 'AWS::SecretsManager::Secret':
        return addresses.secretArn(name);
      default:
        return arn('local', logicalId);
    }
  };

  const of = (logicalId: string): ResourceNames => {
    const name = physicalName(logicalId);
    switch (resourceOf(logicalId).Type) {
      case 'AWS::ApiGatewayV2::Api':
        return { ref: name, attributes: { ApiId: name, ApiEndpoint: addresses.apiUrl(logicalId) } };
      case 'AWS::ApiGatewayV2::DomainName':
        return {
          ref: name,
          attributes: { RegionalDomainName: `${logicalId}.invalid`, RegionalHostedZoneId: logicalId },
        };
      case 'AWS::ApiGatewayV2::Authorizer':
        return { ref: logicalId, attributes: { AuthorizerId: logicalId } };
      case 'AWS::DynamoDB::GlobalTable':
        return { ref: name, attributes: { Arn: arnOf(logicalId), TableId: logicalId } };
      case 'AWS::IAM::ManagedPolicy':
        return { ref: arnOf(logicalId), attributes: { PolicyArn: arnOf(logicalId) } };
      case 'AWS::IAM::Role':
        return { ref: name, attributes: { Arn: arnOf(logicalId), RoleId: logicalId } };
      case 'AWS::KMS::Key':
        return { ref: name, attributes: { Arn: arnOf(logicalId), KeyId: name } };
      case 'AWS::Lambda::EventSourceMapping':
        return { ref: logicalId, attributes: { Id: logicalId } };
      case 'AWS::SQS::Queue': {
        const url = addresses.queueUrl(name);
        return { ref: url, attributes: { Arn: arnOf(logicalId), QueueName: name, QueueUrl: url } };
      }
      case 'AWS::SecretsManager::Secret':
        return { ref: arnOf(logicalId), attributes: { Id: arnOf(logicalId) } };
      case 'AWS::SNS::Topic':
        return { ref: arnOf(logicalId), attributes: { TopicArn: arnOf(logicalId), TopicName: name } };
      case 'AWS::CloudWatch::Alarm':
      case 'AWS::Lambda::Function':
      case 'AWS::Logs::LogGroup':
      case 'AWS::Scheduler::Schedule':
        return { ref: name, attributes: { Arn: arnOf(logicalId) } };
      default:
        return { ref: name, attributes: {} };
    }
  };

  return { physicalName, arnOf, of };
};

const digest = (text: string): string => createHash('sha256').update(text).digest('hex');

/** A UUID that the logical id determines, so that it is the same in every run. */
const keyIdOf = (logicalId: string): string => {
  const hex = digest(logicalId);
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `4${hex.slice(13, 16)}`,
    `8${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ].join('-');
};
